/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Audits: where a RIB contradicts what a live vantage point holds, the contradiction waits for
 * audit_window. An update of that route in the meantime settles it; else the RIB is believed.
 */
#ifndef CONSTAT_TABLE_AUDIT_H
#define CONSTAT_TABLE_AUDIT_H

#include "table/state.h"

/*
 * An update touched the route: contradictions about it are settled, and RIBs of before lose
 * against it.
 */
int audit_touch_any(struct table *table, uint32_t vantage, uint32_t network);
static inline int audit_touch(struct table *table, uint32_t vantage, uint32_t network)
{
	struct touches *touches = &table->touches;

	if (touches->clock != table->clock || touches->noted_count == touches->noted_room)
		return audit_touch_any(table, vantage, network);
	touches->noted[touches->noted_count++] = addpath_key(vantage, network);
	return 0;
}

/* A RIB begins, which will ask for touches. */
int audit_expect(struct table *table);
bool audit_touched_since(const struct table *table, uint32_t vantage, uint32_t network,
			 int64_t since);

/* An update touched the route at `since` or later. */
static inline bool audit_touched(const struct table *table, uint32_t vantage, uint32_t network,
				 int64_t since)
{
	return table->touches.seconds.count && audit_touched_since(table, vantage, network, since);
}

/*
 * The RIB of *audit (made when NULL), begun at `time`, says `path` (PATH_NONE: absent) of a
 * route held otherwise.
 */
int audit_contradict(struct table *table, struct audit **audit, int64_t time, uint32_t vantage,
		     uint32_t network, uint32_t path_id, uint32_t path);
/*
 * The RIB compared all it has of the vantage point, `entries` in number, which had lost its routes
 * `losses` times when the RIB began. `whole`: what the RIB does not have is absent.
 */
int audit_compared(struct table *table, struct audit **audit, int64_t time, uint32_t vantage,
		   uint32_t entries, uint32_t losses, bool whole);
/* The RIB, which had those families, ended: the audit decides when it is due. */
void audit_close(struct audit *audit, uint8_t families);

/*
 * Decides the audits due before `clock`; all of them at the end. *ret_due is lowered to when
 * the next is.
 */
int audit_decide(struct table *table, bool all, int64_t *ret_due, struct err *err);
/* Marks the paths that contradictions speak of. */
int audit_mark(const struct table *table, struct marks *live);
size_t audit_bytes(const struct table *table);
void audit_free_all(struct table *table);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A glance at a record to come: whose UPDATE it is, and where its prefixes stand. Nothing is
 * judged, and nothing holds but that what is read stays within the record. Good for asking for
 * memory ahead of time, and for nothing else.
 */
#ifndef CONSTAT_WIRE_GLANCE_H
#define CONSTAT_WIRE_GLANCE_H

#include "wire/mrt.h"

struct glance {
	struct peer peer;
	struct update_prefixes lists[2];	/* perhaps cut short, perhaps no prefixes at all */
};

/* False where the record is no UPDATE, or one with path identifiers. */
bool glance_at(const struct mrt_record *record, struct glance *ret_glance);
/* The next prefix that may be a network, by its key. */
static inline bool glance_next(struct update_prefixes *list, uint64_t *ret_key)
{
	while (list->at < list->end) {
		unsigned bits = list->at[0];

		if (bits > family_bits((uint8_t)list->family) ||
		    list->end - list->at < 1 + (bits + 7) / 8)
			return false;
		*ret_key = update_prefixes_key(list);
		update_prefixes_pass(list);
		if (*ret_key)
			return true;
	}
	return false;
}

#endif

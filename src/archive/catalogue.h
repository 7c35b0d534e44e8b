/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which archives and collectors there are: a table read from text (docs/archives.md), the built-in
 * one (catalogue/archives) or the user's. A collector whose habits changed has several rows, each
 * for a stretch of its life: struct era.
 *
 * catalogue_new() holds the built-in table; catalogue_read() adds a text to it, catalogue_mirror()
 * moves an archive. After that it is read-only. Texts belong to the catalogue.
 */
#ifndef CONSTAT_ARCHIVE_CATALOGUE_H
#define CONSTAT_ARCHIVE_CATALOGUE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/view.h"

enum layout {
	/* FOLDER/2014.12/RIBS/rib.20141222.0000.bz2 and UPDATES/updates.… */
	LAYOUT_ROUTEVIEWS,
	LAYOUT_RIS,		/* FOLDER/2014.12/bview.20141222.0000.gz and updates.… */
};

struct archive {
	const char *name;
	const char *url;	/* without a final slash; "/…" is a folder of this machine */
	enum layout layout;
};

struct era {
	uint32_t archive;
	const char *collector;
	const char *folder;
	int64_t from, until;	/* until UTC_NEVER: still alive */
	int64_t ribs, updates;	/* intervals */
	const char *region;
	const char *place;
};

/* Where a registry keeps its statistics by day: utc_… conversions %Y %m %d in the address. */
struct registry_place {
	const char *registry;
	const char *url;
};

struct catalogue {
	struct arena arena;
	struct archive *archives;
	uint32_t archive_count, archive_room;
	/* of one collector in the order of time, collectors in the order of the text */
	struct era *eras;
	uint32_t era_count, era_room;
	struct registry_place *registries;
	uint32_t registry_count, registry_room;
};

extern const char catalogue_builtin[];

int catalogue_new(struct catalogue **ret_catalogue, struct err *err);
void catalogue_free(struct catalogue *catalogue);
/*
 * Adds a text: rows of a collector, archive or registry that is there already replace it; "only"
 * forgets all that was there.
 */
int catalogue_read(struct catalogue *catalogue, struct view text, const char *name,
		   struct err *err);
/* "NAME=URL" or "NAME=/folder" */
int catalogue_mirror(struct catalogue *catalogue, const char *text, struct err *err);

/*
 * Collectors to ask for a period: names separated by commas, "all" that lived in it, or "auto": per
 * region the one alive through the whole period that is oldest, at most AUTO_MAX. Indexes of a
 * first era each, in the catalogue's order.
 */
#define AUTO_MAX 7
int catalogue_select(const struct catalogue *catalogue, struct view list, int64_t from,
		     int64_t until, uint32_t **ret_eras, uint32_t *ret_count, struct err *err);

#endif

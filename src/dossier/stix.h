/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A dossier as a STIX 2.1 bundle, and back; docs/stix.md says which row is which object.
 *
 * Each object of constat's own carries its row in a property extension, so that nothing is lost on
 * the way; what other programs made is kept as it came and goes out again. Writing is the keeper's.
 * Reading is split: stix_read() takes strangers' JSON apart in the reader and gives parcels in an
 * order in which each refers only to those before it; stix_take() puts them into a dossier.
 */
#ifndef CONSTAT_DOSSIER_STIX_H
#define CONSTAT_DOSSIER_STIX_H

#include "base/buf.h"
#include "dossier/dossier.h"

/* The whole dossier; the same rows give the same bytes. */
int stix_write(struct dossier *dossier, struct buf *out, struct err *err);

enum stix_parcel { STIX_CONTENT = 1, STIX_ROW, STIX_FOREIGN };

/*
 * Errors name the object by its id, or by its number from 1. The parcel is borrowed for the call.
 */
int stix_read(struct view json,
	      int (*give)(void *context, enum stix_parcel what, const struct buf *parcel,
			  struct err *err),
	      void *context, struct err *err);

struct stix_counts {
	uint32_t fresh, old, foreign;
};

/*
 * Inside a transaction of the caller's, who calls dossier_verify() before committing: rows are
 * taken at their word here. Rows that are there already are left. `bare`: the dossier held nothing,
 * so that it takes over what the bundle says it is.
 */
int stix_take(struct dossier *dossier, bool bare, enum stix_parcel what, struct view parcel,
	      struct stix_counts *counts, struct err *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sealed dossier: all of it in a bundle (proof/bundle.h; docs/proof.md gives it to the byte),
 * so that whoever has that one file can work out again what follows from what.
 *
 *	seal_members()		dossier to members, for bundle_make(); the keeper's
 *	seal_replay()		what members say, worked out again; the reader's
 *	seal_parcels()		a dossier as parcels that stix_take() puts into another one
 *
 * A replay makes the dossier anew in memory. Worked out again are every hash, every text out of its
 * source's bytes, every quote at its place, every finding that is there with its proof, every
 * verdict out of its assertion and its finding, every score. What is not worked out again is told
 * apart in the report.
 */
#ifndef CONSTAT_DOSSIER_SEAL_H
#define CONSTAT_DOSSIER_SEAL_H

#include "dossier/stix.h"
#include "proof/bundle.h"

/* What verdicts rest on. */
struct seal_finding {
	uint32_t finding;
	const char *question, *label, *sha256;
	bool proof;			/* worked out again out of its records */
	uint32_t verdicts;		/* that rest on it */
};

struct seal_report {
	const char *title;
	uint32_t sources, claims, links, assertions;
	uint32_t confirmed, contradicted, insufficient, not_measurable;
	struct seal_finding *findings;
	uint32_t finding_count;
	uint32_t hypotheses, items, ratings, foreign;
	const char *leading;		/* what least speaks against; "": no hypotheses */
};

extern const struct schema seal_report_schema;

/* Members are in the arena, in rising order of name. */
int seal_members(struct dossier *dossier, struct arena *arena, struct tar_member **ret_members,
		 uint32_t *ret_count, struct err *err);
/*
 * Of a bundle only kind and members are looked at. ERR_FORMAT names the first place that does not
 * hold. Texts of the report are in the arena; *ret_dossier is the caller's to close, and may be
 * NULL.
 */
int seal_replay(const struct bundle *bundle, struct arena *arena, struct seal_report *ret_report,
		struct dossier **ret_dossier, struct err *err);
/* Bytes, then rows, in an order in which each refers only to those before it. */
int seal_parcels(struct dossier *dossier,
		 int (*give)(void *context, enum stix_parcel what, const struct buf *parcel,
			     struct err *err),
		 void *context, struct err *err);

#endif

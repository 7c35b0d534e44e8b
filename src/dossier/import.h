/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Claims in bulk, out of JSON: a list of objects with quote, source, speaker, kind, about, date,
 * date_basis, assertion (prose, kept as the claim's reading), start and end, occurrences,
 * checkable; docs/dossier.md. Reading them is the reader's work, writing them the keeper's: a claim
 * goes from one to the other as a pack of texts.
 */
#ifndef CONSTAT_DOSSIER_IMPORT_H
#define CONSTAT_DOSSIER_IMPORT_H

#include "base/buf.h"
#include "dossier/claim.h"

/* Texts one after the other, each behind its length. */
void pack_add(struct buf *pack, struct view text);
bool pack_next(struct view *pack, struct view *ret_text);

struct import_claim {
	struct view source, quote, kind, speaker, about, reading, said, said_basis;
	uint32_t start, end;		/* both 0: to be looked for */
	uint32_t occurrence;		/* 0: not said */
	uint32_t credibility;
};

/* Calls `give` for each claim, packed; errors name the claim by its number in the list, from 1. */
int import_read(struct view json,
		int (*give)(void *context, const struct buf *pack, struct err *err), void *context,
		struct err *err);
/*
 * The same out of CSV (RFC 4180) whose header line names the keys; an empty field is a key that is
 * not there.
 */
int import_read_csv(struct view csv,
		    int (*give)(void *context, const struct buf *pack, struct err *err),
		    void *context, struct err *err);
/* ERR_FORMAT for what neither packed. */
int import_unpack(struct view pack, struct import_claim *ret_claim, struct err *err);

/* All claims of a dossier as CSV that import_read_csv() reads. */
int import_write_csv(struct dossier *dossier, struct buf *out, struct err *err);

/* Adds claims to a dossier, keeping its sources open. */
struct import;
int import_new(struct dossier *dossier, struct import **ret_import, struct err *err);
void import_free(struct import *import);	/* takes NULL */
/* *ret_id is the claim's, the old one's where it was there already. */
int import_add(struct import *import, const struct import_claim *claim, uint32_t *ret_id,
	       bool *ret_new, struct err *err);

#endif

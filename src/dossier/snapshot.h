/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All rows of a dossier as one document, canonical JSON, and back into a dossier that has none:
 * what a sealed dossier has of them. Each table is a list under its name, rows as they stand, with
 * their numbers.
 *
 * Bytes are not in it: they are in the dossier (dossier_keep()) before rows that name them.
 */
#ifndef CONSTAT_DOSSIER_SNAPSHOT_H
#define CONSTAT_DOSSIER_SNAPSHOT_H

#include "dossier/dossier.h"
#include "proof/member.h"

/* `dossier.json`; its bytes are in the arena. */
int snapshot_encode(struct dossier *dossier, struct arena *arena, struct tar_member *ret_member,
		    struct err *err);
/*
 * ERR_FORMAT names the row that does not fit: one that the tables forbid, that refers to nothing,
 * whose uid is not that of what it says; or says that the document is not the one form of its rows.
 */
int snapshot_decode(const struct tar_member *member, struct dossier *into, struct err *err);

#endif

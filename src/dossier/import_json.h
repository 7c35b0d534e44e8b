/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to dossier/: one claim's JSON object as a pack. */
#ifndef CONSTAT_DOSSIER_IMPORT_JSON_H
#define CONSTAT_DOSSIER_IMPORT_JSON_H

#include <jansson.h>

#include "dossier/import.h"

/* Replaces what is in `pack`. Errors name the key. */
int import_claim_pack(const json_t *claim, struct buf *pack, struct err *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to dossier/: what writing and replaying a sealed dossier have in common. */
#ifndef CONSTAT_DOSSIER_SEAL_PARTS_H
#define CONSTAT_DOSSIER_SEAL_PARTS_H

#include "dossier/dossier.h"

/* SHA-256 of all bytes that rows name, rising, each once; in the arena. */
int seal_contents(struct dossier *dossier, struct arena *arena, const char ***ret_names,
		  uint32_t *ret_count, struct err *err);

#endif

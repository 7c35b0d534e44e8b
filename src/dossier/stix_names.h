/* SPDX-License-Identifier: BSD-2-Clause */
/* Private to dossier/: what writing and reading STIX have in common. */
#ifndef CONSTAT_DOSSIER_STIX_NAMES_H
#define CONSTAT_DOSSIER_STIX_NAMES_H

/* The property extension that carries a row; its definition goes with every bundle. */
#define STIX_EXTENSION	"extension-definition--a5e1f3b6-8b43-4a0e-9d53-5f0c9d0c7e21"
#define STIX_CONSTAT	"identity--0c8b2b5e-61d5-4f3c-8f0a-7e2f1d4b9a36"

/* Values of the extension's "table" that are no tables of a dossier. */
#define STIX_TABLE_CONTENT	"content"	/* an artifact: bytes by their SHA-256 */
#define STIX_TABLE_NAME		"name"		/* an identity: somebody named in rows */

/* How a foreign object is kept, as jansson's flags: keys sorted, no blanks, numbers as they are. */
#define STIX_FOREIGN_FORM	(JSON_SORT_KEYS | JSON_COMPACT | JSON_REAL_PRECISION(17))

#endif

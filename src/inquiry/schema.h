/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Schemas: what stands where in a plain struct, by name. What the JSON of findings and their like
 * is encoded and decoded by, and CSV takes its columns from (finding_schema.c has the finding's).
 */
#ifndef CONSTAT_INQUIRY_SCHEMA_H
#define CONSTAT_INQUIRY_SCHEMA_H

#include <stddef.h>

enum field_type {
	FIELD_TEXT,	/* const char * */
	FIELD_U32,
	FIELD_U64,
	FIELD_I64,
	FIELD_TIME,	/* int64_t; null for UTC_NEVER */
	FIELD_BOOL,
	FIELD_OBJECT,	/* the struct itself */
	FIELD_PART,	/* a pointer to a struct, NULL: left out */
	FIELD_LIST,	/* pointer and uint32_t count of structs */
	FIELD_U32_LIST,	/* pointer and uint32_t count of uint32_t */
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset;
	size_t count_offset;		/* lists */
	const struct schema *of;	/* objects, parts, lists */
};

struct schema {
	const char *name;
	size_t size;
	const struct field *fields;
	size_t field_count;
};

#endif

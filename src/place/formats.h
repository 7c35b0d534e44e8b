/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file formats, each in the .c file of its name. A parser of lines is given every line of a
 * file in turn; it adds what the line says to the intake, and keeps what the file says of itself.
 */
#ifndef CONSTAT_PLACE_FORMATS_H
#define CONSTAT_PLACE_FORMATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/view.h"
#include "place/lines.h"
#include "place/place.h"
#include "place/zone.h"

/*
 * What a line is; a parser returns it, or a negative error. From PLACE_FIT_HEAD on it tells the
 * format.
 */
enum place_fit {
	PLACE_FIT_BAD,		/* says nothing that could be used */
	PLACE_FIT_COMMENT,	/* comments, empty lines */
	PLACE_FIT_HEAD,		/* version, summary, names of columns */
	PLACE_FIT_ENTRY,
};

struct place_delegated {
	int64_t date;		/* UTC_NEVER until known */
	uint64_t stated;	/* records announced by the version line */
	bool extended;
};

struct place_delegated place_delegated_start(void);
int place_delegated_line(struct place_delegated *file, struct view line,
			 struct place_intake *intake, struct err *err);

/* Where the columns of a range table stand, from 0; PLACE_COLUMN_NONE: not there. */
#define PLACE_COLUMN_NONE (-1)
#define PLACE_COLUMNS_MAX 32
struct place_columns {
	int8_t low, high;	/* addresses, both in the range */
	int8_t network;		/* in their place */
	int8_t asn;		/* in their place */
	int8_t country;
};

struct place_ranges {
	int64_t date;		/* UTC_NEVER until known */
	char separator;		/* 0 until known */
	struct place_columns columns;
};

struct place_ranges place_ranges_start(void);
int place_ranges_line(struct place_ranges *file, struct view line, struct place_intake *intake,
		      struct err *err);

/* Fills in date, entries, bad_lines and first_bad_line (entries are numbered, too) of `source`. */
int place_mmdb_load(struct place_lines *lines, struct place_intake *intake,
		    struct place_source *source, struct err *err);

struct place_as_name {
	uint32_t asn;
	uint32_t order;		/* in which they were read */
	const char *name;
};

/* Zero-initialised is empty. The names themselves stand in the arena. */
struct place_as_names {
	struct place_as_name *items;
	uint32_t count, room;
	bool started;		/* the file being read has given a name */
	int8_t asn_column, name_column;
};

void place_as_names_start(struct place_as_names *names);	/* before each file */
int place_as_names_line(struct place_as_names *names, struct view line, struct arena *arena,
			struct err *err);
/* After the last file. Of several names of one AS the one read last stays. */
void place_as_names_sort(struct place_as_names *names);
const char *place_as_names_find(const struct place_as_names *names, uint32_t asn);
void place_as_names_free(struct place_as_names *names);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options: a command states its own in tables, and the command line is parsed, --help printed and
 * mistakes explained from the same rows.
 *
 * A command has one settings structure. Each row names a field in it by its offset and the setter
 * that writes it; rows shared by commands (cmd.h) live in a structure of their own, which the
 * command's holds as a member: the group's offset says where. What was not given keeps its default.
 *
 * As getopt_long: --name value, --name=value, -n value, -nvalue, letters together (-jq), options
 * behind operands, "--" before operands that begin with "-"; a lone "-" is an operand. Names are
 * never abbreviated, so that a new option cannot change what an old script means. Given twice, the
 * last one holds, unless it collects a list. Every command has --help (-h) without a row.
 *
 * Values are borrowed from argv. One thread.
 */
#ifndef CONSTAT_CMD_OPTIONS_H
#define CONSTAT_CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct option_row {
	const char *name;	/* "origin", without dashes; NULL ends the table */
	char letter;		/* 0: none */
	const char *argument;	/* "ASN"; NULL: takes none, and the setter is given NULL */
	const char *help;	/* a phrase, no full stop; with the default where there is one */
	/*
	 * Writes `field`; 0, or a code with the reason alone ("12x is not a number"): the
	 * option's name is put before it.
	 */
	int (*set)(void *field, const char *value, struct err *err);
	size_t field;		/* offset in the group's structure */
};

struct option_group {
	const char *title;			/* "Filters"; NULL goes on under the title before */
	const struct option_row *rows;		/* NULL ends the table */
	size_t offset;				/* of the group's structure in the settings */
};

/* What was given, in order. Zero-initialised is empty. */
struct option_list {
	const char **values;
	uint32_t count;
};

/* Setters; each says what field it writes. */
int option_set_flag(void *field, const char *value, struct err *err);	/* bool: true */
int option_set_text(void *field, const char *value, struct err *err);	/* const char * */
int option_set_list(void *field, const char *value, struct err *err);	/* struct option_list */
int option_set_u32(void *field, const char *value, struct err *err);	/* uint32_t */
int option_set_limit(void *field, const char *value, struct err *err);	/* uint32_t, not 0 */
/* uint64_t, bytes: 1500, 512K, 64M, 2G, 1T (powers of 1024) */
int option_set_bytes(void *field, const char *value, struct err *err);
/* int64_t, as utc_parse() and utc_parse_duration() read them */
int option_set_time(void *field, const char *value, struct err *err);
int option_set_duration(void *field, const char *value, struct err *err);

/* ERR_USAGE where --until is no later than --from; UTC_NEVER: not given. */
int option_check_period(int64_t from, int64_t until, struct err *err);

int option_list_add(struct option_list *list, const char *value, struct err *err);

/*
 * argv[0] is the command's name and passed over. What is no option is added to *operands. --help
 * sets *ret_help and ends parsing. ERR_USAGE for mistakes. Either way options_free() and free() of
 * operands->values give the lists back.
 */
int options_parse(const struct option_group *groups, void *settings, int argc, char *const *argv,
		  struct option_list *operands, bool *ret_help, struct err *err);
/* Frees the lists that option_set_list() filled. */
void options_free(const struct option_group *groups, void *settings);

/* The groups with their rows for people, wrapped to `width` columns. */
void options_help(const struct option_group *groups, unsigned width, struct buf *buf);
/*
 * Words of `text`, wrapped between the columns `indent` and `width`; "\n" ends a paragraph. The
 * first line begins where the buffer stands, which is column `at`.
 */
void options_wrap(struct buf *buf, const char *text, unsigned at, unsigned indent, unsigned width);

/* Single-character slips between the two (a transposition is one): for "did you mean". */
unsigned options_distance(const char *a, const char *b);
/* Whether `distance` is few enough slips in `word` to suggest the other. */
bool options_near(const char *word, unsigned distance);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading YAML into structures by tables of keys, with errors for people: the file, the line, the
 * key as a path, what was expected there and what was found.
 *
 *	kp.yaml:41: events[3].until: expected a time such as 2014-12-22T16:15, found "tomorrow"
 *
 * A table's row names a key, the setter that reads its value, and the field it writes. Setters get
 * the value as a node and the place where it stands, and may read maps and lists themselves. Texts
 * live in the arena.
 */
#ifndef CONSTAT_SIM_YAML_H
#define CONSTAT_SIM_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/view.h"
#include "net/prefix.h"

struct yaml;
struct yaml_node;	/* libyaml's yaml_node_t, passed through */

/* Where a value stands: a key or the place in a list, within another place. */
struct yaml_place {
	const struct yaml_place *up;	/* NULL: the document */
	const char *key;		/* NULL: a list's item */
	uint32_t index;
	const struct yaml_node *node;
};

typedef int yaml_set(struct yaml *yaml, const struct yaml_place *place, void *field);

struct yaml_key {
	const char *name;	/* NULL ends the table */
	yaml_set *set;
	size_t field;		/* offset in the structure */
	bool required;
};

struct yaml_numbers {
	uint32_t *values;
	uint32_t count, room;
};

struct yaml_prefixes {
	struct prefix *values;
	uint32_t count, room;
};

struct yaml_texts {
	const char **values;
	uint32_t count, room;
};

struct yaml_span {
	int64_t low, high;
};

/* Reads `text`, named `name` in messages, as one map. `context` is for setters. */
int yaml_read(const char *name, struct view text, const struct yaml_key *keys, void *target,
	      struct arena *arena, void *context, struct err *err);

/* For setters. */
int yaml_map(struct yaml *yaml, const struct yaml_place *place, const struct yaml_key *keys,
	     void *target);
/* `item` for each item of a list. */
int yaml_list(struct yaml *yaml, const struct yaml_place *place, yaml_set *item, void *target);
/* `entry` for each entry of a map, whose key the place names. */
int yaml_entries(struct yaml *yaml, const struct yaml_place *place, yaml_set *entry, void *target);
bool yaml_is_list(const struct yaml_place *place);
/* The text of a scalar; false for maps and lists. Terminated. */
bool yaml_scalar(const struct yaml_place *place, struct view *ret_text);
/* "expected …, found …" at the place; returns ERR_FORMAT. */
int yaml_expected(struct yaml *yaml, const struct yaml_place *place, const char *what);
/* Any other complaint at the place. */
int yaml_complain(struct yaml *yaml, const struct yaml_place *place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
uint32_t yaml_line(const struct yaml_place *place);
void *yaml_context(const struct yaml *yaml);
struct err *yaml_err(const struct yaml *yaml);

/* Setters, each with what it writes. */
yaml_set yaml_text;		/* const char * */
yaml_set yaml_texts;		/* struct yaml_texts; one or a list */
yaml_set yaml_flag;		/* bool */
yaml_set yaml_u32;		/* uint32_t */
yaml_set yaml_u64;		/* uint64_t */
yaml_set yaml_share;		/* uint32_t, parts per million: "30%", "0.5%" */
yaml_set yaml_time;		/* int64_t */
yaml_set yaml_duration;		/* int64_t: "90s", "5m", "20ms" */
yaml_set yaml_shift;		/* int64_t: the same, maybe negative */
yaml_set yaml_span;		/* struct yaml_span: "1m..5m", or one value for both */
yaml_set yaml_asn;		/* uint32_t */
yaml_set yaml_asns;		/* struct yaml_numbers; one or a list */
yaml_set yaml_prefixes;		/* struct yaml_prefixes; one or a list */
yaml_set yaml_country;		/* country_t */

/* One of the words of a list ending in NULL: its place. */
int yaml_choice(struct yaml *yaml, const struct yaml_place *place, const char *const *words,
		int *ret_place);

#endif

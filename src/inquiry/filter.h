/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which events somebody wants to see.
 *
 * A filter is a set of criteria. Those of one sort are alternatives (two prefixes: either), those
 * of different sorts must all hold (a prefix and a peer: both). An event that has nothing to hold
 * against a criterion does not meet it: a withdrawal has no path, a state change no prefix. An
 * empty filter takes everything.
 *
 * Order of calls: filter_new, filter_add_… and filter_set_…; from then on it is read only, and each
 * thread that matches events has a struct filter_thread of its own. The three questions are in
 * order of cost, and each "no" is final: filter_wants_input(), filter_wants_record() before a
 * record is decoded, filter_match() for each event.
 */
#ifndef CONSTAT_INQUIRY_FILTER_H
#define CONSTAT_INQUIRY_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"
#include "wire/event.h"
#include "wire/mrt.h"

struct filter;
struct filter_thread;

enum filter_prefix {
	FILTER_EXACT,
	FILTER_MORE_SPECIFIC,	/* the prefix and all inside it */
	FILTER_LESS_SPECIFIC,	/* the prefix and all that contain it */
};

int filter_new(struct filter **ret_filter, struct err *err);
void filter_free(struct filter *filter);	/* takes NULL */

/* Texts as people type them; ERR_USAGE with the reason alone. */
int filter_add_prefix(struct filter *filter, struct view text, enum filter_prefix relation,
		      struct err *err);
/* The path's last AS. */
int filter_add_origin(struct filter *filter, struct view text, struct err *err);
/* Anywhere in the path. */
int filter_add_as(struct filter *filter, struct view text, struct err *err);
/*
 * A POSIX extended regular expression, tried on the path as as_path_format() writes it, in which
 * "_" stands for what is between two AS numbers or at either end; "\_" and "[_]" are the character
 * itself. Longer than 1,000 bytes, or larger than 10,000 pieces with its repetitions written out,
 * or with more than 8 "_" between which nothing must stand, it is refused.
 */
int filter_add_path(struct filter *filter, struct view text, struct err *err);
/* An address or an AS. */
int filter_add_peer(struct filter *filter, struct view text, struct err *err);
int filter_add_collector(struct filter *filter, struct view name, struct err *err);
/* "announce,withdraw": event_kind_name()'s words, "rib" for "rib-entry", "all". */
int filter_add_kinds(struct filter *filter, struct view list, struct err *err);
/* from <= time < until; UTC_NEVER leaves a side open. */
void filter_set_time(struct filter *filter, int64_t from, int64_t until);

/*
 * Whether only the announcements, withdrawals, RIB entries and states that mrt_record_count()
 * counts are wanted, all of them.
 */
bool filter_is_plain(const struct filter *filter);
/* Without --kind: announcements, withdrawals, RIB entries and states. */
bool filter_wants_kind(const struct filter *filter, enum event_kind kind);

bool filter_wants_input(const struct filter *filter, const char *collector);
bool filter_wants_record(const struct filter *filter, const struct mrt_record *record);

int filter_thread_new(const struct filter *filter, struct filter_thread **ret_thread,
		      struct err *err);
void filter_thread_free(struct filter_thread *thread);	/* takes NULL */
bool filter_match(struct filter_thread *thread, const struct event *event);
/* Memory ran out: some answers since filter_thread_new() were no answers. */
bool filter_thread_failed(const struct filter_thread *thread);

#endif

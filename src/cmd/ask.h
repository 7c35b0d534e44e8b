/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the commands that ask a question share: options for inputs, places, time and parameters, and
 * the way from a question to its answer. The reader runs the inquiry and hands the finding over as
 * JSON; the keeper decodes and shows it.
 */
#ifndef CONSTAT_CMD_ASK_H
#define CONSTAT_CMD_ASK_H

#include "cmd/acquire.h"
#include "cmd/clocks.h"
#include "cmd/cmd.h"
#include "cmd/page.h"
#include "inquiry/inquiry.h"

struct ask_settings {
	struct cmd_inputs inputs;
	struct cmd_output output;
	struct option_list places;	/* --place */
	const char *as_names;
	const char *list;		/* --list: which one as CSV */
	uint32_t rows;
	int64_t from, until, at;
	struct measure_parameters parameters;
	struct option_list countries;	/* census --country */
	bool no_hash;
	bool records;			/* report --records */
	struct option_list blackholes;	/* report --blackhole */
	uint32_t vantage_max;		/* 0: the table's own */
	struct acquire_settings acquire;
	const char *vrps;		/* report --vrps */
	struct clocks clocks;		/* report, of a country */
	const char *relations;		/* cut --relations */
	const char *within;		/* cut --country */
	const char *worst;		/* cut --worst */
	enum hegemony_weight weight;	/* upstreams --weight */
	int64_t step;			/* upstreams --step */
	struct page_settings page;	/* report --html, --svg, --lang */
};

extern const struct option_row ask_place_rows[];
extern const struct option_row ask_output_rows[];
extern const struct option_row ask_parameter_rows[];
extern const struct option_row ask_period_rows[];	/* --from, --until */
extern const struct option_row ask_instant_rows[];	/* --at */

/*
 * What the commands' tables of groups have in common, in the order of --help: the recordings, then
 * a command's own and its times, where recordings and places come from, how the answer is given.
 * The last ends the table.
 */
#define ASK_RECORDING_GROUP \
	{ "Recordings", cmd_input_rows, offsetof(struct ask_settings, inputs) }
#define ASK_ARCHIVE_GROUP \
	{ "Archives (where no FILES are given)", acquire_rows, \
	  offsetof(struct ask_settings, acquire) }
#define ASK_SOURCE_GROUPS \
	ASK_ARCHIVE_GROUP, \
	{ "Places", ask_place_rows, 0 }, \
	{ NULL, acquire_registry_rows, offsetof(struct ask_settings, acquire) }
#define ASK_ANSWER_GROUPS \
	{ "Output", cmd_output_rows, offsetof(struct ask_settings, output) }, \
	{ "Details", ask_output_rows, 0 }, \
	{ "Parameters", ask_parameter_rows, 0 }, \
	{ .rows = NULL }

/* Settings before the options. */
extern const struct ask_settings ask_defaults;

/*
 * The subject of a question: "KP", "North Korea", "AS4837", "175.45.176.0/22"; a list of networks,
 * "175.45.176.0/24,175.45.178.0/24", or "@FILE", one a line. ask_subject_free() gives a list back.
 */
int ask_subject(const char *text, struct question *question, struct err *err);
void ask_subject_free(struct question *question);

/*
 * Runs it over operands[first…], or where there are none over what archives have of the period
 * asked about, and prints the answer; the exit status. `trim` (may be NULL) may shorten the finding
 * before it is shown.
 */
int ask_run(const struct ask_settings *settings, struct question *question,
	    const struct option_list *operands, uint32_t first,
	    void (*trim)(struct finding *finding, const struct ask_settings *settings));

/* Who wants more than the finding. */
struct ask_sink {
	/* Reader, in place of inquiry_run(). Things may be given, `what` from ASK_OWN on. */
	int (*run)(struct guard *guard, const struct inquiry *inquiry, struct finding *ret_finding,
		   struct err *err);
	/* Keeper: what run() gave. */
	int (*taken)(void *context, uint32_t what, const void *bytes, size_t len, struct err *err);
	void *context;
};

#define ASK_OWN 100u

/*
 * The same for a question with its own times (from, until, at), without printing (`sink` may be
 * NULL): the finding is the caller's to free where *ret_answered says that there is one.
 */
int ask_find(const struct ask_settings *settings, struct question *question,
	     const struct option_list *operands, uint32_t first, const struct ask_sink *sink,
	     struct finding *ret_finding, bool *ret_answered);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dump: print what recordings hold, one line an event.
 *
 * The reader process has one thread that asks feed for runs of records, cuts them into jobs of a
 * size that stays in the cache, and writes out what comes back, in order; and `threads` that make
 * lines of jobs (dump_work.c), the first among them where it would only wait. It cuts in front of
 * every PEER_INDEX_TABLE and decodes it, so that each segment knows its peers.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ordered.h"
#include "base/utc.h"
#include "base/vec.h"
#include "cmd/acquire.h"
#include "cmd/cmd.h"
#include "cmd/dump_work.h"

#define JOB_BYTES	((size_t)128 << 10)
#define JOB_SEGMENTS	256u
#define JOBS_A_THREAD	4u
/* Lines of several jobs are written at once as long as they are few. */
#define WRITE_BYTES	((size_t)256 << 10)

struct dump_settings {
	struct cmd_inputs inputs;
	struct cmd_output output;
	struct option_list prefixes, more_specific, less_specific;
	struct option_list origins, asns, paths, peers, collectors, kinds;
	int64_t from, until;
	bool count;
	bool quiet;
	struct filter *filter;
	const struct option_list *files;
	struct acquire_settings acquire;
	struct acquire *acquired;	/* NULL: FILES were given */
	/* What the reader said. */
	uint32_t failed;
	bool damaged;
};

/* What the reader gives, beside troubles. */
enum dump_given {
	DUMP_NOTE,	/* a line to be said that leaves the exit status alone */
	DUMP_FAILED,	/* nothing could be read of an input */
	DUMP_DAMAGED,	/* some of an input is lost */
};

struct dump_input {
	struct peer_index *index;
	bool wanted;
};

struct dump {
	const struct dump_settings *settings;
	struct guard *guard;
	struct feed *feed;
	struct ordered *ordered;
	unsigned threads;
	struct dump_plan plan;
	struct dump_worker **workers;
	struct dump_input *inputs;
	const char **collectors;
	struct wire_scratch *scratch;
	struct dump_job *jobs;		/* all of them; the first `jobs_used` have been in use */
	unsigned job_count, jobs_used;
	struct dump_job *filling;
	struct buf out;
	uint64_t events;
	struct dump_tallies tallies;
};

static void work(void *context, void *job, unsigned worker)
{
	struct dump *dump = context;

	dump_worker_run(dump->workers[worker], job);
}

static int write_out(struct dump *dump, struct err *err)
{
	int code;

	if (dump->out.failed)
		return err_memory(err);
	code = file_write_all(STDOUT_FILENO, dump->out.data, dump->out.len, "standard output", err);
	dump->out.len = 0;
	return code;
}

/* Large outputs go out as they are, small ones together. */
static int write_lines(struct dump *dump, const struct buf *lines, struct err *err)
{
	int code = 0;

	if (lines->len >= WRITE_BYTES / 2) {
		if (dump->out.len)
			code = write_out(dump, err);
		return code ? code : file_write_all(STDOUT_FILENO, lines->data, lines->len,
						    "standard output", err);
	}
	buf_add(&dump->out, lines->data, lines->len);
	return dump->out.len < WRITE_BYTES ? 0 : write_out(dump, err);
}

/* The job is done: gives back what it held and makes it empty. */
static void job_clear(struct dump *dump, struct dump_job *job)
{
	for (uint32_t i = 0; i < job->segment_count; i++) {
		peer_index_unref(job->segments[i].index);
		if (job->segments[i].item.block)
			feed_release(dump->feed, &job->segments[i].item);
	}
	job->segment_count = 0;
	job->len = 0;
	job->out.len = 0;
	job->events = 0;
	job->tallies.count = 0;
}

static int job_finish(struct dump *dump, struct dump_job *job, struct err *err)
{
	int code = 0;

	if (job->err.code != ERR_OK) {
		*err = job->err;
		return err->code;
	}
	dump->events += job->events;
	__atomic_store_n(&guard_progress(dump->guard)->events, dump->events, __ATOMIC_RELAXED);
	for (uint32_t i = 0; !code && i < job->tallies.count; i++)
		code = dump_tallies_add(&dump->tallies, &job->tallies.items[i], err);
	if (!code)
		code = write_lines(dump, &job->out, err);
	job_clear(dump, job);
	return code;
}

/* A job to put segments into. */
static int job_get(struct dump *dump, struct err *err)
{
	if (dump->filling)
		return 0;
	if (dump->jobs_used < dump->job_count) {
		dump->filling = &dump->jobs[dump->jobs_used++];
		return 0;
	}
	dump->filling = ordered_take(dump->ordered);
	return job_finish(dump, dump->filling, err);
}

static int add_segment(struct dump *dump, const struct dump_segment *segment, struct err *err)
{
	struct dump_job *job;
	int code = job_get(dump, err);

	job = dump->filling;
	if (!code)
		code = VEC_GROW(job->segments, job->segment_count, job->segment_room, err);
	if (code)
		return code;
	job->segments[job->segment_count] = *segment;
	if (segment->index)
		job->segments[job->segment_count].index = peer_index_ref(segment->index);
	job->segment_count++;
	job->len += segment->len;
	if (job->len >= JOB_BYTES || job->segment_count >= JOB_SEGMENTS) {
		ordered_submit(dump->ordered, job);
		dump->filling = NULL;
	}
	return 0;
}

static int on_index(void *context, const struct event *event)
{
	struct peer_index **index = context;

	if (event->kind == EVENT_RIB_BEGIN && event->index)
		*index = peer_index_ref(event->index);
	return 0;
}

/* A damaged table leaves none in force: entries would be given to the wrong peers. */
static int read_index(struct dump *dump, struct dump_input *input, const uint8_t *bytes,
		      uint32_t len)
{
	const struct wire_sink sink = { .context = &input->index, .event = on_index };
	const struct record_ref ref = { 0 };
	struct mrt_record record;

	peer_index_unref(input->index);
	input->index = NULL;
	mrt_record_parse(bytes, len, &ref, &record);
	return mrt_record_decode(&record, NULL, dump->scratch, &sink);
}

static bool is_index(const uint8_t *header)
{
	static const uint8_t index[] = { 0, MRT_TABLE_DUMP_V2, 0, 1 };

	return !memcmp(header + 4, index, sizeof(index));
}

/*
 * One run into segments: a new one where the peer index changes, and where there is enough for a
 * job.
 */
static int add_run(struct dump *dump, struct feed_item *item, struct err *err)
{
	struct dump_input *input = &dump->inputs[item->input];
	struct dump_segment segment = {
		.input = item->input, .number = item->number, .offset = item->offset,
		.bytes = item->bytes, .index = input->index,
	};
	const uint8_t *at = item->bytes, *end = at + item->len;
	uint64_t number = item->number;
	int code = 0;

	for (; !code && at < end; number++) {
		uint32_t size = dump_record_size(at, end);
		bool index = is_index(at);

		segment.len = (size_t)(at - segment.bytes);
		if (segment.len && (index || segment.len >= JOB_BYTES)) {
			code = add_segment(dump, &segment, err);
			segment.bytes = at;
			segment.number = number;
			segment.offset += segment.len;
		}
		if (!code && index && read_index(dump, input, at, size))
			code = err_memory(err);
		segment.index = input->index;
		at += size;
	}
	segment.len = (size_t)(end - segment.bytes);
	segment.item = *item;
	if (!code)
		code = add_segment(dump, &segment, err);
	if (code)
		feed_release(dump->feed, item);
	return code;
}

static int add_fault(struct dump *dump, const struct fault *fault, struct err *err)
{
	struct dump_tally tally = {
		.input = fault->ref.input, .count = 1, .lost = fault->lost, .first = *fault,
	};

	return dump_tallies_add(&dump->tallies, &tally, err);
}

static int input_end(struct dump *dump, uint32_t input, struct err *err)
{
	const struct feed_report *report = feed_report(dump->feed, input);
	int code;

	peer_index_unref(dump->inputs[input].index);
	dump->inputs[input].index = NULL;
	if (report->error.code != ERR_OK)
		code = cmd_trouble(dump->guard, err, "%s", report->error.text);
	else if (!report->records && !report->faults)
		code = cmd_trouble(dump->guard, err, "%s: is empty", dump->plan.names[input]);
	else
		code = 0;
	return code || report->records ? code : guard_give(dump->guard, DUMP_FAILED, NULL, 0, err);
}

static int take_item(struct dump *dump, struct feed_item *item, struct err *err)
{
	bool wanted = item->kind != FEED_DONE && dump->inputs[item->input].wanted;

	switch (item->kind) {
	case FEED_RECORDS:
		__atomic_store_n(&guard_progress(dump->guard)->clock, item->time, __ATOMIC_RELAXED);
		if (wanted)
			return add_run(dump, item, err);
		feed_release(dump->feed, item);
		return 0;
	case FEED_FAULT:
		return wanted ? add_fault(dump, &item->fault, err) : 0;
	case FEED_END:
		return input_end(dump, item->input, err);
	default:
		return 0;
	}
}

static int take_all(struct dump *dump, struct err *err)
{
	struct feed_item item = { .kind = FEED_RECORDS };
	struct dump_job *job;
	int code = 0;

	while (!code && item.kind != FEED_DONE) {
		code = feed_next(dump->feed, &item, err);
		if (!code)
			code = take_item(dump, &item, err);
	}
	if (!code && dump->filling)
		ordered_submit(dump->ordered, dump->filling);
	while (!code && (job = ordered_take(dump->ordered)))
		code = job_finish(dump, job, err);
	return code;
}

static const char *const count_forms[][2] = {
	[LINE_TEXT] = { "", "\n" },
	[LINE_JSON] = { "{\"events\":", "}\n" },
	[LINE_CSV] = { "events\n", "\n" },
};

static int finish_output(struct dump *dump, struct err *err)
{
	if (dump->plan.count) {
		buf_str(&dump->out, count_forms[dump->plan.format][0]);
		buf_u64(&dump->out, dump->events);
		buf_str(&dump->out, count_forms[dump->plan.format][1]);
	}
	return write_out(dump, err);
}

static int compare_tallies(const void *a, const void *b)
{
	const struct dump_tally *x = a, *y = b;

	if (x->input != y->input)
		return x->input < y->input ? -1 : 1;
	return x->first.kind < y->first.kind ? -1 : 1;
}

static int say_tally(struct dump *dump, const struct dump_tally *tally, struct err *err)
{
	struct buf line = { 0 };
	int code;

	buf_str(&line, dump->plan.names[tally->input]);
	buf_str(&line, ": ");
	fault_format(&line, &tally->first);
	if (tally->count > 1) {
		buf_str(&line, "; ");
		buf_u64(&line, tally->count - 1);
		buf_str(&line, " more of this kind");
	}
	code = line.failed ? err_memory(err)
			   : guard_give(dump->guard, DUMP_NOTE, line.data, line.len, err);
	buf_free(&line);
	return code;
}

/*
 * What RFC 7606 discards or takes for a withdrawal was read; the recording is not damaged. What a
 * damaged stream would have decompressed to nobody knows: it may have been whole records.
 */
static bool is_damage(const struct dump_tally *tally)
{
	if (tally->first.kind == FAULT_COMPRESSION)
		return true;
	return tally->lost && tally->first.verdict != VERDICT_ATTRIBUTE_DISCARD &&
	       tally->first.verdict != VERDICT_TREAT_AS_WITHDRAW;
}

static int say_faults(struct dump *dump, struct err *err)
{
	struct dump_tallies *tallies = &dump->tallies;
	bool damaged = false;
	int code = 0;

	if (tallies->count)
		qsort(tallies->items, tallies->count, sizeof(*tallies->items), compare_tallies);
	for (uint32_t i = 0; !code && i < tallies->count; i++) {
		damaged |= is_damage(&tallies->items[i]);
		if (!dump->settings->quiet)
			code = say_tally(dump, &tallies->items[i], err);
	}
	return !code && damaged ? guard_give(dump->guard, DUMP_DAMAGED, NULL, 0, err) : code;
}

static int start_feed(struct dump *dump, struct err *err)
{
	const struct dump_settings *settings = dump->settings;
	const struct feed_opener opener = cmd_opener(dump->guard);
	struct feed_options options = cmd_feed_options(&settings->inputs);
	uint32_t count = settings->files->count;
	struct feed_input *inputs = calloc(count, sizeof(*inputs));
	int code;

	options.bytes_read = &guard_progress(dump->guard)->bytes_read;
	dump->inputs = calloc(count, sizeof(*dump->inputs));
	dump->collectors = calloc(count, sizeof(*dump->collectors));
	if (!inputs || !dump->inputs || !dump->collectors) {
		free(inputs);
		return err_memory(err);
	}
	for (uint32_t i = 0; i < count; i++)
		inputs[i] = (struct feed_input){
			.name = settings->files->values[i],
			.collector = settings->acquired ? settings->acquired->files[i].collector
							: settings->inputs.collector,
			.starts = settings->acquired ? settings->acquired->files[i].starts : 0,
		};
	code = feed_new(inputs, count, &opener, &options, &dump->feed, err);
	free(inputs);
	for (uint32_t i = 0; !code && i < count; i++) {
		dump->collectors[i] = feed_collector(dump->feed, i);
		dump->inputs[i].wanted = filter_wants_input(settings->filter, dump->collectors[i]);
	}
	return code;
}

static int start_workers(struct dump *dump, struct err *err)
{
	const struct dump_settings *settings = dump->settings;
	struct ordered_plan plan = { .threads = dump->threads, .work = work, .context = dump };
	int code = wire_scratch_new(&dump->scratch, err);

	dump->plan = (struct dump_plan){
		.filter = settings->filter,
		.format = settings->output.format == CMD_JSON ? LINE_JSON :
			  settings->output.format == CMD_CSV ? LINE_CSV : LINE_TEXT,
		.count = settings->count,
		.names = settings->files->values,
		.collectors = dump->collectors,
	};
	dump->job_count = JOBS_A_THREAD * dump->threads;
	dump->jobs = calloc(dump->job_count, sizeof(*dump->jobs));
	dump->workers = calloc(dump->threads, sizeof(*dump->workers));
	if (!code && (!dump->jobs || !dump->workers))
		code = err_memory(err);
	for (unsigned i = 0; !code && i < dump->threads; i++)
		code = dump_worker_new(&dump->plan, &dump->workers[i], err);
	plan.bound = dump->job_count;
	return code ? code : ordered_new(&plan, &dump->ordered, err);
}

static void dump_free(struct dump *dump)
{
	ordered_free(dump->ordered);
	for (unsigned i = 0; dump->jobs && i < dump->job_count; i++) {
		job_clear(dump, &dump->jobs[i]);
		free(dump->jobs[i].segments);
		free(dump->jobs[i].tallies.items);
		buf_free(&dump->jobs[i].out);
	}
	free(dump->jobs);
	for (unsigned i = 0; dump->workers && i < dump->threads; i++)
		dump_worker_free(dump->workers[i]);
	free(dump->workers);
	for (uint32_t i = 0; dump->inputs && i < dump->settings->files->count; i++)
		peer_index_unref(dump->inputs[i].index);
	feed_free(dump->feed);
	wire_scratch_free(dump->scratch);
	free(dump->inputs);
	free(dump->collectors);
	free(dump->tallies.items);
	buf_free(&dump->out);
}

static int dump_reader(struct guard *guard, void *context, struct err *err)
{
	struct dump_settings *settings = context;
	struct dump dump = {
		.settings = settings, .guard = guard, .threads = cmd_threads(&settings->inputs),
	};
	int code = start_feed(&dump, err);

	if (!code)
		code = start_workers(&dump, err);
	if (!code && !settings->count)
		line_header(dump.plan.format, &dump.out);
	if (!code)
		code = take_all(&dump, err);
	if (!code)
		code = finish_output(&dump, err);
	if (!code)
		code = say_faults(&dump, err);
	dump_free(&dump);
	return code;
}

static int dump_taken(void *context, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	struct dump_settings *settings = context;

	(void)err;
	switch ((enum dump_given)what) {
	case DUMP_NOTE:
		cmd_say("%.*s", (int)len, (const char *)bytes);
		break;
	case DUMP_FAILED:
		settings->failed++;
		break;
	case DUMP_DAMAGED:
		settings->damaged = true;
		break;
	}
	return 0;
}

typedef int add_fn(struct filter *filter, struct view text, struct err *err);

/* One list of options into the filter, by the function that takes one. */
static int add_each(struct filter *filter, const struct option_list *list, const char *option,
		    add_fn *add, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; !code && i < list->count; i++) {
		code = add(filter, view_of(list->values[i]), err);
		if (code)
			err_prefix(err, "--%s", option);
	}
	return code;
}

static int add_exact(struct filter *filter, struct view text, struct err *err)
{
	return filter_add_prefix(filter, text, FILTER_EXACT, err);
}

static int add_more_specific(struct filter *filter, struct view text, struct err *err)
{
	return filter_add_prefix(filter, text, FILTER_MORE_SPECIFIC, err);
}

static int add_less_specific(struct filter *filter, struct view text, struct err *err)
{
	return filter_add_prefix(filter, text, FILTER_LESS_SPECIFIC, err);
}

static int make_filter(struct dump_settings *settings, struct err *err)
{
	const struct {
		const struct option_list *list;
		const char *option;
		add_fn *add;
	} rows[] = {
		{ &settings->prefixes, "prefix", add_exact },
		{ &settings->more_specific, "more-specific", add_more_specific },
		{ &settings->less_specific, "less-specific", add_less_specific },
		{ &settings->origins, "origin", filter_add_origin },
		{ &settings->asns, "as", filter_add_as },
		{ &settings->paths, "path", filter_add_path },
		{ &settings->peers, "peer", filter_add_peer },
		{ &settings->collectors, "only-collector", filter_add_collector },
		{ &settings->kinds, "kind", filter_add_kinds },
	};
	int code = filter_new(&settings->filter, err);

	for (size_t i = 0; !code && i < sizeof(rows) / sizeof(rows[0]); i++)
		code = add_each(settings->filter, rows[i].list, rows[i].option, rows[i].add, err);
	if (!code)
		filter_set_time(settings->filter, settings->from, settings->until);
	return code;
}

static int dump_open(void *context, uint32_t file, int *ret_fd, struct err *err)
{
	return acquire_open(((struct dump_settings *)context)->acquired, file, ret_fd, err);
}

static uint32_t dump_here(void *context)
{
	return acquire_here(((struct dump_settings *)context)->acquired);
}

static int dump_wait(void *context, const struct pollfd *polls, unsigned count, int timeout_ms,
		     struct err *err)
{
	return acquire_wait(((struct dump_settings *)context)->acquired, polls, count, timeout_ms,
			    err);
}

static void dump_progress(void *context, struct buf *line)
{
	acquire_progress(((struct dump_settings *)context)->acquired, line);
}

static int dump_files(struct dump_settings *settings, const struct option_list *files)
{
	const struct acquire *acquired = settings->acquired;
	const struct guard_plan plan = {
		.files = files->values, .file_count = files->count, .stdout_to_reader = true,
		.reader = dump_reader, .context = settings, .taken = dump_taken,
		.open = acquired ? dump_open : NULL, .wait = acquired ? dump_wait : NULL,
		.here = acquired ? dump_here : NULL,
	};
	struct err err;
	int status;

	settings->files = files;
	cmd_progress_words(acquired ? dump_progress : NULL);
	if (make_filter(settings, &err)) {
		filter_free(settings->filter);
		return cmd_fail(&err);
	}
	status = cmd_run(&plan);
	if (acquired && cmd_interrupted())
		acquire_say_interrupted(acquired);
	filter_free(settings->filter);
	if ((status == CMD_DONE || status == CMD_INCOMPLETE) && settings->failed == files->count)
		return CMD_FAILED;
	return status == CMD_DONE && settings->damaged ? CMD_INCOMPLETE : status;
}

/* What archives have of the period. */
static int dump_period(struct dump_settings *settings)
{
	const struct acquire_period period = { settings->from, settings->until, 0 };
	struct option_list files = { NULL, 0 };
	struct err err;
	int code = 0, status;

	if (settings->from == UTC_NEVER || settings->until == UTC_NEVER)
		code = err_set(&err, ERR_USAGE,
			       "no recordings given: FILES, or a period (--from and --until) to "
			       "get them for");
	if (code == 0)
		code = acquire_plan(&settings->acquire, &period, &settings->acquired, &err);
	for (uint32_t i = 0; code == 0 && i < settings->acquired->count; i++)
		code = option_list_add(&files, settings->acquired->files[i].url, &err);
	if (code)
		status = cmd_fail(&err);
	else
		status = settings->acquire.dry_run ? CMD_DONE : dump_files(settings, &files);
	acquire_free(settings->acquired);
	free(files.values);
	return status;
}

static int dump_run(void *context, const struct option_list *operands)
{
	struct dump_settings *settings = context;
	struct err err;

	if (option_check_period(settings->from, settings->until, &err))
		return cmd_fail(&err);
	if (operands->count == 0)
		return dump_period(settings);
	if (settings->acquire.collectors || settings->acquire.dry_run) {
		err_set(&err, ERR_USAGE,
			"--collectors and --dry-run are for a period without FILES");
		return cmd_fail(&err);
	}
	return dump_files(settings, operands);
}

#define FIELD(name) offsetof(struct dump_settings, name)

static const struct option_row filter_rows[] = {
	{
		.name = "prefix", .letter = 'p', .argument = "PREFIX", .set = option_set_list,
		.help = "exactly this prefix", .field = FIELD(prefixes),
	}, {
		.name = "more-specific", .letter = 'm', .argument = "PREFIX",
		.set = option_set_list,
		.help = "this prefix and all inside it", .field = FIELD(more_specific),
	}, {
		.name = "less-specific", .letter = 'l', .argument = "PREFIX",
		.set = option_set_list,
		.help = "this prefix and all that contain it; an address alone is a host's prefix",
		.field = FIELD(less_specific),
	}, {
		.name = "origin", .letter = 'o', .argument = "ASN", .set = option_set_list,
		.help = "the last AS of the path", .field = FIELD(origins),
	}, {
		.name = "as", .letter = 'a', .argument = "ASN", .set = option_set_list,
		.help = "an AS anywhere in the path", .field = FIELD(asns),
	}, {
		.name = "path", .argument = "REGEX", .set = option_set_list,
		.help = "an extended regular expression for the path, in which _ stands for what "
			"is between two AS numbers or at either end, as in _4837_131279$",
		.field = FIELD(paths),
	}, {
		.name = "peer", .argument = "ADDRESS|ASN", .set = option_set_list,
		.help = "the vantage point", .field = FIELD(peers),
	}, {
		.name = "only-collector", .argument = "NAME", .set = option_set_list,
		.help = "recordings of this collector", .field = FIELD(collectors),
	}, {
		.name = "from", .argument = "TIME", .set = option_set_time,
		.help = "not before this time (UTC)", .field = FIELD(from),
	}, {
		.name = "until", .argument = "TIME", .set = option_set_time,
		.help = "before this time (UTC)", .field = FIELD(until),
	}, {
		.name = "kind", .letter = 'k', .argument = "KIND,...", .set = option_set_list,
		.help = "announce, withdraw, rib-entry (or rib), state, end-of-rib, message, "
			"other-family, rib-begin, all (default: the first four)",
		.field = FIELD(kinds),
	},
	{ .name = NULL }
};

static const struct option_row show_rows[] = {
	{
		.name = "count", .letter = 'c', .set = option_set_flag,
		.help = "print only how many events there are", .field = FIELD(count),
	}, {
		.name = "quiet", .letter = 'q', .set = option_set_flag,
		.help = "say nothing of damaged records", .field = FIELD(quiet),
	},
	{ .name = NULL }
};

static const struct option_group groups[] = {
	{ "Filters (each may be given several times: any of its values)", filter_rows, 0 },
	{ "Output", show_rows, 0 },
	{ "Output formats", cmd_output_rows, FIELD(output) },
	{ "Inputs", cmd_input_rows, FIELD(inputs) },
	{ "Archives (where no FILES are given)", acquire_rows, FIELD(acquire) },
	{ NULL, NULL, 0 },
};

static const struct dump_settings defaults = {
	.from = UTC_NEVER, .until = UTC_NEVER, .acquire = ACQUIRE_DEFAULTS,
};

const struct command command_dump = {
	.name = "dump",
	.operands = "[FILES]",
	.operands_min = 0,
	.summary = "print what recordings hold, one line an event",
	.about = "Prints one line for each announcement, withdrawal, RIB entry and state change in "
		"MRT files, in the order of time whatever the order of the files. The lines are "
		"those of bgpdump -m.\nEvents must meet all sorts of filters that are given. What "
		"has no path or prefix meets no filter that asks for one.",
	.groups = groups,
	.settings_size = sizeof(struct dump_settings),
	.defaults = &defaults, .run = dump_run,
};

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files are numbered for the guard: the recordings first, then the sources of places, then AS
 * names. Without --place it is Debian's tor-geoipdb, where that is installed.
 */
#include "cmd/ask.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/view.h"
#include "cmd/terminal.h"
#include "show/finding.h"

#define GEOIP4 "/usr/share/tor/geoip"
#define GEOIP6 "/usr/share/tor/geoip6"
#define FILES_MORE 3	/* these two, AS names */

/* What the reader gives. */
#define GIVEN_FINDING 1u

static int set_share(void *field, const char *value, struct err *err)
{
	struct view text = view_of(value), whole, rest = text;
	bool percent = view_ends(text, VIEW("%"));
	uint32_t units = 0, fraction = 0, scale = percent ? 10000 : PPM, share;
	char padded[7] = "000000";

	if (percent)
		rest.len--;
	if (!view_split(&rest, '.', &whole) || !view_u32(whole, &units) ||
	    units > (percent ? 100u : 1u))
		return err_set(err, ERR_USAGE, "%s is no share such as 0.5 or 50%%", value);
	for (size_t i = 0; i < rest.len && i < 6; i++)
		padded[i] = rest.ptr[i];
	if (rest.len > 6 || !view_u32(view_of(padded), &fraction))
		return err_set(err, ERR_USAGE, "%s is no share such as 0.5 or 50%%", value);
	share = units * scale + fraction / (PPM / scale);
	if (share > PPM)
		return err_set(err, ERR_USAGE, "%s is more than the whole", value);
	*(uint32_t *)field = share;
	return 0;
}

static int set_size(void *field, const char *value, struct err *err)
{
	uint64_t number;

	if (!view_u64(view_of(value), &number))
		return err_set(err, ERR_USAGE, "%s is not a number", value);
	*(uint64_t *)field = number;
	return 0;
}

#define SET_SHARE set_share
#define SET_TIME option_set_duration
#define SET_COUNT option_set_u32
#define SET_SIZE set_size
#define WORD_SHARE "SHARE"
#define WORD_TIME "DURATION"
#define WORD_COUNT "N"
#define WORD_SIZE "N"
#define ROW(row_name, kind, row_field, value, row_help) \
	{ .name = row_name, .argument = WORD_##kind, .help = row_help, .set = SET_##kind, \
	  .field = offsetof(struct ask_settings, parameters.row_field) },

const struct option_row ask_parameter_rows[] = {
	MEASURE_PARAMETERS(ROW)
	{ .name = NULL }
};

const struct option_row ask_place_rows[] = {
	{
		.name = "place", .letter = 'p', .argument = "FILE", .set = option_set_list,
		.help = "who is where: registries' delegated files, a range table or mmdb; several "
			"make one (default: Debian's tor-geoipdb)",
		.field = offsetof(struct ask_settings, places),
	}, {
		.name = "as-names", .argument = "FILE", .set = option_set_text,
		.help = "names of ASes, one \"AS1 NAME\" a line",
		.field = offsetof(struct ask_settings, as_names),
	},
	{ .name = NULL }
};

const struct option_row ask_output_rows[] = {
	{
		.name = "list", .argument = "NAME", .set = option_set_text,
		.help = "with --csv: which list of the finding, by its dotted name "
			"(docs/finding.md)",
		.field = offsetof(struct ask_settings, list),
	}, {
		.name = "rows", .argument = "N", .set = option_set_u32,
		.help = "rows of a long list shown as text (default 20; 0: all)",
		.field = offsetof(struct ask_settings, rows),
	}, {
		.name = "no-hash", .set = option_set_flag,
		.help = "do not work out the inputs' SHA-256",
		.field = offsetof(struct ask_settings, no_hash),
	}, {
		.name = "max-vantage-points", .argument = "N", .set = option_set_limit,
		.help = "stop with an error at more vantage points than N (default 20000)",
		.field = offsetof(struct ask_settings, vantage_max),
	},
	{ .name = NULL }
};

const struct option_row ask_period_rows[] = {
	{
		.name = "from", .argument = "TIME", .set = option_set_time,
		.help = "what ended before is left out; earlier recordings still make the baseline",
		.field = offsetof(struct ask_settings, from),
	}, {
		.name = "until", .argument = "TIME", .set = option_set_time,
		.help = "recordings are read up to here",
		.field = offsetof(struct ask_settings, until),
	},
	{ .name = NULL }
};

const struct option_row ask_instant_rows[] = {
	{
		.name = "at", .argument = "TIME", .set = option_set_time,
		.help = "the table as it stood then (default: at the end of the recordings)",
		.field = offsetof(struct ask_settings, at),
	},
	{ .name = NULL }
};

const struct ask_settings ask_defaults = {
	.rows = 20, .from = UTC_NEVER, .until = UTC_NEVER, .at = UTC_NEVER,
	.parameters = MEASURE_PARAMETERS_DEFAULT,
	.acquire = ACQUIRE_DEFAULTS,
};

/* One asking: the keeper's and the reader's view of it are the same memory before the fork. */
struct ask {
	const struct ask_settings *settings;
	const struct question *question;
	const struct ask_sink *sink;	/* NULL: the finding is all that is wanted */
	struct acquire *acquire;	/* NULL: FILES were given */
	const char **files;
	uint32_t input_count, place_count, file_count;
	/* behind places and names; a file of relationships or of VRPs may follow */
	uint32_t place_end;
	bool once;			/* some recording is no file that can be read again */
	uint64_t bytes_total;		/* of the recordings as stored; 0 where it is not known */
	struct finding finding;		/* keeper */
	bool answered;
};

static int place_read(struct ask *ask, struct guard *guard, struct place *place, struct err *err)
{
	uint32_t names = ask->input_count + ask->place_count, count = 0;
	struct place_file *files = calloc(ask->place_count + 1u, sizeof(*files));
	int fd = -1, code = files ? 0 : err_memory(err);

	for (uint32_t i = ask->input_count; i < names && code == 0; i++) {
		code = guard_open(guard, i, &fd, err);
		if (code == 0)
			files[count++] = (struct place_file){ fd, ask->files[i] };
	}
	if (code == 0)
		code = place_load_all(place, files, count,
				      cmd_feed_options(&ask->settings->inputs).threads, err);
	else
		while (count)
			close(files[--count].fd);
	for (uint32_t i = names; i < ask->place_end && code == 0; i++) {
		code = guard_open(guard, i, &fd, err);
		if (code == 0)
			code = place_load_names(place, fd, ask->files[i], err);
	}
	free(files);
	return code ? code : place_ready(place, err);
}

/* Says what was wrong with the inputs; *ret_read counts those that gave at least a record. */
static int inputs_say(struct guard *guard, const struct finding *finding, uint32_t *ret_read,
		      struct err *err)
{
	int code = 0;

	*ret_read = 0;
	for (uint32_t i = 0; i < finding->provenance.input_count && code == 0; i++) {
		const struct finding_input *input = &finding->provenance.inputs[i];

		*ret_read += input->records != 0;
		if (*input->error)
			code = cmd_trouble(guard, err, "%s", input->error);
		else if (input->records == 0 && input->bytes == 0 && input->whole)
			code = cmd_trouble(guard, err, "%s: empty: no MRT record in it",
					   input->name);
		for (uint32_t k = 0; k < input->fault_count && code == 0; k++) {
			const struct finding_fault *fault = &input->faults[k];

			/* Damage is said here; trouble within messages stands in the finding. */
			if (fault->bytes_lost == 0 && input->whole)
				continue;
			if (fault->count > 1)
				code = cmd_trouble(guard, err, "%s: %s (and %llu more of the kind)",
						   input->name, fault->text,
						   (unsigned long long)fault->count - 1);
			else
				code = cmd_trouble(guard, err, "%s: %s", input->name, fault->text);
		}
	}
	return code;
}

/* Nothing is wrong with the inputs, but the question ends before any of them begins. */
static bool all_later(const struct finding *finding)
{
	const struct finding_question *question = &finding->question;
	bool later = question->until != UTC_NEVER || question->at != UTC_NEVER;

	for (uint32_t i = 0; i < finding->provenance.input_count; i++)
		later &= !*finding->provenance.inputs[i].error &&
			 !finding->provenance.inputs[i].fault_count;
	return later;
}

static int finding_give(struct guard *guard, const struct finding *finding, struct err *err)
{
	struct buf json = { 0 };
	uint32_t read;
	int code = inputs_say(guard, finding, &read, err);

	if (code == 0 && read == 0)
		code = err_set(err, ERR_FORMAT,
			       all_later(finding)
				       ? "all recordings begin after the time asked about"
				       : "no record could be read");
	if (code == 0)
		code = finding_encode(finding, false, &json, err);
	if (code == 0)
		code = guard_give(guard, GIVEN_FINDING, json.data, json.len, err);
	buf_free(&json);
	return code;
}

/* Places are read by a thread of their own while the recordings are. */
struct place_reading {
	struct ask *ask;
	struct guard *guard;
	struct place *place;
	pthread_t thread;
	bool begun, joined;
	int code;
	struct err err;
};

static void *place_thread(void *context)
{
	struct place_reading *reading = context;

	reading->code = place_read(reading->ask, reading->guard, reading->place, &reading->err);
	return NULL;
}

static int place_begin(struct place_reading *reading, struct err *err)
{
	int code = place_new(&reading->place, err);

	if (code == 0 && pthread_create(&reading->thread, NULL, place_thread, reading) != 0)
		code = err_set(err, ERR_SYSTEM, "no thread to read places with");
	reading->begun = code == 0;
	return code;
}

static void place_join(struct place_reading *reading)
{
	if (reading->begun && !reading->joined)
		pthread_join(reading->thread, NULL);
	reading->joined = true;
}

static int place_get(void *context, const struct place **ret_place, struct err *err)
{
	struct place_reading *reading = context;

	place_join(reading);
	if (reading->code && err)
		*err = reading->err;
	if (reading->code == 0)
		*ret_place = reading->place;
	return reading->code;
}

static int relations_read(const struct ask *ask, struct guard *guard,
			  struct relations *ret_relations, struct err *err)
{
	int fd = -1, code = guard_open(guard, ask->place_end, &fd, err);

	return code ? code : relations_load(fd, ask->files[ask->place_end], ret_relations, err);
}

static int vrps_read(const struct ask *ask, struct guard *guard, struct vrps *ret_vrps,
		     struct err *err)
{
	int fd = -1, code = guard_open(guard, ask->place_end, &fd, err);

	return code ? code : vrps_load(fd, ask->files[ask->place_end], ret_vrps, err);
}

static int ask_reader(struct guard *guard, void *context, struct err *err)
{
	struct ask *ask = context;
	struct guard_progress *progress = guard_progress(guard);
	struct feed_input *inputs = calloc(ask->input_count, sizeof(*inputs));
	int64_t *ends = calloc(ask->input_count, sizeof(*ends));
	struct place_reading reading = { .ask = ask, .guard = guard };
	struct relations relations = { 0 };
	struct vrps vrps = { 0 };
	struct finding finding = { 0 };
	struct inquiry inquiry = {
		.question = ask->question, .inputs = inputs, .input_count = ask->input_count,
		.opener = cmd_opener(guard), .program = "constat " CONSTAT_VERSION,
		.place = ask->question->kind == QUESTION_INFO ? NULL : place_get,
		.place_context = &reading,
		.feed = cmd_feed_options(&ask->settings->inputs),
		.vantage_max = ask->settings->vantage_max,
		.events = &progress->events, .clock = &progress->clock, .once = ask->once,
	};
	int code = inputs && ends ? 0 : err_memory(err);

	inquiry.feed.hash = !ask->settings->no_hash;
	inquiry.feed.bytes_read = &progress->bytes_read;
	progress->bytes_total = ask->bytes_total;
	for (uint32_t i = 0; i < ask->input_count && code == 0; i++) {
		const struct acquired *file = ask->acquire ? &ask->acquire->files[i] : NULL;

		inputs[i] = (struct feed_input){
			.name = ask->files[i],
			.collector = file ? file->collector : ask->settings->inputs.collector,
			.starts = file ? file->starts : 0,
		};
		ends[i] = file ? file->ends : UTC_NEVER;
	}
	inquiry.input_ends = ends;
	if (code == 0 && ask->settings->relations) {
		code = relations_read(ask, guard, &relations, err);
		inquiry.relations = &relations;
		inquiry.relations_name = ask->settings->relations;
	}
	inquiry.clocks = ask->settings->clocks.at;
	inquiry.clock_count = ask->settings->clocks.count;
	if (code == 0 && ask->settings->vrps) {
		code = vrps_read(ask, guard, &vrps, err);
		inquiry.vrps = &vrps;
		inquiry.vrps_name = ask->settings->vrps;
	}
	if (code == 0 && inquiry.place)
		code = place_begin(&reading, err);
	if (code == 0)
		code = ask->sink ? ask->sink->run(guard, &inquiry, &finding, err)
				 : inquiry_run(&inquiry, &finding, err);
	if (code == 0)
		code = finding_give(guard, &finding, err);
	place_join(&reading);
	finding_free(&finding);
	relations_free(&relations);
	vrps_free(&vrps);
	place_free(reading.place);
	free(inputs);
	free(ends);
	return code;
}

static int ask_taken(void *context, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	struct ask *ask = context;

	if (what >= ASK_OWN && ask->sink)
		return ask->sink->taken(ask->sink->context, what, bytes, len, err);
	if (what != GIVEN_FINDING)
		return err_set(err, ERR_FORMAT, "internal: the reader gave something unknown");
	ask->answered = true;
	return finding_decode(bytes, len, &ask->finding, err);
}

/* What the archives are to be asked for. */
static int period_of(const struct ask *ask, struct acquire_period *ret_period, struct err *err)
{
	const struct ask_settings *settings = ask->settings;
	enum question_kind kind = ask->question->kind;

	if (settings->at != UTC_NEVER)
		*ret_period = (struct acquire_period){ settings->at, settings->at + 1, 0 };
	else if (settings->from != UTC_NEVER && settings->until != UTC_NEVER)
		*ret_period = (struct acquire_period){ settings->from, settings->until, 0 };
	else if (kind == QUESTION_CENSUS || kind == QUESTION_UPSTREAMS ||
		 kind == QUESTION_FRONTIER || kind == QUESTION_CUT)
		return err_set(err, ERR_USAGE,
			       "no recordings given: FILES, or a time (--at) to get them for");
	else
		return err_set(err, ERR_USAGE,
			       "no recordings given: FILES, or a period (--from and --until) to "
			       "get them for");
	if (kind == QUESTION_REPORT || kind == QUESTION_OUTAGES)
		ret_period->ahead = settings->parameters.baseline_window;
	return 0;
}

static int acquire_recordings(struct ask *ask, struct err *err)
{
	struct acquire_period period;
	int code = period_of(ask, &period, err);

	return code ? code : acquire_plan(&ask->settings->acquire, &period, &ask->acquire, err);
}

static int places_collect(struct ask *ask, struct err *err)
{
	const struct option_list *places = &ask->settings->places;
	uint32_t registries = ask->acquire ? ask->acquire->registry_count : 0;
	bool told = places->count || registries;

	for (uint32_t i = 0; i < places->count; i++)
		ask->files[ask->file_count++] = places->values[i];
	for (uint32_t i = 0; i < registries; i++)
		ask->files[ask->file_count++] = ask->acquire->registries[i].path;
	if (ask->question->kind == QUESTION_INFO)
		return 0;
	if (!told && access(GEOIP4, R_OK) == 0)
		ask->files[ask->file_count++] = GEOIP4;
	if (!told && access(GEOIP6, R_OK) == 0)
		ask->files[ask->file_count++] = GEOIP6;
	ask->place_count = ask->file_count - ask->input_count;
	if (ask->place_count == 0)
		return err_set(err, ERR_USAGE,
			       "nothing says which network is in which country: install Debian's "
			       "tor-geoipdb, or give --place FILE");
	return 0;
}

/* Recordings, then sources of places, then AS names, then AS relationships or VRPs. */
static int files_collect(struct ask *ask, const struct option_list *operands, uint32_t first,
			 struct err *err)
{
	const struct ask_settings *settings = ask->settings;
	uint32_t recordings = operands->count > first ? operands->count - first : 0;
	uint32_t places = settings->places.count;
	int code = 0;

	if (recordings && (settings->acquire.collectors || settings->acquire.registry ||
			   settings->acquire.dry_run))
		return err_set(err, ERR_USAGE,
			       "--collectors, --registry and --dry-run are for a period without "
			       "FILES");
	if (recordings == 0) {
		code = acquire_recordings(ask, err);
		if (code || settings->acquire.dry_run)
			return code;
		recordings = ask->acquire->count;
	}
	if (ask->acquire)
		places += ask->acquire->registry_count;
	ask->files = calloc((size_t)recordings + places + FILES_MORE, sizeof(*ask->files));
	if (!ask->files)
		return err_memory(err);
	for (uint32_t i = 0; i < recordings; i++)
		ask->files[ask->file_count++] = ask->acquire ? ask->acquire->files[i].url
							     : operands->values[first + i];
	ask->input_count = ask->file_count;
	code = places_collect(ask, err);
	if (code == 0 && settings->as_names)
		ask->files[ask->file_count++] = settings->as_names;
	ask->place_end = ask->file_count;
	if (code == 0 && settings->relations)
		ask->files[ask->file_count++] = settings->relations;
	if (code == 0 && settings->vrps)
		ask->files[ask->file_count++] = settings->vrps;
	return code;
}

static int ask_open(void *context, uint32_t file, int *ret_fd, struct err *err)
{
	return acquire_open(((struct ask *)context)->acquire, file, ret_fd, err);
}

static uint32_t ask_here(void *context)
{
	return acquire_here(((struct ask *)context)->acquire);
}

static int ask_wait(void *context, const struct pollfd *polls, unsigned count, int timeout_ms,
		    struct err *err)
{
	return acquire_wait(((struct ask *)context)->acquire, polls, count, timeout_ms, err);
}

static void ask_progress(void *context, struct buf *line)
{
	acquire_progress(((struct ask *)context)->acquire, line);
}

/* 0 where one of them is no file whose size is known: a pipe, a folder, standard input. */
static uint64_t recordings_size(const struct ask *ask)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < ask->input_count; i++) {
		struct stat st;

		if (strcmp(ask->files[i], "-") == 0)
			return 0;
		if (stat(ask->files[i], &st))
			continue;	/* will be said when it is opened */
		if (!S_ISREG(st.st_mode))
			return 0;
		total += (uint64_t)st.st_size;
	}
	return total;
}

/* Standard input and pipes give what they have once. */
static bool recordings_once(const struct ask *ask)
{
	for (uint32_t i = 0; i < ask->input_count; i++) {
		struct stat st;

		if (strcmp(ask->files[i], "-") == 0 ||
		    (stat(ask->files[i], &st) == 0 && !S_ISREG(st.st_mode)))
			return true;
	}
	return false;
}

/* What can be told to be wrong before anything is read. */
static int list_check(const struct ask_settings *settings, struct err *err)
{
	const struct field *field = settings->list ? finding_field(settings->list) : NULL;

	if (!settings->list)
		return 0;
	if (settings->output.format != CMD_CSV)
		return err_set(err, ERR_USAGE, "--list is for --csv");
	if (!field || field->type != FIELD_LIST)
		return err_set(err, ERR_USAGE, "--list: no list of a finding is called %s",
			       settings->list);
	return 0;
}

static int answer_print(struct ask *ask, struct err *err)
{
	const struct show_style style = {
		.colour = terminal_colours(), .width = terminal_width(),
		.rows = ask->settings->rows,
		.records = ask->settings->records,
	};
	struct buf out = { 0 };
	int code = page_write(&ask->settings->page, &ask->finding, err);

	if (code || page_is_output(&ask->settings->page))
		return code;
	if (ask->settings->output.format == CMD_JSON)
		code = finding_encode(&ask->finding, true, &out, err);
	else if (ask->settings->output.format == CMD_CSV)
		code = show_csv(&ask->finding, ask->settings->list, &out, err);
	else
		code = show_finding(&ask->finding, &style, &out, err);
	if (code == 0)
		code = file_write_all(STDOUT_FILENO, out.data, out.len, "standard output", err);
	buf_free(&out);
	return code;
}

/* Gets the answer into ask->finding; the exit status. */
static int ask_answer(struct ask *ask, const struct option_list *operands, uint32_t first)
{
	struct guard_plan plan = {
		.reader = ask_reader, .context = ask, .taken = ask_taken,
	};
	struct err err = { 0 };
	int status;

	if (files_collect(ask, operands, first, &err))
		return cmd_fail(&err);
	if (ask->settings->acquire.dry_run)
		return CMD_DONE;
	if (!ask->acquire) {
		ask->bytes_total = recordings_size(ask);
		ask->once = recordings_once(ask);
	}
	plan.files = ask->files;
	plan.file_count = ask->file_count;
	if (ask->acquire) {
		plan.open = ask_open;
		plan.wait = ask_wait;
		plan.here = ask_here;
	}
	cmd_progress_words(ask->acquire ? ask_progress : NULL);
	status = cmd_run(&plan);
	if (ask->acquire && cmd_interrupted())
		acquire_say_interrupted(ask->acquire);
	ask->answered &= status == CMD_DONE || status == CMD_INCOMPLETE;
	if (ask->answered && ask->acquire && acquire_annotate(ask->acquire, &ask->finding, &err)) {
		ask->answered = false;
		status = cmd_fail(&err);
	}
	return status;
}

static void ask_free(struct ask *ask)
{
	finding_free(&ask->finding);
	acquire_free(ask->acquire);
	free(ask->files);
}

int ask_run(const struct ask_settings *settings, struct question *question,
	    const struct option_list *operands, uint32_t first,
	    void (*trim)(struct finding *finding, const struct ask_settings *settings))
{
	struct ask ask = { .settings = settings, .question = question };
	struct err err = { 0 };
	int status;

	question->from = settings->from;
	question->until = settings->until;
	question->at = settings->at;
	question->parameters = settings->parameters;
	if (option_check_period(settings->from, settings->until, &err) ||
	    list_check(settings, &err) || page_check(&settings->page, &settings->output, &err))
		return cmd_fail(&err);
	status = ask_answer(&ask, operands, first);
	if (ask.answered && trim)
		trim(&ask.finding, settings);
	if (ask.answered && answer_print(&ask, &err))
		status = cmd_fail(&err);
	ask_free(&ask);
	return status;
}

int ask_find(const struct ask_settings *settings, struct question *question,
	     const struct option_list *operands, uint32_t first, const struct ask_sink *sink,
	     struct finding *ret_finding, bool *ret_answered)
{
	struct ask ask = { .settings = settings, .question = question, .sink = sink };
	int status;

	question->parameters = settings->parameters;
	status = ask_answer(&ask, operands, first);
	*ret_answered = ask.answered;
	if (ask.answered) {
		*ret_finding = ask.finding;
		ask.finding = (struct finding){ 0 };
	}
	ask_free(&ask);
	return status;
}

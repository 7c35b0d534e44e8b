/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * constat dossier source: archive what something was said in.
 *
 * The bytes are strangers': the reader reads them and derives the text, and gives both to the
 * keeper, which keeps the dossier.
 */
#include "cmd/dossier.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "dossier/claim.h"
#include "dossier/extract.h"
#include "dossier/import.h"
#include "dossier/warc.h"
#include "feed/source.h"

#define PAGES_LISTED 50

/* What the reader gives for a source, in this order; the last one makes it one. */
enum given { GIVEN_ABOUT = 1, GIVEN_TEXT, GIVEN_BYTES };

struct add_settings {
	const char *name, *url, *title, *publisher, *agency, *language, *reliability, *media,
		*charset, *page;
	struct dossier_span published, retrieved;
};

static const struct add_settings add_defaults = {
	.published = { UTC_NEVER, UTC_NEVER }, .retrieved = { UTC_NEVER, UTC_NEVER },
};

struct adding {
	const struct add_settings *settings;
	const struct option_list *files;
	struct dossier *dossier;
	/* Reader: the file it is at. Keeper: what has come of a source. */
	uint32_t file;
	const char *extractor, *media, *charset;
	struct buf url, date;		/* that a WARC file says; with a final zero */
	struct buf text;
};

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static int source_give(struct guard *guard, struct adding *adding, struct view bytes,
		       const struct extract_hints *hints, struct view url, struct view date,
		       struct err *err)
{
	struct extracted extracted;
	struct buf about = { 0 };
	int code = extract_text(bytes, hints, &extracted, err);

	if (code)
		return code;
	pack_add(&about, view_of(extracted.extractor));
	pack_add(&about, view_of(extracted.media));
	pack_add(&about, view_of(extracted.charset));
	pack_add(&about, url);
	pack_add(&about, date);
	buf_add(&about, &adding->file, sizeof(adding->file));
	code = about.failed ? err_memory(err)
			    : guard_give(guard, GIVEN_ABOUT, about.data, about.len, err);
	if (code == 0)
		code = guard_give(guard, GIVEN_TEXT, extracted.text.data, extracted.text.len, err);
	if (code == 0)
		code = guard_give(guard, GIVEN_BYTES, bytes.ptr, bytes.len, err);
	buf_free(&about);
	buf_free(&extracted.text);
	return code;
}

/*
 * Of the pages of a WARC file the one that is wanted, and a list of all for somebody who has to
 * choose.
 */
struct choosing {
	const char *wanted;	/* a number or an address; NULL: the only one */
	struct warc_page page;
	struct buf list;
	uint32_t count, matches;
};

static int page_consider(void *context, const struct warc_page *page, struct err *err)
{
	struct choosing *choosing = context;
	struct view url = { page->url.data ? page->url.data : "", page->url.len };
	uint32_t number;
	bool matches = !choosing->wanted || view_equal(view_of(choosing->wanted), url) ||
		       (view_u32(view_of(choosing->wanted), &number) && number == page->number);

	if (choosing->count++ < PAGES_LISTED)
		buf_printf(&choosing->list, "%4u: %.*s\n", page->number,
			   url.len < 300 ? (int)url.len : 300, url.ptr);
	if (!matches || choosing->matches++)
		return choosing->list.failed ? err_memory(err) : 0;
	buf_add(&choosing->page.url, page->url.data, page->url.len);
	buf_add(&choosing->page.date, page->date.data, page->date.len);
	buf_add(&choosing->page.media, page->media.data, page->media.len);
	buf_char(&choosing->page.media, '\0');
	buf_add(&choosing->page.payload, page->payload.data, page->payload.len);
	if (choosing->page.url.failed || choosing->page.date.failed ||
	    choosing->page.media.failed || choosing->page.payload.failed || choosing->list.failed)
		return err_memory(err);
	return 0;
}

/* Nothing was wanted and several are there, or what was wanted is not, or is there twice. */
static int choice_refuse(struct guard *guard, const struct choosing *choosing, const char *name,
			 struct err *err)
{
	struct view rest = { choosing->list.data ? choosing->list.data : "", choosing->list.len },
		    text;
	int code = 0;

	while (code == 0 && view_split(&rest, '\n', &text) && text.len)
		code = cmd_trouble(guard, err, "%.*s", VIEW_ARGS(text));
	if (code)
		return code;
	if (choosing->count == 0)
		return err_set(err, ERR_FORMAT, "%s: no page of text is in it", name);
	if (choosing->matches == 0)
		return err_set(err, ERR_USAGE, "%s: page %s is not in it", name, choosing->wanted);
	return err_set(err, ERR_USAGE, "%s: %u pages: say which by --page", name,
		       choosing->matches);
}

static int warc_give(struct guard *guard, struct adding *adding, int fd, const char *name,
		     struct err *err)
{
	const struct source_options options = { .threads = 1 };
	struct choosing choosing = { .wanted = adding->settings->page };
	struct extract_hints hints = { .charset = adding->settings->charset, .name = name };
	struct source *source = NULL;
	int code = source_new(fd, name, &options, &source, err);

	if (code == 0)
		code = warc_read(source, name, page_consider, &choosing, err);
	source_free(source);
	if (code == 0 && choosing.matches != 1)
		code = choice_refuse(guard, &choosing, name, err);
	if (code == 0) {
		hints.media = adding->settings->media ? adding->settings->media
						      : choosing.page.media.data;
		code = source_give(guard, adding,
				   (struct view){ choosing.page.payload.data,
						  choosing.page.payload.len },
				   &hints,
				   (struct view){ choosing.page.url.data, choosing.page.url.len },
				   (struct view){ choosing.page.date.data, choosing.page.date.len },
				   err);
	}
	warc_page_free(&choosing.page);
	buf_free(&choosing.list);
	return code;
}

static int file_give(struct guard *guard, struct adding *adding, int fd, const char *name,
		     struct err *err)
{
	struct extract_hints hints = {
		.media = adding->settings->media, .charset = adding->settings->charset,
		.name = name,
	};
	struct buf bytes = { 0 };
	char head[8];
	ssize_t len = file_peek(fd, head, sizeof(head));
	int code;

	/* A pipe has no beginning to go back to: it brings no WARC file. */
	if (len < 0 && errno != ESPIPE) {
		code = err_system(err, errno, "%s", name);
		close(fd);
		return code;
	}
	if (len > 0 && warc_begins(head, (size_t)len))
		return warc_give(guard, adding, fd, name, err);
	code = dossier_read_all(fd, name, &bytes, err);
	close(fd);
	if (code == 0 && adding->settings->page)
		code = err_set(err, ERR_USAGE, "%s: --page is for WARC files", name);
	if (code == 0)
		code = source_give(guard, adding,
				   (struct view){ bytes.data ? bytes.data : "", bytes.len }, &hints,
				   VIEW(""), VIEW(""), err);
	buf_free(&bytes);
	return code;
}

static int add_reader(struct guard *guard, void *context, struct err *err)
{
	struct adding *adding = context;
	int code = 0;

	for (adding->file = 0; adding->file < adding->files->count && code == 0; adding->file++) {
		int fd;

		code = guard_open(guard, adding->file, &fd, err);
		if (code == 0)
			code = file_give(guard, adding, fd, adding->files->values[adding->file],
					 err);
	}
	return code;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static const char *constant(struct view text, const char *const *constants)
{
	for (; *constants; constants++)
		if (view_equal(text, view_of(*constants)))
			return *constants;
	return NULL;
}

static int about_take(struct adding *adding, struct view pack, struct err *err)
{
	static const char *const known[] = {
		EXTRACT_PLAIN, EXTRACT_HTML, "text/plain", "text/html", "UTF-8", "windows-1252",
		"iso-8859-15", NULL,
	};
	const char **const fields[] = { &adding->extractor, &adding->media, &adding->charset };
	struct view word;

	for (size_t i = 0; i < 3; i++)
		if (!pack_next(&pack, &word) || !(*fields[i] = constant(word, known)))
			return err_set(err, ERR_FORMAT,
				       "internal: the reader gave a source without its sort");
	for (size_t i = 0; i < 2; i++) {
		struct buf *to = i ? &adding->date : &adding->url;

		if (!pack_next(&pack, &word))
			return err_set(err, ERR_FORMAT,
				       "internal: the reader gave a source without its address");
		to->len = 0;
		buf_add(to, word.ptr, word.len);
		buf_char(to, '\0');
		if (to->failed)
			return err_memory(err);
	}
	if (pack.len != sizeof(adding->file))
		return err_set(err, ERR_FORMAT, "internal: the reader gave a source of no file");
	memcpy(&adding->file, pack.ptr, sizeof(adding->file));
	return adding->file < adding->files->count
		       ? 0
		       : err_set(err, ERR_FORMAT, "internal: no such file");
}

static int bytes_take(struct adding *adding, struct view bytes, struct err *err)
{
	const struct add_settings *settings = adding->settings;
	const char *url = settings->url ? settings->url : adding->url.data;
	struct dossier_source source = {
		.name = settings->name ? settings->name : *adding->url.data ? adding->url.data
								       : last_part(adding->files->values[adding->file]),
		.url = url, .title = or_empty(settings->title),
		.publisher = or_empty(settings->publisher), .agency = or_empty(settings->agency),
		.language = or_empty(settings->language),
		.reliability = or_empty(settings->reliability),
		.published = settings->published, .retrieved = settings->retrieved,
		.media = adding->media, .charset = adding->charset, .extractor = adding->extractor,
	};
	struct view text = { adding->text.data ? adding->text.data : "", adding->text.len };
	struct buf line = { 0 };
	bool fresh = false;
	int code = dossier_begin(adding->dossier, err);

	if (!span_known(source.retrieved))
		(void)span_parse(view_of(adding->date.data), &source.retrieved);
	if (code == 0)
		code = source_add(adding->dossier, &source, bytes, text, &fresh, err);
	code = code ? (dossier_rollback(adding->dossier), code)
		    : dossier_commit(adding->dossier, err);
	adding->text.len = 0;
	if (code)
		return code;
	buf_printf(&line, "source %u%s  ", source.id, fresh ? "" : ", there already");
	show_plain(&line, source.name);
	buf_char(&line, '\n');
	return dossier_print(&line, err);
}

static int add_taken(void *context, uint32_t what, const void *bytes, size_t len, struct err *err)
{
	struct adding *adding = context;
	struct view view = { len ? bytes : "", len };

	if (what == GIVEN_ABOUT)
		return about_take(adding, view, err);
	if (what == GIVEN_TEXT) {
		buf_add(&adding->text, view.ptr, view.len);
		return adding->text.failed ? err_memory(err) : 0;
	}
	return bytes_take(adding, view, err);
}

static int add_run(void *context, const struct option_list *operands)
{
	const struct add_settings *settings = context;
	struct option_list files = { operands->values + 1, operands->count - 1 };
	struct adding adding = { .settings = settings, .files = &files };
	struct guard_plan plan = {
		.files = files.values, .file_count = files.count, .reader = add_reader,
		.taken = add_taken,
		.context = &adding,
	};
	struct err err;
	int status;

	if (files.count > 1 && (settings->name || settings->url || settings->title)) {
		err_set(&err, ERR_USAGE, "--name, --url and --title are for one file");
		return cmd_fail(&err);
	}
	if (dossier_open(operands->values[0], dossier_time(), &adding.dossier, &err))
		return cmd_fail(&err);
	status = cmd_run(&plan);
	buf_free(&adding.text);
	buf_free(&adding.url);
	buf_free(&adding.date);
	dossier_close(adding.dossier);
	return status;
}

static int set_reliability(void *field, const char *value, struct err *err)
{
	if (strlen(value) != 1 || !strchr("ABCDEF", value[0]))
		return err_set(err, ERR_USAGE,
			       "%s is not from A (reliable) to E (unreliable), or F (cannot be "
			       "judged)",
			       value);
	*(const char **)field = value;
	return 0;
}

#define TEXT_ROW(row_name, row_argument, row_help) \
	{ .name = #row_name, .argument = row_argument, .set = option_set_text, .help = row_help, \
	  .field = offsetof(struct add_settings, row_name) }

static const struct option_row file_rows[] = {
	TEXT_ROW(name, "NAME", "what commands call it by (default: the file's name)"),
	TEXT_ROW(url, "URL", "where it was published"),
	TEXT_ROW(media, "TYPE", "text/plain or text/html (default: told by the bytes)"),
	TEXT_ROW(page, "N|URL", "which page of a WARC file, by its number or address"),
	TEXT_ROW(charset, "NAME", "utf-8, windows-1252 or iso-8859-15 (default: told by the bytes, else UTF-8)"),
	{ .name = NULL }
};

/* What may come to be known, or judged, later. */
static const struct option_row about_rows[] = {
	TEXT_ROW(title, "TEXT", "its headline"),
	TEXT_ROW(publisher, "NAME", "who published it"),
	TEXT_ROW(agency, "NAME", "the agency it comes from: two papers that print one wire story are one origin"),
	TEXT_ROW(language, "TAG", "its language, as in BCP 47: fr"),
	{
		.name = "published", .argument = "TIME", .set = dossier_set_span,
		.help = "when; as exact as is known: 2014, 2014-12, 2014-12-23, 2014-12-23T15:41Z, "
			"or A..B",
		.field = offsetof(struct add_settings, published),
	}, {
		.name = "retrieved", .argument = "TIME", .set = dossier_set_span,
		.help = "when these bytes were got",
		.field = offsetof(struct add_settings, retrieved),
	}, {
		.name = "reliability", .argument = "A-F", .set = set_reliability,
		.help = "of the source on the Admiralty scale: A reliable to E unreliable, F "
			"cannot be judged",
		.field = offsetof(struct add_settings, reliability),
	},
	{ .name = NULL }
};

static const struct option_group add_groups[] = {
	{ "File", file_rows, 0 },
	{ "Source", about_rows, 0 },
	{ .rows = NULL }
};

static const struct command source_add_command = {
	.name = "dossier source add", .operands = "DOSSIER FILE...", .operands_min = 2,
	.summary = "archive a file",
	.about = "Keeps the file's bytes as they are, with their SHA-256, and the text that an "
		"extractor derives from them, which is what claims quote. - is standard input. Of "
		"a WARC file, compressed or not, it is a page: its address and the time it was got "
		"at are taken over. A source that is there already is left as it is.",
	.groups = add_groups, .settings_size = sizeof(struct add_settings),
	.defaults = &add_defaults, .run = add_run,
};

/* True where there was anything to take over. */
static bool about_set(const struct add_settings *settings, struct dossier_source *source)
{
	const struct { const char *from, **to; } texts[] = {
		{ settings->title, &source->title }, { settings->publisher, &source->publisher },
		{ settings->agency, &source->agency }, { settings->language, &source->language },
		{ settings->reliability, &source->reliability },
	};
	const struct { const struct dossier_span *from; struct dossier_span *to; } spans[] = {
		{ &settings->published, &source->published },
		{ &settings->retrieved, &source->retrieved },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!texts[i].from)
			continue;
		*texts[i].to = texts[i].from;
		any = true;
	}
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		if (!span_known(*spans[i].from))
			continue;
		*spans[i].to = *spans[i].from;
		any = true;
	}
	return any;
}

static int set_run(void *context, const struct option_list *operands)
{
	struct dossier *dossier = NULL;
	struct dossier_source source;
	struct arena arena = { 0 };
	struct buf line = { 0 };
	struct err err;
	int code = dossier_open_verified(operands->values[0], &dossier, &err);

	if (code == 0)
		code = source_resolve(dossier, operands->values[1], &arena, &source, &err);
	if (code == 0 && !about_set(context, &source))
		code = err_set(&err, ERR_USAGE,
			       "say what of the source is otherwise, such as --reliability B");
	if (code == 0)
		code = dossier_change(dossier, &dossier_source_type, &source, &err);
	if (code == 0) {
		buf_printf(&line, "source %u  ", source.id);
		show_plain(&line, source.name);
		buf_char(&line, '\n');
		code = dossier_print(&line, &err);
	}
	arena_free(&arena);
	dossier_close(dossier);
	return code ? cmd_fail(&err) : CMD_DONE;
}

static const struct option_group set_groups[] = { { "Source", about_rows, 0 }, { .rows = NULL } };

static const struct command source_set_command = {
	.name = "dossier source set", .operands = "DOSSIER SOURCE", .operands_min = 2,
	.operands_max = 2,
	.summary = "say more of it, or judge it otherwise",
	.about = "What is given replaces what was said of the source before, and the time of the "
		"change is kept. Its bytes, its text and its name stay as they are: those are what "
		"claims rest on.",
	.groups = set_groups, .settings_size = sizeof(struct add_settings),
	.defaults = &add_defaults, .run = set_run,
};

struct list_settings {
	struct cmd_output output;
	bool text;
};

static int sources_put(struct dossier_reading *reading, struct err *err)
{
	const struct list_settings *settings = reading->settings;
	struct show_style style = dossier_style();
	struct dossier_source *sources;
	uint32_t count;
	int code = dossier_list(reading->dossier, &dossier_source_type, NULL, 0, &reading->arena,
				&sources, &count, err);

	if (code)
		return code;
	return settings->output.format == CMD_TEXT
		       ? show_sources(reading->dossier, sources, count, &style, &reading->out, err)
		       : dossier_rows(&dossier_source_type, sources, count, settings->output.format,
				      &reading->out, err);
}

static int list_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, sources_put);
}

static const struct option_group list_groups[] = {
	{ "Output", cmd_output_rows, offsetof(struct list_settings, output) },
	{ .rows = NULL }
};

static const struct command source_list_command = {
	.name = "dossier source list", .operands = "DOSSIER", .operands_min = 1, .operands_max = 1,
	.summary = "all sources",
	.about = "One line a source, once all of them have been verified.",
	.groups = list_groups, .settings_size = sizeof(struct list_settings), .run = list_run,
};

static int source_put(struct dossier_reading *reading, struct err *err)
{
	const struct list_settings *settings = reading->settings;
	struct show_style style = dossier_style();
	struct dossier_source source;
	struct quoting quoting;
	int code = source_resolve(reading->dossier, reading->operands->values[1], &reading->arena,
				  &source, err);

	if (code)
		return code;
	if (!settings->text && settings->output.format == CMD_TEXT)
		return show_source(reading->dossier, &source, &style, &reading->out, err);
	if (!settings->text)
		return dossier_rows(&dossier_source_type, &source, 1, settings->output.format,
				    &reading->out, err);
	code = quoting_open(reading->dossier, &source, &reading->arena, &quoting, err);
	if (code == 0)
		buf_add(&reading->out, quoting.text.utf8.ptr, quoting.text.utf8.len);
	return code;
}

static int source_show_run(void *settings, const struct option_list *operands)
{
	return dossier_read(settings, operands, source_put);
}

static const struct option_row source_show_rows[] = {
	{
		.name = "text", .set = option_set_flag,
		.help = "print the text that is quoted from, nothing else",
		.field = offsetof(struct list_settings, text),
	},
	{ .name = NULL }
};

static const struct option_group source_show_groups[] = {
	{ "Output", cmd_output_rows, offsetof(struct list_settings, output) },
	{ NULL, source_show_rows, 0 },
	{ .rows = NULL }
};

static const struct command source_show_command = {
	.name = "dossier source show", .operands = "DOSSIER SOURCE", .operands_min = 2,
	.operands_max = 2,
	.summary = "one of them, with its claims",
	.about = "SOURCE is a number or a name.",
	.groups = source_show_groups, .settings_size = sizeof(struct list_settings),
	.run = source_show_run,
};

static const struct command *const commands[] = {
	&source_add_command, &source_set_command, &source_list_command, &source_show_command, NULL
};

const struct command command_dossier_source = {
	.name = "dossier source", .commands = commands,
	.summary = "what something was said in: add, set, list, show",
	.about = "Sources: files and pages as they were archived, with who published them and "
		"when.",
};

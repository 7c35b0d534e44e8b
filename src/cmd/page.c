/* SPDX-License-Identifier: BSD-2-Clause */
/* --html, --svg and --lang. */
#include "cmd/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "show/page.h"

int page_set_language(void *field, const char *value, struct err *err)
{
	const struct language *language = language_find(view_of(value));

	if (!language)
		return err_set(err, ERR_USAGE,
			       "%s: pages are written in en (English) and fr (French)", value);
	*(const struct language **)field = language;
	return 0;
}

const struct option_row page_rows[] = {
	{
		.name = "html", .argument = "FILE", .set = option_set_text,
		.help = "write the finding as a page too, all in one file; - in place of text",
		.field = offsetof(struct page_settings, html),
	}, {
		.name = "svg", .argument = "DIR", .set = option_set_text,
		.help = "write its figures too, a file each",
		.field = offsetof(struct page_settings, svg),
	}, {
		.name = "lang", .argument = "en|fr", .set = page_set_language,
		.help = "language of page and figures (default: the locale's)",
		.field = offsetof(struct page_settings, language),
	},
	{ .name = NULL }
};

bool page_is_output(const struct page_settings *settings)
{
	return settings->html && strcmp(settings->html, "-") == 0;
}

/* Can a file be made there? Nothing is left behind. */
static int probe(const char *path, struct err *err)
{
	struct file *file;
	int code = file_create(path, &file, err);

	if (code == 0)
		file_abandon(file);
	return code;
}

static int figure_path(const struct page_settings *settings, unsigned figure, struct buf *path,
		       struct err *err)
{
	path->len = 0;
	buf_printf(path, "%s/%s.svg", settings->svg, show_figure_name(figure));
	buf_char(path, '\0');
	return path->failed ? err_memory(err) : 0;
}

int page_check(const struct page_settings *settings, const struct cmd_output *output,
	       struct err *err)
{
	struct buf path = { 0 };
	int code = 0;

	if (page_is_output(settings) && output->format != CMD_TEXT)
		return err_set(err, ERR_USAGE,
			       "--html - and --json or --csv: standard output is for one of them");
	if (settings->html && !page_is_output(settings))
		code = probe(settings->html, err);
	if (code || !settings->svg)
		return code;
	if (mkdir(settings->svg, 0777) && errno != EEXIST)
		return err_system(err, errno, "%s", settings->svg);
	code = figure_path(settings, 0, &path, err);
	if (code == 0)
		code = probe(path.data, err);
	buf_free(&path);
	return code;
}

static int figures_write(const struct page_settings *settings, const struct language *language,
			 const struct finding *finding, struct err *err)
{
	struct buf path = { 0 }, text = { 0 };
	int code = 0;

	for (unsigned i = 0; i < show_figure_count() && code == 0; i++) {
		text.len = 0;
		code = figure_path(settings, i, &path, err);
		if (code == 0)
			code = show_figure(finding, language, i, &text, err);
		if (code == 0 && text.len)
			code = file_save(path.data, &text, err);
	}
	buf_free(&path);
	buf_free(&text);
	return code;
}

const struct language *page_language(const struct page_settings *settings)
{
	return settings->language ? settings->language
				  : language_of_locale(getenv("LANGUAGE"), getenv("LC_ALL"),
						       getenv("LC_MESSAGES"), getenv("LANG"));
}

int page_put(const struct page_settings *settings, const struct buf *text, struct err *err)
{
	if (page_is_output(settings))
		return file_write_all(STDOUT_FILENO, text->data, text->len, "standard output", err);
	return file_save(settings->html, text, err);
}

int page_write(const struct page_settings *settings, const struct finding *finding, struct err *err)
{
	const struct language *language = page_language(settings);
	struct buf text = { 0 };
	int code = 0;

	if (settings->html) {
		code = show_page(finding, language, &text, err);
		if (code == 0)
			code = page_put(settings, &text, err);
	}
	if (code == 0 && settings->svg)
		code = figures_write(settings, language, finding, err);
	buf_free(&text);
	return code;
}

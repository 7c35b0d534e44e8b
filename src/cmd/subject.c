/* SPDX-License-Identifier: BSD-2-Clause */
/* What a question is about, from what was written on the command line. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/ask.h"

#define LIST_MAX	((size_t)64 << 20)

/* The first word of the line, in front of a comment. */
static struct view line_word(struct view line)
{
	struct view text, word;

	if (!view_split(&line, '#', &text))
		return line;
	text = view_trim(text);
	return view_split(&text, ' ', &word) ? view_trim(word) : text;
}

static int text_read(const char *path, struct buf *text, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), code;

	if (fd < 0)
		return err_system(err, errno, "%s", path);
	code = file_read_all(fd, path, LIST_MAX, text, err);
	close(fd);
	return code;
}

static int list_read(const char *path, struct prefix_list *list, struct err *err)
{
	struct buf text = { 0 };
	int code = text_read(path, &text, err);
	struct view rest = { text.data ? text.data : "", text.len }, line;

	for (size_t number = 1; code == 0 && view_split(&rest, '\n', &line); number++) {
		struct view word = line_word(line);
		struct prefix prefix;

		if (word.len == 0)
			continue;
		if (!prefix_parse(word, &prefix))
			code = err_set(err, ERR_USAGE, "%s, line %zu: %.*s is no prefix", path,
				       number, (int)word.len, word.ptr);
		else if (prefix_list_add(list, &prefix, err))
			code = err_prefix(err, "%s, line %zu", path, number);
	}
	buf_free(&text);
	if (code == 0 && list->count == 0)
		code = err_set(err, ERR_USAGE, "%s: no network in it", path);
	return code ? code : prefix_list_ready(list, err);
}

static int list_take(const char *text, struct question *question, struct err *err)
{
	struct prefix_list *list = calloc(1, sizeof(*list));
	int code;

	if (!list)
		return err_memory(err);
	code = *text == '@' ? list_read(text + 1, list, err)
			    : prefix_list_parse(view_of(text), list, err);
	if (code) {
		prefix_list_free(list);
		free(list);
		return code;
	}
	question->networks = list;
	return 0;
}

int ask_subject(const char *text, struct question *question, struct err *err)
{
	struct view view = view_of(text);
	struct prefix prefix;
	country_t country;
	uint32_t asn;

	if (country_parse(view, &country) && country != COUNTRY_UNKNOWN)
		question->country = country;
	else if (asn_parse(view, &asn) && asn != 0)
		question->asn = asn;
	else if (prefix_parse(view, &prefix))
		question->prefix = prefix;
	else if (*text == '@' || (strchr(text, ',') && strchr(text, '/')))
		return list_take(text, question, err);
	else
		return err_set(err, ERR_USAGE,
			       "%s is no country (KP, \"North Korea\"), AS (AS4837), prefix "
			       "(175.45.176.0/22) or list of them (@FILE)",
			       text);
	return 0;
}

void ask_subject_free(struct question *question)
{
	struct prefix_list *list = (struct prefix_list *)(uintptr_t)question->networks;

	if (!list)
		return;
	question->networks = NULL;
	prefix_list_free(list);
	free(list);
}

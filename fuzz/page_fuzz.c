/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what somebody archives: a text, a page, a WARC file; the first byte says which. Text that comes out of an
 * extractor is UTF-8 without NUL, and the same again from the same bytes.
 */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "dossier/extract.h"
#include "dossier/text.h"
#include "dossier/warc.h"
#include "feed/source.h"
#include "fuzz.h"

static void extract(struct view bytes, const char *media)
{
	const struct extract_hints hints = { .name = "a", .media = media };
	struct extracted once, twice;
	struct arena arena = { 0 };
	struct text text;
	struct err err;

	if (extract_text(bytes, &hints, &once, &err))
		return;
	must(text_decode((struct view){ once.text.data ? once.text.data : "", once.text.len }, &arena, &text, &err) == 0);
	must(extract_text(bytes, &hints, &twice, &err) == 0);
	must(once.text.len == twice.text.len && (once.text.len == 0 || memcmp(once.text.data, twice.text.data, once.text.len) == 0));
	buf_free(&once.text);
	buf_free(&twice.text);
	arena_free(&arena);
}

static int on_page(void *context, const struct warc_page *page, struct err *err)
{
	uint32_t *last = context;

	(void)err;
	must(page->number == ++*last);
	extract((struct view){ page->payload.data ? page->payload.data : "", page->payload.len }, NULL);
	return 0;
}

static void archive(struct view bytes)
{
	int fd = fuzz_file((const uint8_t *)bytes.ptr, bytes.len);
	struct source *source;
	uint32_t last = 0;
	struct err err;

	if (source_new(fd, "a", &(struct source_options){ .threads = 1 }, &source, &err))
		return;
	(void)warc_read(source, "a", on_page, &last, &err);
	source_free(source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const medias[] = { NULL, "text/plain", "text/html", "text/html; charset=windows-1252" };
	struct view bytes;

	if (size < 2)
		return 0;
	bytes = (struct view){ (const char *)data + 1, size - 1 };
	if (data[0] == 'w')
		archive(bytes);
	else
		extract(bytes, medias[data[0] % 4]);
	return 0;
}

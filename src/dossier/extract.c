/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which character set: the one that was named, else a byte order mark, else what a page says of
 * itself in its first 1,024 bytes, else UTF-8 if the bytes are that. The names mean what they mean
 * on the web (WHATWG Encoding: iso-8859-1 is windows-1252). Three of one byte a character have
 * their tables here, for the C library reads its own from files, which the reader process has none
 * of.
 */
#define _GNU_SOURCE
#include "dossier/extract.h"

#include <strings.h>

#include "dossier/text.h"

#define PRESCAN 1024

/* windows-1252 at 0x80; 0: nothing there. */
static const uint16_t windows_1252[32] = {
	0x20ac, 0, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
	0x152, 0, 0x17d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a,
	0x153, 0, 0x17e, 0x178,
};

static uint32_t point_1252(uint8_t byte)
{
	uint32_t point = byte >= 0x80 && byte < 0xa0 ? windows_1252[byte - 0x80] : byte;

	return point ? point : byte;	/* WHATWG: the control character of that number */
}

static uint32_t point_8859_15(uint8_t byte)
{
	switch (byte) {
	case 0xa4: return 0x20ac;
	case 0xa6: return 0x160;
	case 0xa8: return 0x161;
	case 0xb4: return 0x17d;
	case 0xb8: return 0x17e;
	case 0xbc: return 0x152;
	case 0xbd: return 0x153;
	case 0xbe: return 0x178;
	default: return byte;
	}
}

static const struct charset {
	const char *name;
	const char *called;
	uint32_t (*point)(uint8_t byte);	/* NULL: UTF-8 */
} charsets[] = {
	{ "utf-8", "UTF-8", NULL },
	{ "utf8", "UTF-8", NULL },
	{ "us-ascii", "UTF-8", NULL },
	{ "ascii", "UTF-8", NULL },
	{ "windows-1252", "windows-1252", point_1252 },
	{ "cp1252", "windows-1252", point_1252 },
	{ "iso-8859-1", "windows-1252", point_1252 },
	{ "iso8859-1", "windows-1252", point_1252 },
	{ "latin1", "windows-1252", point_1252 },
	{ "iso-8859-15", "iso-8859-15", point_8859_15 },
	{ "latin9", "iso-8859-15", point_8859_15 },
};

static const struct charset *charset_named(struct view name)
{
	for (size_t i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++)
		if (view_equal_nocase(name, view_of(charsets[i].name)))
			return &charsets[i];
	return NULL;
}

/* The word behind "charset=", quoted or not. */
static struct view charset_word(struct view text)
{
	struct view word = { NULL, 0 };

	for (size_t i = 0; i + 8 < text.len && !word.ptr; i++)
		if (strncasecmp(text.ptr + i, "charset=", 8) == 0)
			word = (struct view){ text.ptr + i + 8, text.len - i - 8 };
	while (word.len && (*word.ptr == '"' || *word.ptr == '\'' || *word.ptr == ' ')) {
		word.ptr++;
		word.len--;
	}
	for (size_t i = 0; i < word.len; i++)
		if (memchr("\"' ;/>\t\r\n", word.ptr[i], 9))
			word.len = i;
	return word;
}

static bool is_utf8(struct view bytes)
{
	struct arena arena = { 0 };
	struct text text;
	bool is = text_decode(bytes, &arena, &text, NULL) == 0;

	arena_free(&arena);
	return is;
}

static bool looks_like_html(struct view bytes, const char *name)
{
	static const char *const marks[] = { "<!doctype html", "<html", "<head", "<body" };

	if (name &&
	    (view_ends(view_of(name), VIEW(".html")) || view_ends(view_of(name), VIEW(".htm"))))
		return true;
	bytes = view_trim(bytes);
	if (bytes.len > PRESCAN)
		bytes.len = PRESCAN;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (bytes.len >= strlen(marks[i]) &&
		    strncasecmp(bytes.ptr, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

static int charset_find(struct view bytes, bool html, const struct extract_hints *hints,
			const struct charset **ret_charset, struct err *err)
{
	struct view start = { bytes.ptr, bytes.len < PRESCAN ? bytes.len : PRESCAN };
	struct view word = { NULL, 0 };

	if (hints->charset)
		word = view_of(hints->charset);
	else if (view_starts(bytes, VIEW("\xef\xbb\xbf")))
		word = VIEW("utf-8");
	else if (hints->media)
		word = charset_word(view_of(hints->media));
	if (word.len == 0 && html)
		word = charset_word(start);
	if (word.len == 0)
		word = html && !is_utf8(bytes) ? VIEW("windows-1252") : VIEW("utf-8");
	*ret_charset = charset_named(word);
	if (!*ret_charset)
		return err_set(err, ERR_FORMAT,
			       "character set %.*s is not known here (utf-8, windows-1252, "
			       "iso-8859-15 are)",
			       VIEW_ARGS(word));
	return 0;
}

static void put_point(struct buf *out, uint32_t point)
{
	if (point < 0x80) {
		buf_char(out, (char)point);
	} else if (point < 0x800) {
		buf_char(out, (char)(0xc0 | point >> 6));
		buf_char(out, (char)(0x80 | (point & 0x3f)));
	} else {
		buf_char(out, (char)(0xe0 | point >> 12));
		buf_char(out, (char)(0x80 | (point >> 6 & 0x3f)));
		buf_char(out, (char)(0x80 | (point & 0x3f)));
	}
}

static int to_utf8(struct view bytes, const struct charset *charset, struct buf *out,
		   struct err *err)
{
	struct arena arena = { 0 };
	struct text text;
	int code = 0;

	if (view_starts(bytes, VIEW("\xef\xbb\xbf"))) {
		bytes.ptr += 3;
		bytes.len -= 3;
	}
	if (charset->point) {
		for (size_t i = 0; i < bytes.len; i++)
			put_point(out, charset->point((uint8_t)bytes.ptr[i]));
		return out->failed ? err_memory(err) : 0;
	}
	code = text_decode(bytes, &arena, &text, err);
	if (code)
		err_prefix(err, "no text in UTF-8 (--charset names another)");
	else
		buf_add(out, bytes.ptr, bytes.len);
	arena_free(&arena);
	return code ? code : out->failed ? err_memory(err) : 0;
}

int extract_text(struct view bytes, const struct extract_hints *hints,
		 struct extracted *ret_extracted, struct err *err)
{
	bool html = hints->media ? view_starts(view_of(hints->media), VIEW("text/html")) ||
				   view_starts(view_of(hints->media), VIEW("application/xhtml"))
				 : looks_like_html(bytes, hints->name);
	struct extracted extracted = { .extractor = html ? EXTRACT_HTML : EXTRACT_PLAIN,
				       .media = html ? "text/html" : "text/plain" };
	const struct charset *charset;
	struct buf utf8 = { 0 };
	int code;

	if (hints->media && !html && !view_starts(view_of(hints->media), VIEW("text/")))
		return err_set(err, ERR_FORMAT, "%s: no text can be taken out of %s", hints->name,
			       hints->media);
	if (bytes.len > TEXT_MAX)
		return err_set(err, ERR_LIMIT, "%s: more than %zu MB", hints->name, TEXT_MAX >> 20);
	code = charset_find(bytes, html, hints, &charset, err);
	if (code == 0)
		code = to_utf8(bytes, charset, &utf8, err);
	if (code == 0 && html) {
		code = extract_html((struct view){ utf8.data ? utf8.data : "", utf8.len },
				    &extracted.text, err);
		buf_free(&utf8);
	} else {
		extracted.text = utf8;
	}
	if (code) {
		buf_free(&extracted.text);
		return err_prefix(err, "%s", hints->name);
	}
	extracted.charset = charset->called;
	*ret_extracted = extracted;
	return 0;
}

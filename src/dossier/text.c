/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoding is strict (RFC 3629), for a position must mean the same to every program that counts. */
#include "dossier/text.h"

#include <string.h>

/* One character; its length in bytes, 0 where there is none. */
static unsigned decode_one(const uint8_t *at, size_t len, uint32_t *ret_point)
{
	static const struct { uint8_t mask, lead; uint32_t least; } forms[] = {
		{ 0x80, 0x00, 1 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 },
	};

	for (unsigned more = 0; more < 4; more++) {
		uint32_t point = at[0] & (uint8_t)~forms[more].mask;

		if ((at[0] & forms[more].mask) != forms[more].lead)
			continue;
		if (len < more + 1)
			return 0;
		for (unsigned i = 1; i <= more; i++) {
			if ((at[i] & 0xc0) != 0x80)
				return 0;
			point = point << 6 | (at[i] & 0x3f);
		}
		if (point < forms[more].least || point > 0x10ffff ||
		    (point >= 0xd800 && point <= 0xdfff))
			return 0;
		*ret_point = point;
		return more + 1;
	}
	return 0;
}

int text_decode(struct view utf8, struct arena *arena, struct text *ret_text, struct err *err)
{
	const uint8_t *bytes = (const uint8_t *)utf8.ptr;
	struct text text = { .utf8 = utf8 };
	size_t at = 0;

	if (utf8.len > TEXT_MAX)
		return err_set(err, ERR_LIMIT, "a text of more than %zu MB", TEXT_MAX >> 20);
	text.points = arena_alloc(arena, (utf8.len + 1) * sizeof(*text.points));
	text.offsets = arena_alloc(arena, (utf8.len + 1) * sizeof(*text.offsets));
	if (!text.points || !text.offsets)
		return err_memory(err);
	while (at < utf8.len) {
		unsigned len = decode_one(bytes + at, utf8.len - at, &text.points[text.count]);

		if (len == 0)
			return err_set(err, ERR_FORMAT, "not UTF-8 at byte %zu", at);
		text.offsets[text.count++] = (uint32_t)at;
		at += len;
	}
	text.offsets[text.count] = (uint32_t)at;
	*ret_text = text;
	return 0;
}

struct view text_part(const struct text *text, uint32_t start, uint32_t end)
{
	return (struct view){ text->utf8.ptr + text->offsets[start],
			      text->offsets[end] - text->offsets[start] };
}

uint32_t text_fold(uint32_t point)
{
	static const struct { uint32_t from, to, as; } folds[] = {
		{ 0x09, 0x0d, ' ' },	 { 0x85, 0x85, ' ' },	  { 0xa0, 0xa0, ' ' },
		{ 0xab, 0xab, '"' },	 { 0xb4, 0xb4, '\'' },	  { 0xbb, 0xbb, '"' },
		{ 0x2bc, 0x2bc, '\'' },	 { 0x1680, 0x1680, ' ' }, { 0x2000, 0x200a, ' ' },
		{ 0x2010, 0x2015, '-' }, { 0x2018, 0x201b, '\'' }, { 0x201c, 0x201f, '"' },
		{ 0x2028, 0x2029, ' ' }, { 0x202f, 0x202f, ' ' }, { 0x2032, 0x2032, '\'' },
		{ 0x2033, 0x2033, '"' }, { 0x2039, 0x203a, '\'' }, { 0x205f, 0x205f, ' ' },
		{ 0x2212, 0x2212, '-' }, { 0x3000, 0x3000, ' ' }, { 0xff02, 0xff02, '"' },
		{ 0xff07, 0xff07, '\'' },
	};

	if (point != '`' && point < 0x80 && point > 0x0d)
		return point;
	if (point == '`')
		return '\'';
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]) && folds[i].from <= point; i++)
		if (point <= folds[i].to)
			return folds[i].as;
	return point;
}

/* A blank that only French printing puts there: behind « or before ». */
static bool printers_blank(const struct text *text, uint32_t at)
{
	return text_fold(text->points[at]) == ' ' &&
	       ((at > 0 && text->points[at - 1] == 0xab) ||
		(at + 1 < text->count && text->points[at + 1] == 0xbb));
}

/* Whether the quote begins at `start`; then *ret_end is where it ends. */
static bool stands_at(const struct text *text, const struct text *quote, uint32_t start,
		      uint32_t *ret_end)
{
	uint32_t at = start;

	for (uint32_t i = 0; i < quote->count; i++) {
		uint32_t wanted = text_fold(quote->points[i]);

		if (at > start && at < text->count && wanted != ' ' && printers_blank(text, at))
			at++;
		if (at >= text->count || text_fold(text->points[at]) != wanted)
			return false;
		at++;
	}
	*ret_end = at;
	return quote->count > 0;
}

int text_find(const struct text *text, const struct text *quote, struct arena *arena,
	      struct text_place **ret_places, uint32_t *ret_count, struct err *err)
{
	struct text_place *places = NULL;
	uint32_t count = 0, end;

	/* Counted, then written down. */
	for (unsigned pass = 0; pass < 2; pass++) {
		if (pass == 1 &&
		    !(places = arena_alloc(arena, (count ? count : 1) * sizeof(*places))))
			return err_memory(err);
		count = 0;
		for (uint32_t at = 0; at < text->count; at++) {
			if (!stands_at(text, quote, at, &end))
				continue;
			if (places)
				places[count] = (struct text_place){ at, end };
			count++;
		}
	}
	*ret_places = places;
	*ret_count = count;
	return 0;
}

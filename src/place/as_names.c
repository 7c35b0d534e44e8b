/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of ASes, from a file with one in each line:
 *
 *   AS1     LVLT-1 - Level 3 Communications, Inc.       asnames.txt
 *   AS2.207 SOME-NET                                    the same, 32-bit numbers before 2011
 *   1 LVLT-1, US                                        RIPE's asn.txt
 *   1,LVLT-1                                            CSV without a header: the rest is the name
 *   asn,name,class,cc                                   CSV with one
 *   AS1,"Level 3 Parent, LLC",Unknown,US
 *
 * Whoever registers an AS writes its name, and it ends up on terminals and in web pages. So control
 * characters become blanks, and what is not UTF-8 is taken for Latin-1, which is what old registry
 * files are written in.
 */
#include "place/formats.h"

#include <stdlib.h>

#include "base/vec.h"

#define NAME_MAX_BYTES 255
#define NAMES_MAX (4u << 20)	/* some 120,000 ASes have been given out */

void place_as_names_start(struct place_as_names *names)
{
	names->started = false;
	names->asn_column = names->name_column = PLACE_COLUMN_NONE;
}

/* Bytes of the UTF-8 character at text.ptr[at]; 0 where there is none. */
static size_t utf8_length(struct view text, size_t at)
{
	const unsigned char *c = (const unsigned char *)text.ptr + at;
	size_t len = c[0] < 0x80 ? 1 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;

	if ((c[0] >= 0x80 && c[0] < 0xc2) || c[0] >= 0xf5 || text.len - at < len)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, beyond U+10FFFF (RFC 3629 section 3). */
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] >= 0xa0) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] >= 0x90))
		return 0;
	return len;
}

static bool is_utf8(struct view text)
{
	for (size_t at = 0, len; at < text.len; at += len) {
		len = utf8_length(text, at);
		if (len == 0)
			return false;
	}
	return true;
}

/*
 * U+0000 to U+001F, U+007F to U+009F; `byte` is the second one of a character that begins with
 * `first`.
 */
static bool is_control(unsigned char first, unsigned char byte)
{
	return first < 0x20 || first == 0x7f || (first == 0xc2 && byte < 0xa0);
}

/* Adds one character, or a blank in its place; false when the name is full. */
static bool clean_add(char *clean, size_t *len, const char *bytes, size_t count)
{
	if (is_control((unsigned char)bytes[0], count > 1 ? (unsigned char)bytes[1] : 0)) {
		bytes = " ";
		count = 1;
	}
	if (NAME_MAX_BYTES - *len < count)
		return false;
	memcpy(clean + *len, bytes, count);
	*len += count;
	return true;
}

/* The name as it is kept, in `clean`; `quoted`: two quotes stand for one (RFC 4180). */
static struct view clean_name(struct view name, bool quoted, char clean[NAME_MAX_BYTES])
{
	bool utf8 = is_utf8(name);
	size_t len = 0;

	for (size_t at = 0; at < name.len;) {
		unsigned char byte = (unsigned char)name.ptr[at];
		char latin1[2] = { (char)(0xc0 | byte >> 6), (char)(0x80 | (byte & 0x3f)) };
		size_t count = utf8 ? utf8_length(name, at) : 1;
		bool wide = !utf8 && byte >= 0x80;

		if (!clean_add(clean, &len, wide ? latin1 : name.ptr + at, wide ? 2 : count))
			break;
		at += count;
		if (quoted && byte == '"' && at < name.len && name.ptr[at] == '"')
			at++;
	}
	return view_trim((struct view){ clean, len });
}

static int add(struct place_as_names *names, uint32_t asn, struct view name, bool quoted,
	       struct arena *arena, struct err *err)
{
	char clean[NAME_MAX_BYTES];
	char *kept;
	int rc;

	name = clean_name(view_trim(name), quoted, clean);
	if (name.len == 0)
		return PLACE_FIT_BAD;
	if (names->count == NAMES_MAX)
		return err_set(err, ERR_LIMIT, "more than %u names", NAMES_MAX);
	rc = VEC_GROW(names->items, names->count, names->room, err);
	if (rc < 0)
		return rc;
	kept = arena_strndup(arena, name.ptr, name.len);
	if (!kept)
		return err_memory(err);
	names->items[names->count] = (struct place_as_name){ asn, names->count, kept };
	names->count++;
	names->started = true;
	return PLACE_FIT_ENTRY;
}

static bool header(struct place_as_names *names, struct view line)
{
	int8_t asn = PLACE_COLUMN_NONE, name = PLACE_COLUMN_NONE;
	struct view field;

	for (int8_t i = 0; i < PLACE_COLUMNS_MAX && place_field_next(&line, ',', &field); i++) {
		if (view_equal_nocase(field, VIEW("asn")) || view_equal_nocase(field, VIEW("as")))
			asn = i;
		else if (view_equal_nocase(field, VIEW("name")) ||
			 view_equal_nocase(field, VIEW("as_name")) ||
			 view_equal_nocase(field, VIEW("descr")))
			name = i;
	}
	if (asn < 0 || name < 0)
		return false;
	names->asn_column = asn;
	names->name_column = name;
	return true;
}

static int line_by_columns(struct place_as_names *names, struct view line, struct arena *arena,
			   struct err *err)
{
	struct view field, name = { NULL, 0 };
	uint32_t asn = 0;
	bool known = false;

	for (int8_t i = 0; i <= names->asn_column || i <= names->name_column; i++) {
		if (!place_field_next(&line, ',', &field))
			return PLACE_FIT_BAD;
		if (i == names->asn_column)
			known = place_field_asn(field, &asn);
		else if (i == names->name_column)
			name = field;
	}
	return known ? add(names, asn, name, true, arena, err) : PLACE_FIT_BAD;
}

int place_as_names_line(struct place_as_names *names, struct view line, struct arena *arena,
			struct err *err)
{
	size_t end = 0;
	uint32_t asn;

	line = view_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return PLACE_FIT_COMMENT;
	if (names->name_column >= 0)
		return line_by_columns(names, line, arena, err);
	while (end < line.len && !strchr(" \t,", line.ptr[end]))
		end++;
	if (place_field_asn((struct view){ line.ptr, end }, &asn) && end < line.len) {
		struct view rest = { line.ptr + end + 1, line.len - end - 1 };
		struct view name = rest = view_trim(rest);
		bool quoted = line.ptr[end] == ',' && rest.len && rest.ptr[0] == '"';

		if (quoted)
			place_field_next(&rest, ',', &name);
		return add(names, asn, name, quoted, arena, err);
	}
	return !names->started && header(names, line) ? PLACE_FIT_HEAD : PLACE_FIT_BAD;
}

static int compare(const void *a, const void *b)
{
	const struct place_as_name *left = a, *right = b;

	if (left->asn != right->asn)
		return left->asn < right->asn ? -1 : 1;
	return left->order < right->order ? -1 : left->order > right->order;
}

void place_as_names_sort(struct place_as_names *names)
{
	uint32_t kept = 0;

	if (names->count == 0)
		return;
	qsort(names->items, names->count, sizeof(*names->items), compare);
	for (uint32_t i = 0; i < names->count; i++) {
		if (i + 1 < names->count && names->items[i + 1].asn == names->items[i].asn)
			continue;
		names->items[kept++] = names->items[i];
	}
	names->count = kept;
}

const char *place_as_names_find(const struct place_as_names *names, uint32_t asn)
{
	uint32_t low = 0, high = names->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (names->items[middle].asn == asn)
			return names->items[middle].name;
		if (names->items[middle].asn < asn)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void place_as_names_free(struct place_as_names *names)
{
	free(names->items);
	*names = (struct place_as_names){ 0 };
}

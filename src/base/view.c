/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing here looks at the locale: options and registry files are ASCII where it matters. */
#include "base/view.h"

static unsigned char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : (unsigned char)c;
}

bool view_equal(struct view a, struct view b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool view_equal_nocase(struct view a, struct view b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

bool view_starts(struct view text, struct view start)
{
	return text.len >= start.len &&
	       (start.len == 0 || memcmp(text.ptr, start.ptr, start.len) == 0);
}

bool view_ends(struct view text, struct view end)
{
	return text.len >= end.len &&
	       (end.len == 0 || memcmp(text.ptr + (text.len - end.len), end.ptr, end.len) == 0);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct view view_trim(struct view text)
{
	while (text.len && is_blank(text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	while (text.len && is_blank(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

/*
 * "a,b," has three fields, the last of them empty, and "" has one: what is used up is told from
 * what is empty by the pointer, which becomes NULL behind the last field.
 */
bool view_split(struct view *rest, char separator, struct view *ret_field)
{
	const char *found;

	if (!rest->ptr)
		return false;
	found = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
	if (!found) {
		*ret_field = *rest;
		*rest = (struct view){ NULL, 0 };
		return true;
	}
	*ret_field = (struct view){ rest->ptr, (size_t)(found - rest->ptr) };
	rest->len -= ret_field->len + 1;
	rest->ptr = found + 1;
	return true;
}

bool view_u64(struct view text, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = (unsigned char)text.ptr[i] - (unsigned)'0';

		if (digit > 9 || __builtin_mul_overflow(value, 10u, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*ret_value = value;
	return true;
}

bool view_u32(struct view text, uint32_t *ret_value)
{
	uint64_t value;

	if (!view_u64(text, &value) || value > UINT32_MAX)
		return false;
	*ret_value = (uint32_t)value;
	return true;
}

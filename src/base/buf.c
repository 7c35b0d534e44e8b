/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Room doubles. A buffer that failed gives up the room behind its text (room = len), so that the
 * inline appenders, which look at the room only, come here and are refused from then on.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ROOM_FIRST 256u

void buf_free(struct buf *buf)
{
	free(buf->data);
	buf->data = NULL;
	buf->len = buf->room = 0;
	buf->failed = false;
}

static bool fail(struct buf *buf)
{
	buf->failed = true;
	buf->room = buf->len;
	return false;
}

bool buf_grow(struct buf *buf, size_t more)
{
	size_t need, room;
	char *data;

	if (buf->failed)
		return false;
	if (buf->room - buf->len >= more)
		return true;
	if (__builtin_add_overflow(buf->len, more, &need) || need > PTRDIFF_MAX ||
	    (buf->cap && need > buf->cap))
		return fail(buf);
	room = buf->room < ROOM_FIRST / 2 ? ROOM_FIRST : buf->room * 2;
	if (room < need)
		room = need;
	if (buf->cap && room > buf->cap)
		room = buf->cap;
	data = realloc(buf->data, room);
	if (!data)
		return fail(buf);
	buf->data = data;
	buf->room = room;
	return true;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	int len;

	/* snprintf() wants room for its final zero, which is not counted in len. */
	if (!buf_reserve(buf, 1))
		return;
	va_start(args, format);
	len = vsnprintf(buf->data + buf->len, buf->room - buf->len, format, args);
	va_end(args);
	if (len < 0) {
		fail(buf);
		return;
	}
	if ((size_t)len >= buf->room - buf->len) {
		if (!buf_reserve(buf, (size_t)len + 1))
			return;
		va_start(args, format);
		vsnprintf(buf->data + buf->len, buf->room - buf->len, format, args);
		va_end(args);
	}
	buf->len += (size_t)len;
}

char *buf_digits_long(char *at, uint64_t value)
{
	uint64_t digits = htole64(buf_eight_digits(value % 100000000u) | 0x3030303030303030u);

	at = buf_digits(at, value / 100000000u);
	memcpy(at, &digits, 8);
	return at + 8;
}

void buf_u64(struct buf *buf, uint64_t value)
{
	if (buf_reserve(buf, 20))
		buf->len = (size_t)(buf_digits(buf->data + buf->len, value) - buf->data);
}

void buf_i64(struct buf *buf, int64_t value)
{
	if (!buf_reserve(buf, 21))
		return;
	if (value < 0)
		buf->data[buf->len++] = '-';
	buf_u64(buf, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

static const char hex_digits[16] = "0123456789abcdef";

void buf_hex(struct buf *buf, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	char *to;

	if (len > PTRDIFF_MAX / 2 || !buf_reserve(buf, 2 * len)) {
		fail(buf);
		return;
	}
	if (len == 0)
		return;
	to = buf->data + buf->len;
	for (size_t i = 0; i < len; i++) {
		*to++ = hex_digits[at[i] >> 4];
		*to++ = hex_digits[at[i] & 15];
	}
	buf->len += 2 * len;
}

/*
 * How many bytes at `at` make one character of UTF-8 (RFC 3629 section 4's table), or the negative
 * of how many make one ill-formed part: what one U+FFFD stands for.
 */
static int utf8_length(const uint8_t *at, size_t left)
{
	uint8_t low = 0x80, high = 0xbf;
	int need;

	if (at[0] < 0x80)
		return 1;
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return -1;
	need = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	switch (at[0]) {
	case 0xe0: low = 0xa0; break;	/* no longer form than needed */
	case 0xed: high = 0x9f; break;	/* no surrogates */
	case 0xf0: low = 0x90; break;
	case 0xf4: high = 0x8f; break;	/* nothing beyond U+10FFFF */
	}
	for (int i = 1; i < need; i++) {
		if ((size_t)i >= left || at[i] < low || at[i] > high)
			return -i;
		low = 0x80;
		high = 0xbf;
	}
	return need;
}

static void json_escape(struct buf *buf, uint8_t c)
{
	switch (c) {
	case '"': buf_str(buf, "\\\""); break;
	case '\\': buf_str(buf, "\\\\"); break;
	case '\b': buf_str(buf, "\\b"); break;
	case '\f': buf_str(buf, "\\f"); break;
	case '\n': buf_str(buf, "\\n"); break;
	case '\r': buf_str(buf, "\\r"); break;
	case '\t': buf_str(buf, "\\t"); break;
	default:
		buf_str(buf, "\\u00");
		buf_hex(buf, &c, 1);
	}
}

void buf_json(struct buf *buf, const char *text, size_t len)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t plain = 0, i = 0;	/* text[plain, i) is copied as it stands */

	buf_char(buf, '"');
	while (i < len) {
		int size;

		if (at[i] >= 0x20 && at[i] < 0x80 && at[i] != '"' && at[i] != '\\') {
			i++;
			continue;
		}
		size = utf8_length(at + i, len - i);
		if (size > 1) {
			i += (size_t)size;
			continue;
		}
		buf_add(buf, text + plain, i - plain);
		if (size == 1)
			json_escape(buf, at[i++]);
		else {
			buf_str(buf, "\xef\xbf\xbd");
			i += (size_t)-size;
		}
		plain = i;
	}
	if (plain < i)
		buf_add(buf, text + plain, i - plain);
	buf_char(buf, '"');
}

void buf_csv(struct buf *buf, const char *text)
{
	buf_char(buf, '"');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(buf, '"');
		buf_char(buf, *text);
	}
	buf_char(buf, '"');
}

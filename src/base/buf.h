/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Growable buffer with a cap, for text and bytes on their way out.
 *
 * Zero-initialised is empty without a cap. Errors are sticky: when memory or the cap runs out the
 * buffer is `failed` and what is added later is dropped; ask once at the end. The fast number
 * and text appenders are inline because millions of lines go through them.
 */
#ifndef CONSTAT_BASE_BUF_H
#define CONSTAT_BASE_BUF_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *data;
	size_t len;
	size_t room;	/* allocated */
	size_t cap;	/* 0: none */
	bool failed;
};

void buf_free(struct buf *buf);
/* Makes room for `more` bytes behind len; false (and failed) when there is none. */
bool buf_grow(struct buf *buf, size_t more);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool buf_reserve(struct buf *buf, size_t more)
{
	return buf->room - buf->len >= more || buf_grow(buf, more);
}

static inline void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	if (len == 0 || !buf_reserve(buf, len))
		return;
	memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
}

static inline void buf_str(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

static inline void buf_char(struct buf *buf, char c)
{
	if (!buf_reserve(buf, 1))
		return;
	buf->data[buf->len++] = c;
}

/*
 * The eight decimal digits of a number below 100,000,000, one a byte, the first in the lowest. The
 * number is halved three times, each half in a lane of its own; the quotients by 100 and 10 are
 * products and shifts, exact for what can stand in a lane.
 */
static inline uint64_t buf_eight_digits(uint64_t value)
{
	uint64_t fours = value / 10000 | value % 10000 << 32;
	uint64_t hundreds = fours * 10486 >> 20 & 0x0000007f0000007fu;
	uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
	uint64_t tens = twos * 103 >> 10 & 0x000f000f000f000fu;

	return tens | (twos - tens * 10) << 8;
}

char *buf_digits_long(char *at, uint64_t value);

/*
 * Decimal digits of `value` at `at`, which has room for 20: more than the digits may be written to.
 * Returns behind the last digit. Without a branch up to eight, for AS numbers have one to six as it
 * comes, which no processor foretells: zeros in front are shifted out.
 */
static inline char *buf_digits(char *at, uint64_t value)
{
	uint64_t digits;
	unsigned zeros;

	if (value >= 100000000u)
		return buf_digits_long(at, value);
	digits = buf_eight_digits(value);
	zeros = (unsigned)__builtin_ctzll(digits | (uint64_t)1 << 56) / 8;
	digits = htole64((digits | 0x3030303030303030u) >> zeros * 8);
	memcpy(at, &digits, 8);
	return at + 8 - zeros;
}

void buf_u64(struct buf *buf, uint64_t value);
void buf_i64(struct buf *buf, int64_t value);
void buf_hex(struct buf *buf, const void *bytes, size_t len);	/* lower case, two digits a byte */
/* A JSON string with its quotes (RFC 8259); bytes that are not UTF-8 become U+FFFD. */
void buf_json(struct buf *buf, const char *text, size_t len);
/* A field of CSV in quotes, those in it doubled (RFC 4180). */
void buf_csv(struct buf *buf, const char *text);

#endif

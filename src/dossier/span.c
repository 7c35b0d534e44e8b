/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is written tells how exact it is: the text is completed to a full time (2014-12 to
 * 2014-12-01), and what was completed is the unit. A year or month is as long as the calendar says.
 * Backwards, units are tried from the longest down, and what fits none is written as A..B.
 */
#include "dossier/span.h"

#include <stdio.h>
#include <string.h>

enum unit { UNIT_YEAR, UNIT_MONTH, UNIT_DAY, UNIT_MINUTE, UNIT_SECOND, UNIT_MICRO, UNIT_COUNT };

/* A year is told from seconds since 1970 by its four digits. */
static bool digits_only(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len > 0;
}

static enum unit unit_of(struct view text)
{
	const char *clock;

	if (text.len == 4 && digits_only(text))
		return UNIT_YEAR;
	if (text.len == 7 && text.ptr[4] == '-')
		return UNIT_MONTH;
	clock = memchr(text.ptr, ':', text.len);
	if (!clock)
		return text.len >= 10 && text.ptr[4] == '-' ? UNIT_DAY : UNIT_SECOND;
	/* hh:mm, then a second colon right behind; that of an offset stands further on. */
	if (clock + 3 < text.ptr + text.len && clock[3] == ':')
		return memchr(text.ptr, '.', text.len) ? UNIT_MICRO : UNIT_SECOND;
	return UNIT_MINUTE;
}

/* Where the unit that begins at `from` ends. */
static int64_t unit_end(int64_t from, enum unit unit)
{
	int year, month, day;

	utc_to_civil(from, &year, &month, &day);
	switch (unit) {
	case UNIT_YEAR:
		return utc_from_civil(year + 1, 1, 1);
	case UNIT_MONTH:
		return utc_from_civil(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1,
				      1);
	case UNIT_DAY:
		return from + UTC_DAY;
	case UNIT_MINUTE:
		return from + UTC_MINUTE;
	case UNIT_SECOND:
		return from + UTC_SECOND;
	default:
		return from + 1;
	}
}

static bool parse_one(struct view text, struct dossier_span *ret_span)
{
	enum unit unit = text.len ? unit_of(text) : UNIT_MICRO;
	char full[16];
	int64_t from;

	if (unit == UNIT_YEAR || unit == UNIT_MONTH) {
		int len = snprintf(full, sizeof(full), "%.*s%s", VIEW_ARGS(text),
				   unit == UNIT_YEAR ? "-01-01" : "-01");

		text = (struct view){ full, (size_t)len };
	}
	if (!utc_parse(text, &from))
		return false;
	*ret_span = (struct dossier_span){ from, unit_end(from, unit) };
	return true;
}

bool span_parse(struct view text, struct dossier_span *ret_span)
{
	struct dossier_span first, last;
	const char *dots = NULL;

	text = view_trim(text);
	for (size_t i = 0; i + 1 < text.len && !dots; i++)
		if (text.ptr[i] == '.' && text.ptr[i + 1] == '.')
			dots = text.ptr + i;
	if (!dots)
		return parse_one(text, ret_span);
	if (!parse_one(view_trim((struct view){ text.ptr, (size_t)(dots - text.ptr) }), &first) ||
	    !parse_one(view_trim(
			       (struct view){ dots + 2, (size_t)(text.ptr + text.len - dots - 2) }),
		       &last) ||
	    last.until <= first.from)
		return false;
	*ret_span = (struct dossier_span){ first.from, last.until };
	return true;
}

bool span_known(struct dossier_span span)
{
	return span.from != UTC_NEVER && span.until != UTC_NEVER;
}

/* A time as a unit is written; false when it does not begin there. */
static bool format_unit(struct buf *buf, int64_t from, enum unit unit)
{
	int64_t midnight = utc_midnight(from);
	int year, month, day;

	utc_to_civil(from, &year, &month, &day);
	if (unit <= UNIT_DAY && from != midnight)
		return false;
	if ((unit == UNIT_YEAR && (month != 1 || day != 1)) || (unit == UNIT_MONTH && day != 1))
		return false;
	if ((unit == UNIT_MINUTE && from % UTC_MINUTE) ||
	    (unit == UNIT_SECOND && from % UTC_SECOND))
		return false;
	if (unit == UNIT_YEAR)
		buf_printf(buf, "%04d", year);
	else if (unit == UNIT_MONTH)
		buf_printf(buf, "%04d-%02d", year, month);
	else if (unit == UNIT_DAY)
		buf_printf(buf, "%04d-%02d-%02d", year, month, day);
	else if (unit == UNIT_MINUTE)
		buf_printf(buf, "%04d-%02d-%02dT%02d:%02dZ", year, month, day,
			   (int)((from - midnight) / UTC_HOUR),
			   (int)((from - midnight) % UTC_HOUR / UTC_MINUTE));
	else
		utc_format(buf, from);
	return true;
}

/* The coarsest unit that begins at `from` (is the start) or ends at `until` (is the end). */
static void format_side(struct buf *buf, int64_t time, bool is_end)
{
	for (unsigned unit = UNIT_DAY; unit < UNIT_COUNT; unit++) {
		/*
		 * All units from the day down have one length, so the last one begins that much
		 * earlier.
		 */
		int64_t from = is_end ? time - (unit_end(0, unit)) : time;

		if (format_unit(buf, from, unit))
			return;
	}
}

void span_format(struct buf *buf, struct dossier_span span)
{
	if (!span_known(span))
		return;
	for (unsigned unit = 0; unit < UNIT_COUNT; unit++)
		if (unit_end(span.from, unit) == span.until && format_unit(buf, span.from, unit))
			return;
	format_side(buf, span.from, false);
	buf_str(buf, "..");
	format_side(buf, span.until, true);
}

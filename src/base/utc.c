/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates are counted in eras of 400 Gregorian years (146,097 days) that begin on 1 March, so that
 * the leap day is the last of its year, and everything is integer division. strptime() and
 * gmtime() are not used: they know locales and time zones, and no microseconds.
 */
#include "base/utc.h"

#include <time.h>

#define ERA_YEARS	400
#define ERA_DAYS	146097
#define EPOCH_DAYS	719468	/* from 0000-03-01 to 1970-01-01 */

int64_t utc_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * UTC_SECOND + now.tv_nsec / 1000;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t utc_from_civil(int year, int month, int day)
{
	int64_t shifted = (int64_t)year - (month <= 2);
	int64_t era = floor_div(shifted, ERA_YEARS);
	int64_t year_of_era = shifted - era * ERA_YEARS;
	int64_t month_from_march = (month + 9) % 12;
	/* March to July have 31, 30, 31, 30, 31 days: 153, and so again from August. */
	int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return (era * ERA_DAYS + day_of_era - EPOCH_DAYS) * UTC_DAY;
}

void utc_to_civil(int64_t time, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t days = floor_div(time, UTC_DAY) + EPOCH_DAYS;
	int64_t era = floor_div(days, ERA_DAYS);
	int64_t day_of_era = days - era * ERA_DAYS;
	/* The leap days before this one taken out, years have 365 days. */
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
					    year_of_era / 100);
	int64_t month_from_march = (5 * day_of_year + 2) / 153;
	int month = (int)(month_from_march + 2) % 12 + 1;

	*ret_year = (int)(era * ERA_YEARS + year_of_era) + (month <= 2);
	*ret_month = month;
	*ret_day = (int)(day_of_year - (153 * month_from_march + 2) / 5) + 1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_char(struct view *text, char c)
{
	if (text->len == 0 || text->ptr[0] != c)
		return false;
	text->ptr++;
	text->len--;
	return true;
}

/* Exactly `digits` of them, giving a number of [low, high]. */
static bool take_number(struct view *text, unsigned digits, int low, int high, int *ret_value)
{
	int value = 0;

	if (text->len < digits)
		return false;
	for (unsigned i = 0; i < digits; i++) {
		if (!is_digit(text->ptr[i]))
			return false;
		value = value * 10 + (text->ptr[i] - '0');
	}
	if (value < low || value > high)
		return false;
	text->ptr += digits;
	text->len -= digits;
	*ret_value = value;
	return true;
}

/* What stands behind the point, one digit at least, to the microsecond; more digits are cut off. */
static bool take_fraction(struct view *text, int64_t *ret_micros)
{
	int64_t micros = 0, unit = UTC_SECOND;

	if (text->len == 0 || !is_digit(text->ptr[0]))
		return false;
	for (; text->len && is_digit(text->ptr[0]); text->ptr++, text->len--) {
		unit /= 10;
		micros += unit * (text->ptr[0] - '0');
	}
	*ret_micros = micros;
	return true;
}

static bool take_date(struct view *text, int64_t *ret_time)
{
	static const int days[13] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day;
	bool leap;

	if (!take_number(text, 4, 0, 9999, &year) || !take_char(text, '-') ||
	    !take_number(text, 2, 1, 12, &month) || !take_char(text, '-') ||
	    !take_number(text, 2, 1, days[month], &day))
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month == 2 && day == 29 && !leap)
		return false;
	*ret_time = utc_from_civil(year, month, day);
	return true;
}

/* Hours and minutes, then maybe seconds and a fraction of them. */
static bool take_clock(struct view *text, int64_t *ret_since_midnight)
{
	int hour, minute, second = 0;
	int64_t micros = 0;

	if (!take_number(text, 2, 0, 23, &hour) || !take_char(text, ':') ||
	    !take_number(text, 2, 0, 59, &minute))
		return false;
	if (take_char(text, ':')) {
		/*
		 * RFC 3339 section 5.7: a leap second is :60; POSIX counts it as the next second.
		 */
		if (!take_number(text, 2, 0, 60, &second))
			return false;
		if (take_char(text, '.') && !take_fraction(text, &micros))
			return false;
	}
	*ret_since_midnight = hour * UTC_HOUR + minute * UTC_MINUTE + second * UTC_SECOND +
			      micros;
	return true;
}

static bool take_zone(struct view *text, int64_t *ret_offset)
{
	int hours, minutes;
	bool west;

	*ret_offset = 0;
	if (text->len == 0 || take_char(text, 'Z') || take_char(text, 'z'))
		return true;
	west = take_char(text, '-');
	if (!west && !take_char(text, '+'))
		return false;
	if (!take_number(text, 2, 0, 23, &hours) || !take_char(text, ':') ||
	    !take_number(text, 2, 0, 59, &minutes))
		return false;
	*ret_offset = hours * UTC_HOUR + minutes * UTC_MINUTE;
	if (west)
		*ret_offset = -*ret_offset;
	return true;
}

static bool parse_civil(struct view text, int64_t *ret_time)
{
	int64_t time, clock = 0, offset = 0;

	if (!take_date(&text, &time))
		return false;
	if (take_char(&text, 'T') || take_char(&text, 't') || take_char(&text, ' ')) {
		if (!take_clock(&text, &clock) || !take_zone(&text, &offset))
			return false;
	} else if (!take_char(&text, 'Z')) {
		take_char(&text, 'z');
	}
	if (text.len)
		return false;
	*ret_time = time + clock - offset;
	return true;
}

static bool parse_epoch(struct view text, int64_t *ret_time)
{
	struct view whole = text;
	uint64_t seconds;
	int64_t micros = 0, time;

	for (whole.len = 0; whole.len < text.len && is_digit(text.ptr[whole.len]); whole.len++)
		;
	text.ptr += whole.len;
	text.len -= whole.len;
	if (!view_u64(whole, &seconds))
		return false;
	if (take_char(&text, '.') && !take_fraction(&text, &micros))
		return false;
	if (text.len || __builtin_mul_overflow(seconds, UTC_SECOND, &time) ||
	    __builtin_add_overflow(time, micros, &time))
		return false;
	*ret_time = time;
	return true;
}

bool utc_parse(struct view text, int64_t *ret_time)
{
	/* Only a date has a '-' behind its fourth digit. */
	if (text.len > 4 && text.ptr[4] == '-')
		return parse_civil(text, ret_time);
	return parse_epoch(text, ret_time);
}

static bool unit_of(char c, int64_t *ret_unit)
{
	switch (c) {
	case 's': *ret_unit = UTC_SECOND; return true;
	case 'm': *ret_unit = UTC_MINUTE; return true;
	case 'h': *ret_unit = UTC_HOUR; return true;
	case 'd': *ret_unit = UTC_DAY; return true;
	default: return false;
	}
}

bool utc_parse_duration(struct view text, int64_t *ret_duration)
{
	int64_t sum = 0, above = INT64_MAX;	/* units come from the largest down, each once */
	uint64_t seconds;

	if (view_u64(text, &seconds)) {
		if (__builtin_mul_overflow(seconds, UTC_SECOND, &sum))
			return false;
		*ret_duration = sum;
		return true;
	}
	if (text.len == 0)
		return false;
	while (text.len) {
		struct view number = { text.ptr, 0 };
		int64_t unit, part;
		uint64_t value;

		while (number.len < text.len && is_digit(text.ptr[number.len]))
			number.len++;
		if (number.len == text.len || !view_u64(number, &value) ||
		    !unit_of(text.ptr[number.len], &unit) || unit >= above ||
		    __builtin_mul_overflow(value, unit, &part) ||
		    __builtin_add_overflow(sum, part, &sum))
			return false;
		above = unit;
		text.ptr += number.len + 1;
		text.len -= number.len + 1;
	}
	*ret_duration = sum;
	return true;
}

static char *put_padded(char *at, uint64_t value, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + digits;
}

static char *put_year(char *at, int year)
{
	if (year < 0) {
		*at++ = '-';
		year = -year;
	}
	return year > 9999 ? buf_digits(at, (uint64_t)year) : put_padded(at, (uint64_t)year, 4);
}

/* The time of day, of any time. */
static int64_t time_of_day(int64_t time)
{
	int64_t remainder = time % UTC_DAY;

	return remainder < 0 ? remainder + UTC_DAY : remainder;
}

int64_t utc_midnight(int64_t time)
{
	return time - time_of_day(time);
}

void utc_format(struct buf *buf, int64_t time)
{
	int64_t in_day = time_of_day(time);
	uint64_t seconds = (uint64_t)(in_day / UTC_SECOND);
	uint64_t micros = (uint64_t)(in_day % UTC_SECOND);
	int year, month, day;
	char *at;

	if (time == UTC_NEVER) {
		buf_str(buf, "never");
		return;
	}
	if (!buf_reserve(buf, 40))
		return;
	utc_to_civil(time, &year, &month, &day);
	at = put_year(buf->data + buf->len, year);
	*at++ = '-';
	at = put_padded(at, (uint64_t)month, 2);
	*at++ = '-';
	at = put_padded(at, (uint64_t)day, 2);
	*at++ = 'T';
	at = put_padded(at, seconds / 3600, 2);
	*at++ = ':';
	at = put_padded(at, seconds / 60 % 60, 2);
	*at++ = ':';
	at = put_padded(at, seconds % 60, 2);
	if (micros) {
		*at++ = '.';
		at = put_padded(at, micros, 6);
	}
	*at++ = 'Z';
	buf->len = (size_t)(at - buf->data);
}

static void put_two(struct buf *buf, uint64_t count, uint64_t per_first, const char *first,
		    const char *second)
{
	buf_u64(buf, count / per_first);
	buf_str(buf, first);
	if (count % per_first == 0)
		return;
	buf_char(buf, ' ');
	buf_u64(buf, count % per_first);
	buf_str(buf, second);
}

/* Under a minute: seconds, with as much of a fraction as says something. */
static void put_seconds(struct buf *buf, uint64_t micros)
{
	char digits[6];

	buf_u64(buf, micros / UTC_SECOND);
	if (micros % UTC_SECOND) {
		put_padded(digits, micros % UTC_SECOND, 6);
		buf_char(buf, '.');
		buf_add(buf, digits, micros < 1000 ? 6 : 3);
	}
	buf_str(buf, " s");
}

static uint64_t round_to(uint64_t value, uint64_t unit)
{
	return (value + unit / 2) / unit * unit;
}

void utc_format_duration(struct buf *buf, int64_t duration)
{
	uint64_t micros = duration < 0 ? -(uint64_t)duration : (uint64_t)duration;

	if (duration < 0)
		buf_char(buf, '-');
	/* Rounding can carry into the next unit (59 min 59.7 s are 1 h), hence the cascade. */
	if (micros >= 1000 && micros < (uint64_t)UTC_MINUTE)
		micros = round_to(micros, 1000);
	if (micros >= (uint64_t)UTC_MINUTE && micros < (uint64_t)UTC_HOUR)
		micros = round_to(micros, UTC_SECOND);
	if (micros >= (uint64_t)UTC_HOUR && micros < (uint64_t)UTC_DAY)
		micros = round_to(micros, UTC_MINUTE);
	if (micros >= (uint64_t)UTC_DAY)
		micros = round_to(micros, UTC_HOUR);
	if (micros < (uint64_t)UTC_MINUTE)
		put_seconds(buf, micros);
	else if (micros < (uint64_t)UTC_HOUR)
		put_two(buf, micros / UTC_SECOND, 60, " min", " s");
	else if (micros < (uint64_t)UTC_DAY)
		put_two(buf, micros / UTC_MINUTE, 60, " h", " min");
	else
		put_two(buf, micros / UTC_HOUR, 24, " d", " h");
}

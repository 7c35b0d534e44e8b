/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each phrase is put together in a buffer of its own and kept in the arena. No-break spaces stand
 * between a number and its unit.
 */
#include "show/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utc.h"

#define NBSP "\u00a0"

static const char *keep(struct words *words, struct buf *text)
{
	const char *kept = text->failed ? NULL
					: arena_strndup(&words->arena, text->data ? text->data : "",
							text->len);

	buf_free(text);
	words->failed |= !kept;
	return kept ? kept : "";
}

/* `again` is a second copy of `args`: the first pass measures. */
static const char *print(struct words *words, const char *format, va_list args, va_list again)
	__attribute__((format(printf, 2, 0)));

static const char *print(struct words *words, const char *format, va_list args, va_list again)
{
	struct buf text = { 0 };
	int len = vsnprintf(NULL, 0, format, args);

	if (len >= 0 && buf_reserve(&text, (size_t)len + 1)) {
		vsnprintf(text.data, (size_t)len + 1, format, again);
		text.len = (size_t)len;
	}
	text.failed |= len < 0;
	return keep(words, &text);
}

const char *words_say(struct words *words, const char *format, ...)
{
	va_list args, again;
	const char *text;

	va_start(args, format);
	va_copy(again, args);
	text = print(words, language_text(words->language, format), args, again);
	va_end(again);
	va_end(args);
	return text;
}

const char *words_join(struct words *words, const char *format, ...)
{
	va_list args, again;
	const char *text;

	va_start(args, format);
	va_copy(again, args);
	text = print(words, format, args, again);
	va_end(again);
	va_end(args);
	return text;
}

const char *words_text(struct words *words, const char *text)
{
	return language_text(words->language, text);
}

const char *words_fill(struct words *words, const char *form, const char *what)
{
	const char *hole = strstr(form, "%s");
	struct buf text = { 0 };

	if (!hole)
		return form;
	buf_add(&text, form, (size_t)(hole - form));
	buf_str(&text, what);
	buf_str(&text, hole + 2);
	return keep(words, &text);
}

const char *words_count(struct words *words, uint64_t count, const char *one, const char *many)
{
	return words_fill(words, language_plural(words->language, one, many, count),
			  words_number(words, count));
}

static void put_number(const struct words *words, struct buf *text, uint64_t value)
{
	char digits[24];
	int count = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);

	for (int i = 0; i < count; i++) {
		buf_char(text, digits[i]);
		if ((count - i) % 3 == 1 && i + 1 < count)
			buf_str(text, words->language->thousands);
	}
}

const char *words_number(struct words *words, uint64_t value)
{
	struct buf text = { 0 };

	put_number(words, &text, value);
	return keep(words, &text);
}

const char *words_share(struct words *words, uint32_t ppm)
{
	/* Rounded half to even, to a hundredth of a per cent. */
	uint32_t hundredths = ppm / 100, rest = ppm % 100;
	struct buf text = { 0 };

	hundredths += rest > 50 || (rest == 50 && (hundredths & 1));
	buf_printf(&text, "%u%s%02u" NBSP "%%", hundredths / 100, words->language->decimal,
		   hundredths % 100);
	return keep(words, &text);
}

const char *words_percent(struct words *words, uint32_t ppm)
{
	struct buf text = { 0 };

	buf_printf(&text, "%u" NBSP "%%", (ppm + 5000) / 10000);
	return keep(words, &text);
}

const char *words_duration(struct words *words, int64_t duration)
{
	struct buf plain = { 0 }, text = { 0 };
	const char *day = words_text(words, N_("d"));

	utc_format_duration(&plain, duration);
	for (size_t i = 0; i < plain.len && !plain.failed; i++) {
		char c = plain.data[i];

		if (c == ' ')
			buf_str(&text, NBSP);
		else if (c == '.')
			buf_str(&text, words->language->decimal);
		else if (c == 'd')
			buf_str(&text, day);
		else
			buf_char(&text, c);
	}
	text.failed |= plain.failed;
	buf_free(&plain);
	return keep(words, &text);
}

const char *words_bytes(struct words *words, uint64_t bytes)
{
	static const char *const units[] = {
		N_("bytes"), N_("kB"), N_("MB"), N_("GB"), N_("TB"), N_("PB"), N_("EB"),
	};
	uint64_t unit = 1;
	unsigned power = 0;
	struct buf text = { 0 };

	while (bytes / unit >= 1000 && power < 6) {
		unit *= 1000;
		power++;
	}
	put_number(words, &text, bytes / unit);
	if (power && bytes / unit < 100)
		buf_printf(&text, "%s%u", words->language->decimal,
			   (unsigned)(bytes % unit / (unit / 10)));
	buf_printf(&text, NBSP "%s", words_text(words, units[power]));
	return keep(words, &text);
}

const char *words_time(struct words *words, int64_t time)
{
	struct buf text = { 0 };

	if (time == UTC_NEVER)
		return "";
	utc_format(&text, time);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == 'T')
			text.data[i] = ' ';
	}
	if (text.len)
		text.len--;	/* Z: the page says that all is UTC */
	return keep(words, &text);
}

const char *words_clock(struct words *words, int64_t time)
{
	const char *both = words_time(words, time), *blank = strchr(both, ' ');

	return blank ? blank + 1 : both;
}

static const char *const months[] = {
	N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
	N_("August"),
	N_("September"), N_("October"), N_("November"), N_("December"),
};

static const char *const short_months[] = {
	N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"), N_("Jul"), N_("Aug"),
	N_("Sep"), N_("Oct"),
	N_("Nov"), N_("Dec"),
};

static const char *day_number(struct words *words, int day)
{
	return day == 1 ? words->language->first_day : words_number(words, (uint64_t)day);
}

const char *words_date(struct words *words, int64_t time)
{
	int year, month, day;

	if (time == UTC_NEVER)
		return "";
	utc_to_civil(time, &year, &month, &day);
	/* TRANSLATORS: day, month, year */
	return words_say(words, "%s %s %d", day_number(words, day),
			 words_text(words, months[month - 1]), year);
}

const char *words_day(struct words *words, int64_t time)
{
	int year, month, day;

	utc_to_civil(time, &year, &month, &day);
	/* TRANSLATORS: day, short month */
	return words_say(words, "%s %s", day_number(words, day),
			 words_text(words, short_months[month - 1]));
}

const char *words_moment(struct words *words, int64_t time)
{
	if (time == UTC_NEVER)
		return "";
	/* TRANSLATORS: date, time of day */
	return words_say(words, "%s at %s", words_date(words, time), words_clock(words, time));
}

const char *words_span(struct words *words, int64_t from, int64_t until)
{
	if (from / UTC_DAY == until / UTC_DAY)
		/* TRANSLATORS: two times of day, date */
		return words_say(words, "from %s to %s UTC on %s", words_clock(words, from),
				 words_clock(words, until), words_date(words, from));
	/* TRANSLATORS: two dates with times */
	return words_say(words, "from %s to %s UTC", words_moment(words, from),
			 words_moment(words, until));
}

const char *words_margin(struct words *words, const struct finding_bound *bound)
{
	if (bound->at == UTC_NEVER || (bound->earliest == bound->at && bound->latest == bound->at))
		return "";
	return words_join(words, "−%s +%s", words_duration(words, bound->at - bound->earliest),
			 words_duration(words, bound->latest - bound->at));
}

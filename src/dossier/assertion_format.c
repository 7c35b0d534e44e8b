/* SPDX-License-Identifier: BSD-2-Clause */
/* The canonical form of assertions, and their parts for people. */
#include <stdio.h>
#include <string.h>

#include "dossier/assertion.h"
#include "net/path.h"

static const char *const form_names[ASSERTION_FORMS] = {
	"outage", "networks", "upstreams", "unstable", "reachable", "cause", "author", "service",
};

static const char *const level_names[] = { "", "partial", "major", "total" };

const char *assertion_form_name(enum assertion_form form)
{
	return form_names[form];
}

const char *assertion_level_name(enum assertion_level level)
{
	return level_names[level];
}

void assertion_place_format(const struct assertion_place *place, struct buf *out)
{
	char country[3];

	if (place->country != COUNTRY_UNKNOWN) {
		country_format(place->country, country);
		buf_str(out, country);
	} else if (place->asn) {
		buf_printf(out, "AS%u", place->asn);
	} else {
		prefix_format(out, &place->prefix);
	}
}

/* "1h30m", as utc_parse_duration() reads it. */
static void put_duration(struct buf *out, int64_t duration)
{
	static const struct { int64_t unit; char letter; } units[] = {
		{ UTC_DAY, 'd' }, { UTC_HOUR, 'h' }, { UTC_MINUTE, 'm' }, { UTC_SECOND, 's' },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (duration < units[i].unit)
			continue;
		buf_printf(out, "%lld%c", (long long)(duration / units[i].unit), units[i].letter);
		duration %= units[i].unit;
		any = true;
	}
	if (!any)
		buf_str(out, "0s");
}

static void put_count(struct buf *out, int64_t count)
{
	buf_i64(out, count);
}

static void put_range(struct buf *out, const struct assertion_range *range,
		      void (*one)(struct buf *out, int64_t value))
{
	if (range->least || range->most == 0 || range->most == INT64_MAX)
		one(out, range->least);
	if (range->least == range->most)
		return;
	buf_str(out, "..");
	if (range->most != INT64_MAX)
		one(out, range->most);
}

static void put_time(struct buf *out, const char *word, const struct assertion_time *time)
{
	if (!span_known(time->span))
		return;
	buf_printf(out, " %s ", word);
	span_format(out, time->span);
	if (time->tolerance) {
		buf_str(out, " ±");
		put_duration(out, time->tolerance);
	}
}

static void put_span(struct buf *out, const char *word, struct dossier_span span)
{
	if (!span_known(span))
		return;
	buf_printf(out, "%s%s ", *word ? " " : "", word);
	span_format(out, span);
}

static void put_outage(const struct assertion *assertion, struct buf *out)
{
	put_span(out, "on", assertion->at);
	put_time(out, "from", &assertion->from);
	put_time(out, "until", &assertion->until);
	if (assertion->has_lasting) {
		buf_str(out, " lasting ");
		put_range(out, &assertion->lasting, put_duration);
	}
	if (assertion->level)
		buf_printf(out, " %s", level_names[assertion->level]);
}

static void put_upstreams(const struct assertion *assertion, struct buf *out)
{
	buf_str(out, assertion->only ? " only " : " ");
	for (uint32_t i = 0; i < assertion->asn_count; i++)
		buf_printf(out, "%sAS%u", i ? ", " : "", assertion->asns[i]);
	put_span(out, "at", assertion->at);
}

void assertion_format(const struct assertion *assertion, struct buf *out)
{
	buf_str(out, form_names[assertion->form]);
	if (assertion->form != ASSERTION_SERVICE) {
		buf_char(out, ' ');
		assertion_place_format(&assertion->place, out);
	}
	switch (assertion->form) {
	case ASSERTION_OUTAGE:
		put_outage(assertion, out);
		break;
	case ASSERTION_NETWORKS:
		buf_str(out, " = ");
		put_range(out, &assertion->networks, put_count);
		put_span(out, "at", assertion->at);
		break;
	case ASSERTION_UPSTREAMS:
		put_upstreams(assertion, out);
		break;
	case ASSERTION_UNSTABLE:
	case ASSERTION_REACHABLE:
		buf_char(out, ' ');
		span_format(out, assertion->at);
		break;
	default:
		buf_printf(out, " \"%s\"", assertion->words);
		put_span(out, "at", assertion->at);
		break;
	}
}

static void say_number(struct buf *out, int64_t value)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%lld", (long long)value);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_char(out, ',');
		buf_char(out, digits[i]);
	}
}

void assertion_range_say(const struct assertion_range *range, bool durations, struct buf *out)
{
	void (*one)(struct buf *out, int64_t value) = durations ? utc_format_duration : say_number;

	if (range->least == 0 && range->most != INT64_MAX && range->most > 0) {
		one(out, range->most);
		buf_str(out, " or less");
		return;
	}
	one(out, range->least);
	if (range->most == INT64_MAX) {
		buf_str(out, " or more");
	} else if (range->most != range->least) {
		buf_str(out, " to ");
		one(out, range->most);
	}
}

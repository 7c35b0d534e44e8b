/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Per network a list of the hours in which something was heard: updates come in order of time, so
 * the last one is the one to add to, or a new one follows. Minutes of all networks are one such
 * list.
 */
#include "measure/hours.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"

struct hour_list {
	struct hour *at;
	uint32_t count, room;
};

struct hours {
	struct hour_list *networks;
	uint32_t count, room;
	struct hour_list minutes;
};

int hours_new(struct hours **ret_hours, struct err *err)
{
	struct hours *hours = calloc(1, sizeof(*hours));

	if (!hours)
		return err_memory(err);
	*ret_hours = hours;
	return 0;
}

void hours_free(struct hours *hours)
{
	if (!hours)
		return;
	for (uint32_t i = 0; i < hours->count; i++)
		free(hours->networks[i].at);
	free(hours->networks);
	free(hours->minutes.at);
	free(hours);
}

static int64_t floor_to(int64_t time, int64_t unit)
{
	return time - ((time % unit) + unit) % unit;
}

static int list_note(struct hour_list *list, int64_t from, bool withdrawal, struct err *err)
{
	int code;

	if (list->count == 0 || list->at[list->count - 1].from < from) {
		code = VEC_GROW(list->at, list->count, list->room, err);
		if (code)
			return code;
		list->at[list->count++] = (struct hour){ .from = from };
	}
	list->at[list->count - 1].withdrawals += withdrawal;
	list->at[list->count - 1].announcements += !withdrawal;
	return 0;
}

int hours_note(struct hours *hours, uint32_t network, int64_t time, bool withdrawal,
	       struct err *err)
{
	int code = 0;

	while (hours->count <= network && code == 0) {
		code = VEC_GROW(hours->networks, hours->count, hours->room, err);
		if (code == 0)
			hours->networks[hours->count++] = (struct hour_list){ 0 };
	}
	if (code == 0)
		code = list_note(&hours->networks[network], floor_to(time, UTC_HOUR), withdrawal,
				 err);
	return code ? code
		    : list_note(&hours->minutes, floor_to(time, UTC_MINUTE), withdrawal, err);
}

const struct hour *hours_of(const struct hours *hours, uint32_t network, uint32_t *ret_count)
{
	*ret_count = network < hours->count ? hours->networks[network].count : 0;
	return *ret_count ? hours->networks[network].at : NULL;
}

void hours_span(const struct hours *hours, int64_t from, int64_t until, struct hour *ret_hour)
{
	*ret_hour = (struct hour){ .from = from };
	for (uint32_t i = 0; i < hours->minutes.count; i++) {
		const struct hour *minute = &hours->minutes.at[i];

		if (minute->from < from || minute->from >= until)
			continue;
		ret_hour->announcements += minute->announcements;
		ret_hour->withdrawals += minute->withdrawals;
	}
}

static bool excepted(int64_t hour, const struct hours_except *except, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (except[i].from < hour + UTC_HOUR && except[i].until > hour)
			return true;
	return false;
}

static uint32_t heard_in(const struct hours *hours, uint32_t network, int64_t hour)
{
	const struct hour_list *list = &hours->networks[network];

	for (uint32_t i = 0; i < list->count; i++)
		if (list->at[i].from == hour)
			return list->at[i].announcements + list->at[i].withdrawals;
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

int hours_baseline(const struct hours *hours, uint32_t network, int64_t from, int64_t until,
		   const struct hours_except *except, uint32_t except_count, uint32_t *ret_median,
		   struct err *err)
{
	int64_t first = floor_to(from, UTC_HOUR);
	uint32_t room = until > first ? (uint32_t)((until - first + UTC_HOUR - 1) / UTC_HOUR) : 0,
		 count = 0;
	uint32_t *values = calloc(room ? room : 1, sizeof(*values));

	if (!values)
		return err_memory(err);
	for (int64_t hour = first; hour < until; hour += UTC_HOUR) {
		struct hour span;

		if (excepted(hour, except, except_count))
			continue;
		if (network != UINT32_MAX) {
			values[count++] = network < hours->count ? heard_in(hours, network, hour)
								 : 0;
			continue;
		}
		hours_span(hours, hour, hour + UTC_HOUR, &span);
		values[count++] = span.announcements + span.withdrawals;
	}
	if (count)
		qsort(values, count, sizeof(*values), compare);
	*ret_median = count ? values[(count - 1) / 2] : 0;
	free(values);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table: what each reading of each fact says for and against each hypothesis, in whole numbers.
 * docs/measure.md says where they come from; bench/ACCURACY.md, how right the sums are.
 *
 * A weight says how much more (or less) often a reading is met where the hypothesis holds than
 * elsewhere: 1 a hint, 3 a reason, 5 nearly decides. What a hypothesis does not bear on is 0.
 */
#include "measure/cause.h"

#include <stdlib.h>
#include <string.h>

static const struct cause_weight table[] = {
	/*
	 * origin, upstream, customer, sequence, flapping, hijack, rpki, artefact
	 */
	{ FACT_ORDER, "one",			{  0,  0,  0, -3,  0,  0,  0,  0 } },
	{ FACT_ORDER, "together",		{  0,  0,  0, -4,  0,  0,  0,  0 } },
	{ FACT_ORDER, "sequence",		{ -2, -3, -3,  6,  0,  0, -2, -1 } },
	{ FACT_ORDER, "scattered",		{  0, -1, -1,  1,  1,  0,  0,  0 } },
	{ FACT_SPREAD, "none",			{  0,  0,  0,  0,  0,  0,  0,  1 } },
	{ FACT_SPREAD, "one",			{  0,  0,  0,  0,  0,  0,  0,  1 } },
	{ FACT_SPREAD, "together",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_SPREAD, "spread",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_HUNTING, "none",			{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_HUNTING, "within",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_HUNTING, "around",		{  2,  0, -2,  0,  0,  0,  0,  0 } },
	{ FACT_COMMON, "link",			{  1,  1,  1,  0,  0,  0,  0,  0 } },
	{ FACT_COMMON, "as",			{ -3,  3, -2,  0,  0,  0,  0,  0 } },
	{ FACT_COMMON, "origin",		{  3, -3, -3,  0,  0,  0,  0,  0 } },
	{ FACT_COMMON, "nothing",		{ -2, -3, -3,  2,  0,  0,  0,  1 } },
	{ FACT_OTHERS, "gone",			{ -4,  5, -5,  0,  0,  0, -4,  0 } },
	{ FACT_OTHERS, "mixed",			{  0, -1, -1,  0,  0,  0,  0,  0 } },
	{ FACT_OTHERS, "kept",			{  1, -5,  1,  0,  0,  0,  0,  0 } },
	{ FACT_OTHERS, "none",			{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_OTHERS, "nothing-shared",	{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_SAME_ORIGIN, "all-fell",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_SAME_ORIGIN, "kept-same-way",	{  4, -3, -4,  0,  0,  0,  1,  0 } },
	{ FACT_SAME_ORIGIN, "kept-other-way",	{  1,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_SURVIVAL, "none",		{  0,  0,  0,  0,  0,  0, -2,  0 } },
	{ FACT_SURVIVAL, "same-way",		{  0,  0,  0,  0,  0,  0,  1,  1 } },
	{ FACT_SURVIVAL, "other-way",		{ -4,  1,  4,  0,  0,  0,  1,  0 } },
	{ FACT_UNREST, "quiet",			{  0,  0,  0,  0, -1,  0,  0,  0 } },
	{ FACT_UNREST, "unstable",		{  0,  0,  0,  0,  1,  0,  0,  0 } },
	{ FACT_REPEATED, "once",		{  0,  0,  0,  0, -4,  0,  0,  0 } },
	{ FACT_REPEATED, "again",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_REPEATED, "among-brief",		{  0,  0,  0,  0,  2,  0,  0,  0 } },
	{ FACT_REPEATED, "flapping",		{ -2, -2, -2, -2,  6,  0, -2,  0 } },
	{ FACT_DAILY, "no",			{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_DAILY, "daily",			{  1,  0,  0,  1, -1,  0,  0,  0 } },
	{ FACT_ORIGIN, "same",			{  0,  0,  0,  0,  0, -5,  0,  0 } },
	{ FACT_ORIGIN, "some",			{  0,  0,  0,  0,  0,  1,  0,  0 } },
	{ FACT_ORIGIN, "changed",		{ -2, -3, -3, -2, -2,  6, -2, -2 } },
	{ FACT_SPECIFICS, "none",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_SPECIFICS, "same-origin",	{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_SPECIFICS, "other-origin",	{  0,  0,  0,  0,  0,  3,  0,  0 } },
	{ FACT_RPKI, "not-given",		{  0,  0,  0,  0,  0,  0, -1,  0 } },
	{ FACT_RPKI, "not-found",		{  0,  0,  0,  0,  0,  0, -6,  0 } },
	{ FACT_RPKI, "valid",			{  0,  0,  0,  0,  0,  0, -6,  0 } },
	{ FACT_RPKI, "some-invalid",		{  0,  0,  0,  0,  0,  0,  2,  0 } },
	{ FACT_RPKI, "invalid",			{ -3, -3, -3, -2, -2,  0,  7,  0 } },
	{ FACT_BLACKHOLE, "none",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_BLACKHOLE, "announced",		{  0,  0,  0,  0,  2,  0,  0,  0 } },
	{ FACT_CLOCK, "no",			{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_CLOCK, "half-hour",		{  0,  0,  0,  1,  0,  0,  0,  0 } },
	{ FACT_CLOCK, "hour",			{  0,  0,  0,  1,  0,  0,  0,  0 } },
	{ FACT_SESSIONS, "kept",		{  0,  0,  0,  0,  0,  0,  0, -2 } },
	{ FACT_SESSIONS, "lost",		{  0,  0,  0,  0,  0,  0,  0,  3 } },
	{ FACT_ELSEWHERE, "little",		{  0,  0,  0,  0,  0,  0,  0, -5 } },
	{ FACT_ELSEWHERE, "much",		{ -5, -8, -5, -4, -4, -4, -4,  8 } },
	{ FACT_RETURN, "not-yet",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_RETURN, "back",			{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_RETURN, "same-way",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
	{ FACT_RETURN, "other-way",		{  0,  0,  0,  0,  0,  0,  0,  0 } },
};

static const char *const names[HYPOTHESIS_COUNT] = {
	[HYPOTHESIS_ORIGIN] = "origin",
	[HYPOTHESIS_UPSTREAM] = "upstream",
	[HYPOTHESIS_CUSTOMER] = "customer",
	[HYPOTHESIS_SEQUENCE] = "sequence",
	[HYPOTHESIS_FLAPPING] = "flapping",
	[HYPOTHESIS_HIJACK] = "hijack",
	[HYPOTHESIS_RPKI] = "rpki",
	[HYPOTHESIS_ARTEFACT] = "artefact",
};

const char *hypothesis_name(enum hypothesis hypothesis)
{
	return names[hypothesis];
}

uint32_t cause_weight_count(void)
{
	return sizeof(table) / sizeof(table[0]);
}

const struct cause_weight *cause_weight_at(uint32_t i)
{
	return &table[i];
}

const struct cause_weight *cause_weight_of(enum fact fact, const char *reading)
{
	for (uint32_t i = 0; i < cause_weight_count(); i++)
		if (table[i].fact == fact && strcmp(table[i].reading, reading) == 0)
			return &table[i];
	return NULL;
}

static int compare_supports(const void *a, const void *b)
{
	const struct cause_support *left = a, *right = b;

	if (left->support != right->support)
		return left->support > right->support ? -1 : 1;
	return left->hypothesis < right->hypothesis ? -1 : left->hypothesis > right->hypothesis;
}

void cause_weigh(const struct cause_fact facts[FACT_COUNT],
		 struct cause_support ret_supports[HYPOTHESIS_COUNT])
{
	for (unsigned i = 0; i < HYPOTHESIS_COUNT; i++)
		ret_supports[i] = (struct cause_support){ .hypothesis = (enum hypothesis)i };
	for (unsigned i = 0; i < FACT_COUNT; i++) {
		const struct cause_weight *row = cause_weight_of((enum fact)i, facts[i].reading);

		for (unsigned k = 0; row && k < HYPOTHESIS_COUNT; k++)
			ret_supports[k].support += row->weights[k];
	}
	qsort(ret_supports, HYPOTHESIS_COUNT, sizeof(*ret_supports), compare_supports);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an AS originates is summed by country in a list of (AS, country, addresses), merged through
 * a hash on the pair; as_countries_ready() keeps each AS's largest, none where two are equal.
 */
#include "measure/as_country.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

#define RECENT	256u	/* neighbouring networks have few origins among them */

struct tally {
	uint32_t asn;
	country_t country;
	uint64_t addresses;
};

struct as_countries {
	const struct place *place;
	struct map by_pair;		/* (country, AS) → tally */
	struct map by_asn;		/* AS → country, once ready */
	struct tally *tallies;
	uint32_t count, room;
	uint32_t recent[RECENT];	/* by AS: a tally that may be the one */
};

int as_countries_new(const struct place *place, struct as_countries **ret_countries,
		     struct err *err)
{
	struct as_countries *countries = calloc(1, sizeof(*countries));

	if (!countries)
		return err_memory(err);
	countries->place = place;
	*ret_countries = countries;
	return 0;
}

void as_countries_free(struct as_countries *countries)
{
	if (!countries)
		return;
	map_free(&countries->by_pair);
	map_free(&countries->by_asn);
	free(countries->tallies);
	free(countries);
}

static int note(struct as_countries *countries, uint32_t asn, country_t country,
		uint64_t addresses, struct err *err)
{
	uint64_t key = (uint64_t)country << 32 | asn;
	uint32_t number = countries->recent[asn % RECENT];
	int code;

	if (country == COUNTRY_UNKNOWN)
		return 0;
	if (number >= countries->count || countries->tallies[number].asn != asn ||
	    countries->tallies[number].country != country)
		number = map_get(&countries->by_pair, key);
	if (number == MAP_NONE) {
		code = VEC_GROW(countries->tallies, countries->count, countries->room, err);
		if (code)
			return code;
		number = countries->count;
		if (map_put(&countries->by_pair, key, number) != 0)
			return err_memory(err);
		countries->tallies[countries->count++] = (struct tally){ asn, country, 0 };
	}
	countries->tallies[number].addresses += addresses;
	countries->recent[asn % RECENT] = number;
	return 0;
}

int as_countries_note_all(struct as_countries *countries, const struct survey *survey,
			  struct err *err)
{
	const struct table *table = survey_table(survey);
	int code = 0;

	for (uint32_t network = 0; network < table_network_count(table) && code == 0; network++) {
		const uint32_t *origins;
		uint32_t count = survey_origins(survey, network, &origins);
		uint64_t blocks = count ? prefix_key_blocks(table_network_key(table, network)) : 0;

		for (uint32_t i = 0; i < count && code == 0; i++)
			code = note(countries, origins[i], survey_country(survey, network), blocks,
				    err);
	}
	return code;
}

static int compare_tallies(const void *a, const void *b)
{
	const struct tally *left = a, *right = b;

	if (left->asn != right->asn)
		return left->asn < right->asn ? -1 : 1;
	return left->addresses > right->addresses ? -1 : left->addresses < right->addresses;
}

void as_countries_ready(struct as_countries *countries)
{
	const struct tally *tallies = countries->tallies;

	if (countries->count)
		qsort(countries->tallies, countries->count, sizeof(*countries->tallies),
		      compare_tallies);
	for (uint32_t i = 0; i < countries->count; i++) {
		bool first = i == 0 || tallies[i - 1].asn != tallies[i].asn;
		bool tied = i + 1 < countries->count && tallies[i + 1].asn == tallies[i].asn &&
			    tallies[i + 1].addresses == tallies[i].addresses;

		/* Out of memory here leaves an AS unknown, which is what it then is. */
		if (first && !tied)
			map_put(&countries->by_asn, tallies[i].asn, tallies[i].country);
	}
	map_free(&countries->by_pair);
}

country_t as_country(const struct as_countries *countries, uint32_t asn, bool *ret_inferred)
{
	country_t country = place_of_as(countries->place, asn);
	uint32_t inferred;

	if (ret_inferred)
		*ret_inferred = false;
	if (country != COUNTRY_UNKNOWN)
		return country;
	inferred = map_get(&countries->by_asn, asn);
	if (inferred == MAP_NONE)
		return COUNTRY_UNKNOWN;
	if (ret_inferred)
		*ret_inferred = true;
	return (country_t)inferred;
}

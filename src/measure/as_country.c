/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an AS originates is summed by country in pairs. A hash gives the first pair of an AS, its
 * others follow as a chain, mostly an empty one; as_countries_ready() finds the largest of each.
 *
 * All networks of a table are noted one after the other when its last record has been read and
 * everybody waits: the next networks' origins are known, and asked for ahead.
 */
#include "measure/as_country.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

#define RECENT	256u	/* neighbouring networks have few origins among them */
#define AHEAD	16u

struct pair {
	uint32_t asn;
	country_t country;
	country_t inferred;	/* of an AS's first pair, once ready: where most of its space is */
	uint32_t first, next;	/* pairs of the same AS; MAP_NONE behind the last */
	uint64_t blocks;
};

struct as_countries {
	const struct place *place;
	struct map by_asn;		/* AS → its first pair */
	struct pair *pairs;
	uint32_t count, room;
	uint32_t *of_network;		/* its pair; of several: where they begin in `several` */
	uint32_t *several;
	uint32_t several_count, several_room;
	uint32_t recent[RECENT];	/* by AS: a pair that may be the one */
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
	map_free(&countries->by_asn);
	free(countries->pairs);
	free(countries->of_network);
	free(countries->several);
	free(countries);
}

static int pair_add(struct as_countries *countries, uint32_t asn, country_t country, uint32_t first)
{
	uint32_t number = countries->count;

	if (VEC_GROW(countries->pairs, number, countries->room, NULL) != 0)
		return ERR_MEMORY;
	if (first == MAP_NONE && map_put(&countries->by_asn, asn, number) != 0)
		return ERR_MEMORY;
	countries->pairs[number] = (struct pair){
		.asn = asn, .country = country,
		.first = first == MAP_NONE ? number : first, .next = MAP_NONE,
	};
	countries->count++;
	return 0;
}

static int pair_find(struct as_countries *countries, uint32_t asn, country_t country,
		     uint32_t *ret_pair)
{
	uint32_t *recent = &countries->recent[asn % RECENT], first, at, last = MAP_NONE;

	if (*recent < countries->count && countries->pairs[*recent].asn == asn &&
	    countries->pairs[*recent].country == country) {
		*ret_pair = *recent;
		return 0;
	}
	first = at = map_get(&countries->by_asn, asn);
	while (at != MAP_NONE && countries->pairs[at].country != country) {
		last = at;
		at = countries->pairs[at].next;
	}
	if (at == MAP_NONE) {
		at = countries->count;
		if (pair_add(countries, asn, country, first) != 0)
			return ERR_MEMORY;
		if (last != MAP_NONE)
			countries->pairs[last].next = at;
	}
	*ret_pair = *recent = at;
	return 0;
}

static int note(struct as_countries *countries, const struct survey *survey, uint32_t network)
{
	const uint32_t *origins;
	uint32_t count = survey_origins(survey, network, &origins), pair;
	country_t country = survey_country(survey, network);
	uint64_t blocks;

	if (count == 0)
		return 0;
	blocks = prefix_key_blocks(table_network_key(survey_table(survey), network));
	countries->of_network[network] = countries->several_count;
	for (uint32_t i = 0; i < count; i++) {
		if (pair_find(countries, origins[i], country, &pair) != 0)
			return ERR_MEMORY;
		countries->pairs[pair].blocks += blocks;
		if (count == 1)
			countries->of_network[network] = pair;
		else if (VEC_GROW(countries->several, countries->several_count,
				  countries->several_room, NULL) != 0)
			return ERR_MEMORY;
		else
			countries->several[countries->several_count++] = pair;
	}
	return 0;
}

int as_countries_note_all(struct as_countries *countries, const struct survey *survey,
			  struct err *err)
{
	uint32_t networks = table_network_count(survey_table(survey));
	int code = 0;

	countries->of_network = calloc(networks ? networks : 1, sizeof(*countries->of_network));
	if (!countries->of_network)
		return err_memory(err);
	for (uint32_t network = 0; network < networks && code == 0; network++) {
		const uint32_t *origins;

		if (network + AHEAD < networks && survey_origins(survey, network + AHEAD, &origins))
			map_ahead(&countries->by_asn, *origins);
		code = note(countries, survey, network);
	}
	return code ? err_memory(err) : 0;
}

/* The country with most of what the AS originates, where that is known; none of two equal ones. */
static country_t plurality(const struct as_countries *countries, uint32_t first)
{
	country_t country = COUNTRY_UNKNOWN;
	uint64_t most = 0;

	for (uint32_t at = first; at != MAP_NONE; at = countries->pairs[at].next) {
		const struct pair *pair = &countries->pairs[at];

		if (pair->country == COUNTRY_UNKNOWN || pair->blocks < most)
			continue;
		country = pair->blocks > most ? pair->country : COUNTRY_UNKNOWN;
		most = pair->blocks;
	}
	return country;
}

void as_countries_ready(struct as_countries *countries)
{
	for (uint32_t i = 0; i < countries->count; i++)
		if (countries->pairs[i].first == i)
			countries->pairs[i].inferred = plurality(countries, i);
}

country_t as_country(const struct as_countries *countries, uint32_t asn, bool *ret_inferred)
{
	country_t country = place_of_as(countries->place, asn);
	uint32_t first;

	if (ret_inferred)
		*ret_inferred = false;
	if (country != COUNTRY_UNKNOWN)
		return country;
	first = map_get(&countries->by_asn, asn);
	if (first != MAP_NONE)
		country = countries->pairs[first].inferred;
	if (ret_inferred)
		*ret_inferred = country != COUNTRY_UNKNOWN;
	return country;
}

uint32_t as_countries_pair_count(const struct as_countries *countries)
{
	return countries->count;
}

const uint32_t *as_countries_pairs(const struct as_countries *countries, uint32_t network,
				   uint32_t origins)
{
	const uint32_t *pair = &countries->of_network[network];

	return origins < 2 ? pair : countries->several + *pair;
}

uint32_t as_countries_first(const struct as_countries *countries, uint32_t pair)
{
	return countries->pairs[pair].first;
}

country_t as_countries_home(const struct as_countries *countries, uint32_t pair)
{
	const struct pair *of = &countries->pairs[pair];
	country_t country = place_of_as(countries->place, of->asn);

	return country != COUNTRY_UNKNOWN ? country : countries->pairs[of->first].inferred;
}

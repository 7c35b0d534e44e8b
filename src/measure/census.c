/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks are taken in order of address, the shorter first, so that the blocks a country covers
 * grow from left to right: of each network counts what lies beyond the country's last block.
 */
#include "measure/census.h"

#include <stdlib.h>

#include "base/vec.h"

#define COUNTRIES	65536u

/* Per country and family while counting. */
struct tally {
	struct census_row row;
	uint64_t covered;	/* first block not covered yet */
};

struct count {
	const struct survey *survey;
	const struct as_countries *countries;
	struct tally *tallies[2];	/* by family, as they came */
	uint32_t tally_count[2], tally_room[2];
	uint16_t tally_of[2][COUNTRIES];	/* place among them, + 1 */
	struct tally world[2];
	struct mark *marks;		/* by pair of AS and country */
};

/* What was seen of a pair, and of its AS where it is that one's first: a bit for each family. */
struct mark {
	uint8_t pair, as;
	country_t home;			/* of the AS, once its pair was seen */
};

struct place_in_order {
	uint64_t key;
	uint32_t network;
};

static int compare_keys(const void *a, const void *b)
{
	const struct place_in_order *left = a, *right = b;

	return left->key < right->key ? -1 : left->key > right->key;
}

static void cover(struct tally *tally, uint64_t network)
{
	uint64_t from = prefix_key_block(network), until = from + prefix_key_blocks(network);

	if (from < tally->covered)
		from = tally->covered;
	if (until > from) {
		tally->row.blocks += until - from;
		tally->covered = until;
	}
	tally->row.networks++;
}

/* Counts an origin of a country's network; returns the country of the origin itself. */
static country_t count_origin(struct count *count, struct tally *tally, unsigned family,
			      uint32_t pair)
{
	struct mark *mark = &count->marks[pair], *as;
	uint8_t bit = (uint8_t)(1u << family);

	if (mark->pair & bit)
		return mark->home;
	as = &count->marks[as_countries_first(count->countries, pair)];
	tally->row.origins++;
	count->world[family].row.origins += !(as->as & bit);
	mark->pair |= bit;
	as->as |= bit;
	return mark->home = as_countries_home(count->countries, pair);
}

/* Valid until the next country comes. */
static struct tally *tally_find(struct count *count, unsigned family, country_t country)
{
	uint16_t *number = &count->tally_of[family][country];

	if (*number == 0) {
		if (VEC_GROW(count->tallies[family], count->tally_count[family],
			     count->tally_room[family], NULL) != 0)
			return NULL;
		count->tallies[family][count->tally_count[family]] =
			(struct tally){ .row.country = country };
		*number = (uint16_t)++count->tally_count[family];
	}
	return &count->tallies[family][*number - 1];
}

static int count_network(struct count *count, uint32_t network, struct err *err)
{
	uint64_t key = table_network_key(survey_table(count->survey), network);
	unsigned family = key >> 63;
	country_t country = survey_country(count->survey, network);
	struct tally *tally = tally_find(count, family, country);
	const uint32_t *origins, *pairs;
	uint32_t found = survey_origins(count->survey, network, &origins), known = 0, domestic = 0;

	if (!tally)
		return err_memory(err);
	cover(tally, key);
	cover(&count->world[family], key);
	pairs = as_countries_pairs(count->countries, network, found);
	for (uint32_t i = 0; i < found; i++) {
		country_t home = count_origin(count, tally, family, pairs[i]);

		known += home != COUNTRY_UNKNOWN;
		domestic += home == country;
	}
	if (country != COUNTRY_UNKNOWN && known && !domestic) {
		tally->row.foreign_origin++;
		count->world[family].row.foreign_origin++;
	}
	return 0;
}

static int compare_rows(const void *a, const void *b)
{
	const struct census_row *left = a, *right = b;

	if (left->family != right->family)
		return left->family < right->family ? -1 : 1;
	if (left->networks != right->networks)
		return left->networks > right->networks ? -1 : 1;
	return (left->country > right->country) - (left->country < right->country);
}

static int rows_collect(const struct count *count, struct census *ret_census, struct err *err)
{
	struct census census = { 0 };

	census.rows = calloc((size_t)count->tally_count[0] + count->tally_count[1] + 1,
			     sizeof(*census.rows));
	if (!census.rows)
		return err_memory(err);
	for (unsigned family = 0; family < 2; family++) {
		for (uint32_t i = 0; i < count->tally_count[family]; i++) {
			census.rows[census.count] = count->tallies[family][i].row;
			census.rows[census.count++].family = family ? FAMILY_IPV6 : FAMILY_IPV4;
		}
		census.world[family] = count->world[family].row;
		census.world[family].family = family ? FAMILY_IPV6 : FAMILY_IPV4;
	}
	qsort(census.rows, census.count, sizeof(*census.rows), compare_rows);
	*ret_census = census;
	return 0;
}

/* A RIB gives its networks in order: most often there is nothing to sort. */
static bool in_order(const struct table *table)
{
	for (uint32_t i = 1; i < table_network_count(table); i++)
		if (table_network_key(table, i - 1) > table_network_key(table, i))
			return false;
	return true;
}

static int count_sorted(struct count *count, const struct table *table, struct err *err)
{
	uint32_t networks = table_network_count(table);
	struct place_in_order *order = calloc(networks, sizeof(*order));
	int code = order ? 0 : err_memory(err);

	for (uint32_t i = 0; i < networks && code == 0; i++)
		order[i] = (struct place_in_order){ table_network_key(table, i), i };
	if (code == 0)
		qsort(order, networks, sizeof(*order), compare_keys);
	for (uint32_t i = 0; i < networks && code == 0; i++)
		if (table_network_held(table, order[i].network))
			code = count_network(count, order[i].network, err);
	free(order);
	return code;
}

static int count_all(struct count *count, const struct table *table, struct err *err)
{
	int code = 0;

	if (!in_order(table))
		return count_sorted(count, table, err);
	for (uint32_t i = 0; i < table_network_count(table) && code == 0; i++)
		if (table_network_held(table, i))
			code = count_network(count, i, err);
	return code;
}

int census_take(const struct survey *survey, const struct as_countries *countries,
		struct census *ret_census, struct err *err)
{
	struct count *count = calloc(1, sizeof(*count));
	uint32_t pairs = as_countries_pair_count(countries);
	int code = 0;

	if (!count)
		return err_memory(err);
	count->survey = survey;
	count->countries = countries;
	count->marks = calloc(pairs ? pairs : 1, sizeof(*count->marks));
	if (!count->marks)
		code = err_memory(err);
	if (code == 0)
		code = count_all(count, survey_table(survey), err);
	if (code == 0)
		code = rows_collect(count, ret_census, err);
	for (unsigned i = 0; i < 2; i++)
		free(count->tallies[i]);
	free(count->marks);
	free(count);
	return code;
}

void census_free(struct census *census)
{
	free(census->rows);
	*census = (struct census){ 0 };
}

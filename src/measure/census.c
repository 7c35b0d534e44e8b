/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks are taken in order of address, the shorter first, so that the blocks a country covers
 * grow from left to right: of each network counts what lies beyond the country's last block.
 */
#include "measure/census.h"

#include <stdlib.h>

#include "base/map.h"

#define COUNTRIES	65536u
#define RECENT		256u	/* neighbouring networks have few origins among them */

/* Per country and family while counting. */
struct tally {
	struct census_row row;
	uint64_t covered;	/* first block not covered yet */
};

struct count {
	const struct survey *survey;
	const struct as_countries *countries;
	struct tally *tallies[2];	/* [family][country] */
	struct tally world[2];
	struct map seen[2];		/* (country, AS) and AS */
	struct {
		uint64_t key;		/* of seen[0]; 0: free */
		country_t home;
	} recent[RECENT];		/* by origin */
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

static uint64_t first_block(const struct prefix *prefix)
{
	unsigned bytes = prefix->family == FAMILY_IPV6 ? 6 : 3;
	uint64_t block = 0;

	for (unsigned i = 0; i < bytes; i++)
		block = block << 8 | prefix->bytes[i];
	return block;
}

static void cover(struct tally *tally, const struct prefix *prefix)
{
	uint64_t from = first_block(prefix), until = from + prefix_blocks(prefix);

	if (from < tally->covered)
		from = tally->covered;
	if (until > from) {
		tally->row.blocks += until - from;
		tally->covered = until;
	}
	tally->row.networks++;
}

static int origin_count(struct map *seen, struct tally *tally, uint64_t key, struct err *err)
{
	if (map_get(seen, key) != MAP_NONE)
		return 0;
	tally->row.origins++;
	return map_put(seen, key, 1) ? err_memory(err) : 0;
}

/* Counts an origin of a country's network; *ret_home is the country of the origin itself. */
static int count_origin(struct count *count, struct tally *tally, uint64_t family, uint32_t origin,
			country_t *ret_home, struct err *err)
{
	uint64_t key = (uint64_t)1 << 63 | family << 48 | (uint64_t)tally->row.country << 32 | origin;
	unsigned at = origin % RECENT;
	int code;

	if (count->recent[at].key != key) {
		code = origin_count(&count->seen[0], tally, key, err);
		if (code == 0)
			code = origin_count(&count->seen[1], &count->world[family], family << 48 | origin, err);
		if (code)
			return code;
		count->recent[at].key = key;
		count->recent[at].home = as_country(count->countries, origin, NULL);
	}
	*ret_home = count->recent[at].home;
	return 0;
}

static int count_network(struct count *count, uint32_t network, struct err *err)
{
	struct prefix prefix = table_network(survey_table(count->survey), network);
	unsigned family = prefix.family == FAMILY_IPV6;
	country_t country = survey_country(count->survey, network);
	struct tally *tally = &count->tallies[family][country];
	const uint32_t *origins;
	uint32_t found = survey_origins(count->survey, network, &origins), known = 0, domestic = 0;
	int code = 0;

	tally->row.country = country;
	cover(tally, &prefix);
	cover(&count->world[family], &prefix);
	for (uint32_t i = 0; i < found && code == 0; i++) {
		country_t home = COUNTRY_UNKNOWN;

		code = count_origin(count, tally, family, origins[i], &home, err);
		known += home != COUNTRY_UNKNOWN;
		domestic += home == country;
	}
	if (country != COUNTRY_UNKNOWN && known && !domestic) {
		tally->row.foreign_origin++;
		count->world[family].row.foreign_origin++;
	}
	return code;
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

	for (unsigned family = 0; family < 2; family++)
		for (uint32_t i = 0; i < COUNTRIES; i++)
			census.count += count->tallies[family][i].row.networks != 0;
	census.rows = calloc(census.count ? census.count : 1, sizeof(*census.rows));
	if (!census.rows)
		return err_memory(err);
	census.count = 0;
	for (unsigned family = 0; family < 2; family++) {
		for (uint32_t i = 0; i < COUNTRIES; i++) {
			struct census_row row = count->tallies[family][i].row;

			row.family = family ? FAMILY_IPV6 : FAMILY_IPV4;
			if (row.networks)
				census.rows[census.count++] = row;
		}
		census.world[family] = count->world[family].row;
		census.world[family].family = family ? FAMILY_IPV6 : FAMILY_IPV4;
	}
	qsort(census.rows, census.count, sizeof(*census.rows), compare_rows);
	*ret_census = census;
	return 0;
}

/* A RIB gives its networks in order: most often there is nothing to sort. */
static void networks_sort(struct place_in_order *order, uint32_t count)
{
	uint32_t i = 1;

	while (i < count && order[i - 1].key < order[i].key)
		i++;
	if (i < count)
		qsort(order, count, sizeof(*order), compare_keys);
}

int census_take(const struct survey *survey, const struct as_countries *countries, struct census *ret_census,
		struct err *err)
{
	const struct table *table = survey_table(survey);
	struct count count = { .survey = survey, .countries = countries };
	uint32_t networks = table_network_count(table), held = 0;
	struct place_in_order *order = calloc(networks ? networks : 1, sizeof(*order));
	int code = 0;

	count.tallies[0] = calloc(COUNTRIES, sizeof(struct tally));
	count.tallies[1] = calloc(COUNTRIES, sizeof(struct tally));
	if (!order || !count.tallies[0] || !count.tallies[1]) {
		code = err_memory(err);
		goto out;
	}
	for (uint32_t i = 0; i < networks; i++) {
		struct prefix prefix = table_network(table, i);

		if (table_network_held(table, i))
			order[held++] = (struct place_in_order){ prefix_to_key(&prefix), i };
	}
	networks_sort(order, held);
	for (uint32_t i = 0; i < held && code == 0; i++)
		code = count_network(&count, order[i].network, err);
	if (code == 0)
		code = rows_collect(&count, ret_census, err);
out:
	free(order);
	for (unsigned i = 0; i < 2; i++) {
		free(count.tallies[i]);
		map_free(&count.seen[i]);
	}
	return code;
}

void census_free(struct census *census)
{
	free(census->rows);
	*census = (struct census){ 0 };
}

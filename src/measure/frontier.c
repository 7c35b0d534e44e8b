/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each path is looked at once per country and peer AS, however many networks it leads to. What it
 * shows goes into a set of (country, side, AS); the set, sorted, is cut into the rows' lists.
 */
#include "measure/frontier.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

#define HOPS_ROOM	1024u
#define COUNTRIES	65536u

enum side { SIDE_DOMESTIC, SIDE_FOREIGN };

struct look {
	const struct table *table;
	const struct as_countries *countries;
	struct map seen;		/* (country, side, AS) */
	uint64_t *found;		/* the same, as a list */
	uint32_t found_count, found_room;
	uint32_t *networks;		/* by country */
	struct path_hop hops[HOPS_ROOM];
};

static int found_add(struct look *look, country_t country, enum side side, uint32_t asn,
		     struct err *err)
{
	uint64_t key = (uint64_t)country << 33 | (uint64_t)side << 32 | asn;
	int code;

	if (map_get(&look->seen, key) != MAP_NONE)
		return 0;
	code = VEC_GROW(look->found, look->found_count, look->found_room, err);
	if (code)
		return code;
	look->found[look->found_count++] = key;
	return map_put(&look->seen, key, 1) ? err_memory(err) : 0;
}

static bool is_set(const struct path_hop *hop)
{
	return hop->segment == AS_SET || hop->segment == AS_CONFED_SET;
}

/* ASes of a set stand beside nobody in particular. */
static int path_look(struct look *look, uint32_t vantage, uint32_t path, country_t country,
		     struct err *err)
{
	uint32_t count = table_path_hops(look->table, vantage, path, look->hops, HOPS_ROOM), last;
	int code = 0;

	last = count > HOPS_ROOM ? HOPS_ROOM : count;
	while (last > 0 && as_country(look->countries, look->hops[last - 1].asn, NULL) != country)
		last--;
	for (uint32_t i = 1; i < last && code == 0; i++) {
		const struct path_hop *near = &look->hops[i - 1], *far = &look->hops[i];
		country_t a = as_country(look->countries, near->asn, NULL);
		country_t b = as_country(look->countries, far->asn, NULL);

		if (is_set(near) || is_set(far) || a == COUNTRY_UNKNOWN || b == COUNTRY_UNKNOWN ||
		    a == b || (a != country && b != country))
			continue;
		code = found_add(look, country, SIDE_DOMESTIC, a == country ? near->asn : far->asn,
				 err);
		if (code == 0)
			code = found_add(look, country, SIDE_FOREIGN,
					 a == country ? far->asn : near->asn, err);
	}
	return code;
}

static int vantage_look(struct look *look, const struct survey *survey, uint32_t vantage,
			struct err *err)
{
	uint32_t networks = table_network_count(look->table);
	struct map done = { 0 };
	int code = 0;

	for (uint32_t i = 0; i < networks && code == 0; i++) {
		country_t country = survey_country(survey, i);
		uint32_t path = country == COUNTRY_UNKNOWN ? PATH_NONE
							   : table_route(look->table, vantage, i);
		uint64_t key = (uint64_t)country << 32 | path;

		if (path == PATH_NONE || map_get(&done, key) != MAP_NONE)
			continue;
		code = map_put(&done, key, 1) ? err_memory(err) : 0;
		if (code == 0)
			code = path_look(look, vantage, path, country, err);
	}
	map_free(&done);
	return code;
}

static int compare_found(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static int compare_rows(const void *a, const void *b)
{
	const struct frontier_row *left = a, *right = b;
	bool left_none = left->domestic_count == 0, right_none = right->domestic_count == 0;

	if (left_none != right_none)
		return left_none ? 1 : -1;
	if (left->domestic_count != right->domestic_count)
		return left->domestic_count < right->domestic_count ? -1 : 1;
	return (left->country > right->country) - (left->country < right->country);
}

/* The stretch of found ASes that belongs to a country and side, from *at on. */
static uint32_t list_take(const struct look *look, struct frontier *frontier, country_t country,
			  enum side side, uint32_t *at, uint32_t **ret_list)
{
	uint32_t first = *at;

	*ret_list = frontier->asns + first;
	while (*at < look->found_count &&
	       look->found[*at] >> 32 == ((uint64_t)country << 1 | side)) {
		frontier->asns[*at] = (uint32_t)look->found[*at];
		++*at;
	}
	return *at - first;
}

static int rows_make(const struct look *look, struct frontier *ret_frontier, struct err *err)
{
	struct frontier frontier = { 0 };
	uint32_t at = 0;

	for (uint32_t i = 0; i < COUNTRIES; i++)
		frontier.count += look->networks[i] != 0;
	frontier.rows = calloc(frontier.count ? frontier.count : 1, sizeof(*frontier.rows));
	frontier.asns = calloc(look->found_count ? look->found_count : 1, sizeof(*frontier.asns));
	if (!frontier.rows || !frontier.asns) {
		frontier_free(&frontier);
		return err_memory(err);
	}
	if (look->found_count)
		qsort(look->found, look->found_count, sizeof(*look->found), compare_found);
	frontier.count = 0;
	for (uint32_t i = 0; i < COUNTRIES; i++) {
		struct frontier_row *row = &frontier.rows[frontier.count];

		if (look->networks[i] == 0)
			continue;
		row->country = (country_t)i;
		row->networks = look->networks[i];
		row->domestic_count = list_take(look, &frontier, row->country, SIDE_DOMESTIC, &at,
						&row->domestic);
		row->foreign_count = list_take(look, &frontier, row->country, SIDE_FOREIGN, &at,
					       &row->foreign);
		frontier.count++;
	}
	qsort(frontier.rows, frontier.count, sizeof(*frontier.rows), compare_rows);
	*ret_frontier = frontier;
	return 0;
}

int frontier_take(const struct survey *survey, const struct as_countries *countries,
		  struct frontier *ret_frontier, struct err *err)
{
	struct look *look = calloc(1, sizeof(*look));
	int code = 0;

	if (!look)
		return err_memory(err);
	look->table = survey_table(survey);
	look->countries = countries;
	look->networks = calloc(COUNTRIES, sizeof(*look->networks));
	if (!look->networks)
		code = err_memory(err);
	for (uint32_t i = 0; i < table_network_count(look->table) && code == 0; i++) {
		country_t country = survey_country(survey, i);

		if (country != COUNTRY_UNKNOWN)
			look->networks[country]++;
	}
	for (uint32_t i = 0; i < table_roster(look->table)->count && code == 0; i++)
		code = vantage_look(look, survey, i, err);
	if (code == 0)
		code = rows_make(look, ret_frontier, err);
	map_free(&look->seen);
	free(look->found);
	free(look->networks);
	free(look);
	return code;
}

void frontier_free(struct frontier *frontier)
{
	free(frontier->rows);
	free(frontier->asns);
	*frontier = (struct frontier){ 0 };
}

const char *frontier_class(uint32_t domestic_count)
{
	static const struct { uint32_t from; const char *name; } classes[] = {
		{ 40, "40+" }, { 10, "10-39" }, { 3, "3-9" }, { 1, "1-2" },
	};

	for (unsigned i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (domestic_count >= classes[i].from)
			return classes[i].name;
	}
	return "none seen";
}

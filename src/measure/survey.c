/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks are surveyed in parts of 16,384 by number; a part is one thread's alone. Nearly all
 * networks have one origin, which stands in their entry; more than one stand in a list of the part.
 */
#include "measure/survey.h"

#include <stdlib.h>
#include <string.h>

#include "base/ordered.h"
#include "base/vec.h"

#define PART		16384u
#define ORIGINS_MAX	64u

struct entry {
	country_t country;
	uint16_t count;
	uint32_t origin;	/* of one; of more: where they begin in the part's list */
};

struct part {
	const struct survey *survey;
	uint32_t first, count;
	struct entry *entries;		/* within the survey's */
	uint32_t *origins;
	uint32_t origin_count, origin_room;
	size_t near;			/* place's, of the network before */
	int code;
};

struct survey {
	const struct table *table;
	const struct place *place;
	struct entry *entries;
	struct part *parts;
	uint32_t part_count;
};

uint32_t network_origins(const struct table *table, uint32_t network, uint32_t *origins,
			 uint32_t room)
{
	uint32_t vantages = table_roster(table)->count, left = table_network_held(table, network);
	uint32_t count = 0, last = PATH_NONE, common = table_network_common(table, network);

	/* Kept by their origins, paths do not depend on whose they are. */
	if (common != PATH_NONE && room) {
		origins[0] = table_path_origin(table, 0, common);
		return origins[0] != 0;
	}
	for (uint32_t vantage = 0; vantage < vantages && left; vantage++) {
		uint32_t path = table_route(table, vantage, network), asn, i = 0;

		if (path == PATH_NONE)
			continue;
		left--;
		if (path == last)
			continue;
		last = path;
		asn = table_path_origin(table, vantage, path);
		while (i < count && origins[i] != asn)
			i++;
		if (asn != 0 && i == count && count < room)
			origins[count++] = asn;
	}
	return count;
}

static int part_network(struct part *part, uint32_t number, struct entry *entry)
{
	uint64_t key = table_network_key(part->survey->table, number);
	uint32_t origins[ORIGINS_MAX];

	entry->country = place_of_network_key(part->survey->place, key, &part->near);
	entry->count = (uint16_t)network_origins(part->survey->table, number, origins, ORIGINS_MAX);
	entry->origin = entry->count ? origins[0] : 0;
	if (entry->count < 2)
		return 0;
	entry->origin = part->origin_count;
	for (uint32_t i = 0; i < entry->count; i++) {
		if (VEC_GROW(part->origins, part->origin_count, part->origin_room, NULL) != 0)
			return ERR_MEMORY;
		part->origins[part->origin_count++] = origins[i];
	}
	return 0;
}

static void part_work(void *context, void *job, unsigned worker)
{
	struct part *part = job;

	(void)context;
	(void)worker;
	for (uint32_t i = 0; i < part->count && part->code == 0; i++) {
		if (table_network_held(part->survey->table, part->first + i))
			part->code = part_network(part, part->first + i, &part->entries[i]);
	}
}

static int parts_work(struct survey *survey, unsigned threads, struct err *err)
{
	const struct ordered_plan plan = {
		.threads = threads, .bound = 4 * threads, .work = part_work,
	};
	struct ordered *ordered = NULL;
	const struct part *done;
	int code = ordered_new(&plan, &ordered, err);

	for (uint32_t i = 0; i < survey->part_count && code == 0; i++) {
		if (ordered_full(ordered)) {
			done = ordered_take(ordered);
			code = done->code;
		}
		if (code == 0)
			ordered_submit(ordered, &survey->parts[i]);
	}
	while (code == 0 && (done = ordered_take(ordered)))
		code = done->code;
	ordered_free(ordered);
	return code ? err_memory(err) : 0;
}

int survey_take(const struct table *table, const struct place *place, unsigned threads,
		struct survey **ret_survey, struct err *err)
{
	struct survey *survey = calloc(1, sizeof(*survey));
	uint32_t networks = table_network_count(table);
	int code;

	if (!survey)
		return err_memory(err);
	survey->table = table;
	survey->place = place;
	survey->part_count = (networks + PART - 1) / PART;
	survey->entries = calloc(networks ? networks : 1, sizeof(*survey->entries));
	survey->parts = calloc(survey->part_count ? survey->part_count : 1, sizeof(*survey->parts));
	if (!survey->entries || !survey->parts) {
		survey_free(survey);
		return err_memory(err);
	}
	for (uint32_t i = 0; i < survey->part_count; i++) {
		uint32_t first = i * PART;

		survey->parts[i] = (struct part){
			.survey = survey, .first = first,
			.count = networks - first < PART ? networks - first : PART,
			.entries = survey->entries + first,
		};
	}
	code = parts_work(survey, threads, err);
	if (code)
		survey_free(survey);
	else
		*ret_survey = survey;
	return code;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	for (uint32_t i = 0; survey->parts && i < survey->part_count; i++)
		free(survey->parts[i].origins);
	free(survey->parts);
	free(survey->entries);
	free(survey);
}

const struct table *survey_table(const struct survey *survey)
{
	return survey->table;
}

country_t survey_country(const struct survey *survey, uint32_t network)
{
	return survey->entries[network].country;
}

uint32_t survey_origins(const struct survey *survey, uint32_t network, const uint32_t **ret_origins)
{
	const struct entry *entry = &survey->entries[network];

	*ret_origins = entry->count < 2 ? &entry->origin
					: survey->parts[network / PART].origins + entry->origin;
	return entry->count;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A survey of the table as it stands: for every network held, its country and its distinct
 * origins, worked out once for all who count by them, by several threads. Read-only afterwards.
 */
#ifndef CONSTAT_MEASURE_SURVEY_H
#define CONSTAT_MEASURE_SURVEY_H

#include "place/place.h"
#include "table/table.h"

struct survey;

int survey_take(const struct table *table, const struct place *place, unsigned threads,
		struct survey **ret_survey, struct err *err);
void survey_free(struct survey *survey);	/* takes NULL */

const struct table *survey_table(const struct survey *survey);
/* COUNTRY_UNKNOWN also for networks that nobody holds. */
country_t survey_country(const struct survey *survey, uint32_t network);
/*
 * Origins as network_origins() gives them; *ret_origins is the survey's. 0 for networks that nobody
 * holds.
 */
uint32_t survey_origins(const struct survey *survey, uint32_t network,
			const uint32_t **ret_origins);

/*
 * The distinct origins of a network over all vantage points, into origins[room]; how many there
 * are, `room` at most. Routes whose path is empty or ends in a set have none.
 */
uint32_t network_origins(const struct table *table, uint32_t network, uint32_t *origins,
			 uint32_t room);

#endif

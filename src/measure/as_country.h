/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The country of an AS: that of a delegated file; else the plurality of the address space it
 * originates, marked inferred; else unknown, which is never "foreign".
 *
 * Underneath are pairs: an AS and a country in which networks are that it originates. They are
 * numbered from 0 on in order of appearance, so that who counts by them needs no hash.
 *
 * Order of calls: as_countries_new, as_countries_note_all, as_countries_ready, ask.
 */
#ifndef CONSTAT_MEASURE_AS_COUNTRY_H
#define CONSTAT_MEASURE_AS_COUNTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "measure/survey.h"
#include "place/place.h"

struct as_countries;

int as_countries_new(const struct place *place, struct as_countries **ret_countries,
		     struct err *err);
void as_countries_free(struct as_countries *countries);
/* Notes every network surveyed, with each of its origins; once at most. */
int as_countries_note_all(struct as_countries *countries, const struct survey *survey,
			  struct err *err);
void as_countries_ready(struct as_countries *countries);
country_t as_country(const struct as_countries *countries, uint32_t asn, bool *ret_inferred);

uint32_t as_countries_pair_count(const struct as_countries *countries);
/* Of a network with `origins` origins, in the order in which survey_origins() gives them. */
const uint32_t *as_countries_pairs(const struct as_countries *countries, uint32_t network,
				   uint32_t origins);
/* The first pair of the same AS, which can stand for the AS. */
uint32_t as_countries_first(const struct as_countries *countries, uint32_t pair);
/* as_country() of the pair's AS. */
country_t as_countries_home(const struct as_countries *countries, uint32_t pair);

#endif

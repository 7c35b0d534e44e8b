/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Country codes as files write them. Within src/place only; people's words go through
 * country_parse().
 */
#ifndef CONSTAT_PLACE_COUNTRY_H
#define CONSTAT_PLACE_COUNTRY_H

#include <stdbool.h>

#include "base/view.h"
#include "place/place.h"

/* No more codes can exist: a letter, then a letter or digit. */
#define PLACE_COUNTRY_MAX (26 * 36)

/*
 * The code in a field. False when it is not shaped as one. An empty field, "-", "--", "??", "ZZ"
 * and codes that nobody knows give COUNTRY_UNKNOWN.
 */
bool place_country_code(struct view field, country_t *ret_country);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spans and zones: which country a number belongs to, be it an IPv4 address, an IPv6 address or
 * an AS number.
 *
 * Parsers add spans to an intake, overlapping as they come. place_zone_build() makes a zone of the
 * spans of one space: the whole space cut into runs that each have one country, overlaps resolved.
 * A zone is read-only.
 */
#ifndef CONSTAT_PLACE_ZONE_H
#define CONSTAT_PLACE_ZONE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "net/prefix.h"
#include "place/place.h"

__extension__ typedef unsigned __int128 u128;

static inline u128 place_addr_number(const struct addr *addr)
{
	unsigned count = addr->family == FAMILY_IPV6 ? 16 : 4;
	u128 number = 0;

	for (unsigned i = 0; i < count; i++)
		number = number << 8 | addr->bytes[i];
	return number;
}

enum place_space { PLACE_IPV4, PLACE_IPV6, PLACE_ASN, PLACE_SPACES };

struct place_span {
	u128 low, last;		/* both belong to it */
	uint32_t order;		/* in which they were read */
	uint16_t day;		/* of the statistics file, days since 1970; 0: without precedence */
	country_t country;
};

struct place_spans {
	void *items;		/* packed, in zone.c */
	uint32_t count, room;
};

/* What has been read so far. Zero-initialised is empty. */
struct place_intake {
	struct place_spans spaces[PLACE_SPACES];
};

/* 16 bytes each (IPv6: 40). The largest table known has some 4 million. */
#define PLACE_SPANS_MAX (16u << 20)
/* ERR_LIMIT when there would be more than PLACE_SPANS_MAX. */
int place_intake_add(struct place_intake *intake, enum place_space space, u128 low, u128 last,
		     country_t country, struct err *err);
/* Gives those from number `from` on their day. */
void place_intake_date(struct place_intake *intake, enum place_space space, uint32_t from,
		       uint16_t day);
/* Adds all of `from`, as if read after what is there; empties it. */
int place_intake_join(struct place_intake *intake, struct place_intake *from, struct err *err);
void place_intake_free(struct place_intake *intake);

/*
 * Numbers in a zone are blocks: an address (IPv4), a /48 (IPv6), an AS. Run i reaches from
 * starts[i] to before starts[i + 1], the last one to the end of the space; starts[0] is 0.
 */
struct place_zone {
	uint64_t *starts;
	country_t *countries;
	size_t count;
	uint32_t *index;	/* zone.c's: where to look for a number; NULL: anywhere */
	unsigned index_shift;
};

/* Sorts `spans`. The zone is filled in only on success. */
int place_zone_build(struct place_zone *ret_zone, enum place_space space, struct place_spans *spans,
		     struct err *err);
void place_zone_free(struct place_zone *zone);
/*
 * The country with most of the blocks from `low` to before `end`; a tie gives COUNTRY_UNKNOWN. The
 * share as place_of_network().
 */
country_t place_zone_plurality(const struct place_zone *zone, uint64_t low, uint64_t end,
			       uint32_t *ret_share);
/* The same where `low` is likely to lie in run *near, 0 at first, or soon after it. */
country_t place_zone_plurality_near(const struct place_zone *zone, uint64_t low, uint64_t end,
				    size_t *near);
country_t place_zone_at(const struct place_zone *zone, uint64_t number);

#endif

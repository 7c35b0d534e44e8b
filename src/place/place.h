/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who is where: the country of a prefix and of an AS, by registry or by geolocation, and the
 * names of ASes.
 *
 * Load sources, then place_ready(), then ask; after place_ready() everything is read-only and any
 * thread may ask. Files are told by content: RIR delegated and delegated-extended statistics, range
 * tables (Debian's tor-geoipdb, "low,high,CC" with addresses or decimal numbers; CSV with a
 * header), mmdb (MaxMind DB). A source of registrations (delegated files) and one of geolocation
 * are never mixed: place_ready() refuses it.
 */
#ifndef CONSTAT_PLACE_PLACE_H
#define CONSTAT_PLACE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"
#include "net/prefix.h"

/* Two letters, first in the high byte; 0 is unknown (unregistered, tied, ZZ, "??"). */
typedef uint16_t country_t;
#define COUNTRY(a, b) ((country_t)((a) << 8 | (b)))
#define COUNTRY_UNKNOWN 0

/* "KP", "kp", "North Korea" (ISO 3166 English short names) */
bool country_parse(struct view text, country_t *ret_country);
void country_format(country_t country, char ret_text[3]);	/* "KP"; "--" for unknown */
const char *country_name(country_t country);			/* "North Korea"; "unknown" */

enum place_kind { PLACE_REGISTRY, PLACE_GEOLOCATION };

struct place_source {
	const char *name;	/* file name as given */
	/* "delegated", "delegated-extended", "ranges", "mmdb", "as-names" */
	const char *format;
	enum place_kind kind;
	int64_t date;		/* what the file says of itself, UTC_NEVER where it says nothing */
	uint64_t bytes;		/* of the file as stored */
	bool hashed;		/* `sha256` is of these bytes */
	uint8_t sha256[32];
	uint64_t entries;
	/* entries the file announces, 0: it does not. More than read: it is cut off */
	uint64_t stated;
	uint64_t bad_lines;	/* passed over */
	uint64_t first_bad_line;
};

struct place;

int place_new(struct place **ret_place, struct err *err);
void place_free(struct place *place);
/*
 * Takes `fd`, whatever it returns. Reads all of it (compressed or not is told by content: gzip,
 * bzip2, zstd, xz as in feed) and keeps `name` for provenance.
 */
int place_load(struct place *place, int fd, const char *name, struct err *err);
struct place_file {
	int fd;
	const char *name;
};
/* place_load() of each, in their order; by several threads to the same effect. Takes all `fd`. */
int place_load_all(struct place *place, const struct place_file *files, uint32_t count,
		   unsigned threads, struct err *err);
/* "AS1     LVLT-1 - Level 3" or CSV "1,LVLT-1" */
int place_load_names(struct place *place, int fd, const char *name, struct err *err);
int place_ready(struct place *place, struct err *err);

/*
 * The country where most of the network's addresses are (plurality of addresses; IPv6: of /48). A
 * tie, and addresses nobody registered when they are most, give COUNTRY_UNKNOWN. `*ret_share` (may
 * be NULL): that country's parts per million; with COUNTRY_UNKNOWN the share of the addresses that
 * are nobody's, of a tie what each of the tied has.
 */
country_t place_of_network(const struct place *place, const struct prefix *network,
			   uint32_t *ret_share);
/*
 * The same by prefix_to_key(), without the share. *near, 0 at first, makes networks in order of
 * address cheap.
 */
country_t place_of_network_key(const struct place *place, uint64_t key, size_t *near);
/*
 * Of a delegated or range (AS) source; COUNTRY_UNKNOWN where no source says. The caller may infer
 * (DESIGN.md section 4) and mark it.
 */
country_t place_of_as(const struct place *place, uint32_t asn);
bool place_knows_as(const struct place *place);		/* any source lists ASes at all */
/* NULL where unknown. Valid as long as `place`. */
const char *place_as_name(const struct place *place, uint32_t asn);

uint32_t place_source_count(const struct place *place);
const struct place_source *place_source(const struct place *place, uint32_t i);

#endif

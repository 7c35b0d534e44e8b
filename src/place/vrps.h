/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Validated ROA Payloads, and what they make of a route (RFC 6811).
 *
 * Files as rpki-client and routinator write them, plain or compressed: JSON with a "roas" list, or
 * CSV with a header line ("ASN,IP Prefix,Max Length,Trust Anchor", RIPE's archive with "URI" before
 * it). vrps_load(), then vrps_state() from any thread.
 */
#ifndef CONSTAT_PLACE_VRPS_H
#define CONSTAT_PLACE_VRPS_H

#include "base/err.h"
#include "net/prefix.h"

struct vrp {
	struct prefix prefix;
	uint8_t max_len;
	uint32_t asn;			/* 0: nobody may (RFC 6483 section 4) */
};

struct vrps {
	struct vrp *entries;		/* by prefix */
	uint32_t count, room;
	const char *format;		/* "vrps-json", "vrps-csv" */
	int64_t date;			/* what the file says of itself; UTC_NEVER */
	uint64_t bad;			/* entries passed over */
	uint64_t bytes;			/* of the file as stored */
	bool hashed;			/* `sha256` is of these bytes */
	uint8_t sha256[32];
};

/* Takes the descriptor, whatever it returns. A file with no VRP in it is ERR_FORMAT. */
int vrps_load(int fd, const char *name, struct vrps *ret_vrps, struct err *err);
void vrps_free(struct vrps *vrps);

enum rpki { RPKI_NOT_FOUND, RPKI_VALID, RPKI_INVALID };

/* RFC 6811 section 2; an origin of 0 (empty, or a set) matches no VRP. */
enum rpki vrps_state(const struct vrps *vrps, const struct prefix *route, uint32_t origin);

#endif

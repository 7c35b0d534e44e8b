/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The MRT encoder: records as collectors write them, appended to a struct buf.
 *
 * Pure, and the mirror of what mrt.h decodes: TABLE_DUMP_V2 (RFC 6396 section 4.3) and BGP4MP or
 * BGP4MP_ET with four bytes an AS (section 4.4). Out of memory shows in the buffer (buf->failed).
 * Everything given is borrowed for the call.
 *
 * A RIB is mrt_write_peer_index(), then for each prefix mrt_write_rib_begin(), one
 * mrt_write_rib_entry() for each peer that has a route, and mrt_write_rib_end().
 */
#ifndef CONSTAT_WIRE_WRITE_H
#define CONSTAT_WIRE_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "net/peer.h"
#include "net/prefix.h"
#include "wire/event.h"

/* RFC 4271 section 4.1: the longest BGP message. */
#define BGP_MESSAGE_MAX		4096u

/* A route's attributes, decoded. The mandatory ones are always written. */
struct write_attrs {
	uint8_t origin;			/* 0 IGP, 1 EGP, 2 INCOMPLETE */
	const uint32_t *path;		/* one AS_SEQUENCE, nearest AS first */
	uint32_t path_len;
	struct addr next_hop;		/* of the routes' family: IPv6 goes into MP_REACH_NLRI */
	bool has_med;
	uint32_t med;
	bool has_aggregator;
	uint32_t aggregator;
	struct addr aggregator_addr;	/* IPv4 */
	const uint32_t *communities;
	uint32_t community_count;
	const struct large_community *large;
	uint32_t large_count;
};

/* One BGP session as a collector's records name it, and how that collector keeps time. */
struct write_session {
	struct peer peer;
	uint32_t local_asn;
	struct addr local;		/* of the same family as peer.addr */
	/* BGP4MP_ET: microseconds; else whole seconds, rounded down */
	bool extended;
};

/* `view` is the RIB's name, may be empty; at most 255 bytes of it are written. */
void mrt_write_peer_index(struct buf *buf, int64_t time, uint32_t collector_id, const char *view,
			  const struct peer *peers, uint16_t count);

/* A RIB record in the making. */
struct write_rib {
	size_t start;			/* where in the buffer the record begins */
	size_t count_at;
	uint16_t count;
	uint8_t family;
};

void mrt_write_rib_begin(struct buf *buf, struct write_rib *ret_rib, int64_t time,
			 uint32_t sequence, const struct prefix *prefix);
/* `originated` in microseconds, written as whole seconds. */
void mrt_write_rib_entry(struct buf *buf, struct write_rib *rib, uint16_t peer_index,
			 int64_t originated, const struct write_attrs *attrs);
/* Fills in lengths; a record without entries vanishes again (false). */
bool mrt_write_rib_end(struct buf *buf, struct write_rib *rib);

/*
 * As many UPDATE records as the prefixes need at BGP_MESSAGE_MAX bytes a message. All prefixes are
 * of one family; IPv6 travels in MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760), IPv4 in the
 * message's own fields. False, and nothing written, where the attributes leave no room for a
 * prefix.
 */
bool mrt_write_announce(struct buf *buf, const struct write_session *session, int64_t time,
			const struct write_attrs *attrs, const struct prefix *prefixes,
			size_t count);
void mrt_write_withdraw(struct buf *buf, const struct write_session *session, int64_t time,
			const struct prefix *prefixes, size_t count);
/* RFC 4724 section 2: an empty UPDATE for IPv4, an empty MP_UNREACH_NLRI for IPv6. */
void mrt_write_end_of_rib(struct buf *buf, const struct write_session *session, int64_t time,
			  enum family family);
void mrt_write_state(struct buf *buf, const struct write_session *session, int64_t time,
		     enum bgp_state from, enum bgp_state to);

#endif

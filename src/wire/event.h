/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event: one thing that a recording says.
 *
 * Events are borrowed: valid during the call of sink->event only, as are the bytes they point
 * at. Path attributes stay as they are on the wire until somebody asks (event_attrs()).
 */
#ifndef CONSTAT_WIRE_EVENT_H
#define CONSTAT_WIRE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "net/peer.h"
#include "net/prefix.h"
#include "wire/attr.h"
#include "wire/fault.h"

struct mrt_record;
struct peer_index;

enum event_kind {
	EVENT_ANNOUNCE,		/* peer, prefix, attributes */
	/* peer, prefix; `verdict` set where an announcement is treated as one (RFC 7606) */
	EVENT_WITHDRAW,
	EVENT_RIB_ENTRY,	/* peer, prefix, attributes, originated */
	EVENT_RIB_BEGIN,	/* index (NULL for TABLE_DUMP, which names its peers as it goes) */
	EVENT_RIB_END,		/* whole */
	EVENT_END_OF_RIB,	/* peer, afi, safi (RFC 4724 section 2) */
	EVENT_STATE,		/* peer, state_old, state_new (RFC 6396 section 4.4.1) */
	/* peer, message: an OPEN, NOTIFICATION, KEEPALIVE or ROUTE-REFRESH */
	EVENT_MESSAGE,
	EVENT_OTHER_FAMILY,	/* peer where known, afi, safi, bytes: passed over, by name */
	EVENT_KIND_COUNT,
};

/* RFC 6396 section 4.4.1 */
enum bgp_state {
	BGP_STATE_IDLE = 1,
	BGP_STATE_CONNECT,
	BGP_STATE_ACTIVE,
	BGP_STATE_OPEN_SENT,
	BGP_STATE_OPEN_CONFIRM,
	BGP_STATE_ESTABLISHED,
};

enum bgp_message {
	BGP_OPEN = 1,
	BGP_UPDATE,
	BGP_NOTIFICATION,
	BGP_KEEPALIVE,
	BGP_ROUTE_REFRESH,
};

struct event {
	enum event_kind kind;
	enum fault_verdict verdict;
	int64_t time;
	struct record_ref ref;
	const struct mrt_record *record;

	const struct peer *peer;	/* NULL where the event has none */
	/* place in the peer index; UINT32_MAX outside TABLE_DUMP_V2 */
	uint32_t peer_index;
	/* sent by the collector to the peer (RFC 6396's _LOCAL subtypes): no word of the peer's */
	bool local;

	struct prefix prefix;
	bool has_path_id;		/* ADD-PATH (RFC 7911, 8050) */
	uint32_t path_id;
	/* out of MP_REACH_NLRI or MP_UNREACH_NLRI, not the message's own fields */
	bool from_mp;

	struct attr_span attributes;	/* empty for a plain withdrawal */
	/* what event_attrs() gives; filled in when `attrs_scanned` */
	struct attrs *attrs;
	bool *attrs_scanned;

	/* RIB entries: seconds resolution, days old, informative only */
	int64_t originated;
	uint16_t afi;
	uint8_t safi;
	uint8_t message;		/* enum bgp_message */
	uint16_t state_old, state_new;
	bool whole;			/* RIB_END: nothing was cut off or missing */
	uint32_t bytes;			/* OTHER_FAMILY: size of what was passed over */
	struct peer_index *index;	/* RIB_BEGIN */
};

#define RIB_ENTRY_HEAD	8u	/* peer index, originated time, attribute length */

/*
 * Entries of a RIB record that were not given yet, as they stand on the wire (RFC 6396 section
 * 4.3.4).
 */
struct rib_entries {
	const uint8_t *at, *end;
	uint32_t left;			/* how many the record promises */
	uint32_t peers;			/* in the index */
};

struct rib_entry {
	const uint8_t *attributes;
	uint32_t len;
	uint32_t peer_index;
};

/*
 * Prefixes of an UPDATE that were not given yet, all of them announced or all withdrawn, as they
 * stand on the wire (RFC 4271 section 4.3). Each is whole and no longer than its family allows.
 */
struct update_prefixes {
	const uint8_t *at, *end;
	enum family family;
	uint32_t passed;		/* how many were taken */
	const uint64_t *keys;		/* of those left, where they are known; else NULL */
};

struct wire_sink {
	void *context;
	/* Anything but 0 stops decoding and is handed back. */
	int (*event)(void *context, const struct event *event);
	/*
	 * May be NULL. Before the entries of a RIB record (without ADD-PATH) are given as events:
	 * `shared` is an event that has what they share, neither peer nor attributes. Takes as many
	 * from the front as it likes to; the others come as events.
	 */
	int (*entries)(void *context, const struct event *shared, struct rib_entries *entries);
	/* May be NULL. */
	void (*fault)(void *context, const struct fault *fault);
	/*
	 * May be NULL. Before the prefixes of an UPDATE (without ADD-PATH) are given as events, and
	 * again after each: `shared` is the event but for its prefix. Takes as many from the front
	 * as it likes to.
	 */
	int (*prefixes)(void *context, const struct event *shared,
			struct update_prefixes *prefixes);
};

/* The next entry, if it is there, whole and of a peer in the index. */
static inline bool rib_entries_peek(const struct rib_entries *entries, struct rib_entry *ret_entry)
{
	const uint8_t *at = entries->at;
	size_t left = (size_t)(entries->end - at);

	if (entries->left == 0 || left < RIB_ENTRY_HEAD)
		return false;
	ret_entry->attributes = at + RIB_ENTRY_HEAD;
	ret_entry->peer_index = (uint32_t)at[0] << 8 | at[1];
	ret_entry->len = (uint32_t)at[6] << 8 | at[7];
	return ret_entry->len <= left - RIB_ENTRY_HEAD && ret_entry->peer_index < entries->peers;
}

static inline void rib_entries_pass(struct rib_entries *entries, const struct rib_entry *entry)
{
	entries->at = entry->attributes + entry->len;
	entries->left--;
}

/* The key of the next prefix (net/prefix.h); 0 where it is no network, or there is none. */
static inline uint64_t update_prefixes_key(const struct update_prefixes *prefixes)
{
	const uint8_t *at = prefixes->at;

	if (at == prefixes->end)
		return 0;
	return prefixes->keys ? *prefixes->keys : prefix_wire_key(prefixes->family, at[0], at + 1);
}

static inline void update_prefixes_pass(struct update_prefixes *prefixes)
{
	prefixes->at += 1 + (prefixes->at[0] + 7u) / 8;
	prefixes->passed++;
	if (prefixes->keys)
		prefixes->keys++;
}

/*
 * The event's attributes, scanned at the first call for the record and span. Never NULL; empty for
 * withdrawals.
 */
static inline const struct attrs *event_attrs(const struct event *event)
{
	if (!*event->attrs_scanned) {
		attrs_scan(&event->attributes, event->attrs, NULL, NULL);
		*event->attrs_scanned = true;
	}
	return event->attrs;
}

const char *event_kind_name(enum event_kind kind);	/* "announce", "withdraw", "rib-entry", … */
/* "IPv4 unicast", "L2VPN EVPN", … or NULL */
const char *afi_safi_name(uint16_t afi, uint8_t safi);

#endif

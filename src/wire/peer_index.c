/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PEER_INDEX_TABLE (RFC 6396 section 4.3.1): the peers that a RIB's entries name by number.
 *
 * The count is the table's own word; nothing is allocated for more peers than the bytes that remain
 * can hold. A table that ends early keeps the peers that are whole.
 */
#include <stdlib.h>

#include "wire/decode.h"

enum {
	PEER_IPV6 = 0x01,
	PEER_AS4 = 0x02,
	PEER_SIZE_MIN = 1 + 4 + 4 + 2,
};

struct peer_index *peer_index_ref(struct peer_index *index)
{
	__atomic_fetch_add(&index->references, 1, __ATOMIC_RELAXED);
	return index;
}

void peer_index_unref(struct peer_index *index)
{
	if (index && __atomic_sub_fetch(&index->references, 1, __ATOMIC_ACQ_REL) == 0)
		free(index);
}

static bool read_peer(struct cursor *cur, struct peer *ret_peer)
{
	struct peer peer = { 0 };
	unsigned type = cursor_u8(cur);

	peer.bgp_id = cursor_u32(cur);
	peer.addr = read_addr(cur, type & PEER_IPV6 ? AFI_IPV6 : AFI_IPV4);
	peer.asn = type & PEER_AS4 ? cursor_u32(cur) : cursor_u16(cur);
	if (cur->failed)
		return false;
	*ret_peer = peer;
	return true;
}

/* The view's name, as far as there is room. */
static void read_view(struct cursor *cur, struct peer_index *index)
{
	size_t len = cursor_u16(cur);
	const uint8_t *name = cursor_bytes(cur, len);

	if (!name)
		return;
	if (len > sizeof(index->view) - 1)
		len = sizeof(index->view) - 1;
	memcpy(index->view, name, len);
}

static void read_peers(struct decode *decode, struct cursor *cur, struct peer_index *index,
		       unsigned stated)
{
	while (index->count < stated) {
		const uint8_t *start = cur->at;

		if (!read_peer(cur, &index->peers[index->count])) {
			fault_short(decode, start);
			return;
		}
		index->count++;
	}
	if (cursor_left(cur))
		fault_trailing(decode, cur->at);
}

int peer_index_decode(struct decode *decode, const struct mrt_kind *kind)
{
	struct cursor cur = body_cursor(decode->record), head = cur;
	struct peer_index *index;
	struct event *event;
	unsigned stated;
	size_t room;
	int r;

	(void)kind;
	cursor_u32(&head);
	cursor_skip(&head, cursor_u16(&head));
	stated = cursor_u16(&head);
	if (head.failed) {
		fault_short(decode, cur.at);
		return 0;
	}
	room = cursor_left(&head) / PEER_SIZE_MIN;
	if (room > stated)
		room = stated;
	index = calloc(1, sizeof(*index) + (room + 1) * sizeof(index->peers[0]));
	if (!index)
		return ERR_MEMORY;
	index->references = 1;
	index->collector_id = cursor_u32(&cur);
	read_view(&cur, index);
	cursor_u16(&cur);
	read_peers(decode, &cur, index, stated);

	event = event_begin(decode);
	event->kind = EVENT_RIB_BEGIN;
	event->index = index;
	r = emit(decode);
	peer_index_unref(index);
	return r;
}

/* GEO_PEER_TABLE (RFC 6397): where peers stand; nothing that any event tells. */
int geo_peer_decode(struct decode *decode, const struct mrt_kind *kind)
{
	(void)decode;
	(void)kind;
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A gist is taken by decoding the message, with a sink that swallows all prefixes and notes where
 * they stood. So the decoder itself decides what is plain: nothing was faulty, and nothing was
 * given but prefixes.
 */
#include "wire/gist.h"

#include "wire/decode.h"

struct taking {
	const struct mrt_record *record;
	gist_care_fn *care;
	const void *context;
	uint64_t *keys;
	uint32_t count, room;
	struct gist *gist;
};

enum { NOT_PLAIN = 1 };

static int take_event(void *context, const struct event *event)
{
	(void)context;
	(void)event;
	return NOT_PLAIN;
}

static void take_fault(void *context, const struct fault *fault)
{
	struct taking *taking = context;

	(void)fault;
	taking->gist->plain = false;
}

static int take_keys(struct taking *taking, struct update_prefixes *prefixes)
{
	while (prefixes->at < prefixes->end) {
		if (taking->count == taking->room)
			return NOT_PLAIN;
		taking->keys[taking->count++] = update_prefixes_key(prefixes);
		update_prefixes_pass(prefixes);
	}
	return 0;
}

static int take_prefixes(void *context, const struct event *shared,
			 struct update_prefixes *prefixes)
{
	struct taking *taking = context;
	struct gist *gist = taking->gist;
	const uint8_t *at = prefixes->at;
	uint32_t before = taking->count;
	bool announced = shared->kind == EVENT_ANNOUNCE;
	struct gist_list *list = announced ? &gist->announced : &gist->withdrawn;

	if (list->len || shared->local || take_keys(taking, prefixes) != 0)
		return NOT_PLAIN;
	*list = (struct gist_list){
		.at = (uint16_t)(at - taking->record->bytes),
		.len = (uint16_t)(prefixes->end - at),
		.count = (uint16_t)(taking->count - before),
		.from_mp = shared->from_mp,
		.family = (uint8_t)prefixes->family,
	};
	if (!announced)
		return 0;
	if (taking->care && taking->care(taking->context, shared))
		return NOT_PLAIN;
	gist->external = shared->attributes.external;
	gist->classic_nlri = shared->attributes.classic_nlri;
	gist->attributes = (uint16_t)shared->attributes.at;
	gist->attributes_len = (uint16_t)shared->attributes.len;
	return 0;
}

/* Where the peer's address family stands, in a record that was decoded without a fault. */
static uint16_t peer_afi(const struct mrt_record *record, unsigned asn_size)
{
	return load_be16(record->bytes + record->body + 2u * asn_size + 2);
}

/* Old Zebra's messages are decoded without a fault, too, but have no addresses. */
static bool has_addresses(const struct mrt_record *record, unsigned asn_size)
{
	uint16_t afi = peer_afi(record, asn_size);

	return afi == AFI_IPV4 || afi == AFI_IPV6;
}

uint32_t gist_take(const struct mrt_record *record, struct wire_scratch *scratch,
		   gist_care_fn *care, const void *context, uint64_t *keys, uint32_t room,
		   struct gist *ret_gist)
{
	const struct mrt_kind *kind = mrt_kind_find(record->type, record->subtype);
	struct taking taking = { record, care, context, keys, 0, room, ret_gist };
	const struct wire_sink sink = {
		.context = &taking, .event = take_event, .fault = take_fault,
		.prefixes = take_prefixes,
	};

	*ret_gist = (struct gist){ .len = record->len };
	if (!kind || kind->decode != bgp4mp_message_decode || record->len > UINT16_MAX)
		return 0;
	ret_gist->plain = true;
	ret_gist->asn_size = kind->asn_size;
	if (mrt_record_decode(record, NULL, scratch, &sink) == 0 && ret_gist->plain &&
	    has_addresses(record, kind->asn_size))
		return taking.count;
	*ret_gist = (struct gist){ .len = record->len };
	return 0;
}

void gist_peer(const struct gist *gist, const struct mrt_record *record, struct peer *ret_peer)
{
	enum { INTERFACE_AFI = 4 };
	const uint8_t *at = record->bytes + record->body;
	bool ipv6 = peer_afi(record, gist->asn_size) == AFI_IPV6;
	uint64_t words[2] = { 0, 0 };

	ret_peer->asn = gist->asn_size == 4 ? load_be32(at) : load_be16(at);
	ret_peer->bgp_id = 0;
	ret_peer->addr.family = ipv6 ? FAMILY_IPV6 : FAMILY_IPV4;
	at += 2u * gist->asn_size + INTERFACE_AFI;
	memcpy(words, at, ipv6 ? 16 : 4);
	memcpy(ret_peer->addr.bytes, words, sizeof(words));
}

static int give_list(struct decode *decode, const struct gist_list *list, enum event_kind kind,
		     const uint64_t *keys)
{
	struct event *event = &decode->scratch->event;
	const uint8_t *at = decode->record->bytes + list->at;
	struct update_prefixes prefixes = {
		.at = at, .end = at + list->len, .family = (enum family)list->family, .keys = keys,
	};

	event->kind = kind;
	event->afi = list->family == FAMILY_IPV6 ? AFI_IPV6 : AFI_IPV4;
	event->safi = SAFI_UNICAST;
	event->from_mp = list->from_mp;
	return update_prefixes_give(decode, &prefixes);
}

int gist_give(const struct gist *gist, const uint64_t *keys, const struct mrt_record *record,
	      struct wire_scratch *scratch, const struct wire_sink *sink)
{
	struct decode decode = { record, NULL, scratch, sink };
	struct event *event = event_begin(&decode);
	int r = 0;

	gist_peer(gist, record, &scratch->peer);
	event->peer = &scratch->peer;
	if (gist->withdrawn.len)
		r = give_list(&decode, &gist->withdrawn, EVENT_WITHDRAW, keys);
	if (r || !gist->announced.len)
		return r;
	event_set_attributes(scratch, &(struct attr_span){
		.bytes = record->bytes + gist->attributes,
		.len = gist->attributes_len,
		.at = gist->attributes,
		.asn_size = gist->asn_size,
		.classic_nlri = gist->classic_nlri,
		.external = gist->external,
	});
	return give_list(&decode, &gist->announced, EVENT_ANNOUNCE, keys + gist->withdrawn.count);
}

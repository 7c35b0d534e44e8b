/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a sequence of MRT records: framing, decoding, counting, resynchronisation.
 *
 * What must hold whatever the bytes: every span handed out lies within its record, prefixes have
 * no bit beyond their length, counting agrees with decoding, faults name places within the record
 * and no byte is lost twice, and the search for the next record goes forward.
 */
#define _GNU_SOURCE
#include "base/map.h"
#include "base/utc.h"
#include "fuzz.h"
#include "wire/stream.h"

struct check {
	const struct mrt_record *record;
	uint64_t events;	/* of the kinds that are counted */
	uint64_t lost;
};

static bool within(const struct mrt_record *record, const uint8_t *bytes, size_t len)
{
	return bytes >= record->bytes && len <= record->len &&
		bytes + len <= record->bytes + record->len;
}

static void check_prefix(const struct prefix *prefix)
{
	must(prefix->family == FAMILY_IPV4 || prefix->family == FAMILY_IPV6);
	must(prefix->len <= family_bits(prefix->family));
	for (unsigned bit = prefix->len; bit < 128; bit++)
		must(!(prefix->bytes[bit / 8] >> (7 - bit % 8) & 1));
}

static void check_path(const struct as_path *path, const struct mrt_record *record,
		       const uint8_t *scratch)
{
	struct as_segment segment;
	uint32_t position = 0;
	uint64_t sum = 0;

	must(within(record, path->bytes, path->len) ||
	     (path->bytes == scratch && path->len <= ATTR_PATH_SCRATCH));
	while (as_path_next(path, &position, &segment)) {
		must(segment.asns + (size_t)segment.count * segment.asn_size <=
		     path->bytes + path->len);
		for (unsigned i = 0; i < segment.count; i++)
			sum += as_segment_at(&segment, i);
	}
	must(position == path->len && sum != UINT64_MAX);
}

static void check_attributes(const struct event *event)
{
	static uint8_t scratch[2][ATTR_PATH_SCRATCH];
	const struct attrs *attrs = event_attrs(event);
	const struct mrt_record *record = event->record;
	struct as_path path;
	struct attr_value value;
	struct mp_reach reach;
	struct addr addr, local;
	uint32_t number, position = 0, count = 0;
	uint8_t byte;

	must(!event->attributes.len ||
	     (within(record, event->attributes.bytes, event->attributes.len) &&
	      record->bytes + event->attributes.at == event->attributes.bytes));
	if (attrs_path(attrs, scratch[0], &path))
		check_path(&path, record, scratch[0]);
	if (attr_span_path(&event->attributes, scratch[1], &path))
		check_path(&path, record, scratch[1]);
	while (attrs_next(&event->attributes, &position, &byte, &value)) {
		must(within(record, value.bytes, value.len));
		count++;
	}
	must(count == attrs->count);
	for (unsigned i = 0; i < ATTR_KNOWN_MAX; i++)
		must(!attrs->known[i].bytes ||
		     within(record, attrs->known[i].bytes, attrs->known[i].len));
	if (attrs_mp_reach(attrs, &reach))
		must(within(record, reach.next_hop.bytes, reach.next_hop.len) &&
		     within(record, reach.nlri.at, cursor_left(&reach.nlri)));
	if (attrs_mp_unreach(attrs, &reach))
		must(within(record, reach.nlri.at, cursor_left(&reach.nlri)));
	attrs_next_hop(attrs, event->from_mp, &addr, &local);
	attrs_aggregator(attrs, &number, &addr);
	attrs_origin(attrs, &byte);
	attrs_u32(attrs, ATTR_MED, &number);
	for (unsigned i = 0; i < attrs_community_count(attrs); i++)
		attrs_community(attrs, i);
}

static int check_event(void *context, const struct event *event)
{
	struct check *check = context;

	must((unsigned)event->kind < EVENT_KIND_COUNT);
	if (event->kind == EVENT_RIB_END)
		return 0;
	must(event->record == check->record);
	switch (event->kind) {
	case EVENT_ANNOUNCE:
	case EVENT_WITHDRAW:
	case EVENT_RIB_ENTRY:
		check_prefix(&event->prefix);
		must(event->peer != NULL);
		must(event->kind != EVENT_ANNOUNCE || event->verdict <= VERDICT_ATTRIBUTE_DISCARD);
		check->events++;
		break;
	case EVENT_STATE:
		must(event->peer != NULL);
		check->events++;
		break;
	default:
		break;
	}
	check_attributes(event);
	return 0;
}

static void check_fault(void *context, const struct fault *fault)
{
	struct check *check = context;
	struct buf buf = { 0 };

	must((unsigned)fault->kind < FAULT_KIND_COUNT);
	must(fault->at <= check->record->len);
	must(fault->lost <= check->record->len);
	check->lost += fault->lost;
	fault_format(&buf, fault);
	buf_free(&buf);
}

/* All that an UPDATE's event says, as one number. */
static int hash_event(void *context, const struct event *event)
{
	const uint64_t words[] = {
		event->kind, (uint64_t)event->time, event->ref.number, event->peer->asn,
		map_hash_bytes(event->peer->addr.bytes, sizeof(event->peer->addr.bytes)),
		event->peer->addr.family, event->peer->bgp_id, event->peer_index, event->local,
		map_hash_bytes(&event->prefix, sizeof(event->prefix)), event->has_path_id,
		event->path_id, (uintptr_t)event->attributes.bytes, event->from_mp, event->afi, event->safi, event->verdict, event->attributes.at,
		event->attributes.len, event->attributes.asn_size, event->attributes.external,
		event->attributes.classic_nlri, event->attributes.rib, event_attrs(event)->count,
		event_attrs(event)->faults,
	};
	uint64_t *hash = context;

	*hash = map_hash_u64(*hash ^ map_hash_bytes(words, sizeof(words)));
	return 0;
}

/* Takes every third prefix, in whose place its key is hashed. */
static int hash_prefixes(void *context, const struct event *shared, struct update_prefixes *prefixes)
{
	uint64_t *hash = context;

	while (prefixes->at < prefixes->end && *hash % 3 == 0) {
		uint64_t key = prefix_wire_key(prefixes->family, prefixes->at[0], prefixes->at + 1);

		must(update_prefixes_key(prefixes) == key);
		*hash = map_hash_u64(*hash ^ key ^ shared->kind);
		update_prefixes_pass(prefixes);
	}
	return 0;
}

/* Out of a gist come the events that decoding gives. */
static void check_gist(const struct mrt_record *record, struct wire_scratch *scratch)
{
	const uint32_t room = record->len % 7 ? 4096 : 5;
	uint64_t keys[4096], decoded, given;
	struct wire_sink by_decoding = { .context = &decoded, .event = hash_event };
	struct wire_sink by_gist = { .context = &given, .event = hash_event };
	struct gist gist;
	uint32_t count = gist_take(record, scratch, NULL, NULL, keys, room, &gist);

	must(gist.len == record->len && count <= room);
	must(count == (uint32_t)gist.withdrawn.count + gist.announced.count);
	for (unsigned at_once = 0; gist.plain && at_once < 2; at_once++) {
		by_decoding.prefixes = by_gist.prefixes = at_once ? hash_prefixes : NULL;
		decoded = given = 0;
		must(mrt_record_decode(record, NULL, scratch, &by_decoding) == 0);
		must(gist_give(&gist, keys, record, scratch, &by_gist) == 0);
		must(decoded == given);
	}
}

static void check_record(struct wire_stream *stream, struct wire_scratch *scratch,
			 const uint8_t *bytes, uint32_t len, const struct record_ref *ref)
{
	struct mrt_record record;
	struct check check = { .record = &record };
	const struct wire_sink sink = { .context = &check, .event = check_event, .fault = check_fault };
	uint64_t count;

	mrt_record_parse(bytes, len, ref, &record);
	must(record.body <= record.len);
	check_gist(&record, scratch);
	must(wire_stream_record(stream, &record, scratch, &sink) == 0);
	must(mrt_record_count(&record, wire_stream_index(stream), scratch, &count) == 0);
	must(count == check.events);
	must(check.lost <= record.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct check check = { 0 };
	const struct wire_sink sink = { .context = &check, .event = check_event, .fault = check_fault };
	struct record_ref ref = { 0 };
	struct wire_scratch *scratch;
	struct wire_stream *stream;
	uint32_t len;
	bool certain;

	if (wire_scratch_new(&scratch, NULL) != 0)
		return 0;
	if (wire_stream_new(&stream, NULL) != 0) {
		wire_scratch_free(scratch);
		return 0;
	}
	while (ref.offset < size) {
		const uint8_t *bytes = data + ref.offset;
		size_t left = size - ref.offset;

		ref.number++;
		if (mrt_frame(bytes, left, MRT_RECORD_MAX, &len) == MRT_FRAME_WHOLE) {
			must(len >= MRT_HEADER_SIZE && len <= left);
			check_record(stream, scratch, bytes, len, &ref);
			ref.offset += len;
		} else {
			size_t next = mrt_resync(data, size, ref.offset + 1, UTC_NEVER, MRT_RECORD_MAX, &certain);

			must(next > ref.offset && next <= size);
			wire_stream_damage(stream);
			ref.offset = next;
		}
	}
	must(wire_stream_end(stream, &sink) == 0);
	wire_stream_free(stream);
	wire_scratch_free(scratch);
	return 0;
}

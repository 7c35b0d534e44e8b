/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what one BGP session said. The first byte says how that session and its recording are: two or four bytes an
 * AS, ADD-PATH or not, sent or received, seconds or microseconds, IPv4 or IPv6 between the routers, one AS or two; and whether the
 * rest is a whole BGP message or the inside of an UPDATE.
 *
 * Every byte of the record is decoded or named as lost, counting agrees with decoding, and what can be written again is:
 * event, encoded, decoded is the same event, and encoded once more the same bytes.
 */
#define _GNU_SOURCE
#include <string.h>

#include "base/utc.h"
#include "fuzz.h"
#include "wire/mrt.h"
#include "wire/write.h"

#define EVENTS_MAX	256u
#define PATH_MAX_ASES	1000u
#define COMMUNITIES_MAX	1000u

/* RFC 6396 section 4.4, RFC 8050 section 3 */
static const uint8_t subtypes[8] = { 1, 4, 6, 7, 8, 9, 10, 11 };

struct kept {
	bool announced;
	struct prefix prefix;
	struct addr next_hop;
	uint8_t origin;
	bool has_med;
	uint32_t med;
	uint32_t path[PATH_MAX_ASES], path_len;
	uint32_t communities[COMMUNITIES_MAX], community_count;
};

struct reading {
	struct kept *kept;
	uint32_t count;
	bool keep;
	uint64_t events, lost;
	uint32_t len;
	bool ambiguous;		/* an ET record whose message says its own length */
};

static void put(struct buf *buf, uint64_t value, unsigned bytes)
{
	while (bytes-- > 0)
		buf_char(buf, (char)(value >> (8 * bytes)));
}

static void make_record(struct buf *buf, uint8_t choice, const uint8_t *data, size_t size)
{
	uint8_t subtype = subtypes[choice & 7];
	bool extended = choice & 8, ipv6 = choice & 16, internal = choice & 32, whole = choice & 64;
	unsigned asn = subtype == 4 || subtype == 7 || subtype == 9 || subtype == 11 ? 4 : 2;
	unsigned addr = ipv6 ? 16 : 4;
	size_t message = whole ? size : 19 + size;

	put(buf, 1419349260, 4);
	put(buf, extended ? MRT_BGP4MP_ET : MRT_BGP4MP, 2);
	put(buf, subtype, 2);
	put(buf, (extended ? 4u : 0) + 2 * asn + 4 + 2 * addr + message, 4);
	if (extended)
		put(buf, 123456, 4);
	put(buf, 64500, asn);
	put(buf, internal ? 64500 : 64501, asn);
	put(buf, 0, 2);
	put(buf, ipv6 ? 2 : 1, 2);
	for (unsigned i = 0; i < 2 * addr; i++)
		put(buf, i == 0 || i == addr ? 0x20 : i, 1);
	if (!whole) {
		for (unsigned i = 0; i < 16; i++)
			put(buf, 0xff, 1);
		put(buf, message, 2);
		put(buf, 2, 1);
	}
	buf_add(buf, data, size);
}

/* False where the encoder, which writes what collectors do, has no form for it. */
static bool keep_path(const struct attrs *attrs, struct kept *kept)
{
	static uint8_t scratch[ATTR_PATH_SCRATCH];
	struct as_segment segment;
	struct as_path path;
	uint32_t position = 0;

	if (!attrs_path(attrs, scratch, &path))
		return false;
	while (as_path_next(&path, &position, &segment)) {
		if (segment.type != AS_SEQUENCE || kept->path_len + segment.count > PATH_MAX_ASES)
			return false;
		for (unsigned i = 0; i < segment.count; i++)
			kept->path[kept->path_len++] = as_segment_at(&segment, i);
	}
	return kept->path_len > 0;
}

static bool keep(const struct event *event, struct kept *kept)
{
	const struct attrs *attrs = event_attrs(event);

	*kept = (struct kept){ .announced = event->kind == EVENT_ANNOUNCE, .prefix = event->prefix };
	if (!kept->announced)
		return true;
	kept->has_med = attrs_u32(attrs, ATTR_MED, &kept->med);
	kept->community_count = attrs_community_count(attrs);
	for (unsigned i = 0; i < kept->community_count && i < COMMUNITIES_MAX; i++)
		kept->communities[i] = attrs_community(attrs, i);
	return kept->community_count <= COMMUNITIES_MAX && attrs_origin(attrs, &kept->origin) &&
	       attrs_next_hop(attrs, event->from_mp, &kept->next_hop, NULL) &&
	       kept->next_hop.family == kept->prefix.family && keep_path(attrs, kept);
}

static int on_event(void *context, const struct event *event)
{
	struct reading *reading = context;
	const struct event *e = event;

	must((unsigned)e->kind < EVENT_KIND_COUNT);
	if (e->kind != EVENT_ANNOUNCE && e->kind != EVENT_WITHDRAW) {
		reading->events += e->kind == EVENT_STATE;
		return 0;
	}
	must(e->peer != NULL && e->prefix.len <= family_bits(e->prefix.family));
	reading->events++;
	if (reading->keep && reading->count < EVENTS_MAX && keep(e, &reading->kept[reading->count]))
		reading->count++;
	return 0;
}

static void on_fault(void *context, const struct fault *fault)
{
	struct reading *reading = context;

	must((unsigned)fault->kind < FAULT_KIND_COUNT && fault->at <= reading->len);
	reading->lost += fault->lost;
	must(reading->lost <= reading->len);
}

/* Decodes each record in turn. */
static void decode(const struct buf *bytes, struct wire_scratch *scratch, struct reading *reading)
{
	const struct wire_sink sink = { .context = reading, .event = on_event, .fault = on_fault };
	struct record_ref ref = { .number = 1 };
	struct mrt_record record;
	uint64_t count;

	while (ref.offset < bytes->len) {
		const uint8_t *at = (const uint8_t *)bytes->data + ref.offset;
		enum mrt_frame frame;
		uint32_t len;

		frame = mrt_frame(at, bytes->len - ref.offset, MRT_RECORD_MAX, &len);
		/* A message that claims four bytes more makes an ET record look like one of the early writers', who counted so. */
		if (frame == MRT_FRAME_MORE && reading->ambiguous)
			return;
		must(frame == MRT_FRAME_WHOLE);
		reading->events = reading->lost = 0;
		reading->len = len;
		mrt_record_parse(at, len, &ref, &record);
		must(mrt_record_decode(&record, NULL, scratch, &sink) == 0);
		must(mrt_record_count(&record, NULL, scratch, &count) == 0 && count == reading->events);
		ref.offset += len;
	}
}

static bool write_one(const struct kept *kept, struct buf *out)
{
	const struct write_session session = {
		.peer = { .asn = 64500, .addr = { FAMILY_IPV4, { 192, 0, 2, 1 } } }, .local_asn = 64501,
		.local = { FAMILY_IPV4, { 192, 0, 2, 2 } }, .extended = true,
	};
	const struct write_attrs attrs = {
		.origin = kept->origin, .path = kept->path, .path_len = kept->path_len, .next_hop = kept->next_hop,
		.has_med = kept->has_med, .med = kept->med, .communities = kept->communities,
		.community_count = kept->community_count,
	};

	if (kept->announced)
		return mrt_write_announce(out, &session, 1419349260 * UTC_SECOND, &attrs, &kept->prefix, 1);
	mrt_write_withdraw(out, &session, 1419349260 * UTC_SECOND, &kept->prefix, 1);
	return true;
}

static void hold_against(const struct kept *kept, struct wire_scratch *scratch)
{
	static struct kept again;
	struct reading reading = { .kept = &again, .keep = true };
	struct buf first = { 0 }, second = { 0 };

	if (write_one(kept, &first)) {
		decode(&first, scratch, &reading);
		must(reading.events == 1 && reading.lost == 0);
		/* What is refused now was let pass as it came: an AS 0, a next hop that is none. */
		if (reading.count) {
			must(memcmp(kept, &again, sizeof(again)) == 0);
			must(write_one(&again, &second));
			must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
		}
	}
	buf_free(&first);
	buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct kept kept[EVENTS_MAX];
	struct reading reading = { .kept = kept, .keep = true };
	struct wire_scratch *scratch;
	struct buf record = { 0 };

	if (size < 1 || size > 65000 || wire_scratch_new(&scratch, NULL))
		return 0;
	make_record(&record, data[0], data + 1, size - 1);
	must(!record.failed);
	reading.ambiguous = (data[0] & 72) == 72;
	decode(&record, scratch, &reading);
	for (uint32_t i = 0; i < reading.count; i++)
		hold_against(&kept[i], scratch);
	buf_free(&record);
	wire_scratch_free(scratch);
	return 0;
}

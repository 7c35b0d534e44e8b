/* SPDX-License-Identifier: BSD-2-Clause */
/* Names, and real recordings: what they hold is known from other decoders. */
#include "wire/mrt.h"

#include <zlib.h>

#include "base/utc.h"
#include "wire/stream.h"
#include "wire/testing.h"

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(mrt_type_name(13), "TABLE_DUMP_V2");
	assert_string_equal(mrt_type_name(17), "BGP4MP_ET");
	assert_null(mrt_type_name(99));
	assert_string_equal(mrt_subtype_name(13, 12), "RIB_GENERIC_ADDPATH");
	assert_string_equal(mrt_subtype_name(17, 4), "MESSAGE_AS4");
	assert_string_equal(mrt_subtype_name(12, 1), "AFI_IPv4");
	assert_null(mrt_subtype_name(12, 0));
	assert_null(mrt_subtype_name(13, 13));
	assert_null(mrt_subtype_name(11, 0));
	assert_string_equal(attr_name(2), "AS_PATH");
	assert_null(attr_name(99));
	assert_string_equal(event_kind_name(EVENT_END_OF_RIB), "end-of-rib");
	for (unsigned i = 0; i < EVENT_KIND_COUNT; i++)
		assert_non_null(event_kind_name(i));
	assert_string_equal(afi_safi_name(2, 1), "IPv6 unicast");
	assert_null(afi_safi_name(9, 9));
}

struct sums {
	uint64_t kinds[EVENT_KIND_COUNT];
	uint64_t faults;
	uint64_t counted;	/* by mrt_record_count() */
	uint64_t whole;		/* RIBs */
	uint64_t outside;	/* events whose attributes are not within the record */
	uint64_t paths;		/* that the two ways of finding them tell alike */
};

static int sum_event(void *context, const struct event *event)
{
	static uint8_t scratch[2][ATTR_PATH_SCRATCH];
	struct sums *sums = context;
	const struct mrt_record *record = event->record;
	struct as_path path, again;
	bool found;

	sums->kinds[event->kind]++;
	if (event->kind == EVENT_RIB_END) {
		sums->whole += event->whole;
		return 0;
	}
	if (event->attributes.len &&
	    (event->attributes.bytes < record->bytes ||
	     event->attributes.bytes + event->attributes.len > record->bytes + record->len ||
	     record->bytes + event->attributes.at != event->attributes.bytes))
		sums->outside++;
	found = attrs_path(event_attrs(event), scratch[0], &path);
	if (found == attr_span_path(&event->attributes, scratch[1], &again) &&
	    (!found || (path.len == again.len && memcmp(path.bytes, again.bytes, path.len) == 0)))
		sums->paths++;
	return 0;
}

/* Some entries of a record in one go: the others come as events. */
static int sum_entries(void *context, const struct event *shared, struct rib_entries *entries)
{
	struct sums *sums = context;
	struct rib_entry entry;

	for (uint64_t take = shared->ref.number % 7; take && rib_entries_peek(entries, &entry); take--) {
		sums->kinds[EVENT_RIB_ENTRY]++;
		rib_entries_pass(entries, &entry);
	}
	return 0;
}

/* The same of an UPDATE's prefixes. */
static int sum_prefixes(void *context, const struct event *shared, struct update_prefixes *prefixes)
{
	struct sums *sums = context;

	for (uint64_t take = shared->ref.number % 3; take && prefixes->at < prefixes->end; take--) {
		sums->kinds[shared->kind]++;
		update_prefixes_pass(prefixes);
	}
	return 0;
}

static void sum_fault(void *context, const struct fault *fault)
{
	struct sums *sums = context;

	(void)fault;
	sums->faults++;
}

/* The whole recording, or NULL where there is none. */
static uint8_t *load(const char *name, size_t *ret_len)
{
	const char *folder = getenv("CONSTAT_SHARED_DATA");
	size_t len = 0, room = 1 << 20;
	uint8_t *bytes;
	char path[4096];
	gzFile file;
	int got;

	snprintf(path, sizeof(path), "%s/mrt/%s", folder ? folder : "../shared/data", name);
	file = gzopen(path, "rb");
	if (!file)
		return NULL;
	bytes = malloc(room);
	assert_non_null(bytes);
	while ((got = gzread(file, bytes + len, (unsigned)(room - len))) > 0) {
		len += (size_t)got;
		if (len == room) {
			bytes = realloc(bytes, room *= 2);
			assert_non_null(bytes);
		}
	}
	gzclose(file);
	*ret_len = len;
	return bytes;
}

static void sum_recording(const uint8_t *bytes, size_t len, struct sums *ret_sums)
{
	struct sums sums = { 0 };
	const struct wire_sink sink = { &sums, sum_event, sum_entries, sum_fault, sum_prefixes };
	struct wire_scratch *scratch;
	struct wire_stream *stream;
	struct mrt_record record;
	struct record_ref ref = { 0 };
	uint64_t count;
	uint32_t size;

	assert_int_equal(wire_scratch_new(&scratch, NULL), 0);
	assert_int_equal(wire_stream_new(&stream, NULL), 0);
	for (; ref.offset < len; ref.offset += size) {
		ref.number++;
		assert_int_equal(
			mrt_frame(bytes + ref.offset, len - ref.offset, MRT_RECORD_MAX, &size),
			MRT_FRAME_WHOLE);
		assert_true(mrt_record_parse(bytes + ref.offset, size, &ref, &record));
		assert_int_equal(wire_stream_record(stream, &record, scratch, &sink), 0);
		assert_int_equal(
			mrt_record_count(&record, wire_stream_index(stream), scratch, &count), 0);
		sums.counted += count;
	}
	assert_int_equal(wire_stream_end(stream, &sink), 0);
	wire_stream_free(stream);
	wire_scratch_free(scratch);
	*ret_sums = sums;
}

static const struct recording {
	const char *name;
	uint64_t announce, withdraw, entry, state, ribs, faults;
} recordings[] = {
	{ "2002/bview.20020722.2337.gz", 0, 0, 115521, 0, 1, 0 },
	{ "2002/updates.20020722.2238.gz", 825, 2419, 0, 93, 0, 0 },
	{ "2010/rrc01.updates.20100827.0840.gz", 141819, 127472, 0, 66, 0, 2 },
	{ "2014/rrc06.updates.20140530.2215.gz", 3761, 68, 0, 4, 0, 0 },
	{ "2015/pch.updates.20151023.full-table-transfer.gz", 577737, 3, 0, 4, 0, 4 },
	{ "2021/rrc06.updates.20210102.0505.gz", 17162, 505, 0, 5, 0, 0 },
	{ "2022/rrc23.updates.20220421.0200.gz", 51907, 4094, 0, 58, 0, 0 },
	{ "damaged/rrc00.updates.19991214.1621.gz", 54126, 1363, 0, 27, 0, 37 },
	{ "damaged/updates.et-header.bad-framing.gz", 159, 0, 0, 0, 0, 14 },
	{ "edge/bird-mrtdump_bgp", 12, 0, 0, 12, 0, 0 },
	{ "edge/bird-mrtdump_rib", 0, 0, 18, 0, 2, 0 },
	{ "edge/bird6-mrtdump_rib", 0, 0, 10, 0, 2, 0 },
	{ "edge/bird_bgp", 14, 0, 0, 12, 0, 6 },
	{ "edge/bird6_bgp", 14, 0, 0, 12, 0, 6 },
	{ "edge/bview.64k_stream_overflow.gz", 0, 0, 23, 0, 0, 1 },
	{ "edge/bview.ipv4_unicast_add_path.gz", 0, 0, 62, 0, 1, 0 },
	{ "edge/bview.ipv6_unicast_add_path.gz", 0, 0, 62, 0, 1, 0 },
	{ "edge/openbgpd_bgp", 93, 0, 0, 16, 0, 0 },
	{ "edge/openbgpd_rib_table", 0, 0, 31, 0, 1, 0 },
	{ "edge/openbgpd_rib_table-mp", 0, 0, 31, 0, 1, 0 },
	{ "edge/openbgpd_rib_table-v2", 0, 0, 31, 0, 1, 0 },
	{ "edge/quagga_bgp", 18, 0, 0, 20, 0, 0 },
	{ "edge/quagga_rib", 0, 0, 9, 0, 1, 0 },
	{ "edge/updates.20071015.1505.gz", 10111, 385, 0, 0, 0, 0 },
	{ "edge/updates.20160811.1600.gz", 39256, 1956, 0, 22, 0, 0 },
	{ "edge/updates.long_withdrawal.gz", 0, 4096, 0, 0, 0, 0 },
	{ "edge/updates.nlri_mask_trailing_bits.gz", 0, 0, 0, 0, 0, 1 },
};

static void test_recordings(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(recordings) / sizeof(recordings[0]); i++) {
		const struct recording *want = &recordings[i];
		struct sums sums;
		size_t len;
		uint8_t *bytes = load(want->name, &len);

		if (!bytes)
			continue;
		seen++;
		sum_recording(bytes, len, &sums);
		free(bytes);
		if (sums.kinds[EVENT_ANNOUNCE] != want->announce ||
		    sums.kinds[EVENT_WITHDRAW] != want->withdraw ||
		    sums.kinds[EVENT_RIB_ENTRY] != want->entry ||
		    sums.kinds[EVENT_STATE] != want->state || sums.whole != want->ribs ||
		    sums.faults != want->faults)
			fail_msg(
				"%s: %ju announced, %ju withdrawn, %ju entries, %ju states, "
				"%ju whole RIBs, %ju faults",
				want->name, (uintmax_t)sums.kinds[EVENT_ANNOUNCE],
				(uintmax_t)sums.kinds[EVENT_WITHDRAW],
				(uintmax_t)sums.kinds[EVENT_RIB_ENTRY],
				(uintmax_t)sums.kinds[EVENT_STATE], (uintmax_t)sums.whole,
				(uintmax_t)sums.faults);
		assert_int_equal(sums.counted,
				 want->announce + want->withdraw + want->entry + want->state);
		assert_int_equal(sums.outside, 0);
	}
	if (!seen) {
		print_message("no shared data\n");
		skip();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_recordings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

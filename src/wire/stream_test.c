/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/stream.h"
#include "wire/testing.h"

#define HEX_INDEX	"c00002fe 0000 0001 02 0a000001 c0000201 00000d1c"
#define HEX_ENTRIES	HEX_NETWORK "0001 0000 54998f2c 0004" HEX_ORIGIN
#define HEX_STATE	HEX_SESSION_AS4 "0006 0001"

/* What the stream gives, one letter an event: begin, entry, E whole end, x other end, ! fault. */
struct story {
	char text[256];
	unsigned len;
	struct wire_stream *stream;
	struct wire_scratch *scratch;
	uint64_t number;
	uint64_t end_number;	/* the record that the last RIB_END names */
	const struct peer_index *begin_index;
	int answer;		/* what the sink says */
};

static struct story story;

static void tell(char letter)
{
	assert_true(story.len < sizeof(story.text) - 1);
	story.text[story.len++] = letter;
	story.text[story.len] = '\0';
}

static int on_event(void *context, const struct event *event)
{
	(void)context;
	switch (event->kind) {
	case EVENT_RIB_BEGIN:
		story.begin_index = event->index;
		tell('b');
		break;
	case EVENT_RIB_ENTRY: tell('e'); break;
	case EVENT_RIB_END:
		story.end_number = event->ref.number;
		tell(event->whole ? 'E' : 'x');
		break;
	case EVENT_STATE: tell('s'); break;
	default: tell('?');
	}
	assert_int_equal(event_attrs(event)->count, event->kind == EVENT_RIB_ENTRY);
	return story.answer;
}

static void on_fault(void *context, const struct fault *fault)
{
	(void)context;
	(void)fault;
	tell('!');
}

static const struct wire_sink sink = { .event = on_event, .fault = on_fault };

static void begin(void)
{
	memset(&story, 0, sizeof(story));
	assert_int_equal(wire_stream_new(&story.stream, NULL), 0);
	assert_int_equal(wire_scratch_new(&story.scratch, NULL), 0);
}

static int feed(unsigned type, unsigned subtype, const char *body)
{
	struct bytes bytes = record_of(type, subtype, body);
	struct record_ref ref = { 0, ++story.number, 0 };
	struct mrt_record record;
	uint8_t *copy = malloc(bytes.len);
	int r;

	/* Its own memory, gone afterwards: the stream must keep nothing of it. */
	assert_non_null(copy);
	memcpy(copy, bytes.at, bytes.len);
	mrt_record_parse(copy, bytes.len, &ref, &record);
	r = wire_stream_record(story.stream, &record, story.scratch, &sink);
	free(copy);
	return r;
}

static void rib(unsigned subtype, unsigned sequence)
{
	char body[256];

	snprintf(body, sizeof(body), "%08x" HEX_ENTRIES, sequence);
	assert_int_equal(feed(MRT_TABLE_DUMP_V2, subtype, body), 0);
}

static void table_dump(unsigned sequence)
{
	char body[256];

	snprintf(body, sizeof(body),
		 "0000 %04x af2db100 18 01 54998f2c c0000201 0d1c 0004" HEX_ORIGIN, sequence);
	assert_int_equal(feed(MRT_TABLE_DUMP, 1, body), 0);
}

static void finish(const char *expected)
{
	assert_int_equal(wire_stream_end(story.stream, &sink), 0);
	assert_int_equal(wire_stream_end(story.stream, &sink), 0);
	assert_string_equal(story.text, expected);
	wire_stream_free(story.stream);
	wire_scratch_free(story.scratch);
}

static void test_whole(void **state)
{
	(void)state;
	begin();
	assert_null(wire_stream_index(story.stream));
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	assert_non_null(wire_stream_index(story.stream));
	assert_ptr_equal(story.begin_index, wire_stream_index(story.stream));
	rib(2, 0);
	rib(2, 1);
	rib(2, 2);
	finish("beeeE");
	assert_int_equal(story.end_number, 4);
}

static void test_hole(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 0);
	rib(2, 2);
	rib(2, 3);
	finish("be!eex");
}

static void test_repeated(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 0);
	rib(2, 0);
	finish("be!ex");
}

static void test_does_not_begin_at_zero(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 1);
	finish("b!ex");
}

/* Some collectors count each family from zero, some go on. */
static void test_families(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 0);
	rib(2, 1);
	rib(4, 0);
	rib(4, 1);
	rib(4, 2);
	finish("beeeeeE");
}

static void test_next_rib(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 0);
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 0);
	feed(MRT_BGP4MP, 5, HEX_STATE);
	finish("beEbeEs");
	assert_int_equal(story.end_number, 4);
}

/* RIB records after updates: the index is still in force, but this is no whole RIB. */
static void test_interrupted(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 0);
	feed(MRT_BGP4MP, 5, HEX_STATE);
	rib(2, 1);
	assert_ptr_equal(story.begin_index, wire_stream_index(story.stream));
	finish("beEsb!ex");
}

static void test_faulty_record(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 0);
	feed(MRT_TABLE_DUMP_V2, 2, "00000001" HEX_ENTRIES "00");
	rib(2, 2);
	finish("bee!ex");
}

static void test_damage(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	rib(2, 0);
	wire_stream_damage(story.stream);
	rib(2, 1);
	finish("beex");
}

/* A table that cannot be read puts the old one out of force. */
static void test_unreadable_index(void **state)
{
	(void)state;
	begin();
	feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX);
	feed(MRT_TABLE_DUMP_V2, 1, "c00002fe 00");
	assert_null(wire_stream_index(story.stream));
	rib(2, 0);
	assert_null(story.begin_index);
	finish("bE!b!x");
}

static void test_table_dump(void **state)
{
	(void)state;
	begin();
	table_dump(0);
	assert_null(story.begin_index);
	table_dump(1);
	table_dump(2);
	table_dump(0);
	table_dump(1);
	feed(MRT_BGP4MP, 5, HEX_STATE);
	finish("beeeEbeeEs");
}

/* Two bytes of sequence: 65535 is followed by 0. */
static void test_table_dump_wraps(void **state)
{
	(void)state;
	begin();
	table_dump(0);
	story.len = 0;
	for (unsigned i = 1; i <= 65535; i++) {
		story.len = 0;
		table_dump(i);
		assert_string_equal(story.text, "e");
	}
	table_dump(0);
	table_dump(1);
	table_dump(3);
	finish("eee!ex");
}

/* The sink's word ends decoding, wherever it falls. */
static void test_sink_stops(void **state)
{
	(void)state;
	begin();
	story.answer = 42;
	assert_int_equal(feed(MRT_TABLE_DUMP_V2, 1, HEX_INDEX), 42);
	story.answer = 0;
	rib(2, 0);
	story.answer = 43;
	assert_int_equal(feed(MRT_TABLE_DUMP_V2, 2,
			      "00000001" HEX_NETWORK "0002 0000 54998f2c 0004" HEX_ORIGIN
			      "0000 54998f2c 0004" HEX_ORIGIN),
			 43);
	assert_int_equal(feed(MRT_BGP4MP, 5, HEX_STATE), 43);
	story.answer = 0;
	finish("beeE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_repeated),
		cmocka_unit_test(test_does_not_begin_at_zero),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_next_rib),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_faulty_record),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_unreadable_index),
		cmocka_unit_test(test_table_dump),
		cmocka_unit_test(test_table_dump_wraps),
		cmocka_unit_test(test_sink_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of events made by hand: each format's layout, what stands where something is absent, and
 * that no line depends on the lines before it. The comparison with bgpdump on real recordings is
 * tests/e2e/dump_test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/utc.h"
#include "show/line.h"
#include "wire/mrt.h"

/*
 * ORIGIN IGP; AS_PATH 4837 {1,131279}; NEXT_HOP; MED 2147483648; LOCAL_PREF 100; ATOMIC_AGGREGATE;
 * AGGREGATOR; COMMUNITIES
 */
static const uint8_t full[] = {
	0x40, 1, 1, 0,
	0x40, 2, 16, 2, 1, 0, 0, 0x12, 0xe5, 1, 2, 0, 0, 0, 1, 0, 2, 0, 0xcf,
	0x40, 3, 4, 192, 0, 2, 1,
	0x80, 4, 4, 0x80, 0, 0, 0,
	0x40, 5, 4, 0, 0, 0, 100,
	0x40, 6, 0,
	0xc0, 7, 8, 0, 2, 0, 0xcf, 192, 0, 2, 9,
	0xc0, 8, 16, 0x0d, 0x1c, 0, 100, 0xff, 0xff, 0xff, 1, 0xff, 0xff, 0xff, 3, 0xff, 0xff, 2, 0x9a,
};

/*
 * ORIGIN INCOMPLETE; AS_PATH 4837; NEXT_HOP; EXTENDED_COMMUNITIES rt; LARGE_COMMUNITIES;
 * ORIGINATOR_ID; CLUSTER_LIST; unknown 99
 */
static const uint8_t rich[] = {
	0x40, 1, 1, 2,
	0x40, 2, 6, 2, 1, 0, 0, 0x12, 0xe5,
	0x40, 3, 4, 192, 0, 2, 2,
	0x80, 9, 4, 10, 0, 0, 1,
	0x80, 10, 8, 10, 0, 0, 2, 10, 0, 0, 3,
	0xc0, 16, 8, 0x00, 0x02, 0xfd, 0xe8, 0, 0, 0, 1,
	0xc0, 32, 12, 0, 0, 0x0d, 0x1c, 0, 0, 0, 1, 0, 0, 0, 2,
	0xe0, 99, 3, 0x00, 0xab, 0xff,
};

/* ORIGIN IGP; AS_PATH 4837; MP_REACH_NLRI of 2001:db8::/32 with two next hops */
static const uint8_t mp[] = {
	0x40, 1, 1, 0,
	0x40, 2, 6, 2, 1, 0, 0, 0x12, 0xe5,
	0x80, 14, 42, 0, 2, 1, 32,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0, 32, 0x20, 0x01, 0x0d, 0xb8,
};

static const struct peer peer = { { FAMILY_IPV4, { 196, 223, 14, 1 } }, 30844, 0 };
static const struct peer peer6 = { { FAMILY_IPV6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } }, 64496, 0x0a000001 };

/* An event with all that it points at. */
struct sample {
	struct event event;
	struct mrt_record record;
	struct attrs attrs;
	bool scanned;
};

static void sample_init(struct sample *sample, enum event_kind kind, uint16_t type, uint16_t subtype)
{
	*sample = (struct sample){
		.record = { .type = type, .subtype = subtype, .time = 1401487200 * UTC_SECOND },
	};
	if (type == MRT_BGP4MP_ET) {
		sample->record.extended = true;
		sample->record.time += 1234;
	}
	sample->event = (struct event){
		.kind = kind, .time = sample->record.time, .ref = { 0, 17, 2048 }, .record = &sample->record,
		.peer = &peer, .peer_index = UINT32_MAX, .prefix = { FAMILY_IPV4, 24, { 175, 45, 177 } },
		.attrs = &sample->attrs, .attrs_scanned = &sample->scanned,
		.originated = 1401400000 * UTC_SECOND,
	};
}

static void sample_attributes(struct sample *sample, const uint8_t *bytes, uint32_t len)
{
	sample->scanned = false;
	sample->event.attributes = (struct attr_span){
		.bytes = bytes, .len = len, .asn_size = 4, .classic_nlri = bytes != mp,
		.rib = sample->event.kind == EVENT_RIB_ENTRY,
	};
}

#define ATTRIBUTES(sample, bytes) sample_attributes((sample), (bytes), sizeof(bytes))

static void write_line(struct line_writer *writer, const struct event *event, struct buf *ret_out)
{
	ret_out->len = 0;
	line_write(writer, ret_out, event);
	buf_char(ret_out, '\0');
	assert_false(ret_out->failed);
}

static struct line_writer *new_writer(enum line_format format)
{
	struct line_writer *writer = NULL;

	assert_int_equal(line_writer_new(format, &writer, NULL), 0);
	assert_int_equal(line_writer_input(writer, "a \"file\",1", "rrc06", NULL), 0);
	return writer;
}

/* The line of one event by a new writer, and once more by one that has written it before. */
static void check_line(enum line_format format, const struct event *event, const char *want)
{
	struct line_writer *writer = new_writer(format);
	struct buf out = { 0 };

	for (unsigned i = 0; i < 2; i++) {
		write_line(writer, event, &out);
		assert_string_equal(out.data, want);
	}
	buf_free(&out);
	line_writer_free(writer);
}

static void text_routes(void **state)
{
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP, 4);
	ATTRIBUTES(&sample, full);
	check_line(LINE_TEXT, &sample.event,
		   "BGP4MP|1401487200|A|196.223.14.1|30844|175.45.177.0/24|4837 {1,131279}|IGP|192.0.2.1|"
		   "100|2147483648|3356:100 no-export local-AS 65535:666|AG|131279 192.0.2.9|\n");
	sample_init(&sample, EVENT_RIB_ENTRY, MRT_TABLE_DUMP_V2, 2);
	ATTRIBUTES(&sample, rich);
	check_line(LINE_TEXT, &sample.event,
		   "TABLE_DUMP2|1401487200|B|196.223.14.1|30844|175.45.177.0/24|4837|INCOMPLETE|192.0.2.2|"
		   "0|0||NAG||\n");
	sample_init(&sample, EVENT_RIB_ENTRY, MRT_TABLE_DUMP, 1);
	ATTRIBUTES(&sample, rich);
	check_line(LINE_TEXT, &sample.event,
		   "TABLE_DUMP|1401487200|B|196.223.14.1|30844|175.45.177.0/24|4837|INCOMPLETE|192.0.2.2|"
		   "0|0||NAG||\n");
	sample_init(&sample, EVENT_WITHDRAW, MRT_BGP4MP_ET, 4);
	check_line(LINE_TEXT, &sample.event,
		   "BGP4MP_ET|1401487200.001234|W|196.223.14.1|30844|175.45.177.0/24\n");
}

static void text_ipv6(void **state)
{
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP, 4);
	ATTRIBUTES(&sample, mp);
	sample.event.peer = &peer6;
	sample.event.from_mp = true;
	sample.event.prefix = (struct prefix){ FAMILY_IPV6, 32, { 0x20, 0x01, 0x0d, 0xb8 } };
	/* bgpdump shortens a single zero group. */
	check_line(LINE_TEXT, &sample.event,
		   "BGP4MP|1401487200|A|2001:db8::1|64496|2001:db8::/32|4837|IGP|2001:db8::1:1:1:1:1|"
		   "0|0||NAG||\n");
}

/* RFC 8050, and messages that the collector sent. */
static void text_formats(void **state)
{
	static const struct {
		uint16_t type, subtype;
		bool local, path_id;
		const char *want;
	} rows[] = {
		{ MRT_BGP4MP, 1, false, false, "BGP4MP|1401487200|W|196.223.14.1|30844|175.45.177.0/24\n" },
		{ MRT_BGP4MP, 6, true, false, "BGP4MP_LOCAL|1401487200|W|196.223.14.1|30844|175.45.177.0/24\n" },
		{ MRT_BGP4MP, 7, true, false, "BGP4MP_LOCAL|1401487200|W|196.223.14.1|30844|175.45.177.0/24\n" },
		{ MRT_BGP4MP, 9, false, true, "BGP4MP_AP|1401487200|W|196.223.14.1|30844|175.45.177.0/24|5\n" },
		{ MRT_BGP4MP, 11, true, true, "BGP4MP_LOCAL_AP|1401487200|W|196.223.14.1|30844|175.45.177.0/24|5\n" },
		{ MRT_BGP4MP_ET, 10, true, true,
		  "BGP4MP_ET_LOCAL_AP|1401487200.001234|W|196.223.14.1|30844|175.45.177.0/24|5\n" },
		{ MRT_BGP, 1, false, false, "BGP|1401487200|W|196.223.14.1|30844|175.45.177.0/24\n" },
	};
	struct sample sample;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sample_init(&sample, EVENT_WITHDRAW, rows[i].type, rows[i].subtype);
		sample.event.local = rows[i].local;
		sample.event.has_path_id = rows[i].path_id;
		sample.event.path_id = 5;
		check_line(LINE_TEXT, &sample.event, rows[i].want);
	}
	sample_init(&sample, EVENT_RIB_ENTRY, MRT_TABLE_DUMP_V2, 8);
	ATTRIBUTES(&sample, rich);
	sample.event.has_path_id = true;
	sample.event.path_id = UINT32_MAX;
	check_line(LINE_TEXT, &sample.event,
		   "TABLE_DUMP2_AP|1401487200|B|196.223.14.1|30844|175.45.177.0/24|4294967295|4837|INCOMPLETE|"
		   "192.0.2.2|0|0||NAG||\n");
}

static void text_type_5(void **state)
{
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP, 1);
	ATTRIBUTES(&sample, rich);
	check_line(LINE_TEXT, &sample.event,
		   "BGP|1401487200|A|196.223.14.1|30844|175.45.177.0/24|4837|INCOMPLETE|192.0.2.2|0|0|NAG||\n");
	ATTRIBUTES(&sample, full);
	check_line(LINE_TEXT, &sample.event,
		   "BGP|1401487200|A|196.223.14.1|30844|175.45.177.0/24|4837 {1,131279}|IGP|192.0.2.1|100|"
		   "2147483648|3356:100 no-export local-AS 65535:666|AG|131279 192.0.2.9|\n");
}

static void text_stands_in_for_what_is_absent(void **state)
{
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_RIB_ENTRY, MRT_TABLE_DUMP_V2, 2);
	check_line(LINE_TEXT, &sample.event,
		   "TABLE_DUMP2|1401487200|B|196.223.14.1|30844|175.45.177.0/24||INCOMPLETE|255.255.255.255|"
		   "0|0||NAG||\n");
}

static void text_other_kinds(void **state)
{
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_STATE, MRT_BGP4MP, 0);
	sample.event.state_old = 6;
	sample.event.state_new = 1;
	check_line(LINE_TEXT, &sample.event, "BGP4MP|1401487200|STATE|196.223.14.1|30844|6|1\n");
	sample_init(&sample, EVENT_MESSAGE, MRT_BGP4MP, 1);
	sample.event.message = BGP_NOTIFICATION;
	check_line(LINE_TEXT, &sample.event, "BGP4MP|1401487200|MESSAGE|196.223.14.1|30844|NOTIFICATION\n");
	sample_init(&sample, EVENT_END_OF_RIB, MRT_BGP4MP, 1);
	sample.event.afi = 2;
	sample.event.safi = 1;
	check_line(LINE_TEXT, &sample.event, "BGP4MP|1401487200|EOR|196.223.14.1|30844|IPv6 unicast\n");
	sample_init(&sample, EVENT_OTHER_FAMILY, MRT_BGP4MP, 1);
	sample.event.afi = 4242;
	sample.event.safi = 99;
	sample.event.bytes = 7;
	check_line(LINE_TEXT, &sample.event, "BGP4MP|1401487200|OTHER|196.223.14.1|30844|4242/99|7\n");
	sample_init(&sample, EVENT_RIB_END, MRT_TABLE_DUMP_V2, 2);
	sample.event.peer = NULL;
	check_line(LINE_TEXT, &sample.event, "TABLE_DUMP2|1401487200|RIB_END|||cut\n");
}

/* A line must be the same whatever was written before it, in whatever memory it stood. */
static void lines_do_not_depend_on_each_other(void **state)
{
	struct line_writer *writer = new_writer(LINE_TEXT);
	uint8_t bytes[sizeof(full)];
	struct buf first = { 0 }, second = { 0 };
	struct sample sample;

	(void)state;
	memcpy(bytes, full, sizeof(full));
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP, 4);
	ATTRIBUTES(&sample, bytes);
	write_line(writer, &sample.event, &first);
	/* The same record's other prefix, another peer. */
	sample.event.prefix.bytes[2] = 178;
	write_line(writer, &sample.event, &second);
	assert_non_null(strstr(second.data, "|175.45.178.0/24|4837 {1,131279}|"));
	/* The next record stands in the same memory, with other attributes. */
	bytes[3] = 1;
	bytes[sizeof(bytes) - 1] = 0x9b;
	sample.scanned = false;
	sample.event.ref.number++;
	sample.event.peer = &peer6;
	sample.event.time += UTC_SECOND;
	write_line(writer, &sample.event, &second);
	assert_string_equal(second.data,
			    "BGP4MP|1401487201|A|2001:db8::1|64496|175.45.178.0/24|4837 {1,131279}|EGP|192.0.2.1|"
			    "100|2147483648|3356:100 no-export local-AS 65535:667|AG|131279 192.0.2.9|\n");
	/* The same attributes, but out of MP_REACH_NLRI: no next hop there. */
	sample.event.from_mp = true;
	write_line(writer, &sample.event, &second);
	assert_non_null(strstr(second.data, "|EGP|255.255.255.255|"));
	/* The same place in the peer index of another table. */
	sample.event.peer_index = 3;
	write_line(writer, &sample.event, &second);
	sample.event.peer = &peer;
	write_line(writer, &sample.event, &second);
	assert_non_null(strstr(second.data, "|196.223.14.1|30844|"));
	buf_free(&first);
	buf_free(&second);
	line_writer_free(writer);
}

static void json_routes(void **state)
{
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP_ET, 4);
	ATTRIBUTES(&sample, full);
	check_line(LINE_JSON, &sample.event,
		   "{\"time\":\"2014-05-30T22:00:00.001234Z\",\"kind\":\"announce\",\"collector\":\"rrc06\","
		   "\"peer\":\"196.223.14.1\",\"peer_as\":30844,\"prefix\":\"175.45.177.0/24\","
		   "\"path\":[4837,[1,131279]],\"origin\":\"IGP\",\"next_hop\":\"192.0.2.1\","
		   "\"med\":2147483648,\"local_pref\":100,\"atomic_aggregate\":true,\"aggregator_as\":131279,"
		   "\"aggregator\":\"192.0.2.9\","
		   "\"communities\":[\"3356:100\",\"65535:65281\",\"65535:65283\",\"65535:666\"],"
		   "\"file\":\"a \\\"file\\\",1\",\"record\":17,\"offset\":2048}\n");
	sample_init(&sample, EVENT_RIB_ENTRY, MRT_TABLE_DUMP_V2, 8);
	ATTRIBUTES(&sample, rich);
	sample.event.peer = &peer6;
	sample.event.has_path_id = true;
	sample.event.path_id = 3;
	check_line(LINE_JSON, &sample.event,
		   "{\"time\":\"2014-05-30T22:00:00Z\",\"kind\":\"rib-entry\",\"collector\":\"rrc06\","
		   "\"peer\":\"2001:db8::1\",\"peer_as\":64496,\"peer_bgp_id\":\"10.0.0.1\","
		   "\"prefix\":\"175.45.177.0/24\",\"path_id\":3,\"path\":[4837],\"origin_as\":4837,"
		   "\"origin\":\"INCOMPLETE\",\"next_hop\":\"192.0.2.2\",\"large_communities\":[\"3356:1:2\"],"
		   "\"extended_communities\":[\"rt:65000:1\"],\"originator_id\":\"10.0.0.1\","
		   "\"cluster_list\":[\"10.0.0.2\",\"10.0.0.3\"],"
		   "\"attributes\":[{\"code\":99,\"flags\":224,\"value\":\"00abff\"}],"
		   "\"originated\":\"2014-05-29T21:46:40Z\","
		   "\"file\":\"a \\\"file\\\",1\",\"record\":17,\"offset\":2048}\n");
}

static void json_ipv6_next_hops(void **state)
{
	struct line_writer *writer = new_writer(LINE_JSON);
	struct buf out = { 0 };
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP, 4);
	ATTRIBUTES(&sample, mp);
	sample.event.from_mp = true;
	write_line(writer, &sample.event, &out);
	assert_non_null(strstr(out.data, "\"next_hop\":\"2001:db8:0:1:1:1:1:1\",\"next_hop_local\":\"fe80::1\""));
	assert_null(strstr(out.data, "\"attributes\""));
	buf_free(&out);
	line_writer_free(writer);
}

/* A segment without ASes (RFC 7606 section 7.2) leaves no trace in the path. */
static void empty_segments(void **state)
{
	static const uint8_t bytes[] = {
		0x40, 2, 18, 2, 1, 0, 0, 0, 1, 2, 0, 1, 0, 2, 1, 0, 0, 0, 3, 4, 0,
	};
	struct line_writer *text = new_writer(LINE_TEXT), *json = new_writer(LINE_JSON);
	struct buf out = { 0 };
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_RIB_ENTRY, MRT_TABLE_DUMP_V2, 2);
	ATTRIBUTES(&sample, bytes);
	write_line(text, &sample.event, &out);
	assert_non_null(strstr(out.data, "/24|1 3|"));
	write_line(json, &sample.event, &out);
	assert_non_null(strstr(out.data, "\"path\":[1,3],"));
	buf_free(&out);
	line_writer_free(text);
	line_writer_free(json);
}

static void own_messages_are_marked(void **state)
{
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_WITHDRAW, MRT_BGP4MP, 7);
	sample.event.local = true;
	check_line(LINE_JSON, &sample.event,
		   "{\"time\":\"2014-05-30T22:00:00Z\",\"kind\":\"withdraw\",\"collector\":\"rrc06\","
		   "\"peer\":\"196.223.14.1\",\"peer_as\":30844,\"prefix\":\"175.45.177.0/24\",\"local\":true,"
		   "\"file\":\"a \\\"file\\\",1\",\"record\":17,\"offset\":2048}\n");
	check_line(LINE_CSV, &sample.event,
		   "2014-05-30T22:00:00Z,withdraw,rrc06,196.223.14.1,30844,175.45.177.0/24,,,,,,,,,,,,,,,,,,,,"
		   ",,,,,true,\"a \"\"file\"\",1\",17,2048\n");
}

/* An attribute that RFC 7606 discards is shown as it stands, with the verdict. */
static void json_shows_what_was_discarded(void **state)
{
	static const uint8_t bytes[] = {
		0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0x12, 0xe5, 0x40, 3, 4, 192, 0, 2, 1,
		0xc0, 7, 5, 1, 2, 3, 4, 5,
	};
	struct line_writer *writer = new_writer(LINE_JSON);
	struct buf out = { 0 };
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP, 4);
	ATTRIBUTES(&sample, bytes);
	write_line(writer, &sample.event, &out);
	assert_non_null(strstr(out.data, "\"attributes\":[{\"code\":7,\"name\":\"AGGREGATOR\",\"flags\":192,"
			       "\"value\":\"0102030405\"}],\"verdict\":\"attribute-discard\""));
	assert_null(strstr(out.data, "aggregator_as"));
	buf_free(&out);
	line_writer_free(writer);
}

/* Every kind in each format: JSON must parse, CSV have as many columns as its header. */
static unsigned csv_columns(const char *line)
{
	unsigned columns = 1;
	bool quoted = false;

	for (; *line && *line != '\n'; line++) {
		quoted ^= *line == '"';
		columns += *line == ',' && !quoted;
	}
	return columns;
}

static void all_kinds(void **state)
{
	struct line_writer *json = new_writer(LINE_JSON), *csv = new_writer(LINE_CSV);
	struct peer_index *index = calloc(1, sizeof(*index) + 2 * sizeof(index->peers[0]));
	struct buf out = { 0 }, header = { 0 };
	struct sample sample;

	(void)state;
	assert_non_null(index);
	index->count = 2;
	index->peers[0] = peer;
	index->peers[1] = peer6;
	index->view[0] = '"';
	line_header(LINE_CSV, &header);
	buf_char(&header, '\0');
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		json_error_t error;
		json_t *object;

		sample_init(&sample, (enum event_kind)kind, MRT_BGP4MP, 4);
		ATTRIBUTES(&sample, full);
		sample.event.index = index;
		sample.event.state_new = 9;
		if (kind == EVENT_RIB_BEGIN || kind == EVENT_RIB_END)
			sample.event.peer = NULL;
		write_line(json, &sample.event, &out);
		object = json_loads(out.data, JSON_REJECT_DUPLICATES, &error);
		assert_non_null(object);
		assert_string_equal(json_string_value(json_object_get(object, "kind")),
				    event_kind_name((enum event_kind)kind));
		assert_string_equal(json_string_value(json_object_get(object, "file")), "a \"file\",1");
		json_decref(object);
		write_line(csv, &sample.event, &out);
		assert_int_equal(csv_columns(out.data), csv_columns(header.data));
	}
	buf_free(&out);
	buf_free(&header);
	free(index);
	line_writer_free(json);
	line_writer_free(csv);
}

static void csv_routes(void **state)
{
	struct sample sample;

	(void)state;
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP, 4);
	ATTRIBUTES(&sample, full);
	check_line(LINE_CSV, &sample.event,
		   "2014-05-30T22:00:00Z,announce,rrc06,196.223.14.1,30844,175.45.177.0/24,,"
		   "\"4837 {1,131279}\",,IGP,192.0.2.1,,2147483648,100,true,131279,192.0.2.9,"
		   "3356:100 65535:65281 65535:65283 65535:666,,,,,,,,,,,,,,\"a \"\"file\"\",1\",17,2048\n");
	sample_init(&sample, EVENT_RIB_ENTRY, MRT_TABLE_DUMP_V2, 2);
	ATTRIBUTES(&sample, rich);
	check_line(LINE_CSV, &sample.event,
		   "2014-05-30T22:00:00Z,rib-entry,rrc06,196.223.14.1,30844,175.45.177.0/24,,"
		   "4837,4837,INCOMPLETE,192.0.2.2,,,,,,,,3356:1:2,rt:65000:1,10.0.0.1,10.0.0.2 10.0.0.3,,"
		   "99:224:00abff,,2014-05-29T21:46:40Z,,,,,,\"a \"\"file\"\",1\",17,2048\n");
}

/* The longest attributes there can be: nothing may run past the room that was made. */
static void long_attributes(void **state)
{
	static uint8_t bytes[4 + 4 + 60000];
	struct buf out = { 0 };
	struct sample sample;

	(void)state;
	for (unsigned code = 1; code < 256; code++) {
		uint16_t len = (uint16_t)(sizeof(bytes) - 8);
		uint8_t *at = bytes;

		*at++ = 0xd0;
		*at++ = (uint8_t)code;
		*at++ = (uint8_t)(len >> 8);
		*at++ = (uint8_t)len;
		memset(at, 0xff, len);
		if (code == ATTR_AS_PATH) {
			bytes[0] = 0x50;
			for (unsigned i = 0; i + 1022 <= len; i += 1022) {
				at[i] = 3 + i / 1022 % 2;
				at[i + 1] = 255;
				bytes[2] = (uint8_t)((i + 1022) >> 8);
				bytes[3] = (uint8_t)(i + 1022);
			}
		}
		sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP, 4);
		sample_attributes(&sample, bytes, 4 + (bytes[2] << 8 | bytes[3]));
		for (unsigned format = LINE_TEXT; format <= LINE_CSV; format++) {
			struct line_writer *writer = new_writer((enum line_format)format);

			sample.scanned = false;
			write_line(writer, &sample.event, &out);
			line_writer_free(writer);
		}
	}
	buf_free(&out);
}

/* Many attributes of three bytes: the most text for the fewest bytes. */
static void many_attributes(void **state)
{
	static uint8_t bytes[3 * 20000];
	struct buf out = { 0 };
	struct sample sample;

	(void)state;
	for (unsigned i = 0; i < sizeof(bytes); i += 3) {
		bytes[i] = 0xc0;
		bytes[i + 1] = 25;	/* the longest name */
		bytes[i + 2] = 0;
	}
	sample_init(&sample, EVENT_ANNOUNCE, MRT_BGP4MP, 4);
	for (unsigned format = LINE_TEXT; format <= LINE_CSV; format++) {
		struct line_writer *writer = new_writer((enum line_format)format);

		ATTRIBUTES(&sample, bytes);
		write_line(writer, &sample.event, &out);
		line_writer_free(writer);
	}
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_routes),
		cmocka_unit_test(text_ipv6),
		cmocka_unit_test(text_formats),
		cmocka_unit_test(text_type_5),
		cmocka_unit_test(text_stands_in_for_what_is_absent),
		cmocka_unit_test(text_other_kinds),
		cmocka_unit_test(lines_do_not_depend_on_each_other),
		cmocka_unit_test(json_routes),
		cmocka_unit_test(json_ipv6_next_hops),
		cmocka_unit_test(empty_segments),
		cmocka_unit_test(own_messages_are_marked),
		cmocka_unit_test(json_shows_what_was_discarded),
		cmocka_unit_test(all_kinds),
		cmocka_unit_test(csv_routes),
		cmocka_unit_test(long_attributes),
		cmocka_unit_test(many_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For tests only: bytes made by hand from hexadecimal text, and a sink that keeps what it is given.
 *
 * A test writes a BGP message or an MRT record as the RFC draws it, has it decoded, and looks at
 * events and faults. Attributes of kept events point into the bytes, which the test owns.
 */
#ifndef CONSTAT_WIRE_TESTING_H
#define CONSTAT_WIRE_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/mrt.h"

#define TEST_TIME	1419349260u	/* 2014-12-23T15:41:00Z */

/* ORIGIN IGP, AS_PATH 3356 4837 131279 in four bytes an AS, NEXT_HOP 192.0.2.1 */
#define HEX_ORIGIN	"40010100"
#define HEX_PATH	"40020e 0203 00000d1c 000012e5 000200cf"
#define HEX_NEXT_HOP	"400304 c0000201"
#define HEX_MANDATORY	HEX_ORIGIN HEX_PATH HEX_NEXT_HOP
/* 175.45.177.0/24 */
#define HEX_NETWORK	"18af2db1"

struct bytes {
	uint8_t at[9000];
	uint32_t len;
};

static inline void put_hex(struct bytes *bytes, const char *hex)
{
	for (; *hex; hex++) {
		char digits[3];

		if (*hex == ' ')
			continue;
		digits[0] = hex[0];
		digits[1] = *++hex;
		digits[2] = '\0';
		assert_true(bytes->len < sizeof(bytes->at));
		bytes->at[bytes->len++] = (uint8_t)strtoul(digits, NULL, 16);
	}
}

static inline void put_u16(struct bytes *bytes, unsigned value)
{
	assert_true(bytes->len + 2 <= sizeof(bytes->at));
	bytes->at[bytes->len++] = (uint8_t)(value >> 8);
	bytes->at[bytes->len++] = (uint8_t)value;
}

static inline void put_u32(struct bytes *bytes, uint32_t value)
{
	put_u16(bytes, value >> 16);
	put_u16(bytes, value & 0xffff);
}

static inline uint32_t hex_len(const char *hex)
{
	struct bytes bytes = { .len = 0 };

	put_hex(&bytes, hex);
	return bytes.len;
}

/* An MRT record with this body. */
static inline struct bytes record_of(unsigned type, unsigned subtype, const char *body)
{
	struct bytes bytes = { .len = 0 };

	put_u32(&bytes, TEST_TIME);
	put_u16(&bytes, type);
	put_u16(&bytes, subtype);
	put_u32(&bytes, hex_len(body));
	put_hex(&bytes, body);
	return bytes;
}

/* BGP4MP's session: peer AS 3356 at 192.0.2.1, local AS 12654 at 192.0.2.2 */
#define HEX_SESSION_AS4	"00000d1c 0000316e 0000 0001 c0000201 c0000202"
#define HEX_SESSION_AS2	"0d1c 316e 0000 0001 c0000201 c0000202"
#define HEX_MARKER	"ffffffffffffffffffffffffffffffff"

static inline struct bytes message_record(unsigned subtype, const char *session, unsigned type,
					  const char *content)
{
	struct bytes bytes = { .len = 0 };
	uint32_t len = 19 + hex_len(content);

	put_u32(&bytes, TEST_TIME);
	put_u16(&bytes, MRT_BGP4MP);
	put_u16(&bytes, subtype);
	put_u32(&bytes, hex_len(session) + len);
	put_hex(&bytes, session);
	put_hex(&bytes, HEX_MARKER);
	put_u16(&bytes, len);
	bytes.at[bytes.len++] = (uint8_t)type;
	put_hex(&bytes, content);
	return bytes;
}

/* The content of an UPDATE, in `text`, which has room. */
static inline const char *update_content(char *text, size_t room, const char *withdrawn,
					 const char *attributes, const char *nlri)
{
	int len = snprintf(text, room, "%04x%s%04x%s%s", (unsigned)hex_len(withdrawn), withdrawn,
			   (unsigned)hex_len(attributes), attributes, nlri);

	assert_true(len > 0 && (size_t)len < room);
	return text;
}

/* An UPDATE in a BGP4MP_MESSAGE_AS4 record. */
static inline struct bytes update_record(const char *withdrawn, const char *attributes,
					 const char *nlri)
{
	char content[9000];

	return message_record(
		4, HEX_SESSION_AS4, BGP_UPDATE,
		update_content(content, sizeof(content), withdrawn, attributes, nlri));
}

/* The same of two bytes an AS, in a BGP4MP_MESSAGE record. */
static inline struct bytes update_record_as2(const char *withdrawn, const char *attributes,
					     const char *nlri)
{
	char content[9000];

	return message_record(
		1, HEX_SESSION_AS2, BGP_UPDATE,
		update_content(content, sizeof(content), withdrawn, attributes, nlri));
}

enum { CAPTURE_MAX = 32 };

struct capture {
	struct bytes kept;	/* what the events point into */
	unsigned events, faults;
	struct event event[CAPTURE_MAX];
	struct peer peer[CAPTURE_MAX];
	struct attrs attrs[CAPTURE_MAX];
	struct fault fault[CAPTURE_MAX];
	struct peer_index
		*index; /* of the last RIB_BEGIN that had one; capture_free() gives it back */
};

static inline int capture_event(void *context, const struct event *event)
{
	struct capture *capture = context;
	unsigned i = capture->events++;

	assert_true(i < CAPTURE_MAX);
	capture->event[i] = *event;
	if (event->peer) {
		capture->peer[i] = *event->peer;
		capture->event[i].peer = &capture->peer[i];
	}
	capture->attrs[i] = *event_attrs(event);
	capture->event[i].attrs = &capture->attrs[i];
	if (event->kind == EVENT_RIB_BEGIN && event->index) {
		peer_index_unref(capture->index);
		capture->index = peer_index_ref(event->index);
	}
	return 0;
}

static inline void capture_fault(void *context, const struct fault *fault)
{
	struct capture *capture = context;

	assert_true(capture->faults < CAPTURE_MAX);
	capture->fault[capture->faults++] = *fault;
}

static inline void capture_free(struct capture *capture)
{
	peer_index_unref(capture->index);
	capture->index = NULL;
}

/* Decodes one record into the capture, from its beginning. */
static inline void capture_record(struct capture *capture, const struct bytes *bytes,
				  const struct peer_index *index)
{
	const struct record_ref ref = { 7, 17, 2048 };
	const struct wire_sink sink = {
		.context = capture, .event = capture_event, .fault = capture_fault,
	};
	struct wire_scratch *scratch;
	struct mrt_record record;
	uint64_t count;
	unsigned counted = 0;

	capture->kept = *bytes;
	capture->events = capture->faults = 0;
	assert_int_equal(wire_scratch_new(&scratch, NULL), 0);
	mrt_record_parse(capture->kept.at, capture->kept.len, &ref, &record);
	assert_int_equal(mrt_record_decode(&record, index, scratch, &sink), 0);
	assert_int_equal(mrt_record_count(&record, index, scratch, &count), 0);
	for (unsigned i = 0; i < capture->events; i++)
		counted += capture->event[i].kind <= EVENT_RIB_ENTRY ||
			capture->event[i].kind == EVENT_STATE;
	assert_int_equal(count, counted);
	for (unsigned i = 0; i < capture->faults; i++)
		assert_int_equal(capture->fault[i].ref.number, ref.number);
	wire_scratch_free(scratch);
}

static inline void assert_prefix(const struct event *event, const char *text)
{
	struct buf buf = { 0 };

	prefix_format(&buf, &event->prefix);
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, text);
	buf_free(&buf);
}

static inline void assert_addr(const struct addr *addr, const char *text)
{
	struct buf buf = { 0 };

	addr_format(&buf, addr);
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, text);
	buf_free(&buf);
}

static inline void assert_path(const struct as_path *path, const char *text)
{
	struct buf buf = { 0 };

	as_path_format(&buf, path);
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, text);
	buf_free(&buf);
}

/* The event's path, found in both ways. */
static inline void assert_event_path(const struct event *event, const char *text)
{
	static uint8_t scratch[2][ATTR_PATH_SCRATCH];
	struct as_path path, again;

	assert_true(attrs_path(event->attrs, scratch[0], &path));
	assert_true(attr_span_path(&event->attributes, scratch[1], &again));
	assert_path(&path, text);
	assert_path(&again, text);
}

static inline void assert_fault(const struct capture *capture, unsigned i, enum fault_kind kind,
				enum fault_verdict verdict)
{
	assert_true(i < capture->faults);
	assert_string_equal(fault_name(capture->fault[i].kind), fault_name(kind));
	assert_string_equal(fault_verdict_name(capture->fault[i].verdict),
			    fault_verdict_name(verdict));
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as path attributes. The first byte says in what they stand: a RIB entry or an UPDATE,
 * two bytes an AS or four. The scan and the two ways to the path must agree as far as they should,
 * and what is merged must keep the length that RFC 6793 section 4.2.3 gives it.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "wire/attr.h"

static void count_fault(void *context, const struct fault *fault)
{
	uint32_t *count = context;

	must((unsigned)fault->kind < FAULT_KIND_COUNT);
	++*count;
}

/* Sets count one, confederations nothing. */
static uint32_t path_length(const struct as_path *path)
{
	struct as_segment segment;
	uint32_t position = 0, length = 0;

	while (as_path_next(path, &position, &segment)) {
		if (segment.type == AS_SEQUENCE)
			length += segment.count;
		else if (segment.type == AS_SET)
			length++;
	}
	must(position == path->len);
	return length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t scratch[2][ATTR_PATH_SCRATCH];
	struct attr_span span = { 0 };
	struct attr_value value;
	struct as_path path, again, alone;
	struct attrs attrs = { 0 };
	uint32_t faults = 0;
	bool found;

	if (size < 1)
		return 0;
	span.bytes = data + 1;
	span.len = (uint32_t)(size - 1);
	span.asn_size = data[0] & 1 ? 4 : 2;
	span.rib = data[0] & 2;
	span.classic_nlri = data[0] & 4;
	span.external = data[0] & 8;
	attrs_scan(&span, &attrs, count_fault, &faults);
	must(faults == attrs.faults);
	must(!span.rib || attrs.verdict == VERDICT_NONE);
	must(attrs.verdict == VERDICT_NONE || faults);

	found = attr_span_path(&span, scratch[1], &again);
	if (attrs_path(&attrs, scratch[0], &path)) {
		must(found && path_length(&path) == path_length(&again));
		if (path.asn_size == 4 && span.asn_size == 2 &&
		    attrs_find(&span, ATTR_AS_PATH, &value)) {
			alone = (struct as_path){ value.bytes, value.len, 2 };
			must(path_length(&path) == path_length(&alone));
		}
	}
	return 0;
}

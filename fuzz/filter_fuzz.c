/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what somebody types to choose events: up to the first line feed a word for the criterion that the first byte names, behind it
 * the AS path of a made-up announcement. What is taken must answer, and the same each time; what is refused says why.
 */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz.h"
#include "inquiry/filter.h"
#include "wire/write.h"

typedef int add_function(struct filter *filter, struct view text, struct err *err);

static int add_exact(struct filter *filter, struct view text, struct err *err)
{
	return filter_add_prefix(filter, text, FILTER_EXACT, err);
}

static int add_more(struct filter *filter, struct view text, struct err *err)
{
	return filter_add_prefix(filter, text, FILTER_MORE_SPECIFIC, err);
}

static add_function *const additions[] = {
	filter_add_path, filter_add_path, filter_add_path, filter_add_path, filter_add_origin, filter_add_as,
	filter_add_peer, filter_add_collector, filter_add_kinds, add_exact, add_more,
};

struct matching {
	struct filter_thread *thread;
	unsigned matched, events;
};

static int on_event(void *context, const struct event *event)
{
	struct matching *matching = context;
	bool first = filter_match(matching->thread, event);

	must(first == filter_match(matching->thread, event));
	matching->matched += first;
	matching->events++;
	return 0;
}

static void match(const struct filter *filter, const uint8_t *data, size_t size)
{
	const struct write_session session = {
		.peer = { .asn = 64500, .addr = { FAMILY_IPV4, { 192, 0, 2, 1 } } }, .local_asn = 64501,
		.local = { FAMILY_IPV4, { 192, 0, 2, 2 } },
	};
	uint32_t path[600];
	struct write_attrs attrs = { .path = path, .next_hop = { FAMILY_IPV4, { 192, 0, 2, 1 } } };
	const struct prefix network = { FAMILY_IPV4, 24, { 175, 45, 176 } };
	struct record_ref ref = { .number = 1 };
	struct matching matching = { .events = 0 };
	const struct wire_sink sink = { .context = &matching, .event = on_event };
	struct wire_scratch *scratch = NULL;
	struct mrt_record record;
	struct buf bytes = { 0 };

	for (; attrs.path_len < 600 && size >= 2; attrs.path_len++, data += 2, size -= 2)
		path[attrs.path_len] = (uint32_t)data[0] << 8 | data[1] | 1;
	must(mrt_write_announce(&bytes, &session, INT64_C(1419349260000000), &attrs, &network, 1));
	must(!bytes.failed && !filter_thread_new(filter, &matching.thread, NULL) && !wire_scratch_new(&scratch, NULL));
	mrt_record_parse((uint8_t *)bytes.data, (uint32_t)bytes.len, &ref, &record);
	must(mrt_record_decode(&record, NULL, scratch, &sink) == 0 && matching.events > 0);
	wire_scratch_free(scratch);
	filter_thread_free(matching.thread);
	buf_free(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data + 1, '\n', size - 1) : NULL;
	struct filter *filter;
	struct err err = { 0 };
	struct view text;

	if (!end)
		return 0;
	text = (struct view){ (const char *)data + 1, (size_t)(end - data) - 1 };
	must(filter_new(&filter, NULL) == 0);
	if (additions[data[0] % (sizeof(additions) / sizeof(*additions))](filter, text, &err) == 0)
		match(filter, end + 1, size - (size_t)(end + 1 - data));
	else
		must(*err.text);
	filter_free(filter);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a decompressed recording, shown to the framer in windows: the first byte says of what size, the second how the
 * source ended. Whatever the windows, the same bytes make the same records, faults and events, printed as JSON lines; and every byte is
 * part of a record or of a fault.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "base/utc.h"
#include "feed/framer.h"
#include "fuzz.h"
#include "show/line.h"
#include "wire/stream.h"

#define RECORD_MAX (64u << 10)

struct telling {
	struct line_writer *writer;
	struct buf text;
	uint64_t lost;
};

static int on_event(void *context, const struct event *event)
{
	struct telling *telling = context;

	line_write(telling->writer, &telling->text, event);
	return 0;
}

static void on_fault(void *context, const struct fault *fault)
{
	struct telling *telling = context;

	fault_format(&telling->text, fault);
	buf_char(&telling->text, '\n');
}

static void tell_records(struct telling *telling, struct wire_stream *stream, struct wire_scratch *scratch,
			 const uint8_t *bytes, const struct framer_step *step)
{
	const struct wire_sink sink = { .context = telling, .event = on_event, .fault = on_fault };
	struct record_ref ref = { .number = step->number, .offset = step->offset };
	uint32_t records = 0;
	struct mrt_record record;

	for (size_t at = 0; at < step->len; records++) {
		uint32_t len;

		must(mrt_frame(bytes + at, step->len - at, RECORD_MAX, &len) == MRT_FRAME_WHOLE);
		mrt_record_parse(bytes + at, len, &ref, &record);
		buf_printf(&telling->text, "record %llu at %llu, %u\n", (unsigned long long)ref.number,
			   (unsigned long long)ref.offset, len);
		must(wire_stream_record(stream, &record, scratch, &sink) == 0);
		at += len;
		ref.number++;
		ref.offset += len;
	}
	must(records == step->records);
}

/* All of it, in windows that grow by `window` bytes; 0: at once. */
static void read_all(const uint8_t *data, size_t size, size_t window, enum fault_kind end, struct telling *telling)
{
	const struct wire_sink sink = { .context = telling, .event = on_event, .fault = on_fault };
	size_t at = 0, shown = window ? 0 : size;
	struct wire_scratch *scratch = NULL;
	struct wire_stream *stream = NULL;
	struct framer_step step;
	struct framer framer;

	must(!wire_scratch_new(&scratch, NULL) && !wire_stream_new(&stream, NULL) &&
	     !line_writer_new(LINE_JSON, &telling->writer, NULL) && !line_writer_input(telling->writer, "f", "c", NULL));
	framer_init(&framer, 0, RECORD_MAX);
	do {
		framer_next(&framer, data + at, shown - at, shown == size ? &end : NULL, &step);
		must(step.kind == FRAMER_MORE || step.len <= shown - at);
		if (step.kind == FRAMER_MORE) {
			must(shown < size);
			shown += window < size - shown ? window : size - shown;
			continue;
		}
		if (step.kind == FRAMER_RECORDS)
			tell_records(telling, stream, scratch, data + at, &step);
		if (step.kind == FRAMER_FAULT) {
			wire_stream_damage(stream);
			telling->lost += step.fault.lost;
			on_fault(telling, &step.fault);
		}
		at += step.len;
	} while (step.kind != FRAMER_DONE);
	must(at == size && framer.offset == size && framer.lost == telling->lost);
	must(wire_stream_end(stream, &sink) == 0 && !telling->text.failed);
	line_writer_free(telling->writer);
	wire_stream_free(stream);
	wire_scratch_free(scratch);
}

static void same(const struct buf *whole, const struct buf *pieces)
{
	struct view a = { whole->data, whole->len }, b = { pieces->data, pieces->len }, line_a, line_b;

	while (a.len && b.len && view_split(&a, '\n', &line_a) && view_split(&b, '\n', &line_b)) {
		if (view_equal(line_a, line_b))
			continue;
		fprintf(stderr, "whole:  %.*s\npieces: %.*s\n", VIEW_ARGS(line_a), VIEW_ARGS(line_b));
		abort();
	}
	must(whole->len == pieces->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct telling whole = { .lost = 0 }, pieces = { .lost = 0 };
	enum fault_kind end;

	if (size < 2)
		return 0;
	end = data[1] & 1 ? FAULT_CUT : FAULT_KIND_COUNT;
	read_all(data + 2, size - 2, 0, end, &whole);
	read_all(data + 2, size - 2, 1 + data[0], end, &pieces);
	same(&whole.text, &pieces.text);
	buf_free(&whole.text);
	buf_free(&pieces.text);
	return 0;
}

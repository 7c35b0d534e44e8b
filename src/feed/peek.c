/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nearly always the first 12 bytes tell. Where they are no header, the input is searched as the
 * framer would, but through a small window, and for no more than the first time: what becomes of
 * the bytes before it is told when the input's turn has come.
 */
#include "feed/peek.h"

#include <string.h>

#include "base/utc.h"
#include "feed/source.h"
#include "wire/mrt.h"

#define WINDOW		((size_t)16 << 10)
#define HEADER_MAX	(MRT_HEADER_SIZE + 4u)

bool peek_is_rib(const uint8_t *bytes)
{
	unsigned type = (unsigned)bytes[4] << 8 | bytes[5];

	return type == MRT_TABLE_DUMP || type == MRT_TABLE_DUMP_V2;
}

/* Bytes up to `want` in the window; *ret_end when no more come. */
static int fill(struct source *source, uint8_t *window, size_t want, size_t *len, bool *ret_end,
		struct err *err)
{
	enum fault_kind fault;
	size_t got;
	int result;

	*ret_end = false;
	while (*len < want && !*ret_end) {
		result = source_read(source, window + *len, want - *len, &got, &fault, err);
		if (result != 0)
			return result;
		*len += got;
		*ret_end = got == 0 && (fault == FAULT_KIND_COUNT || !source_can_go_on(source));
	}
	return 0;
}

static bool header_here(const uint8_t *bytes, size_t len, uint32_t record_max)
{
	uint32_t record;
	enum mrt_frame frame;

	if (len < MRT_HEADER_SIZE)
		return false;
	frame = mrt_frame(bytes, len, record_max, &record);
	return frame == MRT_FRAME_WHOLE || (frame == MRT_FRAME_MORE && len >= HEADER_MAX);
}

int peek_source(struct source *source, uint32_t record_max, struct peek *ret_peek, struct err *err)
{
	struct peek peek = { .time = UTC_NEVER };
	uint8_t window[WINDOW];
	size_t len = 0, at, want = HEADER_MAX;
	bool end = false, certain;
	int result;

	for (;;) {
		result = fill(source, window, want, &len, &end, err);
		if (result != 0)
			return result;
		if (header_here(window, len, record_max))
			break;
		if (want == WINDOW || end) {
			at = mrt_resync(window, len, len > 0, UTC_NEVER, record_max, &certain);
			len -= at;
			memmove(window, window + at, len);
			if (header_here(window, len, record_max) || end)
				break;
		}
		want = WINDOW;
	}
	if (header_here(window, len, record_max)) {
		peek.time = mrt_time(window, len);
		peek.rib = peek_is_rib(window);
	}
	*ret_peek = peek;
	return 0;
}

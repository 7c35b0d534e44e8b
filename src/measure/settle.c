/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two queues: holds in a ring, in order of time as they arrive; vantage point changes in a short
 * array kept sorted by time (insertion from its end: most are new). Releasing merges them.
 *
 * A vantage point cleared at `since` may have holds waiting that it sent afterwards: they stay,
 * since they are what it said after its session came back.
 */
#include "measure/settle.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "base/vec.h"

struct change {
	struct settled_vantage what;
	/* holds heard before it; UINT64_MAX: behind all of its instant */
	uint64_t after;
};

struct settle {
	struct settle_sink sink;
	struct visibility_hold *ring;
	size_t head, count, mask;	/* mask + 1 places; 0 while empty */
	uint64_t released_holds;	/* let out so far: the number of the ring's head */
	struct change *changes;
	uint32_t change_count, change_room;
	int64_t released;
};

int settle_new(const struct settle_sink *sink, struct settle **ret_settle, struct err *err)
{
	struct settle *settle = calloc(1, sizeof(*settle));

	if (!settle)
		return err_memory(err);
	settle->sink = *sink;
	settle->released = INT64_MIN;
	*ret_settle = settle;
	return 0;
}

void settle_free(struct settle *settle)
{
	if (!settle)
		return;
	free(settle->ring);
	free(settle->changes);
	free(settle);
}

static int ring_grow(struct settle *settle, struct err *err)
{
	size_t places = settle->ring ? settle->mask + 1 : 0;
	size_t more = places ? 2 * places : 1024;
	struct visibility_hold *ring = reallocarray(NULL, more, sizeof(*ring));

	if (!ring)
		return err_memory(err);
	for (size_t i = 0; i < settle->count; i++)
		ring[i] = settle->ring[(settle->head + i) & settle->mask];
	free(settle->ring);
	settle->ring = ring;
	settle->mask = more - 1;
	settle->head = 0;
	return 0;
}

int settle_hold(struct settle *settle, const struct visibility_hold *hold, struct err *err)
{
	if (!settle->ring || settle->count == settle->mask + 1) {
		int code = ring_grow(settle, err);

		if (code)
			return code;
	}
	settle->ring[(settle->head + settle->count++) & settle->mask] = *hold;
	return 0;
}

int settle_vantage(struct settle *settle, const struct settled_vantage *change, struct err *err)
{
	struct change entry = {
		.what = *change,
		.after = change->time == change->noticed ? settle->released_holds + settle->count
							 : UINT64_MAX,
	};
	uint32_t at = settle->change_count;
	int code = VEC_GROW(settle->changes, settle->change_count, settle->change_room, err);

	if (code)
		return code;
	/* What has been let out cannot be taken back. */
	if (entry.what.time < settle->released)
		entry.what.time = settle->released;
	while (at > 0 && settle->changes[at - 1].what.time > entry.what.time)
		at--;
	memmove(&settle->changes[at + 1], &settle->changes[at],
		(settle->change_count - at) * sizeof(*settle->changes));
	settle->changes[at] = entry;
	settle->change_count++;
	return 0;
}

int settle_release(struct settle *settle, int64_t until, struct err *err)
{
	uint32_t taken = 0;
	int code = 0;

	while (code == 0) {
		int64_t hold_time = settle->count ? settle->ring[settle->head].time : UTC_END;
		const struct change *change = taken < settle->change_count ? &settle->changes[taken]
									   : NULL;
		int64_t change_time = change ? change->what.time : UTC_END;

		if (hold_time < change_time || !change ||
		    (hold_time == change_time && settle->released_holds < change->after)) {
			if (hold_time == UTC_END || hold_time >= until)
				break;
			struct visibility_hold hold = settle->ring[settle->head];

			settle->head = (settle->head + 1) & settle->mask;
			settle->count--;
			settle->released_holds++;
			code = settle->sink.hold(settle->sink.context, &hold, err);
		} else {
			if (change_time >= until)
				break;
			taken++;
			code = settle->sink.vantage(settle->sink.context, &change->what, err);
		}
	}
	if (taken) {
		memmove(settle->changes, settle->changes + taken,
			(settle->change_count - taken) * sizeof(*settle->changes));
		settle->change_count -= taken;
	}
	if (until > settle->released)
		settle->released = until;
	return code;
}

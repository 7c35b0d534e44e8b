/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An array of changes as they came. When all are in, an index by network (counted, then dealt
 * out), so that the state of any network at any time is a walk over its own changes.
 */
#include "measure/chronicle.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"

struct clearing {
	int64_t time;
	uint32_t vantage;
};

struct chronicle {
	struct chronicle_change *changes;
	uint32_t count, room;
	struct clearing *clearings;
	uint32_t clearing_count, clearing_room;
	uint32_t networks;		/* the largest number + 1 */
	uint32_t *first;		/* by network, of `index`; networks + 1 of them */
	uint32_t *index;
	int64_t until;
};

int chronicle_new(struct chronicle **ret_chronicle, struct err *err)
{
	struct chronicle *chronicle = calloc(1, sizeof(*chronicle));

	if (!chronicle)
		return err_memory(err);
	chronicle->until = UTC_NEVER;
	*ret_chronicle = chronicle;
	return 0;
}

void chronicle_free(struct chronicle *chronicle)
{
	if (!chronicle)
		return;
	free(chronicle->changes);
	free(chronicle->clearings);
	free(chronicle->first);
	free(chronicle->index);
	free(chronicle);
}

int chronicle_note(struct chronicle *chronicle, const struct chronicle_change *change, struct err *err)
{
	int code;

	if (chronicle->count == CHRONICLE_MAX) {
		if (chronicle->until == UTC_NEVER)
			chronicle->until = change->time;
		return 0;
	}
	code = VEC_GROW(chronicle->changes, chronicle->count, chronicle->room, err);
	if (code == 0)
		chronicle->changes[chronicle->count++] = *change;
	if (change->network >= chronicle->networks)
		chronicle->networks = change->network + 1;
	return code;
}

int chronicle_clear(struct chronicle *chronicle, uint32_t vantage, int64_t time, struct err *err)
{
	int code = VEC_GROW(chronicle->clearings, chronicle->clearing_count, chronicle->clearing_room, err);

	if (code == 0)
		chronicle->clearings[chronicle->clearing_count++] = (struct clearing){ time, vantage };
	return code;
}

int chronicle_ready(struct chronicle *chronicle, struct err *err)
{
	uint32_t *next;

	chronicle->first = calloc((size_t)chronicle->networks + 1, sizeof(*chronicle->first));
	chronicle->index = calloc((size_t)chronicle->count + 1, sizeof(*chronicle->index));
	next = calloc((size_t)chronicle->networks + 1, sizeof(*next));
	if (!chronicle->first || !chronicle->index || !next) {
		free(next);
		return err_memory(err);
	}
	for (uint32_t i = 0; i < chronicle->count; i++)
		chronicle->first[chronicle->changes[i].network + 1]++;
	for (uint32_t i = 0; i < chronicle->networks; i++) {
		chronicle->first[i + 1] += chronicle->first[i];
		next[i] = chronicle->first[i];
	}
	for (uint32_t i = 0; i < chronicle->count; i++)
		chronicle->index[next[chronicle->changes[i].network]++] = i;
	free(next);
	return 0;
}

int64_t chronicle_until(const struct chronicle *chronicle)
{
	return chronicle->until;
}

uint32_t chronicle_count(const struct chronicle *chronicle)
{
	return chronicle->count;
}

const struct chronicle_change *chronicle_at(const struct chronicle *chronicle, uint32_t i)
{
	return &chronicle->changes[i];
}

const uint32_t *chronicle_of(const struct chronicle *chronicle, uint32_t network, uint32_t *ret_count)
{
	if (network >= chronicle->networks) {
		*ret_count = 0;
		return chronicle->index;
	}
	*ret_count = chronicle->first[network + 1] - chronicle->first[network];
	return chronicle->index + chronicle->first[network];
}

bool chronicle_cleared(const struct chronicle *chronicle, uint32_t vantage, int64_t from, int64_t until)
{
	for (uint32_t i = 0; i < chronicle->clearing_count; i++) {
		const struct clearing *clearing = &chronicle->clearings[i];

		if (clearing->vantage == vantage && clearing->time > from && clearing->time <= until)
			return true;
	}
	return false;
}

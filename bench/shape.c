/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The shape of recordings, side by side: what made-up ones must have in common with real ones.
 *
 *	shape FILE... > table.md
 *
 * One pass over the announcements and RIB entries of each plain file, as far as it is whole. Distinct
 * things are counted by 64-bit hashes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "wire/stream.h"

#define VANTAGE_MAX	4096u
#define FILES_MAX	16

/* What a vantage point said last, and how much. */
struct vantage {
	uint64_t path, attributes;
	int64_t originated;
	uint64_t routes;
};

struct shape {
	const char *name;
	uint64_t bytes, entries, withdrawals;
	uint64_t hops, prepended, with_communities, communities, with_med, with_aggregator;
	uint64_t with_large, incomplete, long_24;
	uint64_t path_changes, attribute_changes, time_changes;
	struct map networks, origins, vantages, values, times, meds;
	struct map paths, bare_paths;		/* of each vantage point, and without it in front */
	struct map sets, lists;			/* of attributes, of communities */
	struct vantage vantage[VANTAGE_MAX];
	uint8_t *scratch;
};

static void seen(struct map *map, uint64_t key)
{
	if (map_put(map, key, 1) != 0) {
		fputs("shape: out of memory\n", stderr);
		exit(1);
	}
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	return map_hash_u64(map_hash_u64(a) + b);
}

static uint32_t vantage_of(struct shape *shape, const struct peer *peer)
{
	uint64_t key = mix(map_hash_bytes(peer->addr.bytes, sizeof(peer->addr.bytes)), peer->asn);
	uint32_t number = map_get(&shape->vantages, key);

	if (number != MAP_NONE)
		return number;
	number = (uint32_t)shape->vantages.count;
	if (number == VANTAGE_MAX || map_put(&shape->vantages, key, number) != 0) {
		fputs("shape: too many vantage points\n", stderr);
		exit(1);
	}
	return number;
}

/* The path without the vantage point's own AS in front, so that those of different ones compare. */
static uint64_t path_shape(struct shape *shape, const struct attrs *attrs, uint64_t *ret_bare)
{
	struct as_path path;
	struct as_segment segment;
	uint32_t position = 0, hops = 0, before = 0, origin;
	bool prepended = false;
	uint64_t bare = 0;

	if (!attrs_path(attrs, shape->scratch, &path))
		return *ret_bare = 0;
	while (as_path_next(&path, &position, &segment))
		for (unsigned i = 0; i < segment.count; i++) {
			uint32_t asn = as_segment_at(&segment, i);

			prepended |= asn == before;
			hops += asn != before;
			bare = hops > 1 ? mix(bare, asn) : 0;
			before = asn;
		}
	shape->hops += hops;
	shape->prepended += prepended;
	if (as_path_origin(&path, &origin))
		seen(&shape->origins, origin);
	*ret_bare = bare;
	return map_hash_bytes(path.bytes, path.len);
}

static void communities_shape(struct shape *shape, const struct attrs *attrs)
{
	unsigned count = attrs_community_count(attrs);
	const struct attr_value *value = &attrs->known[ATTR_COMMUNITIES];

	shape->with_large += attrs->known[ATTR_LARGE_COMMUNITIES].bytes != NULL;
	if (count == 0)
		return;
	shape->with_communities++;
	shape->communities += count;
	seen(&shape->lists, map_hash_bytes(value->bytes, value->len));
	for (unsigned i = 0; i < count; i++)
		seen(&shape->values, attrs_community(attrs, i));
}

static int take(void *context, const struct event *event)
{
	struct shape *shape = context;
	struct vantage *vantage;
	const struct attrs *attrs;
	uint64_t path, bare, set;
	uint32_t number, med;
	uint8_t origin;

	if (event->kind == EVENT_WITHDRAW)
		shape->withdrawals++;
	if (event->kind != EVENT_RIB_ENTRY && event->kind != EVENT_ANNOUNCE)
		return 0;
	attrs = event_attrs(event);
	number = vantage_of(shape, event->peer);
	vantage = &shape->vantage[number];
	shape->entries++;
	vantage->routes++;
	if (prefix_is_network(&event->prefix)) {
		uint64_t key = prefix_to_key(&event->prefix);

		if (map_get(&shape->networks, key) == MAP_NONE) {
			shape->long_24 += event->prefix.len == 24;
			seen(&shape->networks, key);
		}
	}
	path = mix(path_shape(shape, attrs, &bare), number);
	seen(&shape->paths, path);
	seen(&shape->bare_paths, bare);
	set = map_hash_bytes(event->attributes.bytes, event->attributes.len);
	seen(&shape->sets, mix(set, number));
	seen(&shape->times, mix((uint64_t)event->originated, number));
	communities_shape(shape, attrs);
	if (attrs_u32(attrs, ATTR_MED, &med)) {
		shape->with_med++;
		seen(&shape->meds, med);
	}
	shape->with_aggregator += attrs->known[ATTR_AGGREGATOR].bytes != NULL;
	shape->incomplete += attrs_origin(attrs, &origin) && origin == 2;
	shape->path_changes += path != vantage->path;
	shape->attribute_changes += set != vantage->attributes;
	shape->time_changes += event->originated != vantage->originated;
	vantage->path = path;
	vantage->attributes = set;
	vantage->originated = event->originated;
	return 0;
}

static int shape_records(struct shape *shape, const uint8_t *bytes, size_t len, struct err *err)
{
	const struct wire_sink sink = { .context = shape, .event = take };
	struct record_ref ref = { .number = 1 };
	struct wire_scratch *scratch = NULL;
	struct wire_stream *stream = NULL;
	struct mrt_record record;
	int code = wire_scratch_new(&scratch, err);

	if (code == 0)
		code = wire_stream_new(&stream, err);
	for (; code == 0 && ref.offset < len; ref.number++) {
		uint32_t size = 0;

		if (mrt_frame(bytes + ref.offset, len - ref.offset, MRT_RECORD_MAX, &size) != MRT_FRAME_WHOLE)
			break;
		mrt_record_parse(bytes + ref.offset, size, &ref, &record);
		code = wire_stream_record(stream, &record, scratch, &sink);
		ref.offset += size;
	}
	shape->bytes = ref.offset;
	wire_stream_free(stream);
	wire_scratch_free(scratch);
	return code;
}

static struct shape *shape_of(const char *name)
{
	struct shape *shape = calloc(1, sizeof(*shape));
	FILE *file = fopen(name, "rb");
	struct err err = { 0 };
	uint8_t *bytes = NULL;
	long len = -1;

	if (file && fseek(file, 0, SEEK_END) == 0)
		len = ftell(file);
	if (len >= 0)
		bytes = malloc((size_t)len + 1);
	if (!shape || !bytes) {
		perror(name);
		exit(1);
	}
	rewind(file);
	len = (long)fread(bytes, 1, (size_t)len, file);
	fclose(file);
	shape->name = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	shape->scratch = malloc(ATTR_PATH_SCRATCH);
	if (!shape->scratch || shape_records(shape, bytes, (size_t)len, &err) != 0) {
		fprintf(stderr, "shape: %s: %s\n", name, err.text);
		exit(1);
	}
	free(bytes);
	return shape;
}

static double of(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

/* The statistics: a name, and what divided by what. */
struct row {
	const char *name;
	double (*value)(const struct shape *shape);
};

#define ROW(function, expression) static double function(const struct shape *s) { return expression; }
ROW(bytes, of(s->bytes, s->entries))
ROW(vantages, (double)s->vantages.count)
ROW(entries, (double)s->entries)
ROW(withdrawals, 100 * of(s->withdrawals, s->entries + s->withdrawals))
ROW(networks, (double)s->networks.count)
ROW(long_24, 100 * of(s->long_24, s->networks.count))
ROW(origin, of(s->networks.count, s->origins.count))
ROW(hops, of(s->hops, s->entries))
ROW(prepended, 100 * of(s->prepended, s->entries))
ROW(paths, 100 * of(s->paths.count, s->entries))
ROW(sets, 100 * of(s->sets.count, s->entries))
ROW(bare_paths, 100 * of(s->bare_paths.count, s->entries))
ROW(path_changes, 100 * of(s->path_changes, s->entries))
ROW(attribute_changes, 100 * of(s->attribute_changes, s->entries))
ROW(with_communities, 100 * of(s->with_communities, s->entries))
ROW(communities, of(s->communities, s->with_communities))
ROW(lists, 100 * of(s->lists.count, s->with_communities))
ROW(values, (double)s->values.count)
ROW(with_large, 100 * of(s->with_large, s->entries))
ROW(with_med, 100 * of(s->with_med, s->entries))
ROW(meds, (double)s->meds.count)
ROW(with_aggregator, 100 * of(s->with_aggregator, s->entries))
ROW(incomplete, 100 * of(s->incomplete, s->entries))
ROW(times, 100 * of(s->times.count, s->entries))
ROW(time_changes, 100 * of(s->time_changes, s->entries))

static const struct row rows[] = {
	{ "announcements", entries },
	{ "vantage points", vantages },
	{ "networks", networks },
	{ "bytes an announcement", bytes },
	{ "withdrawals, per 100 events", withdrawals },
	{ "/24, per 100 networks", long_24 },
	{ "networks an origin", origin },
	{ "hops a path, folded", hops },
	{ "prepended paths, per 100", prepended },
	{ "distinct paths, per 100", paths },
	{ "without the vantage point, per 100", bare_paths },
	{ "distinct sets of attributes, per 100", sets },
	{ "another path than the announcement before, per 100", path_changes },
	{ "other attributes than the announcement before, per 100", attribute_changes },
	{ "with communities, per 100", with_communities },
	{ "communities, where there are any", communities },
	{ "distinct lists of communities, per 100 of those", lists },
	{ "distinct communities", values },
	{ "with large communities, per 100", with_large },
	{ "with MED, per 100", with_med },
	{ "distinct MEDs", meds },
	{ "with AGGREGATOR, per 100", with_aggregator },
	{ "of incomplete origin, per 100", incomplete },
	{ "distinct times of origination, per 100", times },
	{ "another time than the entry before, per 100", time_changes },
};

static void print_value(double value)
{
	printf(value < 1000 ? " %.3g |" : " %.0f |", value);
}

int main(int argc, char **argv)
{
	struct shape *shapes[FILES_MAX];
	int files = argc - 1 < FILES_MAX ? argc - 1 : FILES_MAX;

	if (files == 0) {
		fputs("usage: shape FILE...\n", stderr);
		return 2;
	}
	for (int i = 0; i < files; i++)
		shapes[i] = shape_of(argv[i + 1]);
	printf("| |");
	for (int i = 0; i < files; i++)
		printf(" %s |", shapes[i]->name);
	printf("\n| --- |");
	for (int i = 0; i < files; i++)
		printf(" --- |");
	printf("\n");
	for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++) {
		printf("| %s |", rows[r].name);
		for (int i = 0; i < files; i++)
			print_value(rows[r].value(shapes[i]));
		printf("\n");
	}
	return 0;
}

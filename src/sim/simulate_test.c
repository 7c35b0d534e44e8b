/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole simulations in a folder of their own: the same bytes whatever the number of threads, the files where archives have
 * them, tables in RIBs that are those which updates make, and trouble that does what it says.
 */
#define _GNU_SOURCE	/* nftw() */
#include "sim/simulate.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/map.h"
#include "base/utc.h"
#include "feed/feed.h"
#include "wire/stream.h"

#define SCENARIO(clock, packing, extra) \
	"title: test\nfrom: 2014-12-22T00:00\nuntil: 2014-12-22T03:00\n" \
	"topology:\n  generate: {ases: 150, networks: 300, networks6: 40, tier1: 4, countries: 12}\n" \
	"  ases:\n  - {as: 4, country: KP, networks: 175.45.176.0/24, providers: 5}\n" \
	"  - {as: 5, country: CN, role: regional}\n" \
	"collectors:\n" \
	"- {name: route-views.test, layout: routeviews, ribs: 1h, rib_takes: 3m, clock: " clock ",\n" \
	"   compression: " packing ", vantage_points: [{pick: 6}, {pick: 2, feed: customers}]}\n" \
	"- {name: rrc99, layout: ris, updates: 15m, ribs: 1h, rib_takes: 3m, clock: " clock ",\n" \
	"   vantage_points: [{pick: 5, families: [ipv4, ipv6]}, {pick: 2, feed: 30%}]}\n" \
	"noise: {link_events: 2000, lasting: 10s..20m, chatter: 120}\n" \
	"events:\n- {what: link-down, link: [4, 5], at: 2014-12-22T01:00:10, until: 2014-12-22T01:30}\n" extra

static char root[64];

/* Every file under a folder, sorted. */
struct tree {
	char *names[400];
	unsigned count;
};

static struct tree *walking;

static int walk(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
	(void)info;
	(void)ftw;
	if (type == FTW_F) {
		assert_true(walking->count < 400);
		walking->names[walking->count++] = strdup(path);
	}
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(struct tree *tree, const char *folder)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", root, folder);
	tree->count = 0;
	walking = tree;
	assert_int_equal(nftw(path, walk, 8, FTW_PHYS), 0);
	qsort(tree->names, tree->count, sizeof(*tree->names), compare_names);
}

static void forget(struct tree *tree)
{
	while (tree->count)
		free(tree->names[--tree->count]);
}

static int erase(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
	(void)info;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void run(const char *scenario, const char *folder, uint64_t seed, unsigned threads)
{
	char out[128];
	struct simulate_totals totals;
	struct simulate_plan plan = {
		.name = "test.yaml", .text = view_of(scenario), .folder = "", .out = out,
		.has_seed = true, .seed = seed, .threads = threads,
	};
	struct err err = { 0 };

	snprintf(out, sizeof(out), "%s/%s", root, folder);
	if (simulate(&plan, &totals, &err) != 0)
		fail_msg("%s", err.text);
	simulate_totals_free(&totals);
}

static size_t content(const char *path, char **ret_bytes)
{
	FILE *file = fopen(path, "rb");
	struct stat info;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &info), 0);
	*ret_bytes = malloc((size_t)info.st_size + 1);
	assert_int_equal(fread(*ret_bytes, 1, (size_t)info.st_size, file), info.st_size);
	fclose(file);
	return (size_t)info.st_size;
}

/* How many of the files differ. */
static unsigned differences(const char *a, const char *b)
{
	struct tree one, two;
	unsigned differ = 0;

	list(&one, a);
	list(&two, b);
	assert_int_equal(one.count, two.count);
	for (unsigned i = 0; i < one.count; i++) {
		char *x, *y;
		size_t len_x = content(one.names[i], &x), len_y = content(two.names[i], &y);

		assert_string_equal(one.names[i] + strlen(root) + strlen(a) + 1, two.names[i] + strlen(root) + strlen(b) + 1);
		differ += len_x != len_y || memcmp(x, y, len_x) != 0;
		free(x);
		free(y);
	}
	forget(&one);
	forget(&two);
	return differ;
}

static void test_same_bytes(void **state)
{
	static const char scenario[] = SCENARIO("seconds", "bz2", "");

	(void)state;
	run(scenario, "one", 1, 1);
	run(scenario, "three", 1, 3);
	run(scenario, "other", 2, 2);
	assert_int_equal(differences("one", "three"), 0);
	assert_true(differences("one", "other") > 20);
}

static void test_layout(void **state)
{
	static const char *const expected[] = {
		"as-names-simulated", "delegated-simulated",
		"route-views.test/bgpdata/2014.12/RIBS/rib.20141222.0000.bz2",
		"route-views.test/bgpdata/2014.12/RIBS/rib.20141222.0100.bz2",
		"route-views.test/bgpdata/2014.12/RIBS/rib.20141222.0200.bz2",
		"route-views.test/bgpdata/2014.12/UPDATES/updates.20141222.0000.bz2",
		"route-views.test/bgpdata/2014.12/UPDATES/updates.20141222.0015.bz2",
		"rrc99/2014.12/bview.20141222.0000.gz", "rrc99/2014.12/updates.20141222.0245.gz",
		"truth.json", "world.json",
	};
	struct tree tree;

	(void)state;
	list(&tree, "one");
	assert_int_equal(tree.count, 4 + 2 * (3 + 12));
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		bool found = false;

		for (unsigned j = 0; j < tree.count; j++)
			found |= strcmp(tree.names[j] + strlen(root) + strlen("/one/"), expected[i]) == 0;
		if (!found)
			fail_msg("%s is not there", expected[i]);
	}
	forget(&tree);
}

/* Reading recordings back. */

struct cell {			/* what a session says of a network */
	uint64_t now;		/* hash of the path; 0: no route */
	uint64_t rib;		/* what the RIB being checked says */
	bool open;		/* … which is not what was held when it began, nor anything said since */
};

struct reader {
	struct map cells;
	struct cell cell[40000];
	uint32_t cell_count;
	uint32_t peer_of[40000];
	int64_t rib_from, clock;
	uint64_t entries, announcements, withdrawals, states, faults, contradictions, ribs;
	int64_t last_time;
	uint64_t before;	/* times that went back */
};

static struct reader reader;

static struct cell *cell_of(const struct event *event)
{
	struct buf name = { 0 };
	uint64_t key;
	uint32_t at;

	addr_format(&name, &event->peer->addr);
	buf_char(&name, ' ');
	prefix_format(&name, &event->prefix);
	key = map_hash_bytes(name.data, name.len);
	buf_free(&name);
	at = map_get(&reader.cells, key);
	if (at == MAP_NONE) {
		at = reader.cell_count++;
		assert_true(at < 40000);
		reader.cell[at] = (struct cell){ 0 };
		assert_int_equal(map_put(&reader.cells, key, at), 0);
	}
	reader.peer_of[at] = event->peer->asn;
	return &reader.cell[at];
}

static uint64_t path_of(const struct event *event)
{
	static uint8_t scratch[ATTR_PATH_SCRATCH];
	struct as_path path;

	assert_true(attrs_path(event_attrs(event), scratch, &path));
	return map_hash_bytes(path.bytes, path.len) | 1;
}

/* When a RIB's time is over, each of its entries must be what was held at some moment of its dumping. */
static void close_rib(void)
{
	for (uint32_t i = 0; i < reader.cell_count && reader.rib_from != UTC_NEVER; i++) {
		reader.contradictions += reader.cell[i].open;
		reader.cell[i].open = false;
	}
	reader.ribs += reader.rib_from != UTC_NEVER;
	reader.rib_from = UTC_NEVER;
}

static void say(struct cell *cell, uint64_t path)
{
	cell->now = path;
	if (cell->open && cell->rib == path)
		cell->open = false;
}

static int read_event(void *context, const struct event *event)
{
	struct cell *cell;

	(void)context;
	if (reader.rib_from != UTC_NEVER && event->time > reader.rib_from + 3 * UTC_MINUTE + UTC_SECOND)
		close_rib();
	switch (event->kind) {
	case EVENT_RIB_BEGIN:
		close_rib();
		reader.rib_from = event->time;
		/* Nothing said of a network in the RIB is that there is no route. */
		for (uint32_t i = 0; i < reader.cell_count; i++) {
			reader.cell[i].rib = 0;
			reader.cell[i].open = reader.cell[i].now != 0;
		}
		break;
	case EVENT_RIB_ENTRY:
		reader.entries++;
		cell = cell_of(event);
		cell->rib = path_of(event);
		if (reader.ribs == 0)
			cell->now = cell->rib;
		cell->open = cell->now != cell->rib;
		break;
	case EVENT_ANNOUNCE:
		reader.announcements++;
		say(cell_of(event), path_of(event));
		break;
	case EVENT_WITHDRAW:
		reader.withdrawals++;
		say(cell_of(event), 0);
		break;
	case EVENT_STATE:
		reader.states++;
		for (uint32_t i = 0; i < reader.cell_count && event->state_new == BGP_STATE_IDLE; i++)
			if (reader.peer_of[i] == event->peer->asn)
				say(&reader.cell[i], 0);
		break;
	default:
		break;
	}
	return 0;
}

static void read_fault(void *context, const struct fault *fault)
{
	(void)context;
	(void)fault;
	reader.faults++;
}

static int open_input(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	const struct tree *tree = context;

	*ret_fd = open(tree->names[input], O_RDONLY | O_CLOEXEC);
	return *ret_fd < 0 ? err_system(err, errno, "%s", tree->names[input]) : 0;
}

/* Everything of one collector, in the order of feed. */
static void read_back(const char *folder)
{
	const struct wire_sink sink = { .event = read_event, .fault = read_fault };
	struct feed_options options = { .threads = 1 };
	struct feed_input inputs[400] = { 0 };
	struct wire_scratch *scratch;
	struct wire_stream *streams[400];
	struct feed_opener opener;
	struct feed_item item;
	struct feed *feed;
	struct tree tree;
	struct err err;

	map_free(&reader.cells);
	reader.cell_count = 0;
	reader.entries = reader.announcements = reader.withdrawals = reader.states = 0;
	reader.faults = reader.contradictions = reader.ribs = reader.before = 0;
	reader.rib_from = reader.last_time = UTC_NEVER;
	list(&tree, folder);
	opener = (struct feed_opener){ .context = &tree, .open = open_input };
	for (unsigned i = 0; i < tree.count; i++) {
		inputs[i].name = tree.names[i];
		assert_int_equal(wire_stream_new(&streams[i], &err), 0);
	}
	assert_int_equal(wire_scratch_new(&scratch, &err), 0);
	assert_int_equal(feed_new(inputs, tree.count, &opener, &options, &feed, &err), 0);
	for (;;) {
		assert_int_equal(feed_next(feed, &item, &err), 0);
		if (item.kind == FEED_DONE)
			break;
		reader.faults += item.kind == FEED_FAULT;
		if (item.kind == FEED_END)
			assert_int_equal(wire_stream_end(streams[item.input], &sink), 0);
		for (size_t at = 0; item.kind == FEED_RECORDS && at < item.len;) {
			struct record_ref ref = { item.input, item.number, item.offset + at };
			struct mrt_record record;
			uint32_t len;

			assert_int_equal(mrt_frame(item.bytes + at, item.len - at, MRT_RECORD_MAX, &len), MRT_FRAME_WHOLE);
			mrt_record_parse(item.bytes + at, len, &ref, &record);
			reader.before += record.time < reader.last_time;
			reader.last_time = record.time;
			assert_int_equal(wire_stream_record(streams[item.input], &record, scratch, &sink), 0);
			at += len;
		}
		if (item.kind == FEED_RECORDS)
			feed_release(feed, &item);
	}
	close_rib();
	feed_free(feed);
	wire_scratch_free(scratch);
	for (unsigned i = 0; i < tree.count; i++)
		wire_stream_free(streams[i]);
	forget(&tree);
}

/* A RIB says of every session and network what the updates before it and while it was dumped say. */
static void test_tables_agree(void **state)
{
	(void)state;
	for (int ris = 0; ris < 2; ris++) {
		read_back(ris ? "one/rrc99" : "one/route-views.test");
		assert_int_equal(reader.faults, 0);
		assert_int_equal(reader.ribs, 3);
		assert_true(reader.entries > 3000);
		assert_true(reader.withdrawals > 50 && reader.announcements > reader.withdrawals);
		assert_int_equal(reader.contradictions, 0);
	}
}

static void test_sessions(void **state)
{
	static const char scenario[] = SCENARIO("microseconds", "none",
		"- {what: session-reset, collector: route-views.test, at: 2014-12-22T01:10, for: 2m}\n"
		"- {what: session-reset, collector: route-views.test, share: 50%, at: 2014-12-22T01:50, for: 30s}\n");

	(void)state;
	run(scenario, "sessions", 1, 2);
	read_back("sessions/route-views.test");
	assert_int_equal(reader.faults, 0);
	assert_int_equal(reader.contradictions, 0);
	assert_int_equal(reader.before, 0);
	/* One down and three up for each of eight sessions, and for some once more. */
	assert_true(reader.states > 8 * 4 && reader.states < 16 * 4 && reader.states % 4 == 0);
}

static unsigned files_in(const char *folder)
{
	struct tree tree;
	unsigned count;

	list(&tree, folder);
	count = tree.count;
	forget(&tree);
	return count;
}

static void test_trouble(void **state)
{
	static const char scenario[] = SCENARIO("seconds", "none",
		"- {what: collector-down, collector: rrc99, at: 2014-12-22T01:02, until: 2014-12-22T01:50}\n"
		"- {what: files-missing, collector: route-views.test, files: updates, at: 2014-12-22T01:00, for: 30m}\n"
		"- {what: files-truncated, collector: route-views.test, files: ribs, share: 40%, at: 2014-12-22T02:00, for: 1s}\n"
		"- {what: duplicates, collector: route-views.test, share: 100%, at: 2014-12-22T00:00, until: 2014-12-22T00:15}\n"
		"- {what: clock-skew, collector: route-views.test, by: 40s, at: 2014-12-22T02:30:05, for: 20s}\n");
	static const char twice[] = "trouble/route-views.test/bgpdata/2014.12/UPDATES/updates.20141222.0000";
	char path[256], *once, *both;
	size_t len;

	(void)state;
	run(SCENARIO("seconds", "none", ""), "plain", 1, 2);
	run(scenario, "trouble", 1, 2);
	/* Not 01:15 and 01:30: nobody was there to write them. Nor the RIB under way at 01:02. */
	assert_int_equal(files_in("plain/rrc99"), 15);
	assert_int_equal(files_in("trouble/rrc99"), 15 - 2 - 1);
	assert_int_equal(files_in("trouble/route-views.test"), 15 - 2);
	read_back("trouble/rrc99");
	assert_int_equal(reader.faults, 0);
	read_back("trouble/route-views.test");
	assert_int_equal(reader.faults, 1);
	assert_true(reader.before > 0);
	snprintf(path, sizeof(path), "%s/plain/route-views.test/bgpdata/2014.12/UPDATES/updates.20141222.0000", root);
	len = content(path, &once);
	snprintf(path, sizeof(path), "%s/%s", root, twice);
	assert_int_equal(content(path, &both), 2 * len);
	free(once);
	free(both);
}

/* The truth of the one event of the script. */
static void test_truth(void **state)
{
	char path[256];
	json_t *truth, *event, *outages, *outage = NULL;
	int64_t cause, dark, back, world;
	json_error_t error;
	size_t i;

	(void)state;
	snprintf(path, sizeof(path), "%s/one/truth.json", root);
	truth = json_load_file(path, 0, &error);
	assert_non_null(truth);
	assert_true(json_is_true(json_object_get(truth, "simulated")));
	event = json_array_get(json_object_get(truth, "events"), 0);
	assert_string_equal(json_string_value(json_object_get(event, "what")), "link-down");
	assert_int_equal(json_integer_value(json_object_get(event, "networks_dark")), 1);
	assert_true(utc_parse(view_of(json_string_value(json_object_get(event, "cause_at"))), &cause));
	assert_true(utc_parse(view_of(json_string_value(json_object_get(event, "vp_dark_at"))), &dark));
	assert_true(utc_parse(view_of(json_string_value(json_object_get(event, "vp_back_at"))), &back));
	assert_true(utc_parse(view_of(json_string_value(json_object_get(event, "world_dark_at"))), &world));
	assert_true(cause < dark && dark < cause + 2 * UTC_MINUTE);
	assert_true(cause < world && world < cause + 2 * UTC_MINUTE);
	assert_true(back > cause + 29 * UTC_MINUTE && back < cause + 32 * UTC_MINUTE);
	outages = json_object_get(truth, "outages");
	for (i = 0; i < json_array_size(outages) && !outage; i++) {
		const char *country = json_string_value(json_object_get(json_array_get(outages, i), "country"));

		if (country && strcmp(country, "KP") == 0)
			outage = json_array_get(outages, i);
	}
	assert_non_null(outage);
	assert_string_equal(json_string_value(json_object_get(outage, "level")), "total");
	assert_string_equal(json_string_value(json_object_get(outage, "from")),
			    json_string_value(json_object_get(event, "vp_dark_at")));
	json_decref(truth);
}

static int make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/constat-simulate-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	(void)state;
	map_free(&reader.cells);
	return nftw(root, erase, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_tables_agree),
		cmocka_unit_test(test_truth),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_trouble),
	};

	return cmocka_run_group_tests_name("sim/simulate", tests, make_root, remove_root);
}

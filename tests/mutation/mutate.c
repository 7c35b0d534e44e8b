/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Real recordings, damaged, and read.
 *
 *	constat-mutate [--state FILE] [--bgpdump N] FOLDER FROM UNTIL
 *
 * Number n in [FROM, UNTIL) is a file that is made of n alone: the beginning of one of the recordings below FOLDER (decompressed, to
 * the end of a record, 4 to 256 KiB of it) with one to four damages: bits flipped, the end cut off, a span taken out, doubled,
 * overwritten, or one of another recording put in. It is read as feed/ reads any file, and held against the whole one:
 *
 *   - all bytes are accounted for, and reading ends within SECONDS_MAX;
 *   - what stands before the first damage is the same events, at the same places;
 *   - where only insides of records were changed, and none of a table of peers, all other records give the same events;
 *   - of the events behind the first damage, how many came all the same is counted: the share saved, in all, and where framing can
 *     allow it: in files of several records of which nothing was cut off, with their table of peers as it was.
 *
 * With --bgpdump, every Nth file is given to bgpdump too, and its lines are counted in the same way. With --state, what was done is
 * written there, and a run that was stopped goes on.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/view.h"
#include "feed/feed.h"
#include "feed/source.h"
#include "sim/random.h"
#include "wire/stream.h"

#define RECORDINGS_MAX	64u
#define WHOLE_MAX	((size_t)256 << 10)
#define WHOLE_MIN	((size_t)4 << 10)
#define DAMAGES_MAX	4u
#define SPAN_MAX	2000u
#define SECONDS_MAX	10

struct bytes {
	uint8_t *at;
	size_t len;
};

/* An event: what it says, and where it stands. */
struct told {
	uint64_t hash;
	uint64_t offset, number;
};

struct events {
	struct told *items;
	size_t count, room;
};

struct recording {
	char name[256];
	struct bytes bytes;	/* its first WHOLE_MAX, to the end of a record */
	struct events events;
	size_t *ends;		/* of its records */
	bool *peers;		/* a table of peers is in the record */
	size_t record_count;
};

struct totals {
	uint32_t done;
	uint64_t behind, saved;			/* events behind the first damage */
	uint64_t there, there_saved;		/* of files of many records, nothing cut off, with their table of peers */
	uint32_t compared;
	uint64_t ours_behind, ours_saved;	/* of the files that bgpdump was given too */
	uint64_t theirs_behind, theirs_saved;
	uint32_t theirs_killed;
};

static struct recording recordings[RECORDINGS_MAX];
static unsigned recording_count;

__attribute__((noreturn, format(printf, 1, 2)))
static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* ---- reading ---- */

static uint64_t hash_add(uint64_t hash, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static int keep_event(void *context, const struct event *event)
{
	struct events *events = context;
	uint64_t hash = UINT64_C(0xcbf29ce484222325), small[6] = {
		event->kind, (uint64_t)event->time, event->has_path_id ? event->path_id + 1ull : 0,
		(uint64_t)event->verdict << 32 | (uint64_t)event->afi << 16 | event->safi,
		(uint64_t)event->state_old << 16 | event->state_new, event->message,
	};

	/* Whether a table ended whole is told by what comes behind it. */
	if (event->kind == EVENT_RIB_END)
		return 0;
	hash = hash_add(hash, small, sizeof(small));
	hash = hash_add(hash, &event->prefix, sizeof(event->prefix));
	if (event->peer) {
		hash = hash_add(hash, &event->peer->asn, sizeof(event->peer->asn));
		hash = hash_add(hash, &event->peer->addr, sizeof(event->peer->addr));
	}
	hash = hash_add(hash, event->attributes.bytes, event->attributes.len);
	if (events->count == events->room) {
		events->room = events->room ? 2 * events->room : 4096;
		events->items = reallocarray(events->items, events->room, sizeof(*events->items));
		if (!events->items)
			fail("out of memory");
	}
	events->items[events->count++] = (struct told){ hash, event->ref.offset, event->ref.number };
	return 0;
}

static int open_bytes(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	const struct bytes *bytes = context;
	int fd = memfd_create("mutated", MFD_CLOEXEC);

	(void)input;
	if (fd < 0 || write(fd, bytes->at, bytes->len) != (ssize_t)bytes->len || lseek(fd, 0, SEEK_SET) != 0)
		return err_set(err, ERR_SYSTEM, "no memfd");
	*ret_fd = fd;
	return 0;
}

static void decode_records(const struct feed_item *item, struct wire_stream *stream, struct wire_scratch *scratch,
			   const struct wire_sink *sink)
{
	struct record_ref ref = { .number = item->number, .offset = item->offset };
	struct mrt_record record;

	for (size_t at = 0; at < item->len; ref.number++) {
		uint32_t len;

		if (mrt_frame(item->bytes + at, item->len - at, MRT_RECORD_MAX, &len) != MRT_FRAME_WHOLE)
			fail("a record that is none");
		mrt_record_parse(item->bytes + at, len, &ref, &record);
		if (wire_stream_record(stream, &record, scratch, sink))
			fail("out of memory");
		at += len;
		ref.offset += len;
	}
}

static struct events read_all(struct bytes *bytes)
{
	const struct feed_input input = { .name = "mutated", .collector = "x" };
	const struct feed_opener opener = { .context = bytes, .open = open_bytes };
	const struct feed_options options = { .threads = 1 };
	struct events events = { 0 };
	const struct wire_sink sink = { .context = &events, .event = keep_event };
	struct wire_scratch *scratch = NULL;
	struct wire_stream *stream = NULL;
	const struct feed_report *report;
	struct feed_item item;
	struct feed *feed = NULL;

	if (wire_scratch_new(&scratch, NULL) || wire_stream_new(&stream, NULL) ||
	    feed_new(&input, 1, &opener, &options, &feed, NULL))
		fail("out of memory");
	do {
		if (feed_next(feed, &item, NULL))
			fail("out of memory");
		if (item.kind == FEED_RECORDS)
			decode_records(&item, stream, scratch, &sink);
		else if (item.kind == FEED_FAULT)
			wire_stream_damage(stream);
		feed_release(feed, &item);
	} while (item.kind != FEED_DONE);
	if (wire_stream_end(stream, &sink))
		fail("out of memory");
	report = feed_report(feed, 0);
	if (report->error.code && bytes->len)
		fail("%s", report->error.text);
	if (strcmp(report->compression, "none") == 0 && report->bytes != bytes->len)
		fail("%" PRIu64 " of %zu bytes accounted for", report->bytes, bytes->len);
	feed_free(feed);
	wire_stream_free(stream);
	wire_scratch_free(scratch);
	return events;
}

/* ---- recordings ---- */

static void load_recording(const char *path)
{
	struct recording *recording = &recordings[recording_count];
	const struct source_options options = { .threads = 1 };
	enum fault_kind fault = FAULT_KIND_COUNT;
	struct source *source;
	size_t got = 1, at = 0, room = 4096;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (recording_count == RECORDINGS_MAX || fd < 0 || source_new(fd, path, &options, &source, NULL))
		fail("%s: cannot be read", path);
	snprintf(recording->name, sizeof(recording->name), "%.255s", path);
	recording->bytes.at = malloc(WHOLE_MAX);
	recording->ends = malloc(WHOLE_MAX / MRT_HEADER_SIZE * sizeof(size_t));
	recording->peers = calloc(WHOLE_MAX / MRT_HEADER_SIZE, sizeof(bool));
	if (!recording->bytes.at || !recording->ends || !recording->peers)
		fail("out of memory");
	while (got && room && fault == FAULT_KIND_COUNT) {
		room = WHOLE_MAX - recording->bytes.len;
		if (room && source_read(source, recording->bytes.at + recording->bytes.len, room, &got, &fault, NULL))
			fail("%s: cannot be read", path);
		recording->bytes.len += room ? got : 0;
	}
	source_free(source);
	for (;;) {
		uint32_t len;

		if (mrt_frame(recording->bytes.at + at, recording->bytes.len - at, MRT_RECORD_MAX, &len) != MRT_FRAME_WHOLE)
			break;
		recording->peers[recording->record_count] = recording->bytes.at[at + 5] == MRT_TABLE_DUMP_V2 &&
							    recording->bytes.at[at + 7] == 1;
		at += len;
		recording->ends[recording->record_count++] = at;
	}
	recording->bytes.len = at;
	if (recording->record_count) {
		recording->events = read_all(&recording->bytes);
		recording_count++;
	} else {
		free(recording->bytes.at);
		free(recording->ends);
		free(recording->peers);
		*recording = (struct recording){ 0 };
	}
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void load_folder(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_visible, alphasort);

	if (count < 0)
		fail("%s: cannot be listed", path);
	for (int i = 0; i < count; i++) {
		char name[4096];
		struct stat st;

		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
			load_folder(name);
		else
			load_recording(name);
		free(entries[i]);
	}
	free(entries);
}

/* ---- damage ---- */

struct mutated {
	const struct recording *of;
	size_t record_count;	/* that were there before */
	size_t whole;		/* bytes of them */
	struct bytes bytes;
	size_t first;		/* damage: what stands before is as it was */
	bool cut;		/* its end is not there */
	bool inside;		/* only insides of records were changed, no length and no table of peers */
	size_t touched[DAMAGES_MAX * 8];
	unsigned touched_count;
};

static size_t record_of(const struct recording *recording, size_t offset)
{
	size_t low = 0, high = recording->record_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (recording->ends[middle] <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void touch(struct mutated *mutated, size_t offset)
{
	size_t record = record_of(mutated->of, offset);
	size_t start = record ? mutated->of->ends[record - 1] : 0;

	mutated->inside &= offset >= start + MRT_HEADER_SIZE && !mutated->of->peers[record];
	mutated->touched[mutated->touched_count++] = record;
}

static void flip(struct mutated *mutated, struct random *random)
{
	for (unsigned left = 1 + (unsigned)(random_next(random) % 8); left; left--) {
		size_t at = random_next(random) % mutated->bytes.len;

		mutated->bytes.at[at] ^= (uint8_t)(1u << random_next(random) % 8);
		if (at < mutated->first)
			mutated->first = at;
		if (mutated->inside)
			touch(mutated, at);
	}
}

static void damage(struct mutated *mutated, struct random *random)
{
	struct bytes *bytes = &mutated->bytes;
	size_t at = random_next(random) % bytes->len, span = 1 + random_next(random) % SPAN_MAX;
	unsigned kind = (unsigned)(random_next(random) % 8);
	const struct recording *other = &recordings[random_next(random) % recording_count];

	if (span > bytes->len - at)
		span = bytes->len - at;
	if (kind < 3) {
		flip(mutated, random);
		return;
	}
	mutated->inside = false;
	if (at < mutated->first)
		mutated->first = at;
	if (kind == 3) {
		bytes->len = at;
		mutated->cut = true;
	} else if (kind == 4) {
		memmove(bytes->at + at, bytes->at + at + span, bytes->len - at - span);
		bytes->len -= span;
	} else if (kind == 5) {
		memmove(bytes->at + at + span, bytes->at + at, bytes->len - at);
		bytes->len += span;
	} else if (kind == 6) {
		memset(bytes->at + at, (int)(random_next(random) & 0xff), span);
	} else {
		size_t from = random_next(random) % other->bytes.len;

		if (span > other->bytes.len - from)
			span = other->bytes.len - from;
		memmove(bytes->at + at + span, bytes->at + at, bytes->len - at);
		memcpy(bytes->at + at, other->bytes.at + from, span);
		bytes->len += span;
	}
}

static struct mutated mutate(uint32_t number)
{
	struct random random = { number };
	const struct recording *of = &recordings[random_next(&random) % recording_count];
	size_t wanted = WHOLE_MIN << random_next(&random) % 7, last;
	struct mutated mutated = { .of = of, .inside = true };

	wanted -= random_next(&random) % (wanted / 2);
	last = wanted < of->bytes.len ? record_of(of, wanted) : of->record_count - 1;
	mutated.record_count = last + 1;
	mutated.whole = mutated.first = mutated.bytes.len = of->ends[last];
	mutated.bytes.at = malloc(mutated.whole + DAMAGES_MAX * SPAN_MAX);
	if (!mutated.bytes.at)
		fail("out of memory");
	memcpy(mutated.bytes.at, of->bytes.at, mutated.whole);
	for (uint64_t left = 1 + random_next(&random) % DAMAGES_MAX; left && mutated.bytes.len; left--)
		damage(&mutated, &random);
	return mutated;
}

/* ---- comparing ---- */

static int compare_hashes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* How many of a are in b as well, each as often as it is in both. Sorts them. */
static size_t in_both(uint64_t *a, size_t a_count, uint64_t *b, size_t b_count)
{
	size_t both = 0, k = 0;

	if (a_count == 0 || b_count == 0)
		return 0;
	qsort(a, a_count, sizeof(*a), compare_hashes);
	qsort(b, b_count, sizeof(*b), compare_hashes);
	for (size_t i = 0; i < a_count; i++) {
		while (k < b_count && b[k] < a[i])
			k++;
		if (k < b_count && b[k] == a[i])
			both++, k++;
	}
	return both;
}

static size_t first_at(const struct events *events, size_t offset)
{
	size_t i = 0;

	while (i < events->count && events->items[i].offset < offset)
		i++;
	return i;
}

static uint64_t *hashes_from(const struct events *events, size_t from, size_t until)
{
	uint64_t *hashes = malloc((until - from + 1) * sizeof(*hashes));

	if (!hashes)
		fail("out of memory");
	for (size_t i = from; i < until; i++)
		hashes[i - from] = events->items[i].hash;
	return hashes;
}

/* Records that were not touched give what they gave. */
static void check_inside(uint32_t number, const struct mutated *mutated, const struct events *before, size_t before_count,
			 const struct events *after)
{
	size_t k = 0;

	for (size_t i = 0; i < before_count; i++) {
		const struct told *told = &before->items[i];
		size_t record = record_of(mutated->of, told->offset);
		bool touched = false;

		for (unsigned t = 0; t < mutated->touched_count; t++)
			touched |= mutated->touched[t] == record;
		if (touched)
			continue;
		while (k < after->count && after->items[k].offset < told->offset)
			k++;
		if (k == after->count || after->items[k].hash != told->hash || after->items[k].number != told->number)
			fail("file %u (%s): the record at byte %" PRIu64 " was not touched, and its events are others", number,
			     mutated->of->name, told->offset);
		k++;
	}
}

static void hold_against(uint32_t number, const struct mutated *mutated, const struct events *after, uint64_t *ret_behind,
			 uint64_t *ret_saved)
{
	const struct events *before = &mutated->of->events;
	size_t damaged = record_of(mutated->of, mutated->first);
	size_t same_until = damaged ? mutated->of->ends[damaged - 1] : 0;
	size_t same = first_at(before, same_until), all = first_at(before, mutated->whole);
	uint64_t *lost, *found;

	if (same > after->count)
		fail("file %u (%s): %zu events before the first damage, %zu in all are left", number, mutated->of->name, same,
		     after->count);
	for (size_t i = 0; i < same; i++)
		if (memcmp(&before->items[i], &after->items[i], sizeof(struct told)) != 0)
			fail("file %u (%s): event %zu, before the first damage at byte %zu, is another", number,
			     mutated->of->name, i, mutated->first);
	if (mutated->inside)
		check_inside(number, mutated, before, all, after);
	lost = hashes_from(before, same, all);
	found = hashes_from(after, same, after->count);
	*ret_behind = all - same;
	*ret_saved = in_both(lost, all - same, found, after->count - same);
	free(lost);
	free(found);
}

/* ---- bgpdump ---- */

/* Hashes of its lines; *ret_killed: it crashed, or took longer than it may. */
static uint64_t *by_bgpdump(const struct bytes *bytes, size_t *ret_count, bool *ret_killed)
{
	char path[] = "/tmp/constat-mutated-XXXXXX", command[200], *line = NULL;
	uint64_t *hashes = NULL;
	size_t count = 0, room = 0, line_room = 0;
	int fd = mkstemp(path), status;
	ssize_t len;
	FILE *pipe;

	if (fd < 0 || write(fd, bytes->at, bytes->len) != (ssize_t)bytes->len)
		fail("%s: cannot be written", path);
	close(fd);
	snprintf(command, sizeof(command), "timeout -s KILL 20 bgpdump -m %s 2>/dev/null", path);
	pipe = popen(command, "re");
	if (!pipe)
		fail("bgpdump cannot be run");
	while ((len = getline(&line, &line_room, pipe)) > 0) {
		if (count == room) {
			room = room ? 2 * room : 4096;
			hashes = reallocarray(hashes, room, sizeof(*hashes));
			if (!hashes)
				fail("out of memory");
		}
		hashes[count++] = hash_add(UINT64_C(0xcbf29ce484222325), line, (size_t)len);
	}
	free(line);
	status = pclose(pipe);
	unlink(path);
	*ret_killed = status != 0;
	*ret_count = count;
	return hashes;
}

/* As ours: of its lines for what stood behind the first damage. */
static void compare_bgpdump(const struct mutated *mutated, struct totals *totals)
{
	size_t damaged = record_of(mutated->of, mutated->first);
	struct bytes whole = { mutated->of->bytes.at, mutated->whole };
	struct bytes front = { mutated->of->bytes.at, damaged ? mutated->of->ends[damaged - 1] : 0 };
	size_t whole_count, front_count, after_count;
	bool killed, after_killed;
	uint64_t *all = by_bgpdump(&whole, &whole_count, &killed);
	uint64_t *same = by_bgpdump(&front, &front_count, &killed);
	uint64_t *after = by_bgpdump(&mutated->bytes, &after_count, &after_killed);
	size_t saved = in_both(all, whole_count, after, after_count);

	totals->theirs_behind += whole_count - front_count;
	totals->theirs_saved += saved > front_count ? saved - front_count : 0;
	totals->theirs_killed += after_killed;
	free(all);
	free(same);
	free(after);
}

/* ---- all of it ---- */

/* As numbers, one behind the other. */
#define STATE_FIELDS(x) x(done) x(behind) x(saved) x(there) x(there_saved) x(compared) x(ours_behind) x(ours_saved) \
	x(theirs_behind) x(theirs_saved) x(theirs_killed)

static void state_read(const char *path, uint32_t from, struct totals *totals)
{
	FILE *file = path ? fopen(path, "re") : NULL;
	struct totals read;
	bool whole = true;

	totals->done = from;
	if (!file)
		return;
#define READ_FIELD(name) \
	{ \
		uint64_t value = 0; \
		whole = fscanf(file, "%" SCNu64, &value) == 1 && whole; \
		read.name = (typeof(read.name))value; \
	}
	STATE_FIELDS(READ_FIELD)
	fclose(file);
	if (whole)
		*totals = read;
}

static void state_write(const char *path, const struct totals *totals)
{
	FILE *file = path ? fopen(path, "we") : NULL;

	if (!file)
		return;
#define WRITE_FIELD(name) fprintf(file, "%" PRIu64 "\n", (uint64_t)totals->name);
	STATE_FIELDS(WRITE_FIELD)
	fclose(file);
}

static void one_file(uint32_t number, bool bgpdump, struct totals *totals)
{
	struct mutated mutated = mutate(number);
	struct timespec begun, ended;
	struct events after;
	uint64_t behind, saved;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	alarm(6 * SECONDS_MAX);		/* a hang ends here */
	after = read_all(&mutated.bytes);
	alarm(0);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	if (ended.tv_sec - begun.tv_sec > SECONDS_MAX)
		fail("file %u (%s): read in more than %d s", number, mutated.of->name, SECONDS_MAX);
	hold_against(number, &mutated, &after, &behind, &saved);
	totals->behind += behind;
	totals->saved += saved;
	if (!mutated.cut && mutated.record_count > 1 && !(mutated.of->peers[0] && mutated.first < mutated.of->ends[0])) {
		totals->there += behind;
		totals->there_saved += saved;
	}
	if (bgpdump) {
		totals->compared++;
		totals->ours_behind += behind;
		totals->ours_saved += saved;
		compare_bgpdump(&mutated, totals);
	}
	free(after.items);
	free(mutated.bytes.at);
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 100.0;
}

int main(int argc, char **argv)
{
	struct totals totals = { 0 };
	const char *state = NULL;
	uint32_t bgpdump = 0, from, until;
	int first = 1;

	for (; first + 1 < argc && argv[first][0] == '-'; first += 2) {
		if (strcmp(argv[first], "--state") == 0)
			state = argv[first + 1];
		else if (strcmp(argv[first], "--bgpdump") != 0 || !view_u32(view_of(argv[first + 1]), &bgpdump))
			fail("%s: no such option", argv[first]);
	}
	if (argc != first + 3 || !view_u32(view_of(argv[first + 1]), &from) || !view_u32(view_of(argv[first + 2]), &until))
		fail("usage: constat-mutate [--state FILE] [--bgpdump N] FOLDER FROM UNTIL");
	if (access(argv[first], R_OK)) {
		printf("no shared data\n");
		return 77;	/* skipped */
	}
	load_folder(argv[first]);
	state_read(state, from, &totals);
	for (; totals.done < until; totals.done++) {
		if (totals.done % 250 == 0)
			state_write(state, &totals);
		one_file(totals.done, bgpdump && totals.done % bgpdump == 0, &totals);
	}
	printf("%u damaged files of %u recordings: of %" PRIu64 " events behind the first damage %.2f %% saved;\n"
	       "where there are several records, nothing cut off, tables of peers whole: of %" PRIu64 " %.2f %%\n", until - from,
	       recording_count, totals.behind, percent(totals.saved, totals.behind), totals.there,
	       percent(totals.there_saved, totals.there));
	if (bgpdump)
		printf("%u of them beside bgpdump: of %" PRIu64 " events %.2f %% saved; bgpdump: of %" PRIu64
		       " lines %.2f %%, and it was killed by %u\n", totals.compared, totals.ours_behind,
		       percent(totals.ours_saved, totals.ours_behind), totals.theirs_behind,
		       percent(totals.theirs_saved, totals.theirs_behind), totals.theirs_killed);
	if (state)
		unlink(state);
	for (unsigned i = 0; i < recording_count; i++) {
		free(recordings[i].bytes.at);
		free(recordings[i].events.items);
		free(recordings[i].ends);
		free(recordings[i].peers);
	}
	return 0;
}

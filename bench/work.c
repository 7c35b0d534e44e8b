/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One stage of the chain over one recording, in one thread and one process, so that its
 * instructions and allocations can be counted (bench/counters):
 *
 *	work STAGE RECORDS FILE
 *
 * Works on the first RECORDS records of a plain FILE and prints the events or bytes it made and how
 * often memory was asked for after the file was read. What a record costs is the difference between two runs.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "net/path.h"
#include "show/line.h"
#include "table/table.h"
#include "wire/stream.h"

static uint64_t asked;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
	asked++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	asked++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	asked++;
	return __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	asked++;
	return __real_reallocarray(old, count, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	asked++;
	return __real_aligned_alloc(alignment, size);
}

struct work {
	uint64_t made;			/* events, or bytes */
	struct line_writer *writer;
	struct buf out;
	struct table *table;
	struct table_source *source;
	unsigned need;
	uint8_t *scratch;
	struct err err;
};

static int count_event(void *context, const struct event *event)
{
	struct work *work = context;

	(void)event;
	work->made++;
	return 0;
}

/* Attributes scanned and the path read. */
static int read_event(void *context, const struct event *event)
{
	struct work *work = context;
	struct as_path path;
	uint32_t origin;

	work->made += attrs_path(event_attrs(event), work->scratch, &path) && as_path_origin(&path, &origin);
	return 0;
}

static int write_event(void *context, const struct event *event)
{
	struct work *work = context;

	if (event->kind != EVENT_RIB_ENTRY && event->kind != EVENT_ANNOUNCE && event->kind != EVENT_WITHDRAW)
		return 0;
	line_write(work->writer, &work->out, event);
	work->made += work->out.len;
	work->out.len = 0;
	return 0;
}

static int hold_event(void *context, const struct event *event)
{
	struct work *work = context;

	work->made++;
	return table_event(work->table, work->source, event, &work->err);
}

static int hold_entries(void *context, const struct event *shared, struct rib_entries *entries)
{
	struct work *work = context;
	uint32_t before = entries->left;
	int code = table_entries(work->table, work->source, shared, entries, &work->err);

	work->made += before - entries->left;
	return code;
}

static int hold_prefixes(void *context, const struct event *shared, struct update_prefixes *prefixes)
{
	struct work *work = context;
	uint32_t before = prefixes->passed;
	int code = table_prefixes(work->table, work->source, shared, prefixes, &work->err);

	work->made += prefixes->passed - before;
	return code;
}

static unsigned need(void *context, const struct prefix *network)
{
	(void)network;
	return ((struct work *)context)->need;
}

static const struct stage {
	const char *name;
	int (*event)(void *context, const struct event *event);
	bool table, lines, gists;
	unsigned need;
	enum line_format format;
} stages[] = {
	{ .name = "decode", .event = count_event },
	{ .name = "attributes", .event = read_event },
	{ .name = "text", .event = write_event, .lines = true, .format = LINE_TEXT },
	{ .name = "json", .event = write_event, .lines = true, .format = LINE_JSON },
	{ .name = "gist", .gists = true },
	{ .name = "presence", .event = hold_event, .table = true, .gists = true, .need = TABLE_PRESENCE },
	{ .name = "origins", .event = hold_event, .table = true, .gists = true, .need = TABLE_ORIGIN },
	{ .name = "paths", .event = hold_event, .table = true, .gists = true, .need = TABLE_PATH },
};

/* The record's gist, if it has one, else the record; without a sink the gist alone. */
static int run_gist(struct wire_stream *stream, const struct mrt_record *record, struct wire_scratch *scratch,
		    const struct wire_sink *sink)
{
	uint64_t keys[4096];
	struct gist gist;

	(void)gist_take(record, scratch, NULL, NULL, keys, 4096, &gist);
	if (!sink->event)
		return 0;
	return gist.plain ? wire_stream_gist(stream, record, &gist, keys, scratch, sink)
			  : wire_stream_record(stream, record, scratch, sink);
}

static int run(struct work *work, const struct wire_sink *sink, bool gists, const uint8_t *bytes, size_t len,
	       uint64_t records)
{
	struct record_ref ref = { .number = 1 };
	struct wire_scratch *scratch = NULL;
	struct wire_stream *stream = NULL;
	struct mrt_record record;
	int code = wire_scratch_new(&scratch, &work->err);

	if (code == 0)
		code = wire_stream_new(&stream, &work->err);
	for (; code == 0 && ref.offset < len && ref.number <= records; ref.number++) {
		uint32_t size = 0;

		if (mrt_frame(bytes + ref.offset, len - ref.offset, MRT_RECORD_MAX, &size) != MRT_FRAME_WHOLE)
			break;
		mrt_record_parse(bytes + ref.offset, size, &ref, &record);
		code = gists && (!sink->event || record.type != MRT_TABLE_DUMP_V2)
			     ? run_gist(stream, &record, scratch, sink)
			     : wire_stream_record(stream, &record, scratch, sink);
		ref.offset += size;
	}
	if (code == 0)
		code = wire_stream_end(stream, sink);
	wire_stream_free(stream);
	wire_scratch_free(scratch);
	return code;
}

static int stage_run(const struct stage *stage, const uint8_t *bytes, size_t len, uint64_t records)
{
	struct table_parameters parameters = table_parameters_default();
	struct work work = { .need = stage->need, .scratch = malloc(ATTR_PATH_SCRATCH) };
	const struct table_sink table_sink = { &work, NULL, NULL, need };
	const struct wire_sink sink = {
		.context = &work,
		.event = stage->event,
		.entries = stage->table ? hold_entries : NULL,
		.prefixes = stage->table ? hold_prefixes : NULL,
	};
	uint64_t before = asked;
	int code = 0;

	if (stage->lines)
		code = line_writer_new(stage->format, &work.writer, &work.err);
	if (code == 0 && stage->lines)
		code = line_writer_input(work.writer, "recording", "rrc00", &work.err);
	if (code == 0 && stage->table)
		code = table_new(&parameters, &table_sink, &work.table, &work.err);
	if (code == 0 && stage->table)
		code = table_source_new(work.table, "rrc00", &work.source, &work.err);
	if (code == 0)
		code = run(&work, &sink, stage->gists, bytes, len, records);
	if (code == 0)
		printf("%llu %llu\n", (unsigned long long)work.made, (unsigned long long)(asked - before));
	else
		fprintf(stderr, "work: %s\n", work.err.text);
	table_free(work.table);
	line_writer_free(work.writer);
	buf_free(&work.out);
	free(work.scratch);
	return code ? 1 : 0;
}

static uint8_t *file_read(const char *name, size_t *ret_len)
{
	FILE *file = fopen(name, "rb");
	struct stat st;
	uint8_t *bytes = NULL;

	if (file && fstat(fileno(file), &st) == 0)
		bytes = malloc((size_t)st.st_size + 1);
	if (bytes)
		*ret_len = fread(bytes, 1, (size_t)st.st_size, file);
	if (file)
		fclose(file);
	return bytes;
}

int main(int argc, char **argv)
{
	const struct stage *stage = NULL;
	uint8_t *bytes;
	size_t len = 0;
	int status;

	for (size_t i = 0; argc == 4 && i < sizeof(stages) / sizeof(*stages); i++)
		if (strcmp(argv[1], stages[i].name) == 0)
			stage = &stages[i];
	if (!stage) {
		fputs("usage: work STAGE RECORDS FILE\n", stderr);
		return 2;
	}
	bytes = file_read(argv[3], &len);
	if (!bytes) {
		perror(argv[3]);
		return 1;
	}
	status = stage_run(stage, bytes, len, strtoull(argv[2], NULL, 10));
	free(bytes);
	return status;
}

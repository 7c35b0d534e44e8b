/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a stored file, compressed somehow or not; the first byte says in how large pieces
 * they are asked for. What comes out must not depend on that, nor on the number of threads; every
 * byte of it must be part of a record or of a fault; and what libbz2 decodes must come out as
 * libbz2 decodes it.
 */
#define _GNU_SOURCE
#include <bzlib.h>
#include <stdlib.h>
#include <string.h>

#include "feed/framer.h"
#include "feed/source.h"
#include "fuzz.h"

#define OUT_MAX		((size_t)1 << 20)	/* enough to see; what expands further is left */
#define FAULTS_MAX	100000u

struct outcome {
	uint8_t *bytes;
	size_t len;
	unsigned faults;
	enum fault_kind last;
	bool all;	/* to its end: there was room */
};

static struct outcome decompress(const uint8_t *data, size_t size, size_t piece, unsigned threads)
{
	struct source_options options = { .hash = true, .threads = threads, .buffer = 4096 };
	struct outcome outcome = { .last = FAULT_KIND_COUNT, .all = true };
	struct source *source;
	enum fault_kind fault;
	uint8_t digest[32];
	size_t len = 0;

	outcome.bytes = malloc(OUT_MAX);
	must(outcome.bytes && !source_new(fuzz_file(data, size), "fuzz", &options, &source, NULL));
	do {
		if (OUT_MAX - outcome.len < piece) {
			outcome.all = false;
			break;
		}
		must(!source_read(source, outcome.bytes + outcome.len, piece, &len, &fault, NULL));
		must(len <= piece && (fault == FAULT_KIND_COUNT || len == 0));
		outcome.len += len;
		if (fault != FAULT_KIND_COUNT) {
			outcome.last = fault;
			must(++outcome.faults < FAULTS_MAX);
		}
	} while (len > 0 || (fault != FAULT_KIND_COUNT && source_can_go_on(source)));
	must(source_sha256(source, digest) && source_stored(source) == size);
	source_free(source);
	return outcome;
}

static void account(const struct outcome *outcome)
{
	enum fault_kind end = outcome->last;
	struct framer framer;
	struct framer_step step;
	size_t at = 0;

	framer_init(&framer, 0, MRT_RECORD_MAX);
	for (;;) {
		framer_next(&framer, outcome->bytes + at, outcome->len - at, &end, &step);
		if (step.kind == FRAMER_DONE)
			break;
		must(step.kind != FRAMER_MORE && step.len <= outcome->len - at);
		must(step.len > 0 || step.kind == FRAMER_FAULT);
		at += step.len;
	}
	must(at == outcome->len && framer.offset == at && framer.lost <= at);
}

/* One stream, and nothing behind it. */
static void hold_against_libbz2(const uint8_t *data, size_t size, const struct outcome *outcome)
{
	unsigned len = (unsigned)OUT_MAX;
	char *out = malloc(OUT_MAX), *copy = malloc(size);
	bz_stream stream = { 0 };

	must(out && copy && BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK);
	memcpy(copy, data, size);
	stream.next_in = copy;
	stream.avail_in = (unsigned)size;
	stream.next_out = out;
	stream.avail_out = len;
	if (BZ2_bzDecompress(&stream) == BZ_STREAM_END && stream.avail_in == 0) {
		len -= stream.avail_out;
		must(outcome->faults == 0 && outcome->len == len);
		must(memcmp(outcome->bytes, out, len) == 0);
	}
	BZ2_bzDecompressEnd(&stream);
	free(out);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome one, other;

	if (size < 2)
		return 0;
	one = decompress(data + 1, size - 1, (size_t)64 << 10, 1);
	other = decompress(data + 1, size - 1, 1 + (size_t)data[0] * 64, 2);
	if (one.all && other.all) {
		must(one.len == other.len && one.faults == other.faults && one.last == other.last);
		must(memcmp(one.bytes, other.bytes, one.len) == 0);
		account(&one);
		hold_against_libbz2(data + 1, size - 1, &one);
	}
	free(one.bytes);
	free(other.bytes);
	return 0;
}

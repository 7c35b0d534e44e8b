/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bzip2 from within: since every block has a checksum, damaged files rarely get far. Here the input says what is packed (its
 * last bytes, repeated and stirred so that blocks of some size come of them), in how many streams, and what is then done to the packed bytes.
 *
 * The decoder of blocks gives the same with one thread and with three; what libbz2 finds whole is what libbz2 makes of it; undamaged,
 * that is what was packed; and with one byte damaged all comes but what stood around it.
 */
#define _GNU_SOURCE
#include <bzlib.h>
#include <string.h>

#include "feed/source.h"
#include "fuzz.h"

#define PLAIN_MAX	((size_t)256 << 10)
#define HEAD		8u

struct plain {
	uint8_t *bytes;
	size_t len;
};

/* The payload again and again, each time changed a little. */
static struct plain make_plain(const uint8_t *head, const uint8_t *data, size_t size)
{
	struct plain plain = { .bytes = malloc(PLAIN_MAX) };
	size_t times = 1 + (size_t)head[0] * head[1] / 16;

	must(plain.bytes);
	for (size_t i = 0; i < times && size && plain.len + size <= PLAIN_MAX; i++) {
		memcpy(plain.bytes + plain.len, data, size);
		plain.bytes[plain.len + i % size] ^= (uint8_t)(i * head[2]);
		plain.len += size;
	}
	return plain;
}

static uint8_t *pack(const struct plain *plain, unsigned streams, size_t *ret_len)
{
	size_t room = plain->len + plain->len / 50 + 1000 * (size_t)streams, used = 0;
	uint8_t *packed = malloc(room);

	must(packed);
	for (unsigned i = 0; i < streams; i++) {
		size_t from = plain->len * i / streams, until = plain->len * (i + 1) / streams;
		unsigned len = (unsigned)(room - used);
		char nothing = 0, *source = until > from ? (char *)plain->bytes + from : &nothing;

		must(BZ2_bzBuffToBuffCompress((char *)packed + used, &len, source, (unsigned)(until - from), 1, 0, 0) == BZ_OK);
		used += len;
	}
	*ret_len = used;
	return packed;
}

static struct plain unpack(const uint8_t *packed, size_t len, unsigned threads, unsigned *ret_faults, bool *ret_bzip2)
{
	const struct source_options options = { .threads = threads, .buffer = 4096 };
	struct plain plain = { .bytes = malloc(2 * PLAIN_MAX) };
	enum fault_kind fault = FAULT_KIND_COUNT;
	struct source *source = NULL;
	size_t got = 0;

	*ret_faults = 0;
	must(plain.bytes && !source_new(fuzz_file(packed, len), "fuzz", &options, &source, NULL));
	do {
		must(plain.len < 2 * PLAIN_MAX);
		must(!source_read(source, plain.bytes + plain.len, 2 * PLAIN_MAX - plain.len, &got, &fault, NULL));
		plain.len += got;
		*ret_faults += fault != FAULT_KIND_COUNT;
	} while (got || (fault != FAULT_KIND_COUNT && source_can_go_on(source)));
	*ret_bzip2 = strcmp(source_compression(source), "bzip2") == 0;
	source_free(source);
	return plain;
}

/* One piece taken out of `whole`, or none. */
static bool is_less_one_piece(const struct plain *part, const struct plain *whole)
{
	size_t front = 0, back = 0;

	if (part->len > whole->len)
		return false;
	while (front < part->len && part->bytes[front] == whole->bytes[front])
		front++;
	while (back < part->len && part->bytes[part->len - 1 - back] == whole->bytes[whole->len - 1 - back])
		back++;
	return front + back >= part->len;
}

/* What libbz2 gives of all streams until it finds something wrong; whether it found nothing wrong. */
static struct plain by_libbz2(uint8_t *packed, size_t len, bool *ret_whole)
{
	struct plain plain = { .bytes = malloc(2 * PLAIN_MAX) };
	size_t at = 0;

	must(plain.bytes);
	*ret_whole = true;
	while (at < len && *ret_whole) {
		bz_stream stream = { .next_in = (char *)packed + at, .avail_in = (unsigned)(len - at) };
		int code;

		must(BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK);
		stream.next_out = (char *)plain.bytes + plain.len;
		stream.avail_out = (unsigned)(2 * PLAIN_MAX - plain.len);
		code = BZ2_bzDecompress(&stream);
		*ret_whole = code == BZ_STREAM_END;
		plain.len = 2 * PLAIN_MAX - stream.avail_out;
		at = len - stream.avail_in;
		BZ2_bzDecompressEnd(&stream);
	}
	return plain;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plain plain, serial, parallel, reference;
	unsigned serial_faults, parallel_faults;
	bool whole, bzip2;
	uint8_t *packed;
	size_t len;

	if (size < HEAD)
		return 0;
	plain = make_plain(data, data + HEAD, size - HEAD);
	packed = pack(&plain, 1 + data[3] % 5, &len);
	/* Up to one damage, anywhere. */
	if (data[4])
		packed[((size_t)data[5] << 16 | (size_t)data[6] << 8 | data[7]) % len] ^= data[4];
	serial = unpack(packed, len, 1, &serial_faults, &bzip2);
	parallel = unpack(packed, len, 3, &parallel_faults, &bzip2);
	must(serial.len == parallel.len && serial_faults == parallel_faults);
	must(memcmp(serial.bytes, parallel.bytes, serial.len) == 0);
	reference = by_libbz2(packed, len, &whole);
	if (whole) {
		must(serial_faults == 0 && serial.len == reference.len);
		must(memcmp(serial.bytes, reference.bytes, serial.len) == 0);
	}
	if (!data[4])
		must(whole && serial.len == plain.len && memcmp(serial.bytes, plain.bytes, plain.len) == 0);
	must(!bzip2 || is_less_one_piece(&serial, &plain));
	free(plain.bytes);
	free(serial.bytes);
	free(parallel.bytes);
	free(reference.bytes);
	free(packed);
	return 0;
}

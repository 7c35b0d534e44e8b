/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a MaxMind DB. Where they lack the mark that metadata begins with, it is put behind them, with metadata that fit a tree
 * of as many nodes as there is room for: so that damage reaches our walk and not only the library's first check. All of IPv4 and IPv6 is asked
 * for in steps, and answered with countries or none.
 */
#define _GNU_SOURCE
#include <string.h>

#include "base/buf.h"
#include "fuzz.h"
#include "place/place.h"

#define MARK "\xab\xcd\xefMaxMind.com"
#define MARK_LEN (sizeof(MARK) - 1)

static void put_text(struct buf *buf, const char *text)
{
	buf_char(buf, (char)(0x40 | strlen(text)));
	buf_str(buf, text);
}

static void put_u16(struct buf *buf, const char *key, unsigned value)
{
	put_text(buf, key);
	buf_add(buf, (const char[]){ (char)0xa2, (char)(value >> 8), (char)value }, 3);
}

/* MaxMind DB file format 2.0, "database metadata" */
static void put_metadata(struct buf *buf, unsigned nodes, bool ipv6)
{
	buf_add(buf, MARK, MARK_LEN);
	buf_char(buf, (char)0xe7);
	put_u16(buf, "binary_format_major_version", 2);
	put_u16(buf, "binary_format_minor_version", 0);
	put_u16(buf, "record_size", 24);
	put_u16(buf, "ip_version", ipv6 ? 6 : 4);
	put_u16(buf, "node_count", nodes);
	put_text(buf, "database_type");
	put_text(buf, "fuzz");
	put_text(buf, "build_epoch");
	buf_add(buf, "\x04\x02\x54\x90\x00\x00", 6);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf file = { 0 };
	struct place *place = NULL;
	struct err err = { 0 };

	if (size < 2)
		return 0;
	buf_add(&file, data + 1, size - 1);
	/* A file without a zero byte would be taken for text. */
	buf_char(&file, '\0');
	if (!memmem(data, size, MARK, MARK_LEN))
		put_metadata(&file, data[0] & 0x7f, data[0] & 0x80);
	must(!file.failed && place_new(&place, NULL) == 0);
	if (place_load(place, fuzz_file((uint8_t *)file.data, file.len), "file", &err) == 0 && place_ready(place, &err) == 0) {
		const struct place_source *source = place_source(place, 0);

		must(strcmp(source->format, "mmdb") == 0 && source->bytes == file.len);
		for (unsigned i = 0; i < 256; i++) {
			struct prefix prefix = { FAMILY_IPV4, 8, { (uint8_t)i } };
			uint32_t share = 0;

			(void)place_of_network(place, &prefix, &share);
			must(share <= 1000000);
			prefix.family = FAMILY_IPV6;
			(void)place_of_network(place, &prefix, &share);
			must(share <= 1000000);
		}
	} else {
		must(*err.text);
	}
	place_free(place);
	buf_free(&file);
	return 0;
}

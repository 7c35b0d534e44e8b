/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a file that says who is where: registries' statistics and range tables as they come, names of ASes, AS relationships; the
 * first byte says which. Lines are counted once each, what is answered is the same when the file is read again or behind itself, and
 * shares are shares.
 */
#define _GNU_SOURCE
#include <string.h>

#include "graph/relations.h"
#include "fuzz.h"
#include "place/place.h"

#define PPM 1000000u

static uint64_t lines_in(const uint8_t *data, size_t size)
{
	uint64_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines;
}

/* NULL: not a file of the kind. */
static struct place *load(const uint8_t *data, size_t size, bool names, unsigned times)
{
	struct place *place;
	struct err err = { 0 };
	int code = 0;

	must(place_new(&place, NULL) == 0);
	for (unsigned i = 0; i < times && code == 0; i++)
		code = names ? place_load_names(place, fuzz_file(data, size), "file", &err)
			     : place_load(place, fuzz_file(data, size), "file", &err);
	must(code == 0 || *err.text);
	if (code == 0)
		code = place_ready(place, &err);
	if (code == 0)
		return place;
	place_free(place);
	return NULL;
}

static void hold_against(const struct place *a, const struct place *b, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i += 7) {
		struct prefix prefix = { .family = i % 3 ? FAMILY_IPV4 : FAMILY_IPV6 };
		unsigned bits = family_bits(prefix.family);
		uint32_t asn = 0, share_a = 0, share_b = 0;
		uint8_t bytes[16] = { 0 };
		country_t country;
		const char *name;

		memcpy(bytes, data + i, size - i < sizeof(bytes) ? size - i : sizeof(bytes));
		prefix = prefix_from_wire(prefix.family, bytes[15] % (bits + 1), bytes);
		country = place_of_network(a, &prefix, &share_a);
		must(country == place_of_network(b, &prefix, &share_b) && share_a == share_b && share_a <= PPM);
		memcpy(&asn, bytes, i % 4 + 1);
		must(place_of_as(a, asn) == place_of_as(b, asn));
		name = place_as_name(a, asn);
		must(!name == !place_as_name(b, asn));
		must(!name || strcmp(name, place_as_name(b, asn)) == 0);
	}
}

static void read_relations(const uint8_t *data, size_t size)
{
	struct relations relations;
	struct err err = { 0 };

	if (relations_load(fuzz_file(data, size), "file", &relations, &err)) {
		must(*err.text);
		return;
	}
	must(relations.count > 0 && relations.count + relations.bad_lines <= lines_in(data, size));
	relations_free(&relations);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct place_source *source;
	struct place *once, *again, *doubled;
	bool names;

	if (size < 1)
		return 0;
	names = data[0] % 4 == 1;
	data++;
	size--;
	if (data[-1] % 4 == 2) {
		read_relations(data, size);
		return 0;
	}
	once = load(data, size, names, 1);
	if (!once)
		return 0;
	source = place_source(once, 0);
	must(source->hashed && source->bytes == size);
	if (strcmp(source->format, "mmdb") != 0 && size > 2 && data[0] != 0x1f && data[0] != 'B' && data[0] != 0x28 && data[0] != 0xfd)
		must(source->entries + source->bad_lines <= lines_in(data, size));
	again = load(data, size, names, 1);
	doubled = load(data, size, names, 2);
	must(again && doubled);
	hold_against(once, again, data, size);
	hold_against(once, doubled, data, size);
	place_free(once);
	place_free(again);
	place_free(doubled);
	return 0;
}

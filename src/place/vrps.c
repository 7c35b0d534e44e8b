/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON is not parsed as a whole: it may be 100 MB in one line. Bytes run through a small machine
 * that knows strings and braces, and every object that holds no other is handed to the JSON library
 * by itself: a VRP, or the metadata, whose time is kept.
 *
 * What covers a route is looked for length by length, each a search in the sorted entries.
 */
#include "place/vrps.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utc.h"
#include "base/vec.h"
#include "place/lines.h"

/* A VRP takes some 100 bytes; what is longer is none. */
#define OBJECT_MAX 4096u

struct machine {
	struct vrps *vrps;
	char object[OBJECT_MAX];
	size_t len;			/* OBJECT_MAX: too long, passed over */
	bool inside;			/* an object that may hold no other */
	bool string, escaped;
};

static int vrp_add(struct vrps *vrps, struct view prefix_text, uint64_t max_len, uint32_t asn,
		   struct err *err)
{
	struct vrp vrp = { .asn = asn };
	int code;

	if (!prefix_parse(prefix_text, &vrp.prefix) || max_len < vrp.prefix.len ||
	    max_len > family_bits(vrp.prefix.family)) {
		vrps->bad++;
		return 0;
	}
	vrp.max_len = (uint8_t)max_len;
	code = VEC_GROW(vrps->entries, vrps->count, vrps->room, err);
	if (code == 0)
		vrps->entries[vrps->count++] = vrp;
	return code;
}

static bool asn_of(const json_t *value, uint32_t *ret_asn)
{
	json_int_t number = json_integer_value(value);

	if (json_is_string(value))
		return place_field_asn(view_of(json_string_value(value)), ret_asn);
	if (!json_is_integer(value) || number < 0 || number > UINT32_MAX)
		return false;
	*ret_asn = (uint32_t)number;
	return true;
}

/* rpki-client says "buildtime", routinator "generatedTime". */
static void date_take(struct vrps *vrps, const json_t *object)
{
	static const char *const keys[] = { "buildtime", "generatedTime" };

	for (unsigned i = 0; i < 2; i++) {
		const char *text = json_string_value(json_object_get(object, keys[i]));
		int64_t time;

		if (text && vrps->date == UTC_NEVER && utc_parse(view_of(text), &time))
			vrps->date = time;
	}
}

static int object_take(struct vrps *vrps, const char *text, size_t len, struct err *err)
{
	json_t *object = NULL;
	int code = json_read(text, len, &object, err);
	const char *prefix = json_string_value(json_object_get(object, "prefix"));
	const json_t *max_len = json_object_get(object, "maxLength");
	uint32_t asn = 0;

	if (code && code != ERR_FORMAT)
		return code;
	if (code) {
		vrps->bad++;
		return 0;
	}
	if (!prefix)
		date_take(vrps, object);
	else if (!asn_of(json_object_get(object, "asn"), &asn) || !json_is_integer(max_len) ||
		 json_integer_value(max_len) < 0)
		vrps->bad++;
	else
		code = vrp_add(vrps, view_of(prefix), (uint64_t)json_integer_value(max_len), asn,
			       err);
	json_decref(object);
	return code;
}

static int machine_step(struct machine *machine, char byte, struct err *err)
{
	int code = 0;

	if (byte == '{' && !machine->string) {
		machine->inside = true;
		machine->len = 0;
	}
	if (machine->inside && machine->len < OBJECT_MAX)
		machine->object[machine->len++] = byte;
	if (machine->string) {
		if (byte == '"' && !machine->escaped)
			machine->string = false;
		machine->escaped = byte == '\\' && !machine->escaped;
		return 0;
	}
	machine->string = byte == '"';
	if (byte != '}' || !machine->inside)
		return 0;
	if (machine->len < OBJECT_MAX)
		code = object_take(machine->vrps, machine->object, machine->len, err);
	else
		machine->vrps->bad++;
	machine->inside = false;
	return code;
}

static int objects_read(struct place_lines *lines, struct vrps *vrps, struct err *err)
{
	struct machine machine = { .vrps = vrps };
	struct view bytes;
	int code = place_lines_bytes(lines, &bytes, err);

	while (code == 0 && bytes.len) {
		for (size_t i = 0; i < bytes.len && code == 0; i++)
			code = machine_step(&machine, bytes.ptr[i], err);
		if (code == 0)
			code = place_lines_bytes(lines, &bytes, err);
	}
	return code;
}

/* Where the header says that the three fields stand; 0, 1, 2 without one. */
struct columns {
	unsigned asn, prefix, max_len;
};

static bool header_read(struct view line, struct columns *columns)
{
	struct columns found = { UINT32_MAX, UINT32_MAX, UINT32_MAX };
	struct view field;

	for (unsigned i = 0; place_field_next(&line, ',', &field); i++) {
		if (view_equal_nocase(field, VIEW("asn")))
			found.asn = i;
		else if (view_equal_nocase(field, VIEW("ip prefix")) ||
			 view_equal_nocase(field, VIEW("prefix")))
			found.prefix = i;
		else if (view_equal_nocase(field, VIEW("max length")) ||
			 view_equal_nocase(field, VIEW("maxlength")))
			found.max_len = i;
	}
	if (found.asn == UINT32_MAX || found.prefix == UINT32_MAX || found.max_len == UINT32_MAX)
		return false;
	*columns = found;
	return true;
}

static int csv_line(struct vrps *vrps, const struct columns *columns, struct view line,
		    struct err *err)
{
	struct view field, prefix = { NULL, 0 };
	uint32_t asn = 0, max_len = 0;
	bool has_asn = false, has_len = false;

	for (unsigned i = 0; place_field_next(&line, ',', &field); i++) {
		if (i == columns->asn)
			has_asn = place_field_asn(field, &asn);
		if (i == columns->prefix)
			prefix = field;
		if (i == columns->max_len)
			has_len = view_u32(field, &max_len);
	}
	if (has_asn && has_len && prefix.ptr)
		return vrp_add(vrps, prefix, max_len, asn, err);
	vrps->bad++;
	return 0;
}

static int csv_read(struct place_lines *lines, struct vrps *vrps, struct err *err)
{
	struct columns columns = { 0, 1, 2 };
	struct view line;
	bool first = true;
	int code = 0, more = 0;

	while (code == 0 && (more = place_lines_next(lines, &line, err)) > 0) {
		if (line.ptr)
			line = view_trim(line);
		if (!line.ptr)
			vrps->bad++;
		else if (line.len && line.ptr[0] != '#' && !(first && header_read(line, &columns)))
			code = csv_line(vrps, &columns, line, err);
		first = false;
	}
	return code ? code : more;
}

static int compare(const void *a, const void *b)
{
	const struct vrp *left = a, *right = b;
	int order = prefix_compare(&left->prefix, &right->prefix);

	if (order)
		return order;
	if (left->asn != right->asn)
		return left->asn < right->asn ? -1 : 1;
	return (int)left->max_len - right->max_len;
}

static int content_read(struct place_lines *lines, struct vrps *vrps, struct err *err)
{
	struct view bytes;
	size_t i = 0;
	int code = place_lines_bytes(lines, &bytes, err);

	if (code)
		return code;
	while (i < bytes.len && (bytes.ptr[i] == ' ' || bytes.ptr[i] == '\t' ||
				 bytes.ptr[i] == '\n' || bytes.ptr[i] == '\r'))
		i++;
	vrps->format = i < bytes.len && bytes.ptr[i] == '{' ? "vrps-json" : "vrps-csv";
	place_lines_back(lines, bytes);
	return i < bytes.len && bytes.ptr[i] == '{' ? objects_read(lines, vrps, err)
						    : csv_read(lines, vrps, err);
}

int vrps_load(int fd, const char *name, struct vrps *ret_vrps, struct err *err)
{
	struct vrps vrps = { .date = UTC_NEVER };
	struct place_lines lines;
	int code = place_lines_open(&lines, fd, name, err);

	if (code)
		return code;
	code = content_read(&lines, &vrps, err);
	vrps.hashed = place_lines_sha256(&lines, vrps.sha256, &vrps.bytes);
	place_lines_close(&lines);
	if (code == 0 && vrps.count == 0)
		code = err_set(err, ERR_FORMAT,
			       "%s: no validated ROA payloads such as AS13335,1.0.0.0/24,24 in it",
			       name);
	if (code) {
		vrps_free(&vrps);
		return code;
	}
	qsort(vrps.entries, vrps.count, sizeof(*vrps.entries), compare);
	*ret_vrps = vrps;
	return 0;
}

void vrps_free(struct vrps *vrps)
{
	free(vrps->entries);
	*vrps = (struct vrps){ 0 };
}

/* The first `len` bits of it. */
static struct prefix shortened(const struct prefix *prefix, unsigned len)
{
	return prefix_from_wire(prefix->family, len, prefix->bytes);
}

static uint32_t first_of(const struct vrps *vrps, const struct prefix *prefix)
{
	uint32_t low = 0, high = vrps->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (prefix_compare(&vrps->entries[middle].prefix, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum rpki vrps_state(const struct vrps *vrps, const struct prefix *route, uint32_t origin)
{
	enum rpki state = RPKI_NOT_FOUND;

	for (unsigned len = 0; len <= route->len; len++) {
		struct prefix outer = shortened(route, len);

		for (uint32_t i = first_of(vrps, &outer); i < vrps->count; i++) {
			const struct vrp *vrp = &vrps->entries[i];

			if (!prefix_equal(&vrp->prefix, &outer))
				break;
			if (origin && vrp->asn == origin && route->len <= vrp->max_len)
				return RPKI_VALID;
			state = RPKI_INVALID;
		}
	}
	return state;
}

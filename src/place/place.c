/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading: a file that holds a NUL byte at its start is a MaxMind DB (the search tree begins with
 * small numbers); everything else is read line by line. Until a line has told the format, both
 * parsers of lines are asked; a person who names the wrong file should not wait for its end, so
 * that must happen within the first thousand. All formats end as spans in one intake, of which
 * place_ready() makes three zones: IPv4, IPv6 and AS numbers. A file that fails leaves nothing
 * behind.
 */
#include "place/place.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ordered.h"
#include "base/utc.h"
#include "base/vec.h"
#include "place/formats.h"
#include "place/lines.h"
#include "place/zone.h"

#define UNDECIDED_LINES_MAX 1000

struct place {
	struct arena arena;	/* names of ASes and of sources */
	struct place_source *sources;
	uint32_t source_count, source_room;
	struct place_intake intake;
	struct place_as_names as_names;
	struct place_zone zones[PLACE_SPACES];
	bool knows_as;
	bool ready;
};

/* A text file being read. */
struct text {
	enum { UNDECIDED, DELEGATED, RANGES } format;
	struct place_delegated delegated;
	struct place_ranges ranges;
};

int place_new(struct place **ret_place, struct err *err)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return err_memory(err);
	*ret_place = place;
	return 0;
}

static void place_clear(struct place *place)
{
	for (unsigned i = 0; i < PLACE_SPACES; i++)
		place_zone_free(&place->zones[i]);
	place_intake_free(&place->intake);
	place_as_names_free(&place->as_names);
	free(place->sources);
	arena_free(&place->arena);
}

void place_free(struct place *place)
{
	if (place)
		place_clear(place);
	free(place);
}

static int text_line(struct text *text, struct view line, struct place_intake *intake,
		     struct err *err)
{
	int fit = PLACE_FIT_BAD;

	if (text->format != RANGES) {
		fit = place_delegated_line(&text->delegated, line, intake, err);
		if (fit >= PLACE_FIT_HEAD)
			text->format = DELEGATED;
		if (fit < 0 || text->format == DELEGATED)
			return fit;
	}
	fit = place_ranges_line(&text->ranges, line, intake, err);
	if (fit >= PLACE_FIT_HEAD)
		text->format = RANGES;
	return fit;
}

static void count_line(struct place_source *source, uint64_t number, int fit)
{
	if (fit == PLACE_FIT_ENTRY)
		source->entries++;
	else if (fit == PLACE_FIT_BAD && source->bad_lines++ == 0)
		source->first_bad_line = number;
}

static int nothing_fits(const struct place_source *source, const char *what, struct err *err)
{
	if (source->bad_lines == 0)
		return err_set(err, ERR_FORMAT, "%s: nothing in it", source->name);
	return err_set(err, ERR_FORMAT, "%s: %s (line %llu)", source->name, what,
		       (unsigned long long)source->first_bad_line);
}

static int load_text(struct place *place, struct place_lines *lines, struct place_source *source,
		     struct err *err)
{
	struct text text = { UNDECIDED, place_delegated_start(), place_ranges_start() };
	struct view line;
	int more;

	while ((more = place_lines_next(lines, &line, err)) > 0) {
		int fit = line.ptr ? text_line(&text, line, &place->intake, err) : PLACE_FIT_BAD;

		if (fit < 0)
			return err_prefix(err, "%s", source->name);
		count_line(source, lines->number, fit);
		if (text.format == UNDECIDED && lines->number >= UNDECIDED_LINES_MAX)
			break;
	}
	if (more < 0)
		return more;
	if (source->entries == 0)
		return nothing_fits(source, "neither registry statistics nor a range table", err);
	if (text.format == DELEGATED) {
		source->format = text.delegated.extended ? "delegated-extended" : "delegated";
		source->kind = PLACE_REGISTRY;
		source->date = text.delegated.date;
		source->stated = text.delegated.stated;
	} else {
		source->format = "ranges";
		source->date = text.ranges.date;
	}
	return 0;
}

static int load_names(struct place *place, struct place_lines *lines, struct place_source *source,
		      struct err *err)
{
	struct view line;
	int more;

	source->format = "as-names";
	place_as_names_start(&place->as_names);
	while ((more = place_lines_next(lines, &line, err)) > 0) {
		int fit = line.ptr ? place_as_names_line(&place->as_names, line, &place->arena, err)
				   : PLACE_FIT_BAD;

		if (fit < 0)
			return err_prefix(err, "%s", source->name);
		count_line(source, lines->number, fit);
		if (source->entries == 0 && lines->number >= UNDECIDED_LINES_MAX)
			break;
	}
	if (more < 0)
		return more;
	return source->entries ? 0 : nothing_fits(source, "no names of ASes", err);
}

static int load_any(struct place *place, struct place_lines *lines, struct place_source *source,
		    struct err *err)
{
	struct view start;
	int rc = place_lines_bytes(lines, &start, err);

	if (rc < 0)
		return rc;
	place_lines_back(lines, start);
	if (!start.len || !memchr(start.ptr, '\0', start.len))
		return load_text(place, lines, source, err);
	source->format = "mmdb";
	return place_mmdb_load(lines, &place->intake, source, err);
}

/*
 * Registry statistics take precedence by date, which their version line says before or behind them.
 */
static void set_days(struct place *place, const uint32_t from[PLACE_SPACES],
		     const struct place_source *source)
{
	int64_t day = source->date / UTC_DAY;

	if (source->kind != PLACE_REGISTRY || source->date == UTC_NEVER)
		return;
	for (unsigned i = 0; i < PLACE_SPACES; i++)
		place_intake_date(&place->intake, i, from[i],
				  day < UINT16_MAX ? (uint16_t)day : UINT16_MAX);
}

typedef int load_function(struct place *place, struct place_lines *lines,
			  struct place_source *source, struct err *err);

static int load(struct place *place, int fd, const char *name, load_function *function,
		struct err *err)
{
	struct place_source source = { .kind = PLACE_GEOLOCATION, .date = UTC_NEVER };
	uint32_t from[PLACE_SPACES], names = place->as_names.count;
	struct place_lines lines;
	int rc;

	rc = place_lines_open(&lines, fd, name, err);
	if (rc < 0)
		return rc;
	for (unsigned i = 0; i < PLACE_SPACES; i++)
		from[i] = place->intake.spaces[i].count;
	source.name = arena_strndup(&place->arena, name, strlen(name));
	if (place->ready)
		rc = err_set(err, ERR_USAGE, "%s: loaded after place_ready()", name);
	else if (!source.name)
		rc = err_memory(err);
	else
		rc = VEC_GROW(place->sources, place->source_count, place->source_room, err);
	if (rc == 0)
		rc = function(place, &lines, &source, err);
	if (rc == 0)
		source.hashed = place_lines_sha256(&lines, source.sha256, &source.bytes);
	place_lines_close(&lines);
	if (rc < 0) {
		for (unsigned i = 0; i < PLACE_SPACES; i++)
			place->intake.spaces[i].count = from[i];
		place->as_names.count = names;
		return rc;
	}
	set_days(place, from, &source);
	place->sources[place->source_count++] = source;
	return 0;
}

int place_load(struct place *place, int fd, const char *name, struct err *err)
{
	return load(place, fd, name, load_any, err);
}

/* A file of several that are read at once, into a place of its own that the whole takes over. */
struct part {
	struct place_file file;
	struct place place;
	int code;
	struct err err;
};

static void part_read(void *context, void *job, unsigned worker)
{
	struct part *part = job;

	(void)context;
	(void)worker;
	part->code = place_load(&part->place, part->file.fd, part->file.name, &part->err);
	part->file.fd = -1;
}

static int part_join(struct place *place, struct part *part, struct err *err)
{
	struct place_source source;
	int code = part->code;

	if (code < 0) {
		if (err)
			*err = part->err;
		return code;
	}
	source = part->place.sources[0];
	source.name = arena_strndup(&place->arena, part->file.name, strlen(part->file.name));
	if (!source.name)
		return err_memory(err);
	code = VEC_GROW(place->sources, place->source_count, place->source_room, err);
	if (code == 0)
		code = place_intake_join(&place->intake, &part->place.intake, err);
	if (code < 0)
		return err_prefix(err, "%s", source.name);
	place->sources[place->source_count++] = source;
	return 0;
}

static int parts_read(struct place *place, struct part *parts, uint32_t count, unsigned threads,
		      struct err *err)
{
	const struct ordered_plan plan = { .threads = threads, .bound = count, .work = part_read };
	struct ordered *ordered = NULL;
	struct part *part;
	int code = ordered_new(&plan, &ordered, err);

	for (uint32_t i = 0; i < count && code == 0; i++)
		ordered_submit(ordered, &parts[i]);
	while (code == 0 && (part = ordered_take(ordered)))
		code = part_join(place, part, err);
	ordered_free(ordered);
	return code;
}

static int load_in_turn(struct place *place, const struct place_file *files, uint32_t count,
			struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (code == 0)
			code = place_load(place, files[i].fd, files[i].name, err);
		else
			close(files[i].fd);
	}
	return code;
}

int place_load_all(struct place *place, const struct place_file *files, uint32_t count,
		   unsigned threads, struct err *err)
{
	struct part *parts;
	int code;

	parts = count > 1 && threads > 1 && !place->ready ? calloc(count, sizeof(*parts)) : NULL;
	if (!parts)
		return load_in_turn(place, files, count, err);
	for (uint32_t i = 0; i < count; i++)
		parts[i].file = files[i];
	code = parts_read(place, parts, count, threads, err);
	for (uint32_t i = 0; i < count; i++) {
		if (parts[i].file.fd >= 0)
			close(parts[i].file.fd);
		place_clear(&parts[i].place);
	}
	free(parts);
	return code;
}

int place_load_names(struct place *place, int fd, const char *name, struct err *err)
{
	return load(place, fd, name, load_names, err);
}

static int check_kinds(const struct place *place, struct err *err)
{
	const struct place_source *first = NULL;

	for (uint32_t i = 0; i < place->source_count; i++) {
		const struct place_source *source = &place->sources[i];

		if (strcmp(source->format, "as-names") == 0)
			continue;
		if (!first)
			first = source;
		if (source->kind != first->kind)
			return err_set(err, ERR_USAGE,
				       "%s says where networks are registered, %s where they are: "
				       "the two cannot be mixed",
				       first->kind == PLACE_REGISTRY ? first->name : source->name,
				       first->kind == PLACE_REGISTRY ? source->name : first->name);
	}
	return 0;
}

int place_ready(struct place *place, struct err *err)
{
	int rc;

	if (place->ready)
		return 0;
	rc = check_kinds(place, err);
	if (rc < 0)
		return rc;
	for (unsigned i = 0; i < PLACE_SPACES; i++) {
		place_zone_free(&place->zones[i]);
		rc = place_zone_build(&place->zones[i], i, &place->intake.spaces[i], err);
		if (rc < 0)
			return rc;
	}
	place->knows_as = place->intake.spaces[PLACE_ASN].count > 0;
	place_intake_free(&place->intake);
	place_as_names_sort(&place->as_names);
	place->ready = true;
	return 0;
}

country_t place_of_network(const struct place *place, const struct prefix *network,
			   uint32_t *ret_share)
{
	unsigned bytes = network->family == FAMILY_IPV6 ? 6 : 4;
	unsigned len = network->len < 8 * bytes ? network->len : 8 * bytes;
	uint64_t low = 0;

	for (unsigned i = 0; i < bytes; i++)
		low = low << 8 | network->bytes[i];
	return place_zone_plurality(&place->zones[bytes == 6 ? PLACE_IPV6 : PLACE_IPV4], low,
				    low + (UINT64_C(1) << (8 * bytes - len)), ret_share);
}

country_t place_of_network_key(const struct place *place, uint64_t key, size_t *near)
{
	bool six = key >> 63;
	uint64_t low = prefix_key_addr(key);

	uint64_t end = low + (UINT64_C(1) << ((six ? 48 : 32) - prefix_key_len(key)));

	return place_zone_plurality_near(&place->zones[six ? PLACE_IPV6 : PLACE_IPV4], low, end,
					 near);
}

country_t place_of_as(const struct place *place, uint32_t asn)
{
	return place_zone_at(&place->zones[PLACE_ASN], asn);
}

bool place_knows_as(const struct place *place)
{
	return place->knows_as;
}

const char *place_as_name(const struct place *place, uint32_t asn)
{
	return place->ready ? place_as_names_find(&place->as_names, asn) : NULL;
}

uint32_t place_source_count(const struct place *place)
{
	return place->source_count;
}

const struct place_source *place_source(const struct place *place, uint32_t i)
{
	return i < place->source_count ? &place->sources[i] : NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A catalogue is lines of words. Texts are read one after the other into growing arrays; the first
 * row that a text has of a collector throws out the rows of earlier texts, so that a
 * user's file can correct the built-in one without repeating it.
 */
#include "archive/catalogue.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "base/vec.h"

#define WORDS_MAX 12

struct reading {
	struct catalogue *catalogue;
	const char *name;
	uint32_t line;
	uint32_t first_era;		/* rows from here on are this text's */
	uint32_t first_registry;
};

static int bad(const struct reading *reading, struct err *err, const char *what, struct view word)
{
	return err_set(err, ERR_FORMAT, "%s, line %u: %s \"%.*s\"", reading->name, reading->line,
		       what, VIEW_ARGS(word));
}

static const char *keep(struct catalogue *catalogue, struct view text)
{
	return arena_strndup(&catalogue->arena, text.ptr, text.len);
}

static struct view without_slash(struct view url)
{
	while (url.len > 1 && url.ptr[url.len - 1] == '/')
		url.len--;
	return url;
}

/* file:///folder is the folder; other addresses must be HTTP's. */
static bool url_clean(struct view *url)
{
	*url = without_slash(*url);
	if (view_starts(*url, VIEW("file:///"))) {
		url->ptr += strlen("file://");
		url->len -= strlen("file://");
	}
	return view_starts(*url, VIEW("/")) || view_starts(*url, VIEW("http://")) ||
	       view_starts(*url, VIEW("https://"));
}

static struct archive *archive_find(const struct catalogue *catalogue, struct view name)
{
	for (uint32_t i = 0; i < catalogue->archive_count; i++)
		if (view_equal(view_of(catalogue->archives[i].name), name))
			return &catalogue->archives[i];
	return NULL;
}

/* archive NAME LAYOUT URL */
static int read_archive(struct reading *reading, const struct view *words, struct err *err)
{
	struct catalogue *catalogue = reading->catalogue;
	struct archive *archive = archive_find(catalogue, words[1]);
	struct archive row = { .layout = LAYOUT_RIS };
	struct view url = words[3];
	int code;

	if (view_equal(words[2], VIEW("routeviews")))
		row.layout = LAYOUT_ROUTEVIEWS;
	else if (!view_equal(words[2], VIEW("ris")))
		return bad(reading, err, "no layout is called", words[2]);
	if (!url_clean(&url))
		return bad(reading, err, "no http:, https: or file: address:", words[3]);
	row.name = keep(catalogue, words[1]);
	row.url = keep(catalogue, url);
	if (!row.name || !row.url)
		return err_memory(err);
	if (archive) {
		*archive = row;
		return 0;
	}
	code = VEC_GROW(catalogue->archives, catalogue->archive_count, catalogue->archive_room,
			err);
	if (code == 0)
		catalogue->archives[catalogue->archive_count++] = row;
	return code;
}

/* Rows that earlier texts had of this collector. */
static void forget_collector(struct reading *reading, struct view name)
{
	struct catalogue *catalogue = reading->catalogue;
	uint32_t kept = 0, first = reading->first_era;

	for (uint32_t i = 0; i < catalogue->era_count; i++) {
		if (i < first && view_equal(view_of(catalogue->eras[i].collector), name)) {
			reading->first_era--;
			continue;
		}
		catalogue->eras[kept++] = catalogue->eras[i];
	}
	catalogue->era_count = kept;
}

/* collector ARCHIVE NAME FOLDER FROM UNTIL RIBS UPDATES REGION PLACE… */
static int read_collector(struct reading *reading, const struct view *words, struct view place,
			  struct err *err)
{
	struct catalogue *catalogue = reading->catalogue;
	const struct archive *archive = archive_find(catalogue, words[1]);
	struct era row = { .until = UTC_NEVER };
	int code;

	if (!archive)
		return bad(reading, err, "no archive before this line is called", words[1]);
	row.archive = (uint32_t)(archive - catalogue->archives);
	if (!utc_parse(words[4], &row.from))
		return bad(reading, err, "no time:", words[4]);
	if (!view_equal(words[5], VIEW("-")) && !utc_parse(words[5], &row.until))
		return bad(reading, err, "no time, and no \"-\" for still alive:", words[5]);
	if (row.until != UTC_NEVER && row.until <= row.from)
		return bad(reading, err, "ends before it begins:", words[5]);
	if (!utc_parse_duration(words[6], &row.ribs) || row.ribs < UTC_MINUTE)
		return bad(reading, err, "no interval of RIBs:", words[6]);
	if (!utc_parse_duration(words[7], &row.updates) || row.updates < UTC_MINUTE)
		return bad(reading, err, "no interval of updates:", words[7]);
	forget_collector(reading, words[2]);
	row.collector = keep(catalogue, words[2]);
	row.folder = keep(catalogue, without_slash(words[3]));
	row.region = keep(catalogue, words[8]);
	row.place = keep(catalogue, place);
	if (!row.collector || !row.folder || !row.region || !row.place)
		return err_memory(err);
	code = VEC_GROW(catalogue->eras, catalogue->era_count, catalogue->era_room, err);
	if (code == 0)
		catalogue->eras[catalogue->era_count++] = row;
	return code;
}

/* registry NAME URL: several lines are tried one after the other. */
static int read_registry(struct reading *reading, const struct view *words, struct err *err)
{
	struct catalogue *catalogue = reading->catalogue;
	struct registry_place row;
	struct view url = words[2];
	uint32_t kept = 0, first = reading->first_registry;
	int code;

	if (!url_clean(&url))
		return bad(reading, err, "no http:, https: or file: address:", words[2]);
	for (uint32_t i = 0; i < catalogue->registry_count; i++) {
		if (i < first && view_equal(view_of(catalogue->registries[i].registry), words[1]))
			reading->first_registry--;
		else
			catalogue->registries[kept++] = catalogue->registries[i];
	}
	catalogue->registry_count = kept;
	row = (struct registry_place){ keep(catalogue, words[1]), keep(catalogue, url) };
	if (!row.registry || !row.url)
		return err_memory(err);
	code = VEC_GROW(catalogue->registries, catalogue->registry_count, catalogue->registry_room,
			err);
	if (code == 0)
		catalogue->registries[catalogue->registry_count++] = row;
	return code;
}

/* The next word; false at the end of the line. */
static bool next_word(struct view *rest, struct view *ret_word)
{
	size_t at = 0, end;

	while (at < rest->len && (rest->ptr[at] == ' ' || rest->ptr[at] == '\t'))
		at++;
	end = at;
	while (end < rest->len && rest->ptr[end] != ' ' && rest->ptr[end] != '\t')
		end++;
	*ret_word = (struct view){ rest->ptr + at, end - at };
	rest->ptr += end;
	rest->len -= end;
	return end > at;
}

static int read_line(struct reading *reading, struct view line, struct err *err)
{
	static const struct { const char *word; uint32_t words; } kinds[] = {
		{ "archive", 4 }, { "collector", 9 }, { "registry", 3 }, { "only", 1 },
	};
	struct view words[WORDS_MAX], rest = view_trim(line);
	uint32_t count = 0, kind = 0;

	if (rest.len == 0 || rest.ptr[0] == '#')
		return 0;
	while (count < 9 && next_word(&rest, &words[count]))
		count++;
	while (kind < 4 && !view_equal(words[0], view_of(kinds[kind].word)))
		kind++;
	if (kind == 4)
		return bad(reading, err,
			   "a line begins with archive, collector, registry or only, not",
			   words[0]);
	if (count < kinds[kind].words)
		return bad(reading, err, "too few words behind", words[0]);
	if (kind == 0)
		return read_archive(reading, words, err);
	if (kind == 1)
		return read_collector(reading, words, view_trim(rest), err);
	if (kind == 2)
		return read_registry(reading, words, err);
	reading->catalogue->archive_count = reading->catalogue->era_count =
		reading->catalogue->registry_count = 0;
	reading->first_era = reading->first_registry = 0;
	return 0;
}

int catalogue_read(struct catalogue *catalogue, struct view text, const char *name, struct err *err)
{
	struct reading reading = {
		.catalogue = catalogue, .name = name, .first_era = catalogue->era_count,
		.first_registry = catalogue->registry_count,
	};
	struct view line;
	int code = 0;

	while (code == 0 && view_split(&text, '\n', &line)) {
		reading.line++;
		code = read_line(&reading, line, err);
	}
	return code;
}

int catalogue_new(struct catalogue **ret_catalogue, struct err *err)
{
	struct catalogue *catalogue = calloc(1, sizeof(*catalogue));
	int code;

	if (!catalogue)
		return err_memory(err);
	code = catalogue_read(catalogue, view_of(catalogue_builtin), "the built-in catalogue", err);
	if (code)
		catalogue_free(catalogue);
	else
		*ret_catalogue = catalogue;
	return code;
}

void catalogue_free(struct catalogue *catalogue)
{
	if (!catalogue)
		return;
	free(catalogue->archives);
	free(catalogue->eras);
	free(catalogue->registries);
	arena_free(&catalogue->arena);
	free(catalogue);
}

int catalogue_mirror(struct catalogue *catalogue, const char *text, struct err *err)
{
	struct view url = view_of(text), name;
	struct archive *archive;

	if (!strchr(text, '=') || !view_split(&url, '=', &name) || !url_clean(&url))
		return err_set(err, ERR_USAGE,
			       "%s is not NAME=URL (http:, https:, file: or a folder from / on)",
			       text);
	archive = archive_find(catalogue, name);
	if (!archive)
		return err_set(err, ERR_USAGE,
			       "no archive is called \"%.*s\" (see constat archives)",
			       VIEW_ARGS(name));
	archive->url = keep(catalogue, url);
	return archive->url ? 0 : err_memory(err);
}

/* ---- who to ask ---- */

struct life {
	uint32_t era;		/* the first row */
	int64_t from, until;
	bool taken;
};

static bool lived_in(const struct life *life, int64_t from, int64_t until)
{
	return life->from < until && (life->until == UTC_NEVER || life->until > from);
}

static bool lived_through(const struct life *life, int64_t from, int64_t until)
{
	return life->from <= from && (life->until == UTC_NEVER || life->until >= until);
}

/* One for each collector, from its first row's beginning to its last row's end. */
static uint32_t lives_collect(const struct catalogue *catalogue, struct life *lives)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < catalogue->era_count; i++) {
		const struct era *era = &catalogue->eras[i];
		uint32_t k = 0;

		while (k < count &&
		       strcmp(catalogue->eras[lives[k].era].collector, era->collector) != 0)
			k++;
		if (k == count)
			lives[count++] = (struct life){ i, era->from, era->until, false };
		else if (era->until == UTC_NEVER || era->until > lives[k].until)
			lives[k].until = era->until;
	}
	return count;
}

static int take_named(const struct catalogue *catalogue, struct view list, struct life *lives,
		      uint32_t count, struct err *err)
{
	struct view name;

	while (view_split(&list, ',', &name)) {
		uint32_t i = 0;

		while (i < count &&
		       !view_equal(view_of(catalogue->eras[lives[i].era].collector), name))
			i++;
		if (i == count)
			return err_set(err, ERR_USAGE,
				       "no collector is called \"%.*s\" (see constat archives)",
				       VIEW_ARGS(name));
		lives[i].taken = true;
	}
	return 0;
}

/* The oldest of each region; regions in the order in which they first stand in the catalogue. */
static void take_auto(const struct catalogue *catalogue, struct life *lives, uint32_t count,
		      int64_t from, int64_t until)
{
	uint32_t taken = 0;

	for (uint32_t i = 0; i < count && taken < AUTO_MAX; i++) {
		const char *region = catalogue->eras[lives[i].era].region;
		uint32_t best = UINT32_MAX;
		bool seen = false;

		for (uint32_t k = 0; k < i; k++)
			seen |= strcmp(catalogue->eras[lives[k].era].region, region) == 0;
		for (uint32_t k = i; k < count && !seen; k++) {
			if (strcmp(catalogue->eras[lives[k].era].region, region) != 0 ||
			    !lived_through(&lives[k], from, until))
				continue;
			if (best == UINT32_MAX || lives[k].from < lives[best].from)
				best = k;
		}
		if (best != UINT32_MAX) {
			lives[best].taken = true;
			taken++;
		}
	}
}

int catalogue_select(const struct catalogue *catalogue, struct view list, int64_t from,
		     int64_t until, uint32_t **ret_eras, uint32_t *ret_count, struct err *err)
{
	struct life *lives = calloc(catalogue->era_count + 1u, sizeof(*lives));
	uint32_t *eras = calloc(catalogue->era_count + 1u, sizeof(*eras));
	uint32_t count, taken = 0;
	int code = 0;

	if (!lives || !eras) {
		free(lives);
		free(eras);
		return err_memory(err);
	}
	count = lives_collect(catalogue, lives);
	if (view_equal(list, VIEW("auto")))
		take_auto(catalogue, lives, count, from, until);
	else if (!view_equal(list, VIEW("all")))
		code = take_named(catalogue, list, lives, count, err);
	for (uint32_t i = 0; i < count; i++) {
		if (view_equal(list, VIEW("all")))
			lives[i].taken = true;
		if (lives[i].taken && lived_in(&lives[i], from, until))
			eras[taken++] = lives[i].era;
	}
	if (code == 0 && taken == 0)
		code = err_set(err, ERR_USAGE,
			       "none of these collectors was at work then (see constat archives)");
	free(lives);
	if (code) {
		free(eras);
		return code;
	}
	*ret_eras = eras;
	*ret_count = taken;
	return 0;
}

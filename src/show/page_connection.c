/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Through whom the place was connected: what all paths crossed, and which AS took whose place at
 * its origin, upstream or gateway.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "show/page_parts.h"

#define SHIFTS_OPEN 12u

static const struct { const char *role, *text; } roles[] = {
	{ "origin", N_("origin") }, { "upstream", N_("upstream") }, { "gateway", N_("gateway") },
};

static const char *role_text(struct page *page, const char *role)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (strcmp(roles[i].role, role) == 0)
			return words_text(&page->words, roles[i].text);
	}
	return role;
}

static void put_constant(struct page *page, const struct finding_connection *connection)
{
	struct words *words = &page->words;
	const char *ases = "", *paths;

	if (connection->paths == 0)
		return;
	paths = words_count(words, connection->paths, "%s path", "%s different paths");
	for (uint32_t i = 0; i < connection->constant_count; i++)
		ases = words_join(words, "%s%sAS%u", ases, i ? ", " : "", connection->constant[i]);
	if (connection->constant_count)
		html_element(page->out, "p", NULL,
			     words_say(words, "%s; each of them crosses %s.", paths, ases));
	else
		html_element(page->out, "p", NULL,
			     words_say(words, "%s; no AS is in all of them.", paths));
}

/* "AS3356 Level 3"; `none` for 0. */
static const char *as_text(struct page *page, uint32_t asn, const char *name, const char *none)
{
	if (asn == 0)
		return none;
	return words_join(&page->words, "AS%u%s%s", asn, *name ? " " : "", name);
}

static void shift_row(struct page *page, struct html_table *rows, const struct finding_shift *shift)
{
	struct words *words = &page->words;
	const char *none = words_text(words, N_("none"));

	html_cell(rows, words_time(words, shift->first));
	html_cell(rows, shift->last > shift->first
				? words_duration(words, shift->last - shift->first)
				: "");
	html_cell(rows, role_text(page, shift->role));
	html_cell(rows, as_text(page, shift->from_as, shift->from_name, none));
	html_cell(rows, as_text(page, shift->to_as, shift->to_name, none));
	html_cell(rows, shift->behind);
	html_cell(rows, words_number(words, shift->networks));
	html_cell(rows, words_number(words, shift->routes));
	html_cell(rows, words_number(words, shift->peers));
}

static bool is_near(const struct finding_shift *shift)
{
	return strcmp(shift->role, "farther") != 0;
}

/* The ASes of here and at the border first: those farther out are the Internet's own business. */
static uint64_t weigh_shift(const void *context, uint32_t i)
{
	const struct finding_shift *shift =
		&((const struct finding_connection *)context)->shifts[i];

	return is_near(shift) ? shift->routes : 0;
}

static void shift_table(struct page *page, const struct finding_connection *connection,
			uint32_t shown, const char *caption)
{
	uint32_t *picks = pick_heaviest(connection->shift_count, shown, weigh_shift, connection);
	struct words *words = &page->words;
	struct html_table rows;

	page->out->failed |= !picks;
	html_table_open(&rows, page->out, caption);
	html_column(&rows, words_text(words, N_("from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("lasted")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("role")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("went")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("came")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("on the way to")), HTML_CODE);
	html_column(&rows, words_text(words, N_("networks")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("routes")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("peer ASes")), HTML_NUMBER);
	for (uint32_t i = 0; picks && i < shown; i++)
		shift_row(page, &rows, &connection->shifts[picks[i]]);
	html_table_close(&rows);
	free(picks);
}

static void put_shifts(struct page *page, const struct finding_connection *connection)
{
	struct words *words = &page->words;
	uint32_t near = 0, all, shown;

	for (uint32_t i = 0; i < connection->shift_count; i++)
		near += is_near(&connection->shifts[i]);
	all = connection->shift_count + connection->shifts_left_out;
	if (all == 0)
		return;
	html_element(page->out, "p", NULL,
		     words_say(words,
			       "%s in the paths; %s of them at the origin, its upstream or the "
			       "gateway.",
			       words_count(words, all, "%s change of AS", "%s changes of AS"),
			       words_number(words, near)));
	if (near == 0)
		return;
	shift_table(page, connection, near < SHIFTS_OPEN ? near : SHIFTS_OPEN,
		    words_text(words,
			       N_("Which AS took whose place, those that moved the most routes")));
	if (near <= SHIFTS_OPEN)
		return;
	shown = near < TABLE_ROWS ? near : TABLE_ROWS;
	page_fold(page, words_text(words, N_("All such changes")));
	shift_table(page, connection, shown, words_text(words, N_("Which AS took whose place")));
	page_cut(page, shown, near);
	page_fold_end(page);
}

void page_connection(struct page *page)
{
	const struct finding_connection *connection = page->finding->result.connection;

	put_constant(page, connection);
	put_shifts(page, connection);
}

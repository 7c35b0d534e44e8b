/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Through whom a place was connected, over time: shares by moment, with moments that say the same
 * in one line; before, during and after outages; and which AS took whose place.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/finding.h"
#include "show/grid.h"

#define ASES_SHOWN	6u	/* columns */
#define PEERS_SHOWN	3u
#define NAMES_SHOWN	12u

/* What one table is of: shares of a role, or hegemony in a family. */
struct kind {
	const char *role;	/* NULL: hegemony */
	const char *family;
};

struct column {
	uint32_t asn, most;
	char title[16];
};

/* The value of an AS at a time, in the list that `kind` is about; false when it is not there. */
static bool value_of(const struct finding_connection *connection, const struct kind *kind,
		     int64_t time, uint32_t asn, uint32_t *ret_value)
{
	for (uint32_t i = 0; kind->role && i < connection->share_count; i++) {
		const struct finding_moment_share *share = &connection->shares[i];

		if (share->time == time && share->asn == asn &&
		    strcmp(share->role, kind->role) == 0) {
			*ret_value = share->share;
			return true;
		}
	}
	for (uint32_t i = 0; !kind->role && i < connection->hegemony_count; i++) {
		const struct finding_moment_hegemony *row = &connection->hegemony[i];

		if (row->time == time && row->asn == asn &&
		    strcmp(row->family, kind->family) == 0) {
			*ret_value = row->hegemony;
			return true;
		}
	}
	return false;
}

static uint32_t column_note(struct column *columns, uint32_t count, uint32_t asn, uint32_t value)
{
	for (uint32_t i = 0; i < count; i++) {
		if (columns[i].asn != asn)
			continue;
		if (value > columns[i].most)
			columns[i].most = value;
		return count;
	}
	columns[count] = (struct column){ .asn = asn, .most = value };
	return count + 1;
}

static int compare_columns(const void *a, const void *b)
{
	const struct column *left = a, *right = b;

	if (left->most != right->most)
		return left->most > right->most ? -1 : 1;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

/* The ASes that ever were there, the largest first; *ret_columns is the caller's to free. */
static uint32_t columns_find(const struct finding_connection *connection, const struct kind *kind,
			     struct column **ret_columns)
{
	uint32_t room = kind->role ? connection->share_count : connection->hegemony_count,
		 count = 0;
	struct column *columns = calloc(room ? room : 1, sizeof(*columns));

	*ret_columns = columns;
	if (!columns)
		return 0;
	for (uint32_t i = 0; i < room; i++) {
		const struct finding_moment_share *share = kind->role ? &connection->shares[i]
								      : NULL;
		const struct finding_moment_hegemony *row = kind->role ? NULL
								       : &connection->hegemony[i];

		if (share && strcmp(share->role, kind->role) == 0)
			count = column_note(columns, count, share->asn, share->share);
		if (row && strcmp(row->family, kind->family) == 0 && row->hegemony)
			count = column_note(columns, count, row->asn, row->hegemony);
	}
	qsort(columns, count, sizeof(*columns), compare_columns);
	for (uint32_t i = 0; i < count; i++)
		snprintf(columns[i].title, sizeof(columns[i].title), "AS%u", columns[i].asn);
	return count;
}

/* One line's cells behind its times, as one text: equal texts are one line. */
static void line_key(const struct finding_connection *connection, const struct kind *kind,
		     const struct finding_moment *moment, const struct column *columns,
		     uint32_t count, struct buf *buf)
{
	uint32_t value;

	buf->len = 0;
	buf_printf(buf, "%u %u", moment->networks, moment->peers);
	for (uint32_t i = 0; i < count; i++) {
		value = UINT32_MAX;
		value_of(connection, kind, moment->time, columns[i].asn, &value);
		buf_printf(buf, " %u", value);
	}
}

static void moment_cells(const struct finding_connection *connection, const struct kind *kind,
			 const struct finding_moment *moment, const struct column *columns,
			 uint32_t count, struct grid *grid)
{
	uint32_t value;

	grid_number(grid, moment->networks);
	grid_number(grid, moment->peers);
	for (uint32_t i = 0; i < count; i++) {
		if (value_of(connection, kind, moment->time, columns[i].asn, &value))
			grid_share(grid, value);
		else
			grid_cell(grid, "");
	}
}

static void moments_grid(const struct finding_connection *connection, const struct kind *kind,
			 const struct column *columns, uint32_t count,
			 const struct show_style *style, struct buf *out)
{
	struct buf last = { 0 }, now = { 0 };
	struct grid grid = { 0 };
	uint32_t lines = 0, shown = show_rows(style, connection->moment_count);

	grid_column(&grid, "from", false);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "peer ASes", true);
	for (uint32_t i = 0; i < count; i++)
		grid_column(&grid, columns[i].title, true);
	for (uint32_t i = 0; i < connection->moment_count; i++) {
		const struct finding_moment *moment = &connection->moments[i];
		struct buf swap = last;

		if (strcmp(moment->why, "step") != 0)
			continue;
		line_key(connection, kind, moment, columns, count, &now);
		if (now.failed)
			break;
		if (lines && now.len == last.len && memcmp(now.data, last.data, now.len) == 0)
			continue;
		last = now;
		now = swap;
		if (lines++ >= shown)
			continue;
		grid_time(&grid, moment->time);
		moment_cells(connection, kind, moment, columns, count, &grid);
	}
	out->failed |= now.failed || last.failed;
	buf_free(&now);
	buf_free(&last);
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, lines, "changes");
}

static void over_time(const struct finding_connection *connection, const struct kind *kind,
		      const char *title, const struct show_style *style, struct buf *out)
{
	struct column *columns;
	uint32_t count = columns_find(connection, kind, &columns);

	out->failed |= !columns;
	if (count) {
		show_title(style, out, title);
		moments_grid(connection, kind, columns, count < ASES_SHOWN ? count : ASES_SHOWN,
			     style, out);
		if (count > ASES_SHOWN) {
			buf_str(out, "  and through ");
			show_count(out, count - ASES_SHOWN, "other AS", "other ASes");
			buf_str(out, ", each less\n");
		}
	}
	free(columns);
}

static bool is_in_country(const struct finding *finding)
{
	return strcmp(finding->question.subject_kind, "country") == 0;
}

static void series(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	static const struct kind gateways = { "gateway", NULL }, upstreams = { "upstream", NULL };
	const struct finding_connection *connection = finding->result.connection;

	if (is_in_country(finding))
		over_time(connection, &gateways,
			  "Gateways over time (share of the networks reached through each)", style,
			  out);
	else
		over_time(connection, &upstreams,
			  "Upstreams over time (share of the networks reached through each)", style,
			  out);
	over_time(connection, &(const struct kind){ NULL, "IPv4" }, "AS hegemony over time, IPv4",
		  style, out);
	over_time(connection, &(const struct kind){ NULL, "IPv6" }, "AS hegemony over time, IPv6",
		  style, out);
}

/*
 * `whole`: a route came or went, there is nobody on this side; else, 0 is the vantage point itself.
 */
static void as_cell(struct grid *grid, uint32_t asn, bool whole)
{
	if (asn)
		grid_printf(grid, "AS%u", asn);
	else
		grid_cell(grid, whole ? "" : "none");
}

static void peers_cell(struct grid *grid, const struct finding_shift *shift)
{
	struct buf text = { 0 };

	if (shift->peers > PEERS_SHOWN) {
		grid_printf(grid, "%u", shift->peers);
		return;
	}
	for (uint32_t i = 0; i < shift->peer_as_count; i++)
		buf_printf(&text, "%sAS%u", i ? " " : "", shift->peer_ases[i]);
	buf_char(&text, '\0');
	grid_cell(grid, text.failed ? "" : text.data);
	grid->failed |= text.failed;
	buf_free(&text);
}

static bool is_near(const struct finding_shift *shift)
{
	return strcmp(shift->role, "farther") != 0;
}

static void shift_row(const struct finding_shift *shift, struct grid *grid)
{
	bool replaced = strcmp(shift->kind, "replaced") == 0;

	grid_time(grid, shift->first);
	if (shift->last > shift->first)
		grid_duration(grid, shift->last - shift->first);
	else
		grid_cell(grid, "");
	grid_cell(grid, shift->role);
	as_cell(grid, shift->from_as, !replaced);
	grid_cell(grid, replaced ? "→" : shift->kind);
	as_cell(grid, shift->to_as, !replaced);
	grid_clipped(grid, shift->behind, 30);
	grid_number(grid, shift->networks);
	grid_number(grid, shift->routes);
	peers_cell(grid, shift);
}

/* Names of the ASes in the lines shown, each once. */
static void names_line(const struct finding_connection *connection, const uint32_t *rows,
		       uint32_t count, const struct show_style *style, struct buf *out)
{
	uint32_t named[NAMES_SHOWN], names = 0;
	struct buf line = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		const struct finding_shift *shift = &connection->shifts[rows[i]];
		const uint32_t ases[] = { shift->at_as, shift->from_as, shift->to_as };
		const char *const texts[] = { shift->at_name, shift->from_name, shift->to_name };

		for (unsigned k = 0; k < 3; k++) {
			uint32_t known = 0;

			while (known < names && named[known] != ases[k])
				known++;
			if (known < names || names == NAMES_SHOWN || !*texts[k])
				continue;
			buf_printf(&line, "%sAS%u %s", names ? "; " : "", ases[k], texts[k]);
			named[names++] = ases[k];
		}
	}
	buf_char(&line, '\0');
	out->failed |= line.failed;
	if (names && !line.failed)
		show_wrapped(style, out, 2, line.data);
	buf_free(&line);
}

static void constant_line(const struct finding_connection *connection,
			  const struct show_style *style, struct buf *out)
{
	struct buf line = { 0 };

	if (connection->paths == 0)
		return;
	show_count(&line, connection->paths, "path", "different paths");
	if (connection->constant_count == 0)
		buf_str(&line, ", no AS in all of them");
	else if (connection->paths > 1)
		buf_str(&line, "; in every one:");
	for (uint32_t i = 0; i < connection->constant_count && connection->paths > 1; i++)
		buf_printf(&line, " AS%u", connection->constant[i]);
	buf_char(&line, '\0');
	out->failed |= line.failed;
	if (!line.failed)
		show_wrapped(style, out, 2, line.data);
	buf_free(&line);
}

/* `near`: only what changed at the origin, its upstream or the gateway; the rest is counted. */
static void shifts(const struct finding_connection *connection, bool near,
		   const struct show_style *style, struct buf *out)
{
	uint32_t *rows = calloc(connection->shift_count ? connection->shift_count : 1,
				sizeof(*rows));
	uint32_t count = 0, shown;
	struct grid grid = { 0 };

	out->failed |= !rows;
	for (uint32_t i = 0; rows && i < connection->shift_count; i++) {
		if (!near || is_near(&connection->shifts[i]))
			rows[count++] = i;
	}
	show_title(style, out, "Changes on the way here");
	constant_line(connection, style, out);
	shown = show_rows(style, count);
	grid_column(&grid, "when", false);
	grid_column(&grid, "for", true);
	grid_column(&grid, "part", false);
	grid_column(&grid, "from", false);
	grid_column(&grid, "", false);
	grid_column(&grid, "to", false);
	grid_column(&grid, "in front of", false);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "routes", true);
	grid_column(&grid, "peer ASes", false);
	for (uint32_t i = 0; i < shown; i++)
		shift_row(&connection->shifts[rows[i]], &grid);
	if (shown)
		grid_print(&grid, 2, style->colour, out);
	else
		buf_str(out, near ? "  origins, upstreams and gateways stayed as they were\n"
				  : "  nothing changed\n");
	show_cut(style, out, count, "changes");
	names_line(connection, rows, shown, style, out);
	if (count < connection->shift_count) {
		buf_str(out, "  farther away ");
		show_count(out, connection->shift_count - count, "change", "changes");
		buf_str(out, " (constat upstreams lists them)\n");
	}
	if (connection->shifts_left_out) {
		buf_str(out, "  ");
		show_count(out, connection->shifts_left_out, "smaller change is",
			   "smaller changes are");
		buf_str(out, " not in the finding\n");
	}
	free(rows);
}

/* "AS4837 98.21 %, AS20485 1.79 %" */
static void through_cell(const struct finding_connection *connection, const struct kind *kind,
			 const struct finding_moment *moment, uint32_t all, struct grid *grid)
{
	struct buf text = { 0 };
	uint32_t shown = 0;

	for (uint32_t i = 0; i < connection->share_count && shown < PEERS_SHOWN; i++) {
		const struct finding_moment_share *share = &connection->shares[i];

		if (share->time != moment->time || strcmp(share->role, kind->role) != 0)
			continue;
		buf_printf(&text, "%sAS%u ", shown++ ? ", " : "", share->asn);
		show_share(&text, share->share);
	}
	if (all > shown)
		buf_printf(&text, " and %u more", all - shown);
	buf_char(&text, '\0');
	grid_cell(grid, text.failed ? "" : text.data);
	grid->failed |= text.failed;
	buf_free(&text);
}

static void hegemony_cell(const struct finding_connection *connection,
			  const struct finding_moment *moment, struct grid *grid)
{
	for (uint32_t i = 0; i < connection->hegemony_count; i++) {
		const struct finding_moment_hegemony *row = &connection->hegemony[i];
		struct buf text = { 0 };

		if (row->time != moment->time || row->hegemony == 0)
			continue;
		buf_printf(&text, "AS%u ", row->asn);
		show_share(&text, row->hegemony);
		buf_char(&text, '\0');
		grid_cell(grid, text.failed ? "" : text.data);
		grid->failed |= text.failed;
		buf_free(&text);
		return;
	}
	grid_cell(grid, "");
}

static void around_outages(const struct finding *finding, const struct show_style *style,
			   struct buf *out)
{
	const struct finding_connection *connection = finding->result.connection;
	const bool country = is_in_country(finding);
	const struct kind kind = { country ? "gateway" : "upstream", NULL };
	uint32_t count = 0, shown;
	struct grid grid = { 0 };

	for (uint32_t i = 0; i < connection->moment_count; i++)
		count += connection->moments[i].outage != 0;
	show_title(style, out, "Through whom, around each outage");
	shown = show_rows(style, count);
	grid_column(&grid, "outage", true);
	grid_column(&grid, "", false);
	grid_column(&grid, "at", false);
	grid_column(&grid, "networks", true);
	grid_column(&grid, "peer ASes", true);
	grid_column(&grid, country ? "gateways" : "upstreams", false);
	grid_column(&grid, "highest AS hegemony", false);
	for (uint32_t i = 0; i < connection->moment_count && shown; i++) {
		const struct finding_moment *moment = &connection->moments[i];

		if (moment->outage == 0)
			continue;
		shown--;
		grid_number(&grid, moment->outage);
		grid_cell(&grid, moment->why);
		grid_time(&grid, moment->time);
		grid_number(&grid, moment->networks);
		grid_number(&grid, moment->peers);
		through_cell(connection, &kind, moment,
			     country ? moment->gateways : moment->upstreams, &grid);
		hegemony_cell(connection, moment, &grid);
	}
	grid_print(&grid, 2, style->colour, out);
	show_cut(style, out, count, "moments");
}

void show_connection(const struct finding *finding, const struct show_style *style, struct buf *out)
{
	const struct finding_connection *connection = finding->result.connection;

	series(finding, style, out);
	shifts(connection, false, style, out);
}

void show_connection_report(const struct finding *finding, const struct show_style *style,
			    struct buf *out)
{
	const struct finding_connection *connection = finding->result.connection;
	bool outages = false;

	for (uint32_t i = 0; i < connection->moment_count; i++)
		outages |= connection->moments[i].outage != 0;
	if (outages)
		around_outages(finding, style, out);
	else
		series(finding, style, out);
	shifts(connection, true, style, out);
}

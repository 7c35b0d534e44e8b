/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Through whom a place was connected: a lane for each gateway (of a country) or upstream (of
 * anything else), as high as the share of the networks reached through it, over time. Those with
 * the largest shares, of at least a hundredth.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "show/figure.h"

#define PITCH 420
#define LANE 300
#define TOP 60
#define LEFT 2900
#define RIGHT 9050
#define LANES_MAX 10u
/* Parts per million below which a lane would show nothing. */
#define SHARE_LEAST 10000u

struct lane {
	uint32_t asn, most;
	const char *name, *country;
};

struct lanes {
	const struct finding_connection *connection;
	const char *role;
	struct lane *at;
	uint32_t count, shown;
};

static const char *role_of(const struct page *page)
{
	return strcmp(page->finding->question.subject_kind, "country") == 0 ? "gateway"
									    : "upstream";
}

static int compare_lanes(const void *a, const void *b)
{
	const struct lane *left = a, *right = b;

	if (left->most != right->most)
		return left->most > right->most ? -1 : 1;
	return left->asn < right->asn ? -1 : left->asn > right->asn;
}

static void lane_note(struct lanes *lanes, const struct finding_moment_share *share)
{
	for (uint32_t i = 0; i < lanes->count; i++) {
		if (lanes->at[i].asn != share->asn)
			continue;
		if (share->share > lanes->at[i].most)
			lanes->at[i].most = share->share;
		return;
	}
	lanes->at[lanes->count++] = (struct lane){
		share->asn, share->share, share->name, share->country,
	};
}

/* The largest first; false when out of memory. The caller frees lanes->at. */
static bool lanes_take(const struct page *page, struct lanes *lanes)
{
	const struct finding_connection *connection = page->finding->result.connection;

	*lanes = (struct lanes){
		.connection = connection, .role = role_of(page),
		.at = calloc(connection->share_count ? connection->share_count : 1,
			     sizeof(*lanes->at)),
	};
	for (uint32_t i = 0; lanes->at && i < connection->share_count; i++) {
		if (strcmp(connection->shares[i].role, lanes->role) == 0)
			lane_note(lanes, &connection->shares[i]);
	}
	if (lanes->count)
		qsort(lanes->at, lanes->count, sizeof(*lanes->at), compare_lanes);
	while (lanes->shown < lanes->count && lanes->shown < LANES_MAX &&
	       lanes->at[lanes->shown].most >= SHARE_LEAST)
		lanes->shown++;
	return lanes->at != NULL;
}

static uint32_t rows_shown(const struct page *page)
{
	struct lanes lanes;

	page->out->failed |= !lanes_take(page, &lanes);
	free(lanes.at);
	return lanes.shown;
}

static bool applies(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return page->finding->result.connection && page->until > page->from && rows_shown(page) > 0;
}

static const char *title(struct page *page, const struct figure *figure)
{
	(void)figure;
	return strcmp(role_of(page), "gateway") == 0
		       ? words_text(&page->words, N_("Gateways over time"))
		       : words_text(&page->words, N_("Upstreams over time"));
}

static const char *about(struct page *page, const struct figure *figure)
{
	const struct finding_connection *connection = page->finding->result.connection;
	struct words *words = &page->words;
	struct lanes lanes;
	const char *text;

	(void)figure;
	page->out->failed |= !lanes_take(page, &lanes);
	if (strcmp(lanes.role, "gateway") == 0)
		text = words_say(words,
				 "A lane for each gateway, the last foreign AS before the country, "
				 "as high as the share of the networks reached through it (mean "
				 "over the peer ASes), in steps of %s. The number to the right is "
				 "its largest share.",
				 words_duration(words, connection->step));
	else
		text = words_say(words,
				 "A lane for each upstream, the AS before the origin, as high as "
				 "the share of the networks reached through it (mean over the peer "
				 "ASes), in steps of %s. The number to the right is its largest "
				 "share.",
				 words_duration(words, connection->step));
	if (lanes.shown < lanes.count)
		text = words_say(words, "%s Shown are the %s largest of %s.", text,
				 words_number(words, lanes.shown),
				 words_number(words, lanes.count));
	free(lanes.at);
	return text;
}

static int height(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return (TOP + (int)rows_shown(page) * PITCH + 420) / 10;
}

/* The AS's share at a moment; shares stand in order of time, *next is where the moment's begin. */
static uint32_t share_at(const struct lanes *lanes, uint32_t asn, int64_t time, uint32_t *next)
{
	const struct finding_connection *connection = lanes->connection;

	while (*next < connection->share_count && connection->shares[*next].time < time)
		++*next;
	for (uint32_t i = *next; i < connection->share_count && connection->shares[i].time == time;
	     i++) {
		if (connection->shares[i].asn == asn &&
		    strcmp(connection->shares[i].role, lanes->role) == 0)
			return connection->shares[i].share;
	}
	return 0;
}

static void lane_area(struct page *page, const struct axis *axis, const struct lanes *lanes,
		      uint32_t asn, int ground)
{
	const struct finding_connection *connection = lanes->connection;
	struct buf *out = page->out;
	uint32_t next = 0;

	buf_str(out, "<path class=\"strip\" d=\"M");
	svg_number(out, axis->left);
	buf_char(out, ' ');
	svg_number(out, ground);
	for (uint32_t i = 0; i < connection->moment_count; i++) {
		const struct finding_moment *moment = &connection->moments[i];
		uint32_t share;

		if (strcmp(moment->why, "step") != 0 || moment->time > axis->until)
			continue;
		share = share_at(lanes, asn, moment->time, &next);
		buf_char(out, 'H');
		svg_number(out, axis_at(axis, moment->time));
		buf_char(out, 'V');
		svg_number(out, ground - (int)((uint64_t)LANE * share / 1000000));
	}
	buf_char(out, 'H');
	svg_number(out, axis->right);
	buf_char(out, 'V');
	svg_number(out, ground);
	buf_str(out, "\"/>\n");
}

/* A name of any length, cut to what fits beside the lane. */
static const char *clipped(struct page *page, const char *name)
{
	size_t len = 0;
	unsigned width = 0;

	while (name[len] && (width < 30 || ((unsigned char)name[len] & 0xc0) == 0x80)) {
		width += ((unsigned char)name[len] & 0xc0) != 0x80;
		len++;
	}
	return name[len] ? words_join(&page->words, "%.*s…", (int)len, name) : name;
}

static void draw(struct page *page, const struct figure *figure)
{
	struct axis axis = { page->from, page->until, LEFT, RIGHT };
	struct words *words = &page->words;
	struct lanes lanes;

	(void)figure;
	page->out->failed |= !lanes_take(page, &lanes);
	axis_draw(page, &axis, TOP, TOP + (int)lanes.shown * PITCH);
	for (uint32_t i = 0; lanes.at && i < lanes.shown; i++) {
		const struct lane *lane = &lanes.at[i];
		int ground = TOP + (int)(i + 1) * PITCH - 60;

		svg_text(page->out, "label", LEFT - 100, ground - 170, "end",
			 words_join(words, "AS%u %s", lane->asn, lane->country));
		svg_text(page->out, "tick", LEFT - 100, ground - 20, "end",
			 clipped(page, lane->name));
		svg_line(page->out, "rule", LEFT, ground - LANE, RIGHT, ground - LANE);
		lane_area(page, &axis, &lanes, lane->asn, ground);
		svg_line(page->out, "axis", LEFT, ground, RIGHT, ground);
		svg_text(page->out, "tick", RIGHT + 60, ground - 20, "start",
			 words_percent(words, lane->most));
	}
	free(lanes.at);
}

/* Moments at which the same ASes had the same shares are one row. */
static void table(struct page *page, const struct figure *figure)
{
	struct words *words = &page->words;
	const struct finding_connection *connection = page->finding->result.connection;
	struct html_table rows;
	struct lanes lanes;
	uint32_t last[LANES_MAX] = { 0 }, next = 0, shown = 0, all = 0;

	page->out->failed |= !lanes_take(page, &lanes);
	html_table_open(&rows, page->out, title(page, figure));
	html_column(&rows, words_text(words, N_("from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("networks")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("peer ASes")), HTML_NUMBER);
	for (uint32_t i = 0; lanes.at && i < lanes.shown; i++)
		html_column(&rows, words_join(words, "AS%u", lanes.at[i].asn), HTML_NUMBER);
	for (uint32_t i = 0; lanes.at && i < connection->moment_count; i++) {
		const struct finding_moment *moment = &connection->moments[i];
		uint32_t shares[LANES_MAX] = { 0 };

		if (strcmp(moment->why, "step") != 0)
			continue;
		for (uint32_t k = 0; k < lanes.shown; k++)
			shares[k] = share_at(&lanes, lanes.at[k].asn, moment->time, &next);
		if (all && memcmp(shares, last, sizeof(shares)) == 0)
			continue;
		memcpy(last, shares, sizeof(shares));
		if (all++ >= TABLE_ROWS)
			continue;
		shown++;
		html_cell(&rows, words_time(words, moment->time));
		html_cell(&rows, words_number(words, moment->networks));
		html_cell(&rows, words_number(words, moment->peers));
		for (uint32_t k = 0; k < lanes.shown; k++)
			html_cell(&rows, shares[k] ? words_share(words, shares[k]) : "");
	}
	html_table_close(&rows);
	page_cut(page, shown, all);
	free(lanes.at);
}

const struct figure figure_upstreams = {
	"upstreams", NULL, applies, title, about, height, draw, table,
};

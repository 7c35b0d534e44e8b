/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signal over time: address space seen, its baseline, outages as bands with their bounds as
 * error bars, what was not measurable hatched; below it who was there to see it: peer ASes with a
 * full feed.
 */
#include <string.h>

#include "base/utc.h"
#include "show/figure.h"

#define TOP 260
#define BOTTOM 2060
#define STRIP_TOP 2330
#define STRIP_BOTTOM 2680
#define LEFT 620
#define RIGHT 9440

struct plane {
	struct axis axis;
	uint64_t most;			/* at the top */
	int top, bottom;
};

static const struct finding_signal *signal_of(const struct page *page, const struct figure *figure)
{
	for (uint32_t i = 0; i < page->report->signal_count; i++) {
		if (is_family(page->report->signals[i].family, figure->family))
			return &page->report->signals[i];
	}
	return NULL;
}

static bool applies(const struct page *page, const struct figure *figure)
{
	return signal_of(page, figure) && page->until > page->from;
}

static const char *title(struct page *page, const struct figure *figure)
{
	return is_family(figure->family, "IPv6")
		       ? words_text(&page->words, N_("IPv6 address space seen, in /48 blocks"))
		       : words_text(&page->words, N_("IPv4 address space seen, in /24 blocks"));
}

static uint32_t outages_in(const struct page *page, const char *family)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < page->report->outage_count; i++)
		count += is_family(page->report->outages[i].family, family);
	return count;
}

static const char *about(struct page *page, const struct figure *figure)
{
	const struct finding_signal *signal = signal_of(page, figure);
	struct words *words = &page->words;

	return words_say(words,
			 "At first %s in %s of %s; the baseline is %s. Shaded: %s. A bar across "
			 "the start or end of one is where it lies between its bounds. Hatched: "
			 "not measurable. Below: the peer ASes with a full feed, who are those "
			 "that count.",
			 words_count(words, signal->first_blocks, "%s block", "%s blocks"),
			 words_count(words, signal->first_networks, "%s network", "%s networks"),
			 words_count(words, signal->first_origins, "%s origin AS",
				     "%s origin ASes"),
			 words_count(words, signal->baseline, "%s block", "%s blocks"),
			 words_count(words, outages_in(page, figure->family), "%s outage",
				     "%s outages"));
}

static int height(const struct page *page, const struct figure *figure)
{
	(void)page;
	(void)figure;
	return 335;
}

static int plane_at(const struct plane *plane, uint64_t value)
{
	uint64_t most = plane->most ? plane->most : 1;

	if (value > most)
		value = most;
	return plane->bottom - (int)((unsigned __int128)value *
				     (unsigned)(plane->bottom - plane->top) / most);
}

/* A round step that gives at most four rules. */
static uint64_t round_step(uint64_t most)
{
	uint64_t step = 1;

	while (most / step > 4) {
		if (most / (2 * step) <= 4)
			return 2 * step;
		if (most / (5 * step) <= 4)
			return 5 * step;
		step *= 10;
	}
	return step;
}

static void plane_draw(struct page *page, const struct plane *plane)
{
	uint64_t step = round_step(plane->most);

	for (uint64_t value = 0; value <= plane->most; value += step) {
		int y = plane_at(plane, value);

		svg_line(page->out, "rule", plane->axis.left, y, plane->axis.right, y);
		svg_text(page->out, "tick", plane->axis.left - 80, y + 40, "end",
			 words_number(&page->words, value));
	}
}

/* Hatches the time in which visibility of the family was not measurable. */
static void unmeasured_draw(struct page *page, const struct figure *figure,
			    const struct plane *plane)
{
	const struct finding_coverage *coverage = &page->finding->result.coverage;
	int64_t since = page->from;

	for (uint32_t i = 0; i <= coverage->step_count; i++) {
		bool last = i == coverage->step_count;
		int64_t until = last ? page->until : coverage->steps[i].time;

		if (!last && !is_family(coverage->steps[i].family, figure->family))
			continue;
		if (since != UTC_NEVER && until > since && until > page->from) {
			int x = axis_at(&plane->axis, since);

			svg_rect(page->out, "blind", x, plane->top,
				 axis_at(&plane->axis, until) - x, plane->bottom - plane->top);
		}
		since = last || coverage->steps[i].measurable ? UTC_NEVER : coverage->steps[i].time;
	}
}

static const char *const level_classes[][2] = {
	{ "partial", "band partial" }, { "major", "band major" }, { "total", "band total" },
};

static const char *level_class(const char *level)
{
	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(level_classes[i][0], level) == 0)
			return level_classes[i][1];
	}
	return "band";
}

static void bands_draw(struct page *page, const struct figure *figure, const struct plane *plane)
{
	for (uint32_t i = 0; i < page->report->outage_count; i++) {
		const struct finding_outage *outage = &page->report->outages[i];
		int64_t end = outage->end.at == UTC_NEVER ? page->until : outage->end.at;
		int x = axis_at(&plane->axis, outage->start.at),
		    width = axis_at(&plane->axis, end) - x;

		if (!is_family(outage->family, figure->family) || end < page->from)
			continue;
		svg_rect(page->out, level_class(outage->level), x, plane->top,
			 width < 15 ? 15 : width, plane->bottom - plane->top);
		if (width > 1000)
			svg_text(page->out, "band-label", x + width / 2, plane->top - 70, "middle",
				 words_duration(&page->words, outage->duration));
	}
}

static void bar_draw(struct page *page, const struct plane *plane,
		     const struct finding_bound *bound, int y)
{
	int left, right;

	if (bound->at == UTC_NEVER || bound->at < page->from || bound->at > page->until)
		return;
	left = axis_at(&plane->axis, bound->earliest);
	right = axis_at(&plane->axis, bound->latest);
	svg_line(page->out, "bar", left, y, right, y);
	svg_line(page->out, "bar", left, y - 35, left, y + 35);
	svg_line(page->out, "bar", right, y - 35, right, y + 35);
}

static void bars_draw(struct page *page, const struct figure *figure, const struct plane *plane)
{
	for (uint32_t i = 0; i < page->report->outage_count; i++) {
		const struct finding_outage *outage = &page->report->outages[i];

		if (!is_family(outage->family, figure->family))
			continue;
		bar_draw(page, plane, &outage->start, plane->top + 90);
		bar_draw(page, plane, &outage->end, plane->top + 90);
	}
}

static void put_point(struct buf *out, char command, int x, int y)
{
	buf_char(out, command);
	svg_number(out, x);
	buf_char(out, ' ');
	svg_number(out, y);
}

static void put_step(struct buf *out, char command, int at)
{
	buf_char(out, command);
	svg_number(out, at);
}

/*
 * The steps of the signal as path data; each point dips to its lowest first. `closed`: down to the
 * ground, for the area.
 */
static void signal_path(struct page *page, const struct finding_signal *signal,
			const struct plane *plane, bool closed)
{
	struct buf *out = page->out;
	bool open = false;
	int x = 0;

	for (uint32_t i = 0; i < signal->point_count; i++) {
		const struct finding_point *point = &signal->points[i];
		int64_t until = i + 1 < signal->point_count ? signal->points[i + 1].time
							    : page->until;

		if (until < page->from || point->time > page->until)
			continue;
		x = axis_at(&plane->axis, point->time);
		if (open)
			put_step(out, 'H', x);
		if (open && closed && !point->measurable)
			put_step(out, 'V', plane->bottom);
		if (!open && point->measurable)
			put_point(out, 'M', x,
				  closed ? plane->bottom : plane_at(plane, point->blocks_lowest));
		open = point->measurable;
		if (!open)
			continue;
		put_step(out, 'V', plane_at(plane, point->blocks_lowest));
		put_step(out, 'V', plane_at(plane, point->blocks));
	}
	if (open) {
		put_step(out, 'H', plane->axis.right);
		if (closed)
			put_step(out, 'V', plane->bottom);
	}
}

static void signal_draw(struct page *page, const struct finding_signal *signal,
			const struct plane *plane)
{
	int y = plane_at(plane, signal->baseline);

	buf_str(page->out, "<path class=\"area\" d=\"");
	signal_path(page, signal, plane, true);
	buf_str(page->out, "\"/>\n<path class=\"signal\" d=\"");
	signal_path(page, signal, plane, false);
	buf_str(page->out, "\"/>\n");
	svg_line(page->out, "baseline", plane->axis.left, y, plane->axis.right, y);
}

static void strip_draw(struct page *page, const struct figure *figure, const struct axis *axis)
{
	const struct finding_coverage *coverage = &page->finding->result.coverage;
	struct plane plane = { *axis, 1, STRIP_TOP, STRIP_BOTTOM };
	bool any = false;

	for (uint32_t i = 0; i < coverage->step_count; i++) {
		if (is_family(coverage->steps[i].family, figure->family) &&
		    coverage->steps[i].peers > plane.most)
			plane.most = coverage->steps[i].peers;
	}
	svg_text(page->out, "tick", LEFT + 50, STRIP_TOP - 70, "start",
		 words_text(&page->words, N_("Peer ASes with a full feed")));
	svg_text(page->out, "tick", LEFT - 80, STRIP_TOP + 60, "end",
		 words_number(&page->words, plane.most));
	svg_text(page->out, "tick", LEFT - 80, STRIP_BOTTOM + 20, "end",
		 words_number(&page->words, 0));
	buf_str(page->out, "<path class=\"strip\" d=\"");
	put_point(page->out, 'M', axis->left, plane.bottom);
	for (uint32_t i = 0; i < coverage->step_count; i++) {
		if (!is_family(coverage->steps[i].family, figure->family) ||
		    coverage->steps[i].time > page->until)
			continue;
		put_step(page->out, 'H', axis_at(axis, coverage->steps[i].time));
		put_step(page->out, 'V', plane_at(&plane, coverage->steps[i].peers));
		any = true;
	}
	put_step(page->out, 'H', any ? axis->right : axis->left);
	put_step(page->out, 'V', plane.bottom);
	buf_str(page->out, "\"/>\n");
}

static void draw(struct page *page, const struct figure *figure)
{
	const struct finding_signal *signal = signal_of(page, figure);
	struct plane plane = {
		{ page->from, page->until, LEFT, RIGHT }, signal->baseline, TOP, BOTTOM,
	};
	struct legend legend = { page, LEFT, 3270 };

	for (uint32_t i = 0; i < signal->point_count; i++) {
		if (signal->points[i].measurable && signal->points[i].blocks > plane.most)
			plane.most = signal->points[i].blocks;
	}
	if (plane.most == 0)
		plane.most = 1;
	bands_draw(page, figure, &plane);
	plane_draw(page, &plane);
	strip_draw(page, figure, &plane.axis);
	axis_draw(page, &plane.axis, plane.top, STRIP_BOTTOM);
	unmeasured_draw(page, figure, &plane);
	signal_draw(page, signal, &plane);
	bars_draw(page, figure, &plane);
	svg_line(page->out, "axis", LEFT, BOTTOM, RIGHT, BOTTOM);
	legend_add(&legend, "line signal", words_text(&page->words, N_("blocks seen")));
	legend_add(&legend, "line baseline", words_text(&page->words, N_("baseline")));
	legend_add(&legend, "band total", words_text(&page->words, N_("total outage")));
	legend_add(&legend, "band major", words_text(&page->words, N_("major")));
	legend_add(&legend, "band partial", words_text(&page->words, N_("partial")));
	legend_add(&legend, "blind", words_text(&page->words, N_("not measurable")));
}

static void table(struct page *page, const struct figure *figure)
{
	const struct finding_signal *signal = signal_of(page, figure);
	struct words *words = &page->words;
	uint32_t shown = signal->point_count < TABLE_ROWS ? signal->point_count : TABLE_ROWS;
	struct html_table rows;

	html_table_open(&rows, page->out, title(page, figure));
	html_column(&rows, words_text(words, N_("from")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("blocks seen")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("lowest")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("networks")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("origin ASes")), HTML_NUMBER);
	html_column(&rows, words_text(words, N_("peer ASes")), HTML_NUMBER);
	for (uint32_t i = 0; i < shown; i++) {
		const struct finding_point *point = &signal->points[i];

		html_cell(&rows, words_time(words, point->time));
		html_cell(&rows, point->measurable ? words_number(words, point->blocks)
						   : words_text(words, N_("not measurable")));
		html_cell(&rows,
			  point->measurable ? words_number(words, point->blocks_lowest) : "");
		html_cell(&rows, point->measurable ? words_number(words, point->networks) : "");
		html_cell(&rows, point->measurable ? words_number(words, point->origins) : "");
		html_cell(&rows, words_number(words, point->peers));
	}
	html_table_close(&rows);
	page_cut(page, shown, signal->point_count);
}

const struct figure figure_signal4 = {
	"signal-ipv4", "IPv4", applies, title, about, height, draw, table,
};
const struct figure figure_signal6 = {
	"signal-ipv6", "IPv6", applies, title, about, height, draw, table,
};

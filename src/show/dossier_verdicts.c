/* SPDX-License-Identifier: BSD-2-Clause */
/* Verdicts: the quote, and beneath it what it claims beside what was measured. */
#include "show/dossier.h"

#include <string.h>

#include "show/grid.h"

static const char *const colours[][2] = {
	{ "confirmed", "\033[32m" }, { "contradicted", "\033[31m" },
	{ "insufficient data", "\033[33m" },
	{ "not measurable", "\033[35m" },
};

static void put_verdict(const struct show_style *style, struct buf *out, const char *verdict)
{
	const char *colour = NULL;

	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
		if (strcmp(colours[i][0], verdict) == 0)
			colour = colours[i][1];
	if (style->colour && colour)
		buf_printf(out, "%s%s\033[0m", colour, verdict);
	else
		buf_str(out, verdict);
}

static void put_line(struct buf *out, const char *label, const char *text)
{
	if (!*text)
		return;
	buf_str(out, "  ");
	show_labelled(out, label, text);
}

static void put_view(const struct verdict_view *view, const struct show_style *style,
		     struct buf *out)
{
	buf_printf(out, "claim %u: ", view->claim);
	show_plain(out, view->quote);
	buf_char(out, '\n');
	put_line(out, "asserted", view->asserted);
	put_line(out, "claimed", view->claimed);
	put_line(out, "measured", view->measured);
	buf_printf(out, "  %-13s", "verdict");
	put_verdict(style, out, view->verdict);
	if (*view->label) {
		buf_str(out, " (");
		show_plain(out, view->label);
		buf_char(out, ')');
	}
	if (*view->why) {
		buf_str(out, ": ");
		show_plain(out, view->why);
	}
	buf_char(out, '\n');
	put_line(out, "nearest", view->nearest);
	if (view->finding)
		buf_printf(out, "  %-13s%s %u, %s\n", "rests on", view->form, view->finding,
			   view->question);
}

static void put_totals(const struct verdict_view *views, uint32_t count, struct buf *out)
{
	bool first = true;

	show_count(out, count, "verdict", "verdicts");
	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++) {
		uint32_t of = 0;

		for (uint32_t k = 0; k < count; k++)
			of += strcmp(views[k].verdict, colours[i][0]) == 0;
		if (of)
			buf_printf(out, "%s%u %s", first ? ": " : ", ", of, colours[i][0]);
		first &= of == 0;
	}
	buf_char(out, '\n');
}

int show_verdicts(const struct verdict_view *views, uint32_t count, const struct show_style *style,
		  struct buf *out, struct err *err)
{
	for (uint32_t i = 0; i < count; i++) {
		put_view(&views[i], style, out);
		buf_char(out, '\n');
	}
	put_totals(views, count, out);
	return out->failed ? err_memory(err) : 0;
}

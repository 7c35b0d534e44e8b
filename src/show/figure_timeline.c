/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was said, what was measured, and the verdicts, on one line of time. Each has a line of its
 * own, but claims said in the same span, which share one: of a hundred claims most were said on the
 * same few days.
 *
 * The entries come sorted (dossier/timeline.h), so that claims of one span follow one another, and
 * each verdict its measurement.
 */
#include <string.h>

#include "show/page_dossier.h"

#define PITCH 180
#define TOP 520
#define LEFT 3150
#define RIGHT 9440
#define LINES_MAX 100u
/* Characters of a label that fit to the left of the axis. */
#define LABEL_MAX 45u
#define WIDTH_LEAST 40

static bool is_claim(const struct timeline_entry *entry)
{
	return strcmp(entry->what, "claim") == 0;
}

/* The entries from `first` on that share a line. */
static uint32_t line_length(const struct dossier_page *dossier, uint32_t first)
{
	const struct timeline_entry *entries = dossier->entries;
	uint32_t end = first + 1;

	while (end < dossier->entry_count && is_claim(&entries[first]) && is_claim(&entries[end]) &&
	       entries[end].when.from == entries[first].when.from &&
	       entries[end].when.until == entries[first].when.until)
		end++;
	return end - first;
}

static uint32_t count_lines(const struct dossier_page *dossier)
{
	uint32_t lines = 0;

	for (uint32_t i = 0; i < dossier->entry_count; i += line_length(dossier, i))
		lines++;
	return lines;
}

static bool applies(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return page->dossier && page->dossier->entry_count > 0;
}

static const char *title(struct page *page, const struct figure *figure)
{
	(void)figure;
	return words_text(&page->words,
			  N_("Claims, measurements and verdicts on one line of time"));
}

static const char *about(struct page *page, const struct figure *figure)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	uint32_t lines = count_lines(dossier);
	const char *text =
		words_text(words, N_("Every mark is as wide as its time is known: what was said "
				     "“on the 23rd” is a day wide. Claims stand where they were "
				     "said, measurements where what they measured was, and each "
				     "verdict below the measurement it rests on."));

	(void)figure;
	if (lines > LINES_MAX)
		text = words_say(words, "%s The first %s of %s lines are drawn; the table has all.",
				 text, words_number(words, LINES_MAX), words_number(words, lines));
	if (dossier->left_out)
		text = words_join(words, "%s %s", text, words_count(words, dossier->left_out,
			"%s entry is left out: of another time, or of none that is known.",
			"%s entries are left out: of another time, or of none that is known."));
	return text;
}

static uint32_t lines_drawn(const struct page *page)
{
	uint32_t lines = count_lines(page->dossier);

	return lines < LINES_MAX ? lines : LINES_MAX;
}

static int height(const struct page *page, const struct figure *figure)
{
	(void)figure;
	return (TOP + (int)lines_drawn(page) * PITCH + 420) / 10;
}

/* At most LABEL_MAX characters. */
static const char *clipped(struct words *words, const char *text)
{
	unsigned characters = 0;

	for (const char *at = text; *at; at++) {
		characters += ((unsigned char)*at & 0xc0) != 0x80;
		if (characters > LABEL_MAX)
			return words_join(words, "%.*s…", (int)(at - text), text);
	}
	return text;
}

/* "claims 3–5, 9", or how many where these are too many to name. */
static const char *claims_name(struct page *page, const struct timeline_entry *entries,
			       uint32_t count)
{
	struct words *words = &page->words;
	const char *list = "";

	for (uint32_t i = 0; i < count && strlen(list) < LABEL_MAX; ) {
		uint32_t end = i + 1;

		while (end < count && entries[end].claim == entries[end - 1].claim + 1)
			end++;
		list = end - i > 1 ? words_join(words, "%s%s%u–%u", list, *list ? ", " : "",
						entries[i].claim, entries[end - 1].claim)
				   : words_join(words, "%s%s%u", list, *list ? ", " : "",
						entries[i].claim);
		i = end;
	}
	if (strlen(list) >= LABEL_MAX - 12)
		return words_count(words, count, "%s claim", "%s claims");
	return count == 1 ? words_say(words, "claim %s", list)
			  : words_say(words, "claims %s", list);
}

static const char *line_name(struct page *page, const struct timeline_entry *entries,
			     uint32_t count)
{
	struct words *words = &page->words;
	const char *text;

	if (is_claim(entries))
		text = claims_name(page, entries, count);
	else if (entries->claim)
		text = words_say(words, "→ %s: %s",
				 words_say(words, "claim %s",
					   words_join(words, "%u", entries->claim)),
				 page_verdict(page, entries->text));
	else
		text = *entries->detail ? words_say(words, "measured, %s", entries->detail)
					: words_text(words, N_("measured"));
	return text;
}

static const struct {
	const char *verdict, *class_name;
} marks[] = {
	{ "confirmed", "v5" }, { "contradicted", "against" }, { "insufficient data", "blind" },
	{ "not measurable", "outlined" },
};

#define MARKS (sizeof(marks) / sizeof(marks[0]))

static const char *mark_of(const struct timeline_entry *entry)
{
	if (!entry->claim)
		return *entry->detail ? "labelled" : "v3";
	for (size_t i = 0; i < MARKS; i++) {
		if (strcmp(marks[i].verdict, entry->text) == 0)
			return marks[i].class_name;
	}
	return "outlined";
}

static void draw_line(struct page *page, const struct axis *axis,
		      const struct timeline_entry *entries, uint32_t count, int y)
{
	int left = axis_at(axis, entries->when.from), right = axis_at(axis, entries->when.until);
	int tall = entries->claim ? 80 : 110;
	const char *mark = mark_of(entries);

	svg_text(page->out, "label", LEFT - 100, y + 40, "end",
		 clipped(&page->words, line_name(page, entries, count)));
	if (is_claim(entries)) {
		svg_line(page->out, "bar", left, y, right, y);
		svg_line(page->out, "bar", left, y - 45, left, y + 45);
		svg_line(page->out, "bar", right, y - 45, right, y + 45);
		return;
	}
	if (right - left < WIDTH_LEAST) {
		left = left > RIGHT - WIDTH_LEAST ? RIGHT - WIDTH_LEAST : left;
		right = left + WIDTH_LEAST;
	}
	svg_rect(page->out, mark, left, y - tall / 2, right - left, tall);
	/* Hatching alone does not show where it is as narrow as its lines are apart. */
	if (strcmp(mark, "blind") == 0)
		svg_rect(page->out, "outlined", left, y - tall / 2, right - left, tall);
}

static void draw_legend(struct page *page)
{
	struct words *words = &page->words;
	struct legend legend = { page, 100, 150 };
	bool plain = false, labelled = false;

	for (uint32_t i = 0; i < page->dossier->entry_count; i++) {
		const struct timeline_entry *entry = &page->dossier->entries[i];

		plain |= !entry->claim && !*entry->detail;
		labelled |= !entry->claim && *entry->detail;
	}
	legend_add(&legend, "line bar", words_text(words, N_("said")));
	if (plain)
		legend_add(&legend, "v3", words_text(words, N_("measured")));
	if (labelled)
		legend_add(&legend, "labelled",
			   words_text(words, N_("measured, labelled in the dossier")));
	for (size_t i = 0; i < MARKS; i++) {
		bool there = false;

		for (uint32_t k = 0; k < page->dossier->entry_count; k++)
			there |= page->dossier->entries[k].claim &&
				 strcmp(page->dossier->entries[k].text, marks[i].verdict) == 0 &&
				 !is_claim(&page->dossier->entries[k]);
		if (there)
			legend_add(&legend, marks[i].class_name,
				   page_verdict(page, marks[i].verdict));
	}
}

static void draw(struct page *page, const struct figure *figure)
{
	const struct dossier_page *dossier = page->dossier;
	struct axis axis = { page->from, page->until, LEFT, RIGHT };
	uint32_t lines = lines_drawn(page), at = 0;

	(void)figure;
	draw_legend(page);
	axis_draw(page, &axis, TOP - 150, TOP + (int)lines * PITCH - 50);
	for (uint32_t line = 0; line < lines; line++) {
		uint32_t count = line_length(dossier, at);

		draw_line(page, &axis, &dossier->entries[at], count, TOP + (int)line * PITCH);
		at += count;
	}
}

static void table(struct page *page, const struct figure *figure)
{
	const struct dossier_page *dossier = page->dossier;
	struct words *words = &page->words;
	struct html_table rows;

	html_table_open(&rows, page->out, title(page, figure));
	html_column(&rows, words_text(words, N_("when")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("what")), HTML_TEXT);
	html_column(&rows, words_text(words, N_("who")), HTML_PROSE);
	html_column(&rows, words_text(words, N_("in words")), HTML_PROSE);
	for (uint32_t i = 0; i < dossier->entry_count; i++) {
		const struct timeline_entry *entry = &dossier->entries[i];

		html_cell(&rows, page_when(page, entry->when));
		html_cell(&rows, line_name(page, entry, 1));
		html_cell(&rows, entry->speaker);
		/* What is claimed and measured is in the dossier's words, which are English. */
		if (is_claim(entry))
			html_cell(&rows, entry->text);
		else
			html_cell_in(&rows, "en", entry->claim ? entry->detail : entry->text);
	}
	html_table_close(&rows);
}

const struct figure figure_timeline = {
	"timeline", NULL, applies, title, about, height, draw, table,
};

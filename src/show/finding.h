/* SPDX-License-Identifier: BSD-2-Clause */
/* A finding for people (text) and for programs (CSV). Nothing is measured here. */
#ifndef CONSTAT_SHOW_FINDING_H
#define CONSTAT_SHOW_FINDING_H

#include "base/buf.h"
#include "base/err.h"
#include "inquiry/finding.h"

struct show_style {
	bool colour;
	unsigned width;		/* columns of the terminal; 0: 80 */
	unsigned rows;		/* how many rows of a long list are shown; 0: all */
	bool records;		/* the events that facts rest on, too */
};

/* The whole text: what was asked, found, seen from where, and what could not be measured. */
int show_finding(const struct finding *finding, const struct show_style *style, struct buf *out,
		 struct err *err);

/*
 * One list of the finding as CSV (RFC 4180, a header line, LF): `list` by its dotted name
 * ("result.census.rows"), NULL for the main list of the question's kind. Objects become columns
 * "start.at"; lists within are left out, but lists of numbers are put in one field,
 * blank-separated. A list within a list ("result.report.causes.facts") is all of them in a row.
 */
int show_csv(const struct finding *finding, const char *list, struct buf *out, struct err *err);

/* Structs of any schema as CSV, in the same way. */
void show_rows_csv(const struct schema *schema, const void *items, uint32_t count, struct buf *out);

/* Parts, each in its file; called by show_finding. */
void show_census(const struct finding *finding, const struct show_style *style, struct buf *out);
void show_upstreams(const struct finding *finding, const struct show_style *style, struct buf *out);
void show_cut_made(const struct finding *finding, const struct show_style *style, struct buf *out);
void show_frontier(const struct finding *finding, const struct show_style *style, struct buf *out);
void show_hegemony(const struct finding *finding, const struct show_style *style, struct buf *out);
void show_connection(const struct finding *finding, const struct show_style *style,
		     struct buf *out);
/* The same as part of a report: around outages, and near the place only. */
void show_connection_report(const struct finding *finding, const struct show_style *style,
			    struct buf *out);
void show_outages(const struct finding *finding, const struct show_style *style, struct buf *out);
void show_report(const struct finding *finding, const struct show_style *style, struct buf *out);
/* How a report's place was around its outages, and episodes of instability. */
void show_stability(const struct finding *finding, const struct show_style *style, struct buf *out);
/* Why: facts and hypotheses of a report's outages. */
void show_causes(const struct finding *finding, const struct show_style *style, struct buf *out);
void show_info(const struct finding *finding, const struct show_style *style, struct buf *out);

/* Helpers for those. */
void show_title(const struct show_style *style, struct buf *out, const char *title);
/* "… and 12 more networks" when a list was cut. */
void show_cut(const struct show_style *style, struct buf *out, uint32_t count, const char *what);
uint32_t show_rows(const struct show_style *style, uint32_t count);
/* The outage that cost most; NULL where there is none. */
const struct finding_outage *show_worst_outage(const struct finding_report *report);
/*
 * Words of `text` as lines indented by `indent`, at most 100 columns wide; the second line on by
 * two more.
 */
void show_wrapped(const struct show_style *style, struct buf *out, unsigned indent,
		  const char *text);
/* "15:41:00 (15:40:59 to 15:41:12)", the date before it */
void show_bound(struct buf *out, const struct finding_bound *bound);

/* Which columns of outages are worth their width. */
enum show_outage_columns {
	SHOW_PLACE = 1,
	SHOW_NAME = 2,
	SHOW_LEVEL = 4,
	SHOW_BOUNDS = 8,
	SHOW_NETWORKS = 16,
	SHOW_LOST = 32,
};

/* Outages as a grid, alike for the world, a place and networks; all of them. */
void show_outage_grid(const struct finding_outage *const *outages, uint32_t count, unsigned columns,
		      const struct show_style *style, struct buf *out);

/* The signal over time, `width` columns wide, 8 rows high. */
void show_plot(const struct finding_signal *signal, int64_t from, int64_t until,
	       const struct show_style *style, struct buf *out);

#endif

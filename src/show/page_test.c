/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page of a finding made by hand: well-formed by its tags, figures there when they have something to show, in both
 * languages; and of one in which every text is hostile: nothing of it becomes markup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/utc.h"
#include "measure/cause.h"
#include "show/page.h"

#define T0 (1419264902 * UTC_SECOND)
#define HOSTILE "\"'></title></svg></style><script>alert(1)</script><img src=x onerror=y>&\x01\xff\xe2\x80\xae%s%n"

/* What a finding is made of here; `text` stands in every field that somebody else's words can reach. */
struct world {
	struct finding finding;
	struct finding_report report;
	struct finding_network networks[2];
	struct finding_level levels[3];
	struct finding_signal signal;
	struct finding_point points[4];
	struct finding_outage outages[2];
	struct finding_instability instability;
	struct finding_unstable_path path;
	struct finding_transit_use transit;
	struct finding_stuck stuck;
	struct finding_view view;
	struct finding_vantage vantages[2];
	struct finding_interval live;
	struct finding_coverage_step steps[2];
	struct finding_coverage_family families[2];
	struct finding_limit limits[2];
	struct finding_gap gap;
	struct finding_input input;
	struct finding_fault fault;
	struct finding_source source;
	struct finding_parameter parameters[2];
	struct finding_cause cause;
	struct finding_fact facts[FACT_COUNT];
	struct finding_hypothesis hypothesis;
	struct finding_weighing weighing;
	struct finding_tie tie;
	struct finding_connection connection;
	struct finding_moment moments[2];
	struct finding_moment_share share;
	struct finding_shift shift;
	uint32_t constant;
};

static void world_report(struct world *world, const char *text)
{
	const struct finding_bound start = { T0 + UTC_HOUR, T0 + UTC_HOUR - UTC_SECOND, T0 + UTC_HOUR + 4 * UTC_SECOND };
	const struct finding_bound end = { T0 + 2 * UTC_HOUR, T0 + 2 * UTC_HOUR, T0 + 2 * UTC_HOUR + 30 * UTC_SECOND };

	world->levels[0] = (struct finding_level){ T0, 3, 3 };
	world->levels[1] = (struct finding_level){ T0 + UTC_HOUR, 0, 0 };
	world->levels[2] = (struct finding_level){ T0 + 2 * UTC_HOUR, 3, 1 };
	world->networks[0] = (struct finding_network){ .network = text, .family = "IPv4", .country = text, .state = "seen",
		.visibility = 1000000, .level_step = UTC_SECOND, .levels = world->levels, .level_count = 3 };
	world->networks[1] = (struct finding_network){ .network = "2001:db8::/32", .family = "IPv6", .country = "KP",
		.state = "not measurable" };
	world->points[0] = (struct finding_point){ T0, true, 4, 4, 4, 4, 1, 3 };
	world->points[1] = (struct finding_point){ T0 + UTC_HOUR, true, 0, 0, 0, 0, 0, 3 };
	world->points[2] = (struct finding_point){ T0 + 2 * UTC_HOUR, true, 4, 0, 4, 0, 1, 3 };
	world->points[3] = (struct finding_point){ T0 + 3 * UTC_HOUR, false, 0, 0, 0, 0, 0, 1 };
	world->signal = (struct finding_signal){ .family = "IPv4", .first_blocks = 4, .baseline = 4, .points = world->points,
		.point_count = 4 };
	world->outages[0] = (struct finding_outage){ .place_kind = "country", .place = text, .name = text, .family = "IPv4",
		.level = "total", .start = start, .end = end, .ended = "over", .duration = UTC_HOUR, .baseline = 4,
		.lost = 9 };
	world->outages[1] = world->outages[0];
	world->outages[1].end = (struct finding_bound){ UTC_NEVER, UTC_NEVER, UTC_NEVER };
	world->outages[1].ended = "open";
	world->outages[1].lost = 1;
	world->path = (struct finding_unstable_path){ text, 1, T0, T0 };
	world->transit = (struct finding_transit_use){ 4837, text, 18 };
	world->instability = (struct finding_instability){ .network = text, .first = T0, .last = T0 + UTC_MINUTE,
		.announcements = 18, .withdrawals = 1, .returned_at_once = 1, .paths = &world->path, .path_count = 1,
		.transits = &world->transit, .transit_count = 1 };
	world->stuck = (struct finding_stuck){ text, text, text, 1, T0 };
	world->view = (struct finding_view){ text, text, 3356, UTC_SECOND, world->levels, 3 };
	world->report = (struct finding_report){ .networks_known = 2, .networks = world->networks, .network_count = 2,
		.signals = &world->signal, .signal_count = 1, .outages = world->outages, .outage_count = 2,
		.network_outages = world->outages, .network_outage_count = 1, .instabilities = &world->instability,
		.instability_count = 1, .stuck = &world->stuck, .stuck_count = 1, .views = &world->view, .view_count = 1 };
}

static void world_basis(struct world *world, const char *text)
{
	struct finding *finding = &world->finding;

	world->live = (struct finding_interval){ T0, T0 + 3 * UTC_HOUR, "rib", text };
	world->vantages[0] = (struct finding_vantage){ .collector = text, .peer = text, .peer_as = 3356, .live = &world->live,
		.live_count = 1, .full_ipv4 = &world->live, .full_ipv4_count = 1 };
	world->vantages[1] = (struct finding_vantage){ .collector = text, .peer = "10.0.0.2", .peer_as = 2,
		.full_ipv6 = &world->live, .full_ipv6_count = 1 };
	world->steps[0] = (struct finding_coverage_step){ T0, "IPv4", 3, true };
	world->steps[1] = (struct finding_coverage_step){ T0 + 3 * UTC_HOUR, "IPv4", 1, false };
	world->families[0] = (struct finding_coverage_family){ .family = "IPv4", .measurable = true, .measured = UTC_HOUR };
	world->families[1] = (struct finding_coverage_family){ .family = "IPv6" };
	world->limits[0] = (struct finding_limit){ "no-table", "IPv6: no RIB" };
	world->limits[1] = (struct finding_limit){ text, text };
	world->gap = (struct finding_gap){ text, T0, T0 + UTC_HOUR, text };
	world->fault = (struct finding_fault){ .kind = text, .clause = text, .verdict = text, .count = 2, .text = text };
	world->input = (struct finding_input){ .name = text, .collector = text, .sha256 = text, .error = "", .first = T0,
		.last = T0, .faults = &world->fault, .fault_count = 1 };
	world->source = (struct finding_source){ .name = text, .format = text, .kind = text, .sha256 = text, .date = T0 };
	world->parameters[0] = (struct finding_parameter){ "threshold", "ppm", 500000 };
	world->parameters[1] = (struct finding_parameter){ text, text, 3 };
	finding->result.coverage = (struct finding_coverage){ .from = T0, .until = T0 + 4 * UTC_HOUR, .steps = world->steps,
		.step_count = 2, .families = world->families, .family_count = 2 };
	finding->result.limits = world->limits;
	finding->result.limit_count = 2;
	finding->roster = world->vantages;
	finding->roster_count = 2;
	finding->gaps = &world->gap;
	finding->gap_count = 1;
	finding->provenance = (struct finding_provenance){ .program = text, .inputs = &world->input, .input_count = 1,
		.sources = &world->source, .source_count = 1 };
}

static void world_cause(struct world *world, const char *text)
{
	for (unsigned i = 0; i < FACT_COUNT; i++)
		world->facts[i] = (struct finding_fact){ .outage = 1, .fact = fact_name((enum fact)i), .reading = "not-known",
			.text = text, .note = text, .networks = text, .network_count = 1, .first = T0, .last = T0 };
	world->facts[FACT_ORDER].reading = "together";
	world->facts[FACT_ORDER].count = world->facts[FACT_ORDER].of = 4;
	world->facts[FACT_SESSIONS].fact = text;
	world->weighing = (struct finding_weighing){ 1, "flapping", text, text, "for", 2 };
	world->hypothesis = (struct finding_hypothesis){ .outage = 1, .hypothesis = "flapping", .text = text, .support = 2,
		.decided_by = text, .weighings = &world->weighing, .weighing_count = 1 };
	world->tie = (struct finding_tie){ 1, "flapping", text, text };
	world->cause = (struct finding_cause){ .outage = 1, .family = "IPv4", .start = T0 + UTC_HOUR, .supported = "flapping",
		.text = text, .beyond = text, .facts = world->facts, .fact_count = FACT_COUNT,
		.hypotheses = &world->hypothesis, .hypothesis_count = 1, .ties = &world->tie, .tie_count = 1 };
	world->report.causes = &world->cause;
	world->report.cause_count = 1;
	world->moments[0] = (struct finding_moment){ T0, "step", 0, 4, 3, 1, 1 };
	world->moments[1] = (struct finding_moment){ T0 + UTC_HOUR, "step", 0, 0, 0, 0, 0 };
	world->share = (struct finding_moment_share){ .time = T0, .role = "upstream", .asn = 4837, .name = text, .country = text,
		.networks = 4, .peers = 3, .share = 900000 };
	world->constant = 4837;
	world->shift = (struct finding_shift){ .first = T0, .last = T0, .kind = text, .role = "upstream", .at_as = 1, .from_as = 2,
		.at_name = text, .from_name = text, .to_name = text, .routes = 1, .networks = 1, .peers = 1,
		.network = text, .behind = text, .before = text, .after = text };
	world->connection = (struct finding_connection){ .from = T0, .until = T0 + UTC_HOUR, .step = UTC_HOUR,
		.moments = world->moments, .moment_count = 2, .shares = &world->share, .share_count = 1, .paths = 5,
		.constant = &world->constant, .constant_count = 1, .shifts = &world->shift, .shift_count = 1 };
	world->finding.result.connection = &world->connection;
}

static struct world *world_new(const char *text)
{
	struct world *world = calloc(1, sizeof(*world));

	assert_non_null(world);
	world_report(world, text);
	world_basis(world, text);
	world_cause(world, text);
	world->finding.method = 1;
	world->finding.question = (struct finding_question){ .kind = "report", .subject = text, .subject_kind = "as",
		.subject_name = text, .from = UTC_NEVER, .until = UTC_NEVER, .at = UTC_NEVER,
		.parameters = world->parameters, .parameter_count = 2 };
	world->finding.result.report = &world->report;
	return world;
}

static char *page_of(const struct finding *finding, const char *language)
{
	struct buf out = { 0 };

	assert_int_equal(show_page(finding, language_find(view_of(language)), &out, NULL), 0);
	buf_char(&out, '\0');
	return out.data;
}

static unsigned count(const char *text, const char *what)
{
	unsigned found = 0;

	while ((text = strstr(text, what))) {
		text++;
		found++;
	}
	return found;
}

/* Every element that is opened is closed, in order. */
static void assert_nested(const char *text)
{
	const char *open[64];
	size_t lengths[64];
	unsigned depth = 0;

	for (const char *at = strchr(text, '<'); at; at = strchr(at, '<')) {
		const char *end = strchr(at, '>'), *name = at + 1 + (at[1] == '/');
		size_t len = strcspn(name, " >/");

		assert_non_null(end);
		if (at[1] == '/') {
			assert_true(depth > 0);
			depth--;
			assert_true(lengths[depth] == len && strncmp(open[depth], name, len) == 0);
		} else if (at[1] != '!' && at[1] != '?' && end[-1] != '/') {
			assert_true(depth < 64);
			open[depth] = name;
			lengths[depth++] = len;
		}
		at = end;
	}
	assert_int_equal(depth, 0);
}

static void whole(void **state)
{
	struct world *world = world_new("KP");
	char *page = page_of(&world->finding, "en");

	(void)state;
	assert_nested(page);
	assert_int_equal(count(page, "<h1>"), 1);
	assert_int_equal(count(page, "<svg "), 6);	/* no signal of IPv6 */
	assert_int_equal(count(page, "role=\"img\""), 6);
	assert_int_equal(count(page, "<desc "), 6);
	assert_int_equal(count(page, "<figure "), 6);
	assert_int_equal(count(page, "<summary>"), 6);
	assert_non_null(strstr(page, "For 1\u00a0h, from 17:15:02 to 18:15:02 UTC on 22 December 2014, none of its networks "
			       "could be seen in the Internet’s routing; it is the largest of 2 outages found."));
	assert_non_null(strstr(page, "The start lies between 17:15:01 and 17:15:06 on 22 December 2014"));
	assert_non_null(strstr(page, "default-src 'none'; style-src 'sha256-"));
	assert_int_equal(count(page, "http"), count(page, "xmlns=\"http://www.w3.org/2000/svg\"") + count(page, "http-equiv"));
	free(page);
	free(world);
}

/* Every fact has a name for people, and its sentence is put together anew. */
static void causes(void **state)
{
	struct world *world = world_new("KP");

	(void)state;
	for (unsigned l = 0; l < 2; l++) {
		char *page = page_of(&world->finding, l ? "fr" : "en");

		for (unsigned i = 0; i < FACT_COUNT; i++) {
			char cell[64];

			snprintf(cell, sizeof(cell), "<th scope=\"row\">%s</th>", fact_name((enum fact)i));
			assert_null(strstr(page, cell));
		}
		assert_non_null(strstr(page, l ? "ensemble\u00a0: 4 sur 4 en moins d’une minute, le premier à 16:15:02, le dernier à 16:15:02."
					       : "fell together: 4 of 4 within a minute, the first at 16:15:02, the last at 16:15:02."));
		assert_non_null(strstr(page, l ? "<td class=\"p\">Cela n’a pas pu être mesuré.</td>"
					       : "<td class=\"p\">This could not be measured.</td>"));
		assert_int_equal(count(page, "{"), count(page, "}"));
		free(page);
	}
	free(world);
}

static void french(void **state)
{
	struct world *world = world_new("KP");
	char *page = page_of(&world->finding, "fr");

	(void)state;
	assert_nested(page);
	assert_non_null(strstr(page, "<html lang=\"fr\">"));
	assert_non_null(strstr(page, "Pendant 1\u00a0h, de 17:15:02 à 18:15:02 UTC le 22 décembre 2014, aucun de ses réseaux"));
	assert_null(strstr(page, "vantage point"));
	assert_null(strstr(page, " outage"));
	free(page);
	free(world);
}

static void hostile(void **state)
{
	struct world *world = world_new(HOSTILE);
	char *page;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		page = page_of(&world->finding, i ? "fr" : "en");
		assert_nested(page);
		assert_int_equal(count(page, "<script"), 0);
		assert_int_equal(count(page, "<img"), 0);
		assert_int_equal(count(page, "<style>"), 1);
		assert_int_equal(count(page, "</title>"), 1 + count(page, "<svg "));
		assert_true(count(page, "&lt;script&gt;") > 20);
		assert_null(strchr(page, '\x01'));
		assert_null(strstr(page, "\xe2\x80\xae"));
		free(page);
	}
	free(world);
}

/* Figures as files: each is whole by itself, or empty. */
static void figures(void **state)
{
	struct world *world = world_new(HOSTILE);
	unsigned drawn = 0;

	(void)state;
	for (unsigned i = 0; i < show_figure_count(); i++) {
		struct buf out = { 0 };

		assert_int_equal(show_figure(&world->finding, language_find(VIEW("fr")), i, &out, NULL), 0);
		buf_char(&out, '\0');
		if (out.len > 1) {
			drawn++;
			assert_nested(out.data);
			assert_int_equal(count(out.data, "<svg "), 1);
			assert_int_equal(count(out.data, "<style>"), 1);
			assert_int_equal(count(out.data, "<script"), 0);
		}
		buf_free(&out);
	}
	assert_int_equal(drawn, 6);
	free(world);
}

/* Nothing was read, or the question was another one: a page all the same. */
static void bare(void **state)
{
	struct finding finding = { .question = { .kind = "report", .subject = "KP", .subject_kind = "country",
						 .subject_name = "North Korea" },
				   .result.coverage = { .from = UTC_NEVER, .until = UTC_NEVER },
				   .provenance = { .program = "constat" } };
	char *page = page_of(&finding, "fr");

	(void)state;
	assert_nested(page);
	assert_int_equal(count(page, "<svg "), 0);
	assert_non_null(strstr(page, "Corée du Nord"));
	assert_non_null(strstr(page, "Aucun de ses réseaux n’apparaît dans ces enregistrements."));
	free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(causes),
		cmocka_unit_test(french),
		cmocka_unit_test(hostile),
		cmocka_unit_test(figures),
		cmocka_unit_test(bare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

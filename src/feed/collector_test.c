/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/view.h"
#include "feed/feed.h"

static const struct {
	const char *name, *collector;
} cases[] = {
	/* As downloaded by address. */
	{ "https://archive.routeviews.org/route-views.jinx/bgpdata/2014.05/RIBS/rib.20140530.bz2",
	  "route-views.jinx" },
	{ "archive.routeviews.org/route-views3/bgpdata/2014.05/UPDATES/updates.20140530.2200.bz2",
	  "route-views3" },
	{ "http://archive.routeviews.org/bgpdata/2014.05/RIBS/rib.20140530.bz2", "route-views2" },
	{ "bgpdata/2001.10/RIBS/rib.20011026.1648.bz2", "route-views2" },
	{ "/data/bgpdata/2001.10/RIBS/rib.20011026.1648.bz2", "route-views2" },
	{ "decix.jhb/bgpdata/2024.01/UPDATES/updates.20240101.0000.bz2", "decix.jhb" },
	{ "ix-br2.gru/bgpdata/2024.01/RIBS/rib.20240101.0000.bz2", "ix-br2.gru" },
	{ "https://data.ris.ripe.net/rrc06/2014.05/updates.20140530.2215.gz", "rrc06" },
	{ "/srv/ris/rrc21/latest-bview.gz", "rrc21" },
	/* As people and tools rename them. */
	{ "rrc06.updates.20140530.2215.gz", "rrc06" },
	{ "rrc00-bview.20140530.0000.gz", "rrc00" },
	{ "/x/rrc00_20140530.gz", "rrc00" },
	{ "ris.rrc06.updates.1427846400.gz", "rrc06" },
	{ "routeviews.route-views.sg.ribs.1427846400.bz2", "route-views.sg" },
	{ "mrt/2014/route-views.jinx.rib.20140530.2200.bz2", "route-views.jinx" },
	{ "route-views2.rib.20140523.0600.truncated.bz2", "route-views2" },
	{ "decix.jhb.updates.20240101.0000.bz2", "decix.jhb" },
	{ "route-views6/rib.20140530.2200.bz2", "route-views6" },
	/* The file's name before its folders, the near folder before the far one. */
	{ "rrc01/rrc06.updates.20140530.2215.gz", "rrc06" },
	{ "route-views4/rrc11/updates.gz", "rrc11" },
	/* None. */
	{ "updates.20140530.2215.gz", "" },
	{ "rib.20140530.2200.bz2", "" },
	{ "pch.updates.20151023.full-table-transfer.gz", "" },
	{ "rrc123.updates.gz", "" },
	{ "rrc0.updates.gz", "" },
	{ "arrc06/updates.gz", "" },
	{ "rrc06x.gz", "" },
	{ "data.ris.ripe.net/updates.gz", "" },
	{ "-", "" },
	{ "", "" },
	{ "/", "" },
	{ "rrc0", "" },
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct view found = feed_collector_of(view_of(cases[i].name));

		if (!view_equal(found, view_of(cases[i].collector)))
			fail_msg("%s: \"%.*s\", not \"%s\"", cases[i].name, VIEW_ARGS(found),
				 cases[i].collector);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_names) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which collector recorded a file, by the names that the archives give.
 *
 * RIPE RIS: a folder rrc06, or a file name that begins with it. RouteViews: the folder before
 * "bgpdata", or a file name that begins with it, and that is either route-views… or, since 2020,
 * a site and an airport, as in decix.jhb. The file's own name, which people choose when they keep
 * files of several collectors in one folder, counts before its folders, and a near folder before a
 * far one. Download tools put "ris." or "routeviews." in front.
 */
#include <ctype.h>

#include "base/view.h"
#include "feed/feed.h"

static const struct view none = { "", 0 };

static bool is_ris(struct view name)
{
	return name.len == 5 && view_starts(name, VIEW("rrc")) &&
	       isdigit((unsigned char)name.ptr[3]) && isdigit((unsigned char)name.ptr[4]);
}

/* RouteViews' newer names: site, full stop, airport. */
static bool is_site(struct view name)
{
	size_t dot = name.len - 4;

	if (name.len < 6 || name.ptr[dot] != '.')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (i != dot && !islower((unsigned char)c) &&
		    (i > dot || (!isdigit((unsigned char)c) && c != '-')))
			return false;
	}
	return true;
}

static bool is_collector(struct view name)
{
	return is_ris(name) || view_starts(name, VIEW("route-views")) || is_site(name);
}

/* Host names look like sites: archive.routeviews.org, data.ris.ripe.net. */
static bool is_host(struct view name)
{
	return view_ends(name, VIEW(".org")) || view_ends(name, VIEW(".net")) ||
	       view_ends(name, VIEW(".com")) || view_ends(name, VIEW(".edu"));
}

static bool is_kind(struct view field)
{
	return view_equal(field, VIEW("rib")) || view_equal(field, VIEW("ribs")) ||
	       view_equal(field, VIEW("updates")) || view_equal(field, VIEW("bview"));
}

/* What stands before ".rib.", ".updates." and the like. */
static struct view before_kind(struct view file)
{
	struct view rest = file, field;
	size_t end;

	while (view_split(&rest, '.', &field)) {
		end = (size_t)(field.ptr - file.ptr);
		if (is_kind(field) && end > 0)
			return (struct view){ file.ptr, end - 1 };
	}
	return none;
}

static struct view drop_start(struct view name, struct view start)
{
	if (!view_starts(name, start))
		return name;
	return (struct view){ name.ptr + start.len, name.len - start.len };
}

static struct view of_file(struct view file)
{
	struct view name = before_kind(file);

	name = drop_start(name, VIEW("routeviews."));
	name = drop_start(name, VIEW("ris."));
	if (is_collector(name))
		return name;
	name = (struct view){ file.ptr, file.len < 5 ? file.len : 5 };
	if (is_ris(name) && (file.len == 5 || !isalnum((unsigned char)file.ptr[5])))
		return name;
	return none;
}

/* Cuts the last component off *path. */
static struct view last_component(struct view *path)
{
	size_t start = path->len;
	struct view component;

	while (start > 0 && path->ptr[start - 1] != '/')
		start--;
	component = (struct view){ path->ptr + start, path->len - start };
	path->len = start > 0 ? start - 1 : 0;
	return component;
}

struct view feed_collector_of(struct view name)
{
	struct view path = name, found = of_file(last_component(&path)), folder;
	bool bgpdata = false;

	while (found.len == 0 && path.len > 0) {
		folder = last_component(&path);
		if (is_ris(folder) || view_starts(folder, VIEW("route-views")) ||
		    (bgpdata && is_site(folder) && !is_host(folder)))
			found = folder;
		else if (bgpdata)
			break;
		bgpdata = view_equal(folder, VIEW("bgpdata"));
	}
	/* RouteViews' first collector has no folder of its own. */
	if (found.len == 0 && bgpdata)
		return VIEW("route-views2");
	return found;
}

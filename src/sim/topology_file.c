/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Topologies from files. Lines are taken apart with views; a line that does not fit its format ends
 * the loading with its number, since half a topology would be a different Internet.
 */
#include <errno.h>
#include <fcntl.h>

#include "place/lines.h"
#include "net/path.h"
#include "sim/topology.h"

typedef int line_fn(struct draft *draft, struct view line, const char **ret_expected,
		    struct err *err);

static int for_lines(struct draft *draft, const char *path, char comment, line_fn *take,
		     struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *expected = NULL;
	struct place_lines lines;
	struct view line;
	int rc;

	if (fd < 0)
		return err_system(err, errno, "%s", path);
	rc = place_lines_open(&lines, fd, path, err);
	if (rc != 0)
		return rc;
	while ((rc = place_lines_next(&lines, &line, err)) > 0) {
		if (line.ptr &&
		    (view_trim(line).len == 0 || line.ptr[0] == '#' || line.ptr[0] == comment))
			continue;
		if (!line.ptr)
			expected = "a shorter line";
		else
			rc = take(draft, line, &expected, err);
		if (expected)
			rc = err_set(err, ERR_FORMAT, "%s:%llu: expected %s", path,
				     (unsigned long long)lines.number, expected);
		if (rc < 0)
			break;
	}
	place_lines_close(&lines);
	return rc < 0 ? rc : 0;
}

static int take_link(struct draft *draft, struct view line, const char **ret_expected,
		     struct err *err)
{
	struct view a, b, relation;
	uint32_t from, to;

	if (!view_split(&line, '|', &a) || !view_split(&line, '|', &b) ||
	    !view_split(&line, '|', &relation) || !view_u32(a, &from) || !view_u32(b, &to) ||
	    from == to || (!view_equal(relation, VIEW("-1")) && !view_equal(relation, VIEW("0")))) {
		*ret_expected = "PROVIDER|CUSTOMER|-1 or PEER|PEER|0";
		return 0;
	}
	return draft_link(draft, from, to, view_equal(relation, VIEW("0")), NULL, err);
}

int topology_load_links(struct draft *draft, const char *path, struct err *err)
{
	return for_lines(draft, path, '#', take_link, err);
}

/* The next word, between blanks and tabs. */
static bool next_word(struct view *rest, struct view *ret_word)
{
	size_t from = 0, to;

	while (from < rest->len && (rest->ptr[from] == ' ' || rest->ptr[from] == '\t'))
		from++;
	to = from;
	while (to < rest->len && rest->ptr[to] != ' ' && rest->ptr[to] != '\t')
		to++;
	*ret_word = (struct view){ rest->ptr + from, to - from };
	*rest = (struct view){ rest->ptr + to, rest->len - to };
	return ret_word->len > 0;
}

static int take_origin(struct draft *draft, struct view line, const char **ret_expected,
		       struct err *err)
{
	struct view first, second = { 0 }, third;
	struct prefix prefix;
	uint32_t asn, len;
	bool good;

	good = next_word(&line, &first) && next_word(&line, &second);
	if (good && next_word(&line, &third)) {
		struct addr addr;

		good = addr_parse(first, &addr) && view_u32(second, &len) &&
		       len <= family_bits(addr.family);
		if (good)
			prefix = prefix_from_wire(addr.family, len, addr.bytes);
		second = third;
	} else if (good) {
		good = prefix_parse(first, &prefix);
	}
	for (size_t i = 0; i < second.len; i++)
		if (second.ptr[i] == '_' || second.ptr[i] == ',')
			second.len = i;
	if (!good || !asn_parse(second, &asn)) {
		*ret_expected = "PREFIX ASN or ADDRESS LENGTH ASN";
		return 0;
	}
	if (!prefix_is_network(&prefix) || asn == 0)
		return 0;
	return draft_network(draft, &prefix, asn, err);
}

int topology_load_origins(struct draft *draft, const char *path, struct err *err)
{
	return for_lines(draft, path, ';', take_origin, err);
}

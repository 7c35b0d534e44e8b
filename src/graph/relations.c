/* SPDX-License-Identifier: BSD-2-Clause */
/* One line, one relation; serial-2 files have a fourth field, which is passed over. */
#include "graph/relations.h"

#include <stdlib.h>

#include "base/vec.h"
#include "place/lines.h"

static bool line_parse(struct view line, struct relation_line *ret_line)
{
	struct relation_line parsed = { 0 };
	struct view a, b, kind;

	if (!view_split(&line, '|', &a) || !view_split(&line, '|', &b) ||
	    !view_split(&line, '|', &kind) || !place_field_asn(a, &parsed.a) ||
	    !place_field_asn(b, &parsed.b))
		return false;
	if (view_equal(kind, VIEW("-1")))
		parsed.relation = GRAPH_CUSTOMER;
	else if (view_equal(kind, VIEW("0")))
		parsed.relation = GRAPH_PEER;
	else
		return false;
	*ret_line = parsed;
	return true;
}

int relations_load(int fd, const char *name, struct relations *ret_relations, struct err *err)
{
	struct relations relations = { 0 };
	struct place_lines lines;
	struct view line;
	int code = place_lines_open(&lines, fd, name, err), more = 0;

	if (code)
		return code;
	while (code == 0 && (more = place_lines_next(&lines, &line, err)) > 0) {
		struct relation_line parsed;

		if (!line.ptr) {
			relations.bad_lines++;
			continue;
		}
		line = view_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!line_parse(line, &parsed)) {
			relations.bad_lines++;
			continue;
		}
		code = VEC_GROW(relations.lines, relations.count, relations.room, err);
		if (code == 0)
			relations.lines[relations.count++] = parsed;
	}
	relations.hashed = place_lines_sha256(&lines, relations.sha256, &relations.bytes);
	place_lines_close(&lines);
	if (code == 0 && more < 0)
		code = more;
	if (code == 0 && relations.count == 0)
		code = err_set(err, ERR_FORMAT,
			       "%s: no AS relationships such as 3356|4837|-1 in it", name);
	if (code) {
		relations_free(&relations);
		return code;
	}
	*ret_relations = relations;
	return 0;
}

void relations_free(struct relations *relations)
{
	free(relations->lines);
	*relations = (struct relations){ 0 };
}

int relations_state(const struct relations *relations, struct graph *graph, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < relations->count && code == 0; i++) {
		const struct relation_line *line = &relations->lines[i];

		code = graph_state(graph, line->a, line->b, line->relation, err);
	}
	return code;
}

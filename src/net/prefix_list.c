/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hash of the prefixes, and which lengths there are: a network is looked up once for each length
 * up to its own.
 */
#include "net/prefix_list.h"

#include <stdlib.h>

#include "base/vec.h"

#define LONGEST4 24u
#define LONGEST6 48u

static bool is_six(const struct prefix *prefix)
{
	return prefix->family == FAMILY_IPV6;
}

int prefix_list_add(struct prefix_list *list, const struct prefix *prefix, struct err *err)
{
	unsigned longest = is_six(prefix) ? LONGEST6 : LONGEST4;
	int code;

	if (prefix->len > longest) {
		struct buf text = { 0 };

		prefix_format(&text, prefix);
		code = err_set(err, ERR_USAGE, "%.*s is longer than /%u: no network is inside it",
			       (int)text.len, text.failed ? "" : text.data, longest);
		buf_free(&text);
		return code;
	}
	code = VEC_GROW(list->prefixes, list->count, list->room, err);
	if (code == 0)
		list->prefixes[list->count++] = *prefix;
	return code;
}

static int compare(const void *a, const void *b)
{
	return prefix_compare(a, b);
}

int prefix_list_ready(struct prefix_list *list, struct err *err)
{
	uint32_t kept = 0;

	if (list->count)
		qsort(list->prefixes, list->count, sizeof(*list->prefixes), compare);
	for (uint32_t i = 0; i < list->count; i++) {
		const struct prefix prefix = list->prefixes[i];

		if (kept && prefix_equal(&list->prefixes[kept - 1], &prefix))
			continue;
		if (map_put(&list->by_key, prefix_to_key(&prefix), kept))
			return err_memory(err);
		list->lengths[is_six(&prefix)] |= (uint64_t)1 << prefix.len;
		list->prefixes[kept++] = prefix;
	}
	list->count = kept;
	return 0;
}

void prefix_list_free(struct prefix_list *list)
{
	map_free(&list->by_key);
	free(list->prefixes);
	*list = (struct prefix_list){ 0 };
}

bool prefix_list_has(const struct prefix_list *list, const struct prefix *network)
{
	uint64_t lengths = list->lengths[is_six(network)];

	for (unsigned len = 0; len <= network->len && len < 64 && lengths >> len; len++) {
		struct prefix outer;

		if (!(lengths >> len & 1))
			continue;
		outer = prefix_from_wire(network->family, len, network->bytes);
		if (map_get(&list->by_key, prefix_to_key(&outer)) != MAP_NONE)
			return true;
	}
	return false;
}

int prefix_list_parse(struct view text, struct prefix_list *ret_list, struct err *err)
{
	struct prefix_list list = { 0 };
	struct view rest = text, word;
	struct prefix prefix;
	int code = 0;

	while (code == 0 && view_split(&rest, ',', &word)) {
		if (prefix_parse(word, &prefix))
			code = prefix_list_add(&list, &prefix, err);
		else
			code = err_set(err, ERR_USAGE, "%.*s is no prefix such as 175.45.176.0/22",
				       (int)word.len, word.ptr);
	}
	if (code == 0)
		code = prefix_list_ready(&list, err);
	if (code)
		prefix_list_free(&list);
	else
		*ret_list = list;
	return code;
}

void prefix_list_format(struct buf *buf, const struct prefix_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (i)
			buf_char(buf, ',');
		prefix_format(buf, &list->prefixes[i]);
	}
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Criteria are short lists, walked from the cheapest to the dearest: kind, time, peer, prefix, then
 * what needs the AS path. The path is found in the attributes without scanning the rest of them.
 *
 * Regular expressions cost microseconds, which at millions of RIB entries a second would be all the
 * time there is: what they say of a path is remembered by the path's bytes, and most entries repeat
 * a path seen shortly before. A regex_t is locked while it matches, so each thread compiles its
 * own.
 *
 * "_" of operators' expressions becomes ([][ ,{}()]|^|$): the characters that as_path_format() puts
 * between numbers and around sets and confederations, or either end.
 */
#define _GNU_SOURCE	/* re_search() */
#include "inquiry/filter.h"

#include <regex.h>
#include <stdlib.h>

#include "base/memo.h"
#include "base/utc.h"
#include "base/vec.h"
#include "net/path.h"

#define KIND(kind)	(1u << (kind))
#define KINDS_DEFAULT	(KIND(EVENT_ANNOUNCE) | KIND(EVENT_WITHDRAW) | KIND(EVENT_RIB_ENTRY) | \
			 KIND(EVENT_STATE))
#define KINDS_ALL	(KIND(EVENT_KIND_COUNT) - 1)
/* What records of RIBs, and of sessions, can give. */
#define KINDS_OF_RIB	(KIND(EVENT_RIB_ENTRY) | KIND(EVENT_RIB_BEGIN) | KIND(EVENT_RIB_END) | \
			 KIND(EVENT_OTHER_FAMILY))
/* BGP4MP has had records of RIB entries, too. */
#define KINDS_OF_SESSION (KINDS_ALL & ~(KIND(EVENT_RIB_BEGIN) | KIND(EVENT_RIB_END)))

#define EXPRESSION_MAX	1000u	/* bytes */
#define NODES_MAX	10000u
#define PLUS_WEIGHT \
	8u /* "1+" is written out as "11*"; what may be nothing is looked at in cubes of it */
#define GAPS_MAX 8u /* of "_", which may be nothing in two ways, with nothing sure in between */

struct prefix_criterion {
	struct prefix prefix;
	enum filter_prefix relation;
};

/* Family NONE: any address of the AS. */
struct peer_criterion {
	struct addr addr;
	uint32_t asn;
};

struct asn_list {
	uint32_t *items;
	uint32_t count, room;
};

struct text_list {
	char **items;
	uint32_t count, room;
};

struct filter {
	uint32_t kinds;		/* 0: not given */
	int64_t from, until;
	struct prefix_criterion *prefixes;
	uint32_t prefix_count, prefix_room;
	struct peer_criterion *peers;
	uint32_t peer_count, peer_room;
	struct asn_list origins, asns;
	struct text_list paths;		/* as handed to regcomp() */
	struct text_list collectors;
};

struct filter_thread {
	const struct filter *filter;
	regex_t *regexes;
	uint32_t regex_count;
	struct memo *memo;
	struct buf text;
	uint8_t scratch[ATTR_PATH_SCRATCH];
};

int filter_new(struct filter **ret_filter, struct err *err)
{
	struct filter *filter = calloc(1, sizeof(*filter));

	if (!filter)
		return err_memory(err);
	filter->from = UTC_NEVER;
	filter->until = UTC_NEVER;
	*ret_filter = filter;
	return 0;
}

static void text_list_free(struct text_list *list)
{
	for (uint32_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	free(filter->prefixes);
	free(filter->peers);
	free(filter->origins.items);
	free(filter->asns.items);
	text_list_free(&filter->paths);
	text_list_free(&filter->collectors);
	free(filter);
}

static int text_list_add(struct text_list *list, const char *text, size_t len, struct err *err)
{
	int code = VEC_GROW(list->items, list->count, list->room, err);
	char *copy;

	if (code)
		return code;
	copy = strndup(text, len);
	if (!copy)
		return err_memory(err);
	list->items[list->count++] = copy;
	return 0;
}

int filter_add_prefix(struct filter *filter, struct view text, enum filter_prefix relation,
		      struct err *err)
{
	struct prefix prefix;
	int code;

	if (!prefix_parse(text, &prefix))
		return err_set(err, ERR_USAGE,
			       "%.*s is no prefix, or has bits set behind its length",
			       VIEW_ARGS(text));
	code = VEC_GROW(filter->prefixes, filter->prefix_count, filter->prefix_room, err);
	if (code)
		return code;
	filter->prefixes[filter->prefix_count++] = (struct prefix_criterion){ prefix, relation };
	return 0;
}

static int asn_list_add(struct asn_list *list, struct view text, struct err *err)
{
	uint32_t asn;
	int code;

	if (!asn_parse(text, &asn))
		return err_set(err, ERR_USAGE, "%.*s is no AS number", VIEW_ARGS(text));
	code = VEC_GROW(list->items, list->count, list->room, err);
	if (code)
		return code;
	list->items[list->count++] = asn;
	return 0;
}

int filter_add_origin(struct filter *filter, struct view text, struct err *err)
{
	return asn_list_add(&filter->origins, text, err);
}

int filter_add_as(struct filter *filter, struct view text, struct err *err)
{
	return asn_list_add(&filter->asns, text, err);
}

/* Where "[:alpha:]", "[.x.]" or "[=x=]" at `at` ends; `at` + 1 where none begins there. */
static size_t class_end(struct view text, size_t at)
{
	char mark = at + 1 < text.len ? text.ptr[at + 1] : 0;

	if (text.ptr[at] != '[' || (mark != ':' && mark != '.' && mark != '='))
		return at + 1;
	for (size_t i = at + 2; i + 1 < text.len; i++)
		if (text.ptr[i] == mark && text.ptr[i + 1] == ']')
			return i + 2;
	return at + 1;
}

/* The length of the escape, bracket expression or single character that `text` begins with. */
static size_t expression_piece(struct view text)
{
	size_t len;

	if (text.ptr[0] == '\\')
		return text.len > 1 ? 2 : 1;
	if (text.ptr[0] != '[')
		return 1;
	/* "]" first, or behind "^", is a member (POSIX.1 section 9.3.5). */
	len = text.len > 1 && text.ptr[1] == '^' ? 3 : 2;
	while (len < text.len && text.ptr[len] != ']')
		len = class_end(text, len);
	return len < text.len ? len + 1 : text.len;
}

/* The larger number of "{2,5}" at the start of the text; 1 where there is none. */
static uint32_t repeats(struct view text)
{
	uint32_t largest = 1, number = 0;

	for (size_t i = 1; i < text.len && text.ptr[i] != '}' && number <= NODES_MAX; i++) {
		bool digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';

		number = digit ? number * 10 + (uint32_t)(text.ptr[i] - '0') : 0;
		largest = number > largest ? number : largest;
	}
	return largest;
}

/*
 * What one group of an expression, or the whole, comes to in the C library; and its last piece
 * alone.
 */
struct cost {
	uint64_t nodes, gaps;
	uint64_t last_nodes, last_gaps;
};

static void cost_add(struct cost *cost, uint64_t nodes, uint64_t gaps)
{
	cost->nodes += nodes;
	cost->gaps += gaps;
	cost->last_nodes = nodes;
	cost->last_gaps = gaps;
}

/* The last piece is written out so many times, and weighs as much as so many. */
static void cost_times(struct cost *cost, uint64_t weight, uint64_t times)
{
	cost->nodes += cost->last_nodes * (weight - 1);
	cost->gaps += cost->last_gaps * (times - 1);
	cost->last_nodes *= weight;
	cost->last_gaps *= times;
}

/*
 * The C library writes out what is repeated, so that ((1{255}){255}){255} or
 * 1++++++++++++++++++++++++++ would take all the memory there is; and it calls itself for each
 * group. What may match nothing in several ways, as "_" does, doubles its work each time, unless
 * digits stand in between.
 */
static int expression_check(struct view text, struct err *err)
{
	struct cost costs[EXPRESSION_MAX + 1] = { 0 }, *cost = costs;
	struct view rest = text;
	bool plain = true;

	if (text.len > EXPRESSION_MAX)
		return err_set(err, ERR_USAGE, "an expression longer than %u bytes",
			       EXPRESSION_MAX);
	while (rest.len) {
		size_t len = expression_piece(rest);
		char first = rest.ptr[0];

		plain &= first == '\0' || !strchr("(|*+?{", first);
		if (first == '(') {
			*++cost = (struct cost){ .nodes = 0 };
		} else if (first == ')' && cost > costs) {
			cost--;
			cost_add(cost, cost[1].nodes + 1, cost[1].gaps);
		} else if (first == '+') {
			cost_times(cost, PLUS_WEIGHT, 2);
		} else if (first == '{') {
			cost_times(cost, repeats(rest), repeats(rest));
		} else {
			cost_add(cost, 1, first == '_');
		}
		if (plain && len == 1 && first >= '0' && first <= '9')
			cost->gaps = 0;
		if (cost->nodes > NODES_MAX)
			return err_set(err, ERR_USAGE,
				       "%.*s: too large with its repetitions written out",
				       VIEW_ARGS(text));
		if (cost->gaps > GAPS_MAX)
			return err_set(err, ERR_USAGE,
				       "%.*s: more than %u _ side by side or among groups and "
				       "repetitions",
				       VIEW_ARGS(text), GAPS_MAX);
		rest.ptr += len;
		rest.len -= len;
	}
	return 0;
}

/*
 * Each "_" becomes a group of its own, so a back-reference to the n-th group that was written has
 * another number behind it. False where that has two digits, which POSIX does not know.
 */
static bool expression_translate(struct buf *out, struct view text)
{
	unsigned groups = 0, written = 0, numbers[10] = { 0 };

	while (text.len) {
		size_t len = expression_piece(text);
		char first = text.ptr[0], second = len > 1 ? text.ptr[1] : 0;

		groups += first == '_' || first == '(';
		if (first == '(' && ++written < 10)
			numbers[written] = groups;
		if (first == '_') {
			buf_str(out, "([][ ,{}()]|^|$)");
		} else if (first == '\\' && second == '_') {
			buf_char(out, '_');	/* "\_" is not defined by POSIX */
		} else if (first == '\\' && second >= '1' && second <= '9' &&
			   numbers[second - '0']) {
			if (numbers[second - '0'] > 9)
				return false;
			buf_char(out, '\\');
			buf_char(out, (char)('0' + numbers[second - '0']));
		} else {
			buf_add(out, text.ptr, len);
		}
		text.ptr += len;
		text.len -= len;
	}
	return true;
}

static int expression_compile(regex_t *regex, const char *text, struct err *err)
{
	char reason[160];
	int code = regcomp(regex, text, REG_EXTENDED | REG_NOSUB);

	if (!code)
		return 0;
	if (code == REG_ESPACE)
		return err_memory(err);
	regerror(code, regex, reason, sizeof(reason));
	return err_set(err, ERR_USAGE, "%s", reason);
}

int filter_add_path(struct filter *filter, struct view text, struct err *err)
{
	struct buf translated = { 0 };
	regex_t regex;
	int code = expression_check(text, err);

	if (code)
		return code;
	if (!expression_translate(&translated, text)) {
		buf_free(&translated);
		return err_set(err, ERR_USAGE,
			       "%.*s: too many groups and _ before a back-reference",
			       VIEW_ARGS(text));
	}
	buf_char(&translated, '\0');
	if (translated.failed) {
		buf_free(&translated);
		return err_memory(err);
	}
	code = expression_compile(&regex, translated.data, err);
	if (code) {
		err_prefix(err, "%.*s", VIEW_ARGS(text));
	} else {
		regfree(&regex);
		code = text_list_add(&filter->paths, translated.data, translated.len, err);
	}
	buf_free(&translated);
	return code;
}

int filter_add_peer(struct filter *filter, struct view text, struct err *err)
{
	struct peer_criterion peer = { 0 };
	int code;

	if (!addr_parse(text, &peer.addr) && !asn_parse(text, &peer.asn))
		return err_set(err, ERR_USAGE, "%.*s is neither an address nor an AS number",
			       VIEW_ARGS(text));
	code = VEC_GROW(filter->peers, filter->peer_count, filter->peer_room, err);
	if (code)
		return code;
	filter->peers[filter->peer_count++] = peer;
	return 0;
}

int filter_add_collector(struct filter *filter, struct view name, struct err *err)
{
	return text_list_add(&filter->collectors, name.ptr, name.len, err);
}

static uint32_t kinds_named(struct view word)
{
	if (view_equal(word, VIEW("all")))
		return KINDS_ALL;
	if (view_equal(word, VIEW("rib")))
		return KIND(EVENT_RIB_ENTRY);
	for (unsigned kind = 0; kind < EVENT_KIND_COUNT; kind++)
		if (view_equal(word, view_of(event_kind_name((enum event_kind)kind))))
			return KIND(kind);
	return 0;
}

int filter_add_kinds(struct filter *filter, struct view list, struct err *err)
{
	struct view word;

	while (view_split(&list, ',', &word)) {
		uint32_t kinds = kinds_named(view_trim(word));

		if (!kinds)
			return err_set(err, ERR_USAGE, "%.*s is no kind of event", VIEW_ARGS(word));
		filter->kinds |= kinds;
	}
	return 0;
}

void filter_set_time(struct filter *filter, int64_t from, int64_t until)
{
	filter->from = from;
	filter->until = until;
}

static uint32_t kinds_wanted(const struct filter *filter)
{
	return filter->kinds ? filter->kinds : KINDS_DEFAULT;
}

bool filter_wants_kind(const struct filter *filter, enum event_kind kind)
{
	return kinds_wanted(filter) & KIND(kind);
}

bool filter_is_plain(const struct filter *filter)
{
	return kinds_wanted(filter) == KINDS_DEFAULT && filter->from == UTC_NEVER &&
	       filter->until == UTC_NEVER && !filter->prefix_count && !filter->peer_count &&
	       !filter->origins.count && !filter->asns.count && !filter->paths.count;
}

bool filter_wants_input(const struct filter *filter, const char *collector)
{
	for (uint32_t i = 0; i < filter->collectors.count; i++)
		if (!strcmp(filter->collectors.items[i], collector))
			return true;
	return !filter->collectors.count;
}

static bool time_wanted(const struct filter *filter, int64_t time)
{
	return (filter->from == UTC_NEVER || time >= filter->from) &&
	       (filter->until == UTC_NEVER || time < filter->until);
}

static bool prefix_meets(const struct prefix_criterion *criterion, const struct prefix *prefix)
{
	switch (criterion->relation) {
	case FILTER_MORE_SPECIFIC:
		return prefix_contains(&criterion->prefix, prefix);
	case FILTER_LESS_SPECIFIC:
		return prefix_contains(prefix, &criterion->prefix);
	default:
		return prefix_equal(&criterion->prefix, prefix);
	}
}

static bool prefix_wanted(const struct filter *filter, const struct prefix *prefix)
{
	for (uint32_t i = 0; i < filter->prefix_count; i++)
		if (prefix_meets(&filter->prefixes[i], prefix))
			return true;
	return !filter->prefix_count;
}

/*
 * RFC 6396 section 4.3.2: the one prefix of a RIB record stands behind its sequence number. What is
 * malformed is wanted: decoding tells.
 */
static bool rib_prefix_wanted(const struct filter *filter, const struct mrt_record *record)
{
	struct cursor cur = cursor_make(record->bytes + record->body, record->len - record->body);
	enum family family;
	struct prefix prefix;
	const uint8_t *bytes;
	unsigned len;

	switch (record->subtype) {
	case 2: case 8:		/* RIB_IPV4_UNICAST, and with ADD-PATH (RFC 8050 section 4.1) */
		family = FAMILY_IPV4;
		break;
	case 4: case 10:	/* RIB_IPV6_UNICAST */
		family = FAMILY_IPV6;
		break;
	default:
		return true;
	}
	cursor_skip(&cur, 4);
	len = cursor_u8(&cur);
	bytes = cursor_bytes(&cur, (len + 7) / 8);
	if (!bytes || len > family_bits(family))
		return true;
	prefix = prefix_from_wire(family, len, bytes);
	return prefix_wanted(filter, &prefix);
}

bool filter_wants_record(const struct filter *filter, const struct mrt_record *record)
{
	bool rib = record->type == MRT_TABLE_DUMP || record->type == MRT_TABLE_DUMP_V2;

	return (kinds_wanted(filter) & (rib ? KINDS_OF_RIB : KINDS_OF_SESSION)) &&
	       time_wanted(filter, record->time) &&
	       (!filter->prefix_count || record->type != MRT_TABLE_DUMP_V2 ||
		rib_prefix_wanted(filter, record));
}

int filter_thread_new(const struct filter *filter, struct filter_thread **ret_thread,
		      struct err *err)
{
	struct filter_thread *thread = calloc(1, sizeof(*thread));
	int code = 0;

	if (!thread)
		return err_memory(err);
	thread->filter = filter;
	if (filter->paths.count) {
		code = memo_new(8192, 128, &thread->memo, err);
		thread->regexes = calloc(filter->paths.count, sizeof(*thread->regexes));
		if (!code && !thread->regexes)
			code = err_memory(err);
	}
	for (uint32_t i = 0; !code && i < filter->paths.count; i++) {
		code = expression_compile(&thread->regexes[i], filter->paths.items[i], err);
		thread->regex_count += !code;
	}
	if (code) {
		filter_thread_free(thread);
		return code;
	}
	*ret_thread = thread;
	return 0;
}

void filter_thread_free(struct filter_thread *thread)
{
	if (!thread)
		return;
	for (uint32_t i = 0; i < thread->regex_count; i++)
		regfree(&thread->regexes[i]);
	free(thread->regexes);
	memo_free(thread->memo);
	buf_free(&thread->text);
	free(thread);
}

static bool peer_wanted(const struct filter *filter, const struct peer *peer)
{
	for (uint32_t i = 0; peer && i < filter->peer_count; i++) {
		const struct peer_criterion *criterion = &filter->peers[i];

		if (criterion->addr.family == FAMILY_NONE
			    ? criterion->asn == peer->asn
			    : !addr_compare(&criterion->addr, &peer->addr))
			return true;
	}
	return !filter->peer_count;
}

static bool origin_wanted(const struct filter *filter, const struct as_path *path)
{
	uint32_t asn;

	if (!filter->origins.count)
		return true;
	if (!as_path_origin(path, &asn))
		return false;
	for (uint32_t i = 0; i < filter->origins.count; i++)
		if (filter->origins.items[i] == asn)
			return true;
	return false;
}

static bool asns_wanted(const struct filter *filter, const struct as_path *path)
{
	for (uint32_t i = 0; i < filter->asns.count; i++)
		if (as_path_has(path, filter->asns.items[i]))
			return true;
	return !filter->asns.count;
}

/*
 * An expression too costly for the memory there is meets nothing, and says so as a failed text
 * does. glibc's regexec() says REG_NOMATCH then; its older name for the same tells the two apart.
 */
static bool regex_meets(struct filter_thread *thread, regex_t *regex)
{
	const regoff_t len = (regoff_t)(thread->text.len - 1);
	regoff_t at = re_search(regex, thread->text.data, len, 0, len, NULL);

	thread->text.failed |= at < -1;
	return at >= 0;
}

bool filter_thread_failed(const struct filter_thread *thread)
{
	return thread->text.failed;
}

static bool regexes_match(struct filter_thread *thread, const struct as_path *path)
{
	const char *known;
	size_t len;
	char met = 0;

	if (!thread->regex_count)
		return true;
	known = memo_find(thread->memo, path->bytes, path->len, path->asn_size, &len);
	if (known)
		return *known;
	thread->text.len = 0;
	as_path_format(&thread->text, path);
	buf_char(&thread->text, '\0');
	if (thread->text.failed)
		return false;
	for (uint32_t i = 0; i < thread->regex_count && !met; i++)
		met = regex_meets(thread, &thread->regexes[i]);
	if (thread->text.failed)
		return false;
	memo_keep(thread->memo, &met, 1);
	return met;
}

static bool path_wanted(struct filter_thread *thread, const struct event *event)
{
	const struct filter *filter = thread->filter;
	struct as_path path;

	if (!filter->origins.count && !filter->asns.count && !filter->paths.count)
		return true;
	if (event->kind != EVENT_ANNOUNCE && event->kind != EVENT_RIB_ENTRY)
		return false;
	return attr_span_path(&event->attributes, thread->scratch, &path) &&
	       origin_wanted(filter, &path) && asns_wanted(filter, &path) &&
	       regexes_match(thread, &path);
}

static bool has_prefix(const struct event *event)
{
	return event->kind == EVENT_ANNOUNCE || event->kind == EVENT_WITHDRAW ||
	       event->kind == EVENT_RIB_ENTRY;
}

bool filter_match(struct filter_thread *thread, const struct event *event)
{
	const struct filter *filter = thread->filter;

	return filter_wants_kind(filter, event->kind) && time_wanted(filter, event->time) &&
	       peer_wanted(filter, event->peer) &&
	       (!filter->prefix_count ||
		(has_prefix(event) && prefix_wanted(filter, &event->prefix))) &&
	       path_wanted(thread, event);
}

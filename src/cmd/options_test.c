/* SPDX-License-Identifier: BSD-2-Clause */
/* Options: what command lines mean, what mistakes say, and how help is laid out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "cmd/options.h"

#define ARGS_MAX 16

struct shared {
	uint32_t threads;
};

struct settings {
	bool count;
	bool quiet;
	const char *name;
	int64_t from;
	int64_t gap;
	uint64_t size;
	struct option_list peers;
	struct shared shared;
};

static const struct option_row own_rows[] = {
	{
		.name = "count", .letter = 'c', .set = option_set_flag, .help = "only count",
		.field = offsetof(struct settings, count),
	}, {
		.name = "quiet", .letter = 'q', .set = option_set_flag, .help = "no words",
		.field = offsetof(struct settings, quiet),
	}, {
		.name = "name", .letter = 'n', .argument = "NAME", .set = option_set_text,
		.help = "the name", .field = offsetof(struct settings, name),
	}, {
		.name = "from", .argument = "TIME", .set = option_set_time,
		.help = "since then, which is a description long enough to need a second line",
		.field = offsetof(struct settings, from),
	}, {
		.name = "gap", .argument = "DURATION", .set = option_set_duration, .help = "gap",
		.field = offsetof(struct settings, gap),
	}, {
		.name = "size", .argument = "SIZE", .set = option_set_bytes, .help = "size",
		.field = offsetof(struct settings, size),
	}, {
		.name = "peer", .letter = 'p', .argument = "PEER", .set = option_set_list,
		.help = "a peer", .field = offsetof(struct settings, peers),
	},
	{ .name = NULL }
};

static const struct option_row shared_rows[] = {
	{
		.name = "threads", .letter = 'j', .argument = "N", .set = option_set_u32,
		.help = "threads", .field = offsetof(struct shared, threads),
	},
	{ .name = NULL }
};

static const struct option_group groups[] = {
	{ "What", own_rows, 0 },
	{ "Shared", shared_rows, offsetof(struct settings, shared) },
	{ .rows = NULL }
};

struct parsed {
	struct settings settings;
	struct option_list operands;
	bool help;
	struct err err;
	int rc;
};

/* Parses "command ARGUMENTS" split at blanks; an empty string stands for itself as "''". */
static struct parsed parse(const char *line)
{
	static char copy[256];
	static char empty[] = "";
	char *argv[ARGS_MAX] = { empty };
	struct parsed parsed = { .settings.gap = 7 };
	int argc = 1;

	assert_true(strlen(line) < sizeof(copy));
	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
		assert_true(argc < ARGS_MAX);
		argv[argc++] = strcmp(word, "''") == 0 ? empty : word;
	}
	parsed.rc = options_parse(groups, &parsed.settings, argc, argv, &parsed.operands,
				  &parsed.help, &parsed.err);
	return parsed;
}

static void drop(struct parsed *parsed)
{
	options_free(groups, &parsed->settings);
	free(parsed->operands.values);
}

static void assert_list(const struct option_list *list, const char *expected)
{
	char joined[256] = "";

	for (uint32_t i = 0; i < list->count; i++) {
		strcat(joined, list->values[i]);
		strcat(joined, "|");
	}
	assert_string_equal(joined, expected);
}

static void values_in_every_form(void **state)
{
	static const char *const lines[] = {
		"--name=x --threads=12 --count", "--name x --threads 12 --count",
		"-nx -j12 -c", "-n x -j 12 -c", "-cnx -j12", "-cn x --threads=12",
		"--name y --name x -c --threads=1 --threads=12",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct parsed parsed = parse(lines[i]);

		assert_int_equal(parsed.rc, 0);
		assert_string_equal(parsed.settings.name, "x");
		assert_int_equal(parsed.settings.shared.threads, 12);
		assert_true(parsed.settings.count);
		assert_false(parsed.settings.quiet);
		assert_int_equal(parsed.settings.gap, 7);
		assert_int_equal(parsed.operands.count, 0);
		drop(&parsed);
	}
}

static void values_that_look_like_options(void **state)
{
	struct parsed parsed = parse("--name --count -n-q --name= --name=a=b");

	(void)state;
	assert_int_equal(parsed.rc, 0);
	assert_string_equal(parsed.settings.name, "a=b");
	assert_false(parsed.settings.count);
	assert_false(parsed.settings.quiet);
	drop(&parsed);
}

static void operands_anywhere(void **state)
{
	struct parsed parsed = parse("a -c b - --peer p1 '' -- --name -q -- -pp2");

	(void)state;
	assert_int_equal(parsed.rc, 0);
	assert_list(&parsed.operands, "a|b|-||--name|-q|--|-pp2|");
	assert_list(&parsed.settings.peers, "p1|");
	assert_true(parsed.settings.count);
	assert_false(parsed.settings.quiet);
	drop(&parsed);
}

static void lists_collect(void **state)
{
	struct parsed parsed = parse("-p1 -p 2 --peer=3 --peer 4 -p5");

	(void)state;
	assert_int_equal(parsed.rc, 0);
	assert_list(&parsed.settings.peers, "1|2|3|4|5|");
	drop(&parsed);
	assert_int_equal(parsed.settings.peers.count, 0);
	assert_null(parsed.settings.peers.values);
}

static void times_and_durations(void **state)
{
	struct parsed parsed = parse("--from 2014-12-23T15:41 --gap 1h30m");

	(void)state;
	assert_int_equal(parsed.rc, 0);
	assert_true(parsed.settings.from == INT64_C(1419349260) * UTC_SECOND);
	assert_true(parsed.settings.gap == 90 * UTC_MINUTE);
	drop(&parsed);
}

static void sizes(void **state)
{
	static const struct {
		const char *line;
		uint64_t bytes;
	} cases[] = {
		{ "--size 0", 0 }, { "--size 1500", 1500 }, { "--size 512K", 512 << 10 },
		{ "--size 3m", 3 << 20 }, { "--size=4G", UINT64_C(4) << 30 }, { "--size 2t", UINT64_C(2) << 40 },
		{ "--size 16777215T", UINT64_C(16777215) << 40 },
	};
	static const char *const wrong[] = { "--size ''", "--size K", "--size 5X", "--size 1.5G", "--size 16777216T" };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parsed parsed = parse(cases[i].line);

		assert_int_equal(parsed.rc, 0);
		assert_int_equal(parsed.settings.size, cases[i].bytes);
		drop(&parsed);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct parsed parsed = parse(wrong[i]);

		assert_int_equal(parsed.rc, ERR_USAGE);
		drop(&parsed);
	}
}

static void help_wins(void **state)
{
	static const char *const lines[] = { "--help", "-h", "a --help --nonsense", "-ch" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct parsed parsed = parse(lines[i]);

		assert_int_equal(parsed.rc, 0);
		assert_true(parsed.help);
		drop(&parsed);
	}
	struct parsed parsed = parse("-- --help");

	assert_false(parsed.help);
	assert_list(&parsed.operands, "--help|");
	drop(&parsed);
}

static void mistakes_say_what_is_wrong(void **state)
{
	static const struct {
		const char *line, *text;
	} cases[] = {
		{ "--nmae=x", "unknown option --nmae (did you mean --name?)" },
		{ "--thread 2", "unknown option --thread (did you mean --threads?)" },
		{ "--elephants", "unknown option --elephants" },
		{ "--nam x", "unknown option --nam (did you mean --name?)" },
		{ "-x", "unknown option -x" },
		{ "-cx", "unknown option -cx" },
		{ "--name", "--name needs a value: NAME" },
		{ "a -cn", "-n (--name) needs a value: NAME" },
		{ "--count=3", "--count takes no value" },
		{ "--help=3", "unknown option --help" },
		{ "--threads 12x", "--threads: \"12x\" is not a number from 0 to 4294967295" },
		{ "--threads -1", "--threads: \"-1\" is not a number from 0 to 4294967295" },
		{ "-j 4294967296",
		  "--threads: \"4294967296\" is not a number from 0 to 4294967295" },
		{ "--from=yesterday", "--from: \"yesterday\" is not a time such as 2014-12-23, "
				      "2014-12-23T15:41 or 1419349260 (UTC)" },
		{ "--gap soon",
		  "--gap: \"soon\" is not a duration such as 90s, 15m, 1h30m or 7d" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parsed parsed = parse(cases[i].line);

		assert_int_equal(parsed.rc, ERR_USAGE);
		assert_int_equal(parsed.err.code, ERR_USAGE);
		assert_string_equal(parsed.err.text, cases[i].text);
		drop(&parsed);
	}
}

static void help_aligns_and_wraps(void **state)
{
	struct buf buf = { .len = 0 };

	(void)state;
	options_help(groups, 60, &buf);
	buf_char(&buf, '\0');
	assert_false(buf.failed);
	assert_string_equal(buf.data,
		"\nWhat:\n"
		"  -c, --count         only count\n"
		"  -q, --quiet         no words\n"
		"  -n, --name NAME     the name\n"
		"      --from TIME     since then, which is a description\n"
		"                      long enough to need a second line\n"
		"      --gap DURATION  gap\n"
		"      --size SIZE     size\n"
		"  -p, --peer PEER     a peer\n"
		"\nShared:\n"
		"  -j, --threads N     threads\n"
		"\n"
		"  -h, --help          print this and exit\n");
	buf_free(&buf);
}

static void wrapping(void **state)
{
	static const struct {
		const char *text;
		unsigned at, indent, width;
		const char *expected;
	} cases[] = {
		{ "", 0, 0, 10, "\n" },
		{ "one two three", 0, 0, 7, "one two\nthree\n" },
		{ "one two three", 0, 0, 100, "one two three\n" },
		{ "one two", 2, 4, 8, "  one\n    two\n" },
		{ "immeasurable", 0, 2, 5, "  immeasurable\n" },
		{ "a\nb c", 0, 1, 3, " a\n b\n c\n" },
		{ "a\n\nb", 0, 0, 9, "a\n\nb\n" },
		{ "é é é", 0, 0, 5, "é é é\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf buf = { .len = 0 };

		options_wrap(&buf, cases[i].text, cases[i].at, cases[i].indent, cases[i].width);
		buf_char(&buf, '\0');
		assert_string_equal(buf.data, cases[i].expected);
		buf_free(&buf);
	}
}

static void slips(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned distance;
	} cases[] = {
		{ "", "", 0 }, { "dump", "dump", 0 }, { "", "dump", 4 }, { "dump", "", 4 },
		{ "dmup", "dump", 1 }, { "dumb", "dump", 1 }, { "dum", "dump", 1 },
		{ "dumpp", "dump", 1 }, { "census", "dump", 6 }, { "outage", "outages", 1 },
		{ "uotagse", "outages", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(options_distance(cases[i].a, cases[i].b), cases[i].distance);
	assert_true(options_near("dmp", 1));
	assert_false(options_near("dmp", 2));
	assert_true(options_distance("dump",
				     "a word that is longer than any option may ever be") > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_in_every_form),
		cmocka_unit_test(values_that_look_like_options),
		cmocka_unit_test(operands_anywhere),
		cmocka_unit_test(lists_collect),
		cmocka_unit_test(times_and_durations),
		cmocka_unit_test(sizes),
		cmocka_unit_test(help_wins),
		cmocka_unit_test(mistakes_say_what_is_wrong),
		cmocka_unit_test(help_aligns_and_wraps),
		cmocka_unit_test(wrapping),
		cmocka_unit_test(slips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How options work: an argument is matched against the rows of all groups in turn (a few dozen:
 * no index), its value is found, and the row's setter writes it at settings + group offset + field.
 * --help walks the same rows; the column of the descriptions is that of the widest "-n, --name ARG"
 * of all groups, so that they align from group to group.
 */
#include "cmd/options.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "base/view.h"

#define HELP_INDENT	2
#define HELP_COLUMN_MAX	30	/* wider options put their description on the next line */

int option_set_flag(void *field, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	*(bool *)field = true;
	return 0;
}

int option_set_text(void *field, const char *value, struct err *err)
{
	(void)err;
	*(const char **)field = value;
	return 0;
}

int option_set_list(void *field, const char *value, struct err *err)
{
	return option_list_add(field, value, err);
}

int option_set_u32(void *field, const char *value, struct err *err)
{
	if (!view_u32(view_of(value), field))
		return err_set(err, ERR_USAGE, "\"%s\" is not a number from 0 to %" PRIu32, value,
			       UINT32_MAX);
	return 0;
}

int option_set_limit(void *field, const char *value, struct err *err)
{
	uint32_t limit;
	int rc = option_set_u32(&limit, value, err);

	if (rc)
		return rc;
	if (limit == 0)
		return err_set(err, ERR_USAGE, "a limit of 0 lets nothing through");
	*(uint32_t *)field = limit;
	return 0;
}

int option_set_bytes(void *field, const char *value, struct err *err)
{
	static const char units[] = "KMGT";
	struct view text = view_of(value);
	const char *unit = text.len ? strchr(units, text.ptr[text.len - 1] & ~0x20) : NULL;
	unsigned shift = unit && *unit ? 10 * (unsigned)(unit - units + 1) : 0;
	uint64_t number;

	if (shift)
		text.len--;
	if (!view_u64(text, &number) || number > UINT64_MAX >> shift)
		return err_set(err, ERR_USAGE, "\"%s\" is not a size such as 1500, 512K, 64M or 2G",
			       value);
	*(uint64_t *)field = number << shift;
	return 0;
}

int option_set_time(void *field, const char *value, struct err *err)
{
	if (!utc_parse(view_of(value), field))
		return err_set(err, ERR_USAGE,
			       "\"%s\" is not a time such as 2014-12-23, 2014-12-23T15:41 or "
			       "1419349260 (UTC)", value);
	return 0;
}

int option_set_duration(void *field, const char *value, struct err *err)
{
	if (!utc_parse_duration(view_of(value), field))
		return err_set(err, ERR_USAGE,
			       "\"%s\" is not a duration such as 90s, 15m, 1h30m or 7d", value);
	return 0;
}

int option_check_period(int64_t from, int64_t until, struct err *err)
{
	if (from != UTC_NEVER && until != UTC_NEVER && until <= from)
		return err_set(err, ERR_USAGE, "--until must be later than --from");
	return 0;
}

int option_list_add(struct option_list *list, const char *value, struct err *err)
{
	/* Grown at every power of two. */
	if ((list->count & (list->count - 1)) == 0) {
		size_t room = list->count ? 2 * (size_t)list->count : 1;
		const char **values = realloc(list->values, room * sizeof(*values));

		if (!values)
			return err_memory(err);
		list->values = values;
	}
	list->values[list->count++] = value;
	return 0;
}

struct match {
	const struct option_group *group;
	const struct option_row *row;
};

/* By name (`len` characters of it) or, where that is NULL, by letter. */
static struct match find(const struct option_group *groups, const char *name, size_t len,
			 char letter)
{
	for (const struct option_group *group = groups; group->rows; group++)
		for (const struct option_row *row = group->rows; row->name; row++) {
			if (name ? strlen(row->name) == len && memcmp(row->name, name, len) == 0 :
				   row->letter == letter)
				return (struct match){ group, row };
		}
	return (struct match){ NULL, NULL };
}

static int unknown(const struct option_group *groups, const char *name, size_t len, struct err *err)
{
	const char *nearest = NULL;
	unsigned least = UINT32_MAX;
	char word[64];

	if (len >= sizeof(word))
		return err_set(err, ERR_USAGE, "unknown option --%.*s", (int)len, name);
	memcpy(word, name, len);
	word[len] = '\0';
	for (const struct option_group *group = groups; group->rows; group++)
		for (const struct option_row *row = group->rows; row->name; row++) {
			unsigned distance = options_distance(word, row->name);

			if (distance < least) {
				least = distance;
				nearest = row->name;
			}
		}
	if (nearest && options_near(word, least))
		return err_set(err, ERR_USAGE, "unknown option --%s (did you mean --%s?)", word,
			       nearest);
	return err_set(err, ERR_USAGE, "unknown option --%s", word);
}

static int apply(const struct match *match, void *settings, const char *value, struct err *err)
{
	char *field = (char *)settings + match->group->offset + match->row->field;
	int rc = match->row->set(field, value, err);

	return rc ? err_prefix(err, "--%s", match->row->name) : 0;
}

/* One "--name", "--name=value" or "--name value"; *at moves onto the last argument used. */
static int parse_long(const struct option_group *groups, void *settings, int argc,
		      char *const *argv, int *at, bool *ret_help, struct err *err)
{
	const char *name = argv[*at] + 2;
	const char *equals = strchr(name, '=');
	const char *value = equals ? equals + 1 : NULL;
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	struct match match = find(groups, name, len, 0);

	if (!match.row && !value && strcmp(name, "help") == 0) {
		*ret_help = true;
		return 0;
	}
	if (!match.row)
		return unknown(groups, name, len, err);
	if (!match.row->argument && value)
		return err_set(err, ERR_USAGE, "--%s takes no value", match.row->name);
	if (match.row->argument && !value) {
		if (*at + 1 >= argc)
			return err_set(err, ERR_USAGE, "--%s needs a value: %s", match.row->name,
				       match.row->argument);
		value = argv[++*at];
	}
	return apply(&match, settings, value, err);
}

/* Letters behind one dash; one that takes a value has the rest of the argument, or the next one. */
static int parse_letters(const struct option_group *groups, void *settings, int argc,
			 char *const *argv, int *at, bool *ret_help, struct err *err)
{
	for (const char *letter = argv[*at] + 1; *letter; letter++) {
		struct match match = find(groups, NULL, 0, *letter);
		const char *value = NULL;
		int rc;

		if (!match.row && *letter == 'h') {
			*ret_help = true;
			return 0;
		}
		if (!match.row)
			return err_set(err, ERR_USAGE, "unknown option %s", argv[*at]);
		if (match.row->argument) {
			if (letter[1])
				value = letter + 1;
			else if (*at + 1 < argc)
				value = argv[++*at];
			else
				return err_set(err, ERR_USAGE, "-%c (--%s) needs a value: %s",
					       *letter, match.row->name, match.row->argument);
		}
		rc = apply(&match, settings, value, err);
		if (rc || value)
			return rc;
	}
	return 0;
}

int options_parse(const struct option_group *groups, void *settings, int argc, char *const *argv,
		  struct option_list *operands, bool *ret_help, struct err *err)
{
	bool only_operands = false;

	for (int at = 1; at < argc; at++) {
		const char *argument = argv[at];
		bool help = false;
		int rc;

		if (only_operands || argument[0] != '-' || !argument[1])
			rc = option_list_add(operands, argument, err);
		else if (argument[1] != '-')
			rc = parse_letters(groups, settings, argc, argv, &at, &help, err);
		else if (argument[2])
			rc = parse_long(groups, settings, argc, argv, &at, &help, err);
		else
			rc = 0, only_operands = true;
		if (rc)
			return rc;
		if (help) {
			*ret_help = true;
			return 0;
		}
	}
	return 0;
}

void options_free(const struct option_group *groups, void *settings)
{
	for (const struct option_group *group = groups; group->rows; group++)
		for (const struct option_row *row = group->rows; row->name; row++) {
			struct option_list *list;

			if (row->set != option_set_list)
				continue;
			list = (void *)((char *)settings + group->offset + row->field);
			free(list->values);
			*list = (struct option_list){ NULL, 0 };
		}
}

static size_t row_width(const struct option_row *row)
{
	/* "-n, --name ARG"; the letter's place is kept where there is none */
	return 6 + strlen(row->name) + (row->argument ? 1 + strlen(row->argument) : 0);
}

static void spaces(struct buf *buf, unsigned count)
{
	while (count--)
		buf_char(buf, ' ');
}

void options_wrap(struct buf *buf, const char *text, unsigned at, unsigned indent, unsigned width)
{
	bool fresh = true;	/* nothing on this line yet */

	while (*text) {
		size_t len = strcspn(text, " \n");
		unsigned columns = 0;

		/* UTF-8's continuation bytes take no column. */
		for (size_t i = 0; i < len; i++)
			columns += (text[i] & 0xc0) != 0x80;
		if (!fresh && at + 1 + columns > width) {
			buf_char(buf, '\n');
			at = 0;
			fresh = true;
		}
		if (len && fresh && at < indent) {
			spaces(buf, indent - at);
			at = indent;
		} else if (len && !fresh) {
			buf_char(buf, ' ');
			at++;
		}
		buf_add(buf, text, len);
		at += columns;
		fresh = fresh && !len;
		text += len;
		if (*text == '\n') {
			buf_char(buf, '\n');
			at = 0;
			fresh = true;
		}
		if (*text)
			text++;
	}
	buf_char(buf, '\n');
}

static void help_row(const struct option_row *row, unsigned column, unsigned width, struct buf *buf)
{
	unsigned at = HELP_INDENT + (unsigned)row_width(row);

	spaces(buf, HELP_INDENT);
	if (row->letter)
		buf_printf(buf, "-%c, ", row->letter);
	else
		spaces(buf, 4);
	buf_printf(buf, "--%s", row->name);
	if (row->argument)
		buf_printf(buf, " %s", row->argument);
	if (at + 2 > column) {
		buf_char(buf, '\n');
		at = 0;
	}
	options_wrap(buf, row->help, at, column, width);
}

void options_help(const struct option_group *groups, unsigned width, struct buf *buf)
{
	static const struct option_row help = {
		.name = "help", .letter = 'h', .help = "print this and exit",
	};
	unsigned column = 0;

	for (const struct option_group *group = groups; group->rows; group++)
		for (const struct option_row *row = group->rows; row->name; row++) {
			size_t wanted = HELP_INDENT + row_width(row) + 2;

			if (wanted <= HELP_COLUMN_MAX && wanted > column)
				column = (unsigned)wanted;
		}
	if (column < HELP_INDENT + row_width(&help) + 2)
		column = (unsigned)(HELP_INDENT + row_width(&help) + 2);
	for (const struct option_group *group = groups; group->rows; group++) {
		if (group->title)
			buf_printf(buf, "\n%s:\n", group->title);
		for (const struct option_row *row = group->rows; row->name; row++)
			help_row(row, column, width, buf);
	}
	buf_char(buf, '\n');
	help_row(&help, column, width, buf);
}

#define WORD_MAX 40

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table of Wagner and Fischer, with transpositions. */
unsigned options_distance(const char *a, const char *b)
{
	unsigned rows[3][WORD_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX;
	for (unsigned j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a_len; i++) {
		unsigned *row = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b_len; j++) {
			row[j] = min(min(last[j] + 1, row[j - 1] + 1),
				     last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min(row[j], before[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

bool options_near(const char *word, unsigned distance)
{
	return distance <= 1 + strlen(word) / 4;
}

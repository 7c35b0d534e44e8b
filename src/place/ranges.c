/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Range tables: a range of addresses and a country code in each line. They come in many hands, so
 * what the columns are is found out once per file, at the first line that can be read:
 *
 *   16777216,16777471,AU                       Debian's tor-geoipdb; beyond 2^32 it is IPv6
 *   2001:200::,2001:200:134:ffff:…,JP          the same for IPv6
 *   "1.0.0.0","1.0.0.255","16777216","16777471","AU","Australia"
 *   1.0.0.0/24,AU,…                            geofeeds (RFC 8805)
 *   network,country_code                       a header names the columns, in any order; then a
 *   1.0.0.0/24,AU                              table of ASes (asn,country_code) can be read as well
 *
 * Fields are parted by commas, tabs or semicolons and may be quoted. Codes that nobody knows are
 * unknown: the range is then no country's, whatever a larger one around it says. The date of a
 * table is the first that stands in its comments ("Generated: Thu, 25 Jun 2026", "based on May 7
 * 2014", "2014-05-07").
 */
#include "place/formats.h"

#include "base/utc.h"
#include "place/country.h"

/* One bound of a range. */
struct bound {
	u128 number;
	uint8_t family;		/* FAMILY_NONE: a number, which may be either's */
};

struct place_ranges place_ranges_start(void)
{
	return (struct place_ranges){ .date = UTC_NEVER };
}

/* 1 to 12 for a month's English name or its first three letters; 0. */
static unsigned parse_month(struct view word)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	if (word.len < 3)
		return 0;
	for (unsigned i = 0; i < 12; i++)
		if (view_equal_nocase((struct view){ word.ptr, 3 },
				      (struct view){ months + 3 * i, 3 }))
			return i + 1;
	return 0;
}

static bool set_date(int64_t *date, uint32_t year, uint32_t month, uint32_t day)
{
	if (year < 1970 || year > 9999 || month - 1 >= 12 || day - 1 >= 31)
		return false;
	*date = utc_from_civil((int)year, (int)month, (int)day);
	return true;
}

static bool date_from_iso(struct view word, int64_t *date)
{
	uint32_t year, month, day;

	return word.len >= 10 && word.ptr[4] == '-' && word.ptr[7] == '-' &&
	       view_u32((struct view){ word.ptr, 4 }, &year) &&
	       view_u32((struct view){ word.ptr + 5, 2 }, &month) &&
	       view_u32((struct view){ word.ptr + 8, 2 }, &day) && set_date(date, year, month, day);
}

static bool date_from_words(const struct view words[3], int64_t *date)
{
	uint32_t year, day;

	if (!view_u32(words[2], &year))
		return false;
	if (view_u32(words[0], &day))
		return set_date(date, year, parse_month(words[1]), day);
	return view_u32(words[1], &day) && set_date(date, year, parse_month(words[0]), day);
}

static void comment(struct place_ranges *file, struct view line)
{
	struct view words[3] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } }, word;

	while (line.len && line.ptr[0] == '#')
		line = (struct view){ line.ptr + 1, line.len - 1 };
	while (file->date == UTC_NEVER && view_split(&line, ' ', &word)) {
		word = view_trim(word);
		if (word.len && word.ptr[word.len - 1] == ',')
			word.len--;
		if (word.len == 0)
			continue;
		words[0] = words[1];
		words[1] = words[2];
		words[2] = word;
		if (!date_from_iso(word, &file->date))
			date_from_words(words, &file->date);
	}
}

static bool parse_decimal(struct view field, u128 *ret_number)
{
	uint64_t small;
	u128 number = 0;

	if (field.len < 20) {
		if (!view_u64(field, &small))
			return false;
		*ret_number = small;
		return true;
	}
	/* 2^128 has 39 digits. */
	if (field.len > 39)
		return false;
	for (size_t i = 0; i < field.len; i++) {
		unsigned digit = (unsigned)field.ptr[i] - '0';

		if (digit > 9 || number > (~(u128)0 - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return true;
}

/* 16 and above for what is none. */
static unsigned hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/*
 * RFC 4291 section 2.2, forms 1 and 2. A table has a million of them, and inet_pton() takes half of
 * the time that it takes to read them; what this does not know goes there.
 */
static bool parse_groups(struct view field, u128 *ret_number)
{
	const char *at = field.ptr, *end = field.ptr + field.len;
	unsigned groups = 0, gap = 8, tail;	/* groups before the "::" */
	u128 number = 0;

	if (field.len >= 2 && at[0] == ':' && at[1] == ':') {
		gap = 0;
		at += 2;
	}
	while (at < end) {
		unsigned group = 0, digits = 0, digit;

		for (; at < end && (digit = hex_digit(*at)) < 16; at++, digits++)
			group = group << 4 | digit;
		if (digits - 1 > 3 || groups == 8)
			return false;
		number = number << 16 | group;
		groups++;
		if (at == end)
			break;
		if (*at++ != ':' || at == end)
			return false;
		if (*at == ':') {
			if (gap != 8 || groups == 8)
				return false;
			gap = groups;
			at++;
		}
	}
	if ((gap == 8) != (groups == 8))
		return false;
	tail = 16 * (groups - gap % 8);
	if (gap % 8)
		number = number >> tail << (128 - 16 * gap) | (number & (((u128)1 << tail) - 1));
	*ret_number = number;
	return true;
}

static bool parse_bound(struct view field, struct bound *ret_bound)
{
	struct addr addr;

	if (parse_decimal(field, &ret_bound->number)) {
		ret_bound->family = FAMILY_NONE;
		return true;
	}
	if (parse_groups(field, &ret_bound->number)) {
		ret_bound->family = FAMILY_IPV6;
		return true;
	}
	if (!addr_parse(field, &addr))
		return false;
	ret_bound->number = place_addr_number(&addr);
	ret_bound->family = addr.family;
	return true;
}

static bool parse_range(struct view low, struct view high, struct place_span *ret_span,
			enum place_space *ret_space)
{
	struct bound from, to;

	if (!parse_bound(low, &from) || !parse_bound(high, &to) || from.family != to.family ||
	    from.number > to.number)
		return false;
	if (from.family == FAMILY_NONE)
		from.family = to.number <= UINT32_MAX ? FAMILY_IPV4 : FAMILY_IPV6;
	ret_span->low = from.number;
	ret_span->last = to.number;
	*ret_space = from.family == FAMILY_IPV4 ? PLACE_IPV4 : PLACE_IPV6;
	return true;
}

static bool parse_network(struct view field, struct place_span *ret_span,
			  enum place_space *ret_space)
{
	struct prefix prefix;
	struct addr addr = { 0 };

	if (!prefix_parse(field, &prefix))
		return false;
	addr.family = prefix.family;
	memcpy(addr.bytes, prefix.bytes, sizeof(addr.bytes));
	ret_span->low = ret_span->last = place_addr_number(&addr);
	/* Shifted by all its bits, a number would be undefined. */
	ret_span->last |= prefix.len ? ((u128)1 << (family_bits(prefix.family) - prefix.len)) - 1
				     : ~(u128)0 >> (128 - family_bits(prefix.family));
	*ret_space = prefix.family == FAMILY_IPV4 ? PLACE_IPV4 : PLACE_IPV6;
	return true;
}

/* One line by the given columns. */
static int entry(const struct place_columns *columns, const struct view fields[], unsigned count,
		 struct place_intake *intake, struct err *err)
{
	enum place_space space = PLACE_ASN;
	struct place_span span;
	country_t country;
	uint32_t asn;
	bool good;
	int rc;

	/* The columns not there are -1, and never at or above `count`. */
	if (columns->country >= (int)count || columns->low >= (int)count ||
	    columns->high >= (int)count || columns->network >= (int)count ||
	    columns->asn >= (int)count || !place_country_code(fields[columns->country], &country))
		return PLACE_FIT_BAD;
	if (columns->network >= 0) {
		good = parse_network(fields[columns->network], &span, &space);
	} else if (columns->asn >= 0) {
		good = place_field_asn(fields[columns->asn], &asn);
		span.low = span.last = good ? asn : 0;
	} else {
		good = parse_range(fields[columns->low], fields[columns->high], &span, &space);
	}
	if (!good)
		return PLACE_FIT_BAD;
	rc = place_intake_add(intake, space, span.low, span.last, country, err);
	return rc < 0 ? rc : PLACE_FIT_ENTRY;
}

/* Column names compare without case, blanks, dashes and underscores. */
static bool same_name(struct view field, const char *name)
{
	for (size_t i = 0; i < field.len; i++) {
		char c = field.ptr[i];

		if (c == '_' || c == '-' || c == ' ')
			continue;
		if (*name == '\0' || (c >= 'A' && c <= 'Z' ? c | 0x20 : c) != *name++)
			return false;
	}
	return *name == '\0';
}

/* The column with the first of these names (NULL behind the last) that the header has. */
static int8_t find_column(const struct view fields[], unsigned count, const char *const list[])
{
	for (; *list; list++)
		for (unsigned i = 0; i < count; i++)
			if (same_name(fields[i], *list))
				return (int8_t)i;
	return PLACE_COLUMN_NONE;
}

static bool header(struct place_columns *ret_columns, const struct view fields[], unsigned count)
{
	static const char *const lows[] = { "startip", "ipstart", "start", "rangestart", "ipfrom",
					    "from", "firstip", "first", "low", "begin", NULL };
	static const char *const highs[] = { "endip", "ipend", "end", "rangeend", "ipto", "to",
					     "lastip", "last", "high", NULL };
	static const char *const networks[] = { "network", "prefix", "ipprefix", "cidr", "subnet",
						NULL };
	static const char *const asns[] = { "asn", "as", "asnumber", NULL };
	/* "country" comes last: beside a column of codes it is one of names. */
	static const char *const countries[] = { "countrycode", "countryisocode", "isocode", "cc",
						 "countryiso", "country", NULL };
	struct place_columns columns = {
		.low = find_column(fields, count, lows),
		.high = find_column(fields, count, highs),
		.network = find_column(fields, count, networks),
		.asn = find_column(fields, count, asns),
		.country = find_column(fields, count, countries),
	};

	if (columns.country < 0)
		return false;
	/* A table of networks may name their origin AS; the country is the network's. */
	if (columns.network >= 0 || (columns.low >= 0 && columns.high >= 0))
		columns.asn = PLACE_COLUMN_NONE;
	else if (columns.asn < 0)
		return false;
	*ret_columns = columns;
	return true;
}

static unsigned split(struct view line, char separator, struct view fields[PLACE_COLUMNS_MAX])
{
	unsigned count = 0;

	while (count < PLACE_COLUMNS_MAX && place_field_next(&line, separator, &fields[count]))
		count++;
	return count;
}

/* Finds out the columns, at each line until one fits. */
static int first_line(struct place_ranges *file, struct view line, struct place_intake *intake,
		      struct err *err)
{
	enum { NONE = PLACE_COLUMN_NONE };
	static const struct place_columns usual[] = {
		{ .low = 0, .high = 1, .network = NONE, .asn = NONE, .country = 2 },
		{ .low = 0, .high = 1, .network = NONE, .asn = NONE, .country = 4 },
		{ .low = NONE, .high = NONE, .network = 0, .asn = NONE, .country = 1 },
	};
	static const char separators[] = { ',', '\t', ';' };
	struct view fields[PLACE_COLUMNS_MAX];

	for (size_t i = 0; i < sizeof(separators); i++) {
		unsigned count = split(line, separators[i], fields);

		if (count < 2)
			continue;
		if (header(&file->columns, fields, count)) {
			file->separator = separators[i];
			return PLACE_FIT_HEAD;
		}
		for (size_t k = 0; k < sizeof(usual) / sizeof(usual[0]); k++) {
			int fit = entry(&usual[k], fields, count, intake, err);

			if (fit == PLACE_FIT_BAD)
				continue;
			file->separator = separators[i];
			file->columns = usual[k];
			return fit;
		}
	}
	return PLACE_FIT_BAD;
}

int place_ranges_line(struct place_ranges *file, struct view line, struct place_intake *intake,
		      struct err *err)
{
	struct view fields[PLACE_COLUMNS_MAX];

	if (line.len && line.ptr[0] == '#') {
		comment(file, line);
		return PLACE_FIT_COMMENT;
	}
	if (view_trim(line).len == 0)
		return PLACE_FIT_COMMENT;
	if (!file->separator)
		return first_line(file, line, intake, err);
	return entry(&file->columns, fields, split(line, file->separator, fields), intake, err);
}

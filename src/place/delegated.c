/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The statistics exchange format of the regional Internet registries, plain and extended:
 *
 *   2|ripencc|1404165599|85681|19830705|20140630|+0200      version line
 *   ripencc|*|ipv4|*|49932|summary
 *   ripencc|FR|ipv4|2.0.0.0|1048576|20100712|allocated      start, number of addresses
 *   ripencc|DE|ipv6|2001:600::|32|19990826|allocated        start, prefix length
 *   ripencc|GB|asn|7|1|19910301|allocated[|opaque-id[|…]]   start, number of ASes
 *
 * The version line has the version, the registry, a serial, the number of records, the first and
 * the last day. Before it there may be comments, pages of them at APNIC. An IPv4 count need not be
 * a power of two, nor its start a multiple of it. What is "reserved" or "available" (extended
 * files) is registered for nobody: unknown, and told as such, so that a newer file can take back
 * what an older one gave out. The date of the statistics is their last day; where that is missing,
 * the serial if it is a date (RIPE's counts seconds).
 */
#include "place/formats.h"

#include "base/utc.h"
#include "place/country.h"

#define FIELDS_MAX 9

struct place_delegated place_delegated_start(void)
{
	return (struct place_delegated){ .date = UTC_NEVER };
}

/* 20140630; "00000000" and the like are no dates. */
static bool parse_day(struct view field, int64_t *ret_date)
{
	uint32_t number;

	if (field.len != 8 || !view_u32(field, &number) || number < 19700101 ||
	    number / 100 % 100 - 1 >= 12 || number % 100 - 1 >= 31)
		return false;
	*ret_date = utc_from_civil((int)(number / 10000), (int)(number / 100 % 100),
				   (int)(number % 100));
	return true;
}

static int version_line(struct place_delegated *file, const struct view fields[])
{
	for (size_t i = 0; i < fields[0].len; i++)
		if (fields[0].ptr[i] != '.' && (fields[0].ptr[i] < '0' || fields[0].ptr[i] > '9'))
			return PLACE_FIT_BAD;
	if (!parse_day(fields[5], &file->date))
		parse_day(fields[2], &file->date);
	view_u64(fields[3], &file->stated);
	return PLACE_FIT_HEAD;
}

static bool parse_status(struct view field, bool *ret_registered)
{
	static const struct {
		struct view status;
		bool registered;
	} table[] = {
		{ { "allocated", 9 }, true },
		{ { "assigned", 8 }, true },
		{ { "available", 9 }, false },
		{ { "reserved", 8 }, false },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (view_equal_nocase(field, table[i].status)) {
			*ret_registered = table[i].registered;
			return true;
		}
	}
	return false;
}

/* The numbers from `start` on, as many as `value` says, in a space of 32 bits. */
static bool parse_count(uint32_t start, struct view value, u128 *ret_low, u128 *ret_last)
{
	uint64_t count;

	if (!view_u64(value, &count) || count == 0 || count > (UINT64_C(1) << 32) - start)
		return false;
	*ret_low = start;
	*ret_last = start + count - 1;
	return true;
}

static bool parse_ipv4(struct view start, struct view value, u128 *ret_low, u128 *ret_last)
{
	struct addr addr;

	return addr_parse(start, &addr) && addr.family == FAMILY_IPV4 &&
	       parse_count((uint32_t)place_addr_number(&addr), value, ret_low, ret_last);
}

static bool parse_ipv6(struct view start, struct view value, u128 *ret_low, u128 *ret_last)
{
	struct addr addr;
	uint32_t len;
	u128 low, hosts;

	if (!addr_parse(start, &addr) || addr.family != FAMILY_IPV6 || !view_u32(value, &len) ||
	    len == 0 || len > 128)
		return false;
	low = place_addr_number(&addr);
	hosts = ((u128)1 << (128 - len)) - 1;
	if (low & hosts)
		return false;
	*ret_low = low;
	*ret_last = low | hosts;
	return true;
}

static bool parse_asn(struct view start, struct view value, u128 *ret_low, u128 *ret_last)
{
	uint32_t asn;

	return place_field_asn(start, &asn) && parse_count(asn, value, ret_low, ret_last);
}

static const struct {
	struct view type;
	enum place_space space;
	bool (*parse)(struct view start, struct view value, u128 *ret_low, u128 *ret_last);
} types[] = {
	{ { "ipv4", 4 }, PLACE_IPV4, parse_ipv4 },
	{ { "ipv6", 4 }, PLACE_IPV6, parse_ipv6 },
	{ { "asn", 3 }, PLACE_ASN, parse_asn },
};

int place_delegated_line(struct place_delegated *file, struct view line,
			 struct place_intake *intake, struct err *err)
{
	struct view fields[FIELDS_MAX];
	unsigned count = 0;
	bool registered;
	country_t country;

	line = view_trim(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return PLACE_FIT_COMMENT;
	while (count < FIELDS_MAX && view_split(&line, '|', &fields[count]))
		count++;
	if (count < 6)
		return PLACE_FIT_BAD;
	if (fields[0].len && fields[0].ptr[0] >= '0' && fields[0].ptr[0] <= '9')
		return version_line(file, fields);
	if (view_equal_nocase(fields[5], VIEW("summary")))
		return PLACE_FIT_HEAD;
	if (count < 7 || !place_country_code(fields[1], &country) ||
	    !parse_status(fields[6], &registered))
		return PLACE_FIT_BAD;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		u128 low, last;
		int rc;

		if (!view_equal_nocase(fields[2], types[i].type))
			continue;
		if (!types[i].parse(fields[3], fields[4], &low, &last))
			return PLACE_FIT_BAD;
		rc = place_intake_add(intake, types[i].space, low, last,
				      registered ? country : COUNTRY_UNKNOWN, err);
		file->extended |= count > 7 || !registered;
		return rc < 0 ? rc : PLACE_FIT_ENTRY;
	}
	return PLACE_FIT_BAD;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * MaxMind DB files, through libmaxminddb. The library opens and maps a file by name; here is only a
 * stream, perhaps compressed, and behind it a sandbox without file names. So the bytes go to a
 * memfd, which has one: /proc/self/fd/N. (Landlock does not bind memfds. On a kernel without
 * Landlock the sandbox refuses openat(), and these files cannot be read but with --no-sandbox.)
 *
 * The search tree is walked once, and every leaf becomes a span, so that all formats
 * are asked alike. IPv4 stands in an IPv6 tree at ::/96, and the same nodes again where writers of
 * the format alias it (::ffff:0:0/96, 2001::/32, 2002::/16): there they are passed over. The walk
 * is bounded by the number of nodes, as a tree has no node that is reached twice.
 *
 * The country is where the addresses are (country.iso_code); registered_country is what the
 * registry says, and is left alone, because the two are never mixed. Some files have a plain
 * country_code or country.
 */
#define _GNU_SOURCE	/* memfd_create() */

#include <errno.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/utc.h"
#include "place/country.h"
#include "place/formats.h"

#define FILE_MAX ((size_t)512 << 20)

/* What is kept in the map of data records beside countries. */
#define RECORD_BAD UINT32_C(0x10000)

/* One way down the tree that is still to go: to a node or a leaf. */
struct branch {
	u128 low;	/* first address below it, in 128 bits */
	unsigned depth;
	uint8_t type;	/* MMDB_RECORD_TYPE_… */
	uint32_t node;
	MMDB_entry_s record;
};

struct walk {
	MMDB_s *mmdb;
	struct place_intake *intake;
	struct place_source *source;
	struct map records;	/* offset of a data record → its country, or RECORD_BAD */
	uint64_t leaves;
	uint64_t known;
	/* Each step takes one branch and leaves two of the next depth, 128 at most. */
	struct branch branches[130];
	unsigned branch_count;
};

static int copy_to_memfd(struct place_lines *lines, int *ret_fd, struct err *err)
{
	int fd = memfd_create("constat-mmdb", MFD_CLOEXEC);
	size_t size = 0;
	int rc;

	if (fd < 0)
		return err_system(err, errno, "%s: memfd_create", lines->name);
	for (;;) {
		struct view bytes;

		rc = place_lines_bytes(lines, &bytes, err);
		if (rc < 0 || bytes.len == 0)
			break;
		size += bytes.len;
		if (size > FILE_MAX)
			rc = err_set(err, ERR_LIMIT, "%s: larger than 512 MiB", lines->name);
		else
			rc = file_write_all(fd, bytes.ptr, bytes.len, lines->name, err);
		if (rc < 0)
			break;
	}
	if (rc < 0) {
		close(fd);
		return rc;
	}
	*ret_fd = fd;
	return 0;
}

static int open_mmdb(struct place_lines *lines, MMDB_s *ret_mmdb, struct err *err)
{
	char path[32];
	int fd = -1, rc;

	rc = copy_to_memfd(lines, &fd, err);
	if (rc < 0)
		return rc;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	errno = 0;
	rc = MMDB_open(path, MMDB_MODE_MMAP, ret_mmdb);
	/* The library's mapping stays. */
	close(fd);
	switch (rc) {
	case MMDB_SUCCESS:
		return 0;
	case MMDB_OUT_OF_MEMORY_ERROR:
		return err_memory(err);
	case MMDB_FILE_OPEN_ERROR:
	case MMDB_IO_ERROR:
		return err_system(err, errno, "%s: cannot open its copy %s", lines->name, path);
	default:
		return err_set(err, ERR_FORMAT, "%s: neither text nor a MaxMind DB (%s)",
			       lines->name, MMDB_strerror(rc));
	}
}

/* The code at a path of a data record; false when there is none. */
static bool record_code(MMDB_entry_s *record, const char *const path[], country_t *ret_country)
{
	MMDB_entry_data_s data;

	return MMDB_aget_value(record, &data, path) == MMDB_SUCCESS && data.has_data &&
	       data.type == MMDB_DATA_TYPE_UTF8_STRING &&
	       place_country_code((struct view){ data.utf8_string, data.data_size }, ret_country);
}

static uint32_t record_country(MMDB_entry_s *record)
{
	static const char *const paths[][3] = {
		{ "country", "iso_code", NULL },
		{ "country_code", NULL },
		{ "country", NULL },
	};
	MMDB_entry_data_s data;
	country_t country;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (record_code(record, paths[i], &country))
			return country;
	/* A record that says nothing of a country is good, one that cannot be decoded is not. */
	return MMDB_get_value(record, &data, NULL) == MMDB_SUCCESS ? COUNTRY_UNKNOWN : RECORD_BAD;
}

/* `depth` is 1 at least. What lies below ::/96 is IPv4, and a leaf above it is both. */
static int leaf(struct walk *walk, struct branch *branch, struct err *err)
{
	u128 low = branch->low, last = low | (((u128)1 << (128 - branch->depth)) - 1);
	u128 last_ipv4 = last > UINT32_MAX ? UINT32_MAX : last;
	uint32_t country = map_get(&walk->records, branch->record.offset);
	int rc = 0;

	walk->leaves++;
	if (country == MAP_NONE) {
		country = record_country(&branch->record);
		if (map_put(&walk->records, branch->record.offset, country) < 0)
			return err_memory(err);
	}
	if (country == RECORD_BAD) {
		if (walk->source->bad_lines++ == 0)
			walk->source->first_bad_line = walk->leaves;
		return 0;
	}
	walk->source->entries++;
	walk->known += country != COUNTRY_UNKNOWN;
	if (low >> 32 == 0)
		rc = place_intake_add(walk->intake, PLACE_IPV4, low, last_ipv4, (country_t)country,
				      err);
	if (rc == 0 && (branch->depth < 96 || low >> 32 != 0))
		rc = place_intake_add(walk->intake, PLACE_IPV6, low, last, (country_t)country, err);
	return rc < 0 ? err_prefix(err, "%s", walk->source->name) : 0;
}

/* Puts one side of a node among the branches still to go. */
static void put_side(struct walk *walk, const struct branch *from, unsigned bit, uint8_t type,
		     uint64_t value, MMDB_entry_s record)
{
	struct branch *to = &walk->branches[walk->branch_count];
	unsigned depth = from->depth + 1;
	u128 low = from->low | (u128)bit << (128 - depth);

	if (type == MMDB_RECORD_TYPE_EMPTY)
		return;
	if (type == MMDB_RECORD_TYPE_SEARCH_NODE && low != 0 && walk->mmdb->depth == 128 &&
	    value == walk->mmdb->ipv4_start_node.node_value)
		return;
	*to = (struct branch){ low, depth, type, (uint32_t)value, record };
	walk->branch_count++;
}

/* From left to right, so that spans come out in their order. */
static int walk_tree(struct walk *walk, struct err *err)
{
	uint64_t nodes = walk->mmdb->metadata.node_count;

	walk->branches[walk->branch_count++] = (struct branch){
		.depth = walk->mmdb->depth == 32 ? 96 : 0,
		.type = MMDB_RECORD_TYPE_SEARCH_NODE,
	};
	while (walk->branch_count > 0) {
		struct branch branch = walk->branches[--walk->branch_count];
		MMDB_search_node_s node;
		int rc;

		if (branch.type == MMDB_RECORD_TYPE_DATA) {
			rc = leaf(walk, &branch, err);
			if (rc < 0)
				return rc;
			continue;
		}
		if (branch.type != MMDB_RECORD_TYPE_SEARCH_NODE || branch.depth == 128 ||
		    nodes-- == 0 ||
		    MMDB_read_node(walk->mmdb, branch.node, &node) != MMDB_SUCCESS)
			return err_set(err, ERR_FORMAT, "%s: the search tree is damaged",
				       walk->source->name);
		put_side(walk, &branch, 1, node.right_record_type, node.right_record,
			 node.right_record_entry);
		put_side(walk, &branch, 0, node.left_record_type, node.left_record,
			 node.left_record_entry);
	}
	return 0;
}

int place_mmdb_load(struct place_lines *lines, struct place_intake *intake,
		    struct place_source *source, struct err *err)
{
	struct walk walk = { .intake = intake, .source = source };
	MMDB_s mmdb;
	int rc;

	rc = open_mmdb(lines, &mmdb, err);
	if (rc < 0)
		return rc;
	walk.mmdb = &mmdb;
	rc = walk_tree(&walk, err);
	if (rc == 0 && walk.known == 0 && source->bad_lines > 0)
		rc = err_set(err, ERR_FORMAT, "%s: the data records are damaged", source->name);
	else if (rc == 0 && walk.known == 0)
		rc = err_set(err, ERR_FORMAT, "%s: a MaxMind DB without countries (%.100s)",
			     source->name, mmdb.metadata.database_type);
	/* 2^40 seconds are the year 36,812. */
	if (rc == 0 && mmdb.metadata.build_epoch < UINT64_C(1) << 40)
		source->date = (int64_t)mmdb.metadata.build_epoch * UTC_SECOND;
	map_free(&walk.records);
	MMDB_close(&mmdb);
	return rc;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A header has no freedom: it is a function of name and size. The reader takes these two out of a
 * header, makes the header that belongs to them and compares all 512 bytes; only then it looks for
 * words for what differs.
 */
#include "proof/tar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* 1980-01-01: some programs take 1970 for a mistake and say so. */
#define TAR_TIME 315532800u
#define SIZE_MAX_OCTAL 077777777777u

/* IEEE 1003.1, pax, "ustar Interchange Format". Numbers are octal digits and a NUL. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
	char link[100], magic[6], version[2], user[32], group[32], device_major[8], device_minor[8];
	char prefix[155], unused[12];
};

_Static_assert(sizeof(struct header) == TAR_BLOCK, "a header is one block");

static void header_make(struct header *header, const char *name, size_t len)
{
	const uint8_t *bytes = (const uint8_t *)header;
	unsigned sum = 0;
	char number[16];

	memset(header, 0, sizeof(*header));
	memcpy(header->name, name, strlen(name));
	memcpy(header->mode, "0000644", 8);
	memcpy(header->uid, "0000000", 8);
	memcpy(header->gid, "0000000", 8);
	snprintf(number, sizeof(number), "%011llo", (unsigned long long)len & SIZE_MAX_OCTAL);
	memcpy(header->size, number, 12);
	snprintf(number, sizeof(number), "%011o", TAR_TIME);
	memcpy(header->mtime, number, 12);
	header->type = '0';
	memcpy(header->magic, "ustar", 6);
	memcpy(header->version, "00", 2);
	memcpy(header->device_major, "0000000", 8);
	memcpy(header->device_minor, "0000000", 8);
	/* The sum is taken with blanks in its own place. */
	memset(header->checksum, ' ', sizeof(header->checksum));
	for (size_t i = 0; i < sizeof(*header); i++)
		sum += bytes[i];
	snprintf(number, sizeof(number), "%06o", sum);
	memcpy(header->checksum, number, 7);
}

static size_t padding_of(size_t len)
{
	return (TAR_BLOCK - len % TAR_BLOCK) % TAR_BLOCK;
}

void tar_add(struct buf *out, const char *name, const void *bytes, size_t len)
{
	static const char zeros[TAR_BLOCK];
	struct header header;

	if (strlen(name) > TAR_NAME_MAX || len > SIZE_MAX_OCTAL) {
		out->failed = true;
		return;
	}
	header_make(&header, name, len);
	buf_add(out, &header, sizeof(header));
	buf_add(out, bytes, len);
	buf_add(out, zeros, padding_of(len));
}

void tar_end(struct buf *out)
{
	static const char zeros[2 * TAR_BLOCK];

	buf_add(out, zeros, sizeof(zeros));
}

/* Parts of a-z, 0-9, "_", "-" and ".", none of them "." or "..", with one "/" between them. */
static bool name_is_safe(const char *name)
{
	size_t part = 0;

	for (const char *at = name;; at++) {
		if (*at == '/' || *at == '\0') {
			if (part == 0 || (part <= 2 && strncmp(at - part, "..", part) == 0))
				return false;
			part = 0;
			if (*at == '\0')
				return true;
			continue;
		}
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-.", *at))
			return false;
		part++;
	}
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i])
			return false;
	}
	return true;
}

static int bad(struct err *err, size_t at, const char *name, const char *what)
{
	return err_set(err, ERR_FORMAT, "archive, byte %zu: %s%s%s", at, name ? name : "",
		       name ? ": " : "", what);
}

static bool size_parse(const char size[12], size_t *ret_len)
{
	size_t len = 0;

	for (unsigned i = 0; i < 11; i++) {
		if (size[i] < '0' || size[i] > '7')
			return false;
		len = len * 8 + (size_t)(size[i] - '0');
	}
	*ret_len = len;
	return size[11] == '\0';
}

static bool is_ustar(const struct header *header)
{
	return memcmp(header->magic, "ustar", 6) == 0 && memcmp(header->version, "00", 2) == 0;
}

/* Words for a header that is not the one of its name and size. */
static const char *header_trouble(const struct header *header)
{
	if (header->type == '1' || header->type == '2')
		return "a link";
	if (header->type != '0')
		return "no plain file";
	return "a header that is not of the one form";
}

static int member_read(const uint8_t *bytes, size_t len, size_t at, struct tar_member *ret_member,
		       struct err *err)
{
	struct header header, want;
	struct tar_member member = { .name = "" };

	memcpy(&header, bytes + at, sizeof(header));
	if (!is_ustar(&header))
		return bad(err, at, NULL, "no ustar header stands here");
	if (header.name[TAR_NAME_MAX] != '\0')
		return bad(err, at, NULL, "a name that is too long");
	memcpy(member.name, header.name, sizeof(member.name));
	if (!size_parse(header.size, &member.len))
		return bad(err, at, NULL, header_trouble(&header));
	if (!name_is_safe(member.name))
		return bad(err, at, NULL,
			   "a name that no member has (it leads elsewhere, or is not plain)");
	header_make(&want, member.name, member.len);
	if (memcmp(&header, &want, sizeof(want)) != 0)
		return bad(err, at, member.name, header_trouble(&header));
	at += TAR_BLOCK;
	if (member.len > len - at || padding_of(member.len) > len - at - member.len)
		return bad(err, at, member.name, "cut off");
	member.bytes = bytes + at;
	if (!is_zero(bytes + at + member.len, padding_of(member.len)))
		return bad(err, at + member.len, member.name, "padding that is not zero");
	*ret_member = member;
	return 0;
}

static int order_check(const struct tar_member *members, uint32_t count, size_t at, struct err *err)
{
	const struct tar_member *last = &members[count - 1];
	int order = count > 1 ? strcmp(last[-1].name, last->name) : -1;

	if (order == 0)
		return bad(err, at, last->name, "there twice");
	if (order > 0)
		return bad(err, at, last->name, "out of the order of names");
	if (count > TAR_MEMBERS_MAX)
		return bad(err, at, NULL, "more members than an archive may have");
	return 0;
}

int tar_read(const uint8_t *bytes, size_t len, struct tar_member **ret_members, uint32_t *ret_count,
	     struct err *err)
{
	struct tar_member *members = NULL;
	uint32_t count = 0, room = 0;
	size_t at = 0;
	int code = 0;

	for (;;) {
		if (len - at < 2 * TAR_BLOCK) {
			code = bad(err, at, NULL, "cut off: the end of the archive is missing");
			break;
		}
		if (is_zero(bytes + at, TAR_BLOCK)) {
			if (!is_zero(bytes + at, 2 * TAR_BLOCK))
				code = bad(err, at, NULL, "an end of which only half is there");
			else if (len - at != 2 * TAR_BLOCK)
				code = bad(err, at + 2 * TAR_BLOCK, NULL,
					   "bytes behind the end of the archive");
			break;
		}
		code = VEC_GROW(members, count, room, err);
		if (code == 0)
			code = member_read(bytes, len, at, &members[count], err);
		if (code == 0)
			code = order_check(members, ++count, at, err);
		if (code)
			break;
		at += TAR_BLOCK + members[count - 1].len + padding_of(members[count - 1].len);
	}
	if (code) {
		free(members);
		return code;
	}
	*ret_members = members;
	*ret_count = count;
	return 0;
}

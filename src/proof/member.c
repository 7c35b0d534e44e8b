/* SPDX-License-Identifier: BSD-2-Clause */
#include "proof/member.h"

#include <string.h>

#define JSON_SIZE_MAX ((size_t)128 << 20)

int member_decode(const struct schema *schema, const struct tar_member *member,
		  struct arena *arena, void *ret_item, struct err *err)
{
	struct buf again = { 0 };
	int code;

	if (member->len > JSON_SIZE_MAX)
		return err_set(err, ERR_LIMIT, "%s: larger than %zu bytes", member->name,
			       JSON_SIZE_MAX);
	code = finding_decode_part(schema, (const char *)member->bytes, member->len, arena,
				   ret_item, err);
	if (code)
		return err_prefix(err, "%s", member->name);
	code = finding_encode_part(schema, ret_item, &again, err);
	if (code == 0 && (again.len != member->len ||
			  memcmp(again.data, member->bytes, again.len) != 0))
		code = err_set(err, ERR_FORMAT, "%s: no canonical JSON (RFC 8785)", member->name);
	buf_free(&again);
	return code;
}

int member_encode(const struct schema *schema, const void *item, const char *name,
		  struct arena *arena, struct tar_member *ret_member, struct err *err)
{
	struct tar_member member = { .name = "" };
	struct buf json = { 0 };
	int code = finding_encode_part(schema, item, &json, err);

	if (code == 0 && json.len > JSON_SIZE_MAX)
		code = err_set(err, ERR_LIMIT, "%s would have %zu bytes, of which %zu are allowed",
			       name, json.len, JSON_SIZE_MAX);
	if (code == 0) {
		memcpy(member.name, name, strlen(name) + 1);
		member.bytes = arena_memdup(arena, json.data, json.len);
		member.len = json.len;
		code = member.bytes ? 0 : err_memory(err);
	}
	buf_free(&json);
	if (code == 0)
		*ret_member = member;
	return code;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of a bundle that are JSON: one content has one form, RFC 8785's; at most 128 MiB. */
#ifndef CONSTAT_PROOF_MEMBER_H
#define CONSTAT_PROOF_MEMBER_H

#include "inquiry/finding.h"
#include "proof/tar.h"

/* Strictly: what is decoded must encode to the same bytes. Texts and lists are in the arena. */
int member_decode(const struct schema *schema, const struct tar_member *member,
		  struct arena *arena, void *ret_item, struct err *err);
/* The member's bytes are in the arena. */
int member_encode(const struct schema *schema, const void *item, const char *name,
		  struct arena *arena, struct tar_member *ret_member, struct err *err);

#endif

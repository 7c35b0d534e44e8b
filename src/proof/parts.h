/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which parts of a finding a replay works out again, and which it takes from the signer: one table.
 * What the table does not name is the signer's: a part is recomputed only where somebody has made
 * sure that an excerpt is enough for it.
 */
#ifndef CONSTAT_PROOF_PARTS_H
#define CONSTAT_PROOF_PARTS_H

#include <stdbool.h>

#include "inquiry/finding.h"

struct proof_part {
	const char *path;	/* dotted, as finding_field() takes it; covers all below it */
	bool replayed;
	bool of_inputs;			/* attested ones: the recordings alone would tell */
	const char *why;		/* attested ones: what it rests on that is not in a proof */
};

extern const struct proof_part proof_parts[];
extern const size_t proof_part_count;

/* The row with the longest path that covers this one; NULL: attested. */
const struct proof_part *proof_part_of(const char *path);

/*
 * Puts the attested parts of one finding in place of the other's, which must live as long as
 * `into`. `inputs`: the recordings were at hand, and only what rests on other files is taken over.
 */
void proof_parts_take_over(struct finding *into, const struct finding *from, bool inputs);
/* Where two structs of a schema first differ, with both values; `path` is what they are called. */
bool proof_difference(const struct schema *schema, const char *path, const void *recomputed,
		      const void *said, struct buf *out);

#endif

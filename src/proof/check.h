/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a proof says, and whether it holds: replay, and with the original recordings at hand
 * everything.
 *
 *	proof_load()		members to finding and excerpt, strictly
 *	proof_replay()		timeline and records give the result again
 *	proof_recompute()	the inputs give all of it again
 *	proof_members()		finding and excerpt to members, for bundle_make()
 *
 * Runs in the reader process. One thread.
 */
#ifndef CONSTAT_PROOF_CHECK_H
#define CONSTAT_PROOF_CHECK_H

#include "inquiry/excerpt.h"
#include "proof/bundle.h"

struct proof {
	struct finding finding;
	struct excerpt excerpt;
};

/* ERR_FORMAT also for a bundle of another kind. */
int proof_load(const struct bundle *bundle, struct proof *ret_proof, struct err *err);
void proof_free(struct proof *proof);

/* ERR_FORMAT names the first thing that is otherwise. */
int proof_replay(const struct proof *proof, struct err *err);

/* Where the original inputs are; input i is provenance.inputs[i]. */
struct proof_inputs {
	struct feed_opener opener;
	struct feed_options feed;
	/* NULL: who belongs to the place is taken from the timeline. */
	int (*place)(void *context, const struct place **ret_place, struct err *err);
	void *place_context;
};

int proof_recompute(const struct proof *proof, const struct proof_inputs *inputs, struct err *err);

/* Members in the arena; the excerpt's bytes are borrowed. */
int proof_members(const struct proof *proof, struct arena *arena, struct tar_member **ret_members,
		  uint32_t *ret_count, struct err *err);

#endif

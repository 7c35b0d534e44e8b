/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The gist of an UPDATE with which nothing is wrong: where its prefixes and attributes stand, and
 * the keys of the networks. Judging a message takes longer than giving what it says, needs nothing
 * but the record, and can be done beforehand, by another thread with a scratch of its own:
 * gist_take() judges, gist_give() gives the very events that mrt_record_decode() would. Record and
 * keys are borrowed: they stay until the events were given.
 */
#ifndef CONSTAT_WIRE_GIST_H
#define CONSTAT_WIRE_GIST_H

#include "wire/mrt.h"

/* Prefixes, all announced or all withdrawn: the bytes within the record, and how many there are. */
struct gist_list {
	uint16_t at, len, count;
	bool from_mp;
	uint8_t family;			/* enum family */
};

struct gist {
	uint32_t len;			/* of the whole record */
	bool plain;			/* else it is for mrt_record_decode() */
	uint8_t asn_size;
	bool external;			/* as struct attr_span has them */
	bool classic_nlri;
	uint16_t attributes, attributes_len;
	struct gist_list withdrawn, announced;
};

/*
 * What is judged by more than the message: whether an announcement is to be given by itself all the
 * same. `shared` is as the sink's `prefixes` gets it. May be NULL.
 */
typedef bool gist_care_fn(const void *context, const struct event *shared);

/*
 * Takes the gist of a record, also of one that has none (not `plain`): other records than UPDATEs,
 * faulty ones, those whose prefixes have path identifiers or stand in two lists of a kind, and
 * those with more than `room` prefixes. `keys` gets one for each prefix, withdrawn ones first, 0
 * for what is no network; returns how many.
 */
uint32_t gist_take(const struct mrt_record *record, struct wire_scratch *scratch,
		   gist_care_fn *care, const void *context, uint64_t *keys, uint32_t room,
		   struct gist *ret_gist);

/* The peer of a plain gist's record. */
void gist_peer(const struct gist *gist, const struct mrt_record *record, struct peer *ret_peer);

/* Gives the events of a plain gist's record. `keys` are those taken with it. */
int gist_give(const struct gist *gist, const uint64_t *keys, const struct mrt_record *record,
	      struct wire_scratch *scratch, const struct wire_sink *sink);

#endif

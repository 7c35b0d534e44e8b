/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The far end of a BGP session as a recording names it. With its collector it is a vantage point.
 */
#ifndef CONSTAT_NET_PEER_H
#define CONSTAT_NET_PEER_H

#include "net/prefix.h"

struct peer {
	struct addr addr;
	uint32_t asn;
	/* 0 where the recording does not say it; never part of the identity */
	uint32_t bgp_id;
};

/* By address, then AS: the identity of a vantage point within its collector. */
int peer_compare(const struct peer *a, const struct peer *b);

#endif

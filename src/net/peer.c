/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BGP identifier is left out: TABLE_DUMP and BGP4MP do not say it, and a router that is given
 * a new one is the same vantage point.
 */
#include "net/peer.h"

int peer_compare(const struct peer *a, const struct peer *b)
{
	int order = addr_compare(&a->addr, &b->addr);

	return order ? order : (a->asn > b->asn) - (a->asn < b->asn);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Communities as operators write them. Values are given as they stand on the wire, big-endian. */
#ifndef CONSTAT_NET_COMMUNITY_H
#define CONSTAT_NET_COMMUNITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

#define COMMUNITY_BLACKHOLE	0xffff029au	/* RFC 7999 */

struct large_community {	/* RFC 8092 */
	uint32_t global, local1, local2;
};

/* "3356:100", or the registered name of a well-known one (RFC 1997, 7999, 8326, …) */
bool community_parse(struct view text, uint32_t *ret_community);
/* RFC 4360 and RFC 5701's eight bytes: "rt:64512:1", "soo:…", else "0x0002fde800000001". */
void ext_community_format(struct buf *buf, const uint8_t bytes[8]);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/* What wire's own files share about the form of AS paths. */
#ifndef CONSTAT_WIRE_ATTR_PATH_H
#define CONSTAT_WIRE_ATTR_PATH_H

#include <stdbool.h>
#include <stdint.h>

enum path_form {
	PATH_GOOD,
	PATH_MALFORMED,		/* RFC 7606 section 7.2: segment type, zero or overrunning count */
	PATH_HAS_ZERO,		/* RFC 7607 */
};

enum path_form attr_path_form(const uint8_t *bytes, uint32_t len, unsigned asn_size);

/* The framing alone: every segment has a known type and ends within the attribute. */
static inline bool attr_path_framed(const uint8_t *at, uint32_t len, unsigned asn_size)
{
	while (len) {
		uint32_t size;

		if (len < 2 || at[0] - 1u > 3)
			return false;
		size = 2 + at[1] * asn_size;
		if (size > len)
			return false;
		at += size;
		len -= size;
	}
	return true;
}

#endif

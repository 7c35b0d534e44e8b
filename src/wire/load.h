/* SPDX-License-Identifier: BSD-2-Clause */
/* Big-endian numbers on hot paths, where the bounds have been seen to. */
#ifndef CONSTAT_WIRE_LOAD_H
#define CONSTAT_WIRE_LOAD_H

#include <stdint.h>
#include <string.h>

static inline uint16_t load_be16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return __builtin_bswap16(value);
}

static inline uint32_t load_be32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return __builtin_bswap32(value);
}

#endif

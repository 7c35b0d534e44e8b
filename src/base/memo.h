/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was made from bytes, remembered by those bytes: texts made from path attributes, answers
 * about AS paths.
 *
 * In a RIB two entries out of three carry attributes that another entry near by carried, byte for
 * byte; working them out anew costs several times what looking them up does. A memo holds copies
 * and has a fixed size; a value is found whole or must be made again, so that nothing may depend on
 * what happens to be remembered. One thread.
 *
 * Order of calls: memo_find(), and where that gives NULL memo_keep() with the value made, before
 * the next find and while the key's bytes are still there.
 */
#ifndef CONSTAT_BASE_MEMO_H
#define CONSTAT_BASE_MEMO_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct memo;

/*
 * `slots`: how many are remembered, a power of two. Key and value together take up to `slot_size`
 * bytes (a multiple of 16) less 16; what is longer is not remembered.
 */
int memo_new(uint32_t slots, uint32_t slot_size, struct memo **ret_memo, struct err *err);
void memo_free(struct memo *memo);	/* takes NULL */

/* `flavour`: whatever else the value depends on. What is found is valid until the next keep. */
const char *memo_find(struct memo *memo, const void *key, uint32_t len, uint8_t flavour,
		      size_t *ret_len);
void memo_keep(struct memo *memo, const void *value, size_t len);

#endif

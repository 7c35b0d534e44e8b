/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What OpenSSL failed at: where memory ran out, nothing can be said of a signature or a key. It
 * keeps its reasons in a queue a thread, which is to be emptied (ERR_clear_error) before the call
 * that is asked about.
 */
#ifndef CONSTAT_PROOF_OPENSSL_H
#define CONSTAT_PROOF_OPENSSL_H

#include <openssl/err.h>
#include <stdbool.h>

/* Empties the queue. */
static inline bool openssl_ran_out(void)
{
	bool ran_out = false;

	for (unsigned long reason = ERR_get_error(); reason; reason = ERR_get_error())
		ran_out |= ERR_GET_REASON(reason) == ERR_R_MALLOC_FAILURE;
	return ran_out;
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timestamps (RFC 3161): an authority's signed answer that it saw a hash at a time. Here the hash
 * is that of the text that a checkpoint's signatures sign, so that later signatures leave it as it
 * is. Pure; nobody is asked.
 */
#ifndef CONSTAT_PROOF_TIMESTAMP_H
#define CONSTAT_PROOF_TIMESTAMP_H

#include "base/err.h"
#include "base/view.h"

#define TIMESTAMP_SIZE_MAX 65536u

/*
 * `answer`: a TimeStampResp as authorities give it. It must be of `text`, else ERR_FORMAT;
 * *ret_time is what it says. `authorities`: certificates (PEM) believed to certify timestamping
 * authorities; with none its signature is not checked. Certificates count as of the time that it
 * says.
 */
int timestamp_check(struct view answer, struct view text, struct view authorities,
		    int64_t *ret_time, struct err *err);

#endif

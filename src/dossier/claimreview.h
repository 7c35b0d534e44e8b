/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verdicts as ClaimReview (schema.org), JSON-LD that search engines and fact-checkers read: the
 * quote, who said it and where it appeared, and what measurement says of it. One way: nothing is
 * read back.
 */
#ifndef CONSTAT_DOSSIER_CLAIMREVIEW_H
#define CONSTAT_DOSSIER_CLAIMREVIEW_H

#include "base/buf.h"
#include "dossier/dossier.h"

/* A @graph with one ClaimReview per verdict, in their order. */
int claimreview_write(struct dossier *dossier, struct buf *out, struct err *err);

#endif

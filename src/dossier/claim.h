/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sources and claims with their checks: a source's bytes with the text derived from them, a claim's
 * quote at its place in that text.
 *
 *	source_add()                 bytes and text come from extract.h, in the reader
 *	quoting_open(), claim_add()  any number of claims out of one source
 *
 * Strings and arenas are the caller's. One thread.
 */
#ifndef CONSTAT_DOSSIER_CLAIM_H
#define CONSTAT_DOSSIER_CLAIM_H

#include "dossier/dossier.h"
#include "dossier/text.h"

/* Characters of context kept on either side of a quote. */
#define CLAIM_CONTEXT 32

/* A source by its number or its name. */
int source_resolve(struct dossier *dossier, const char *text, struct arena *arena,
		   struct dossier_source *ret_source, struct err *err);
/*
 * `source` as it should be written, without hashes and sizes, which are worked out; its name must
 * not be another source's. Where the same source is there already *ret_new is false.
 */
int source_add(struct dossier *dossier, struct dossier_source *source, struct view bytes,
	       struct view text, bool *ret_new, struct err *err);

/*
 * Derives a source's text from its bytes again and holds it against the one that is there. The
 * bytes are strangers': this runs in the reader process.
 */
int source_derive(const struct dossier_source *source, struct view bytes, struct view text,
		  struct err *err);

/* A source opened for quoting. */
struct quoting {
	struct dossier_source source;
	struct text text;
};

/* ERR_FORMAT where bytes or text are not what was archived. */
int quoting_open(struct dossier *dossier, const struct dossier_source *source, struct arena *arena,
		 struct quoting *ret_quoting, struct err *err);

/*
 * The claim's kind, about, reading, said, said_basis, credibility and speakers are the caller's;
 * its source, exact, prefix and suffix are set here out of [start, end). Where `quote` is given the
 * place must hold it, letter by letter: ERR_FORMAT names the first character that differs.
 */
int claim_add(struct dossier *dossier, const struct quoting *quoting, struct dossier_claim *claim,
	      const struct view *quote, bool *ret_new, struct err *err);

/* One lower-case word, letters and "-". */
bool claim_kind_valid(const char *kind);
/*
 * "KP foreign ministry (via KCNA, AFP)" is a chain of three, "A, via B" of two, "A > B > C" or "A →
 * B → C" of three; anything else is one name. The speakers are in the arena.
 */
int claim_chain_parse(struct view text, struct arena *arena, struct dossier_claim *claim,
		      struct err *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bundle: one file that holds what somebody found, what it rests on, and who stands for it.
 * docs/proof.md gives it to the byte. Members of every bundle:
 *
 *	checkpoint	the root of a Merkle tree over the manifest's lines, as a signed note (C2SP)
 *	manifest	the SHA-256 of every member but checkpoint, manifest and timestamp.tsr
 *	timestamp.tsr	an authority's word on when the checkpoint's text existed (RFC 3161);
 *			may be missing
 *
 * of a proof:
 *
 *	excerpt/000001.mrt	the records, a file an input
 *	finding.json		question, result, roster, gaps, provenance
 *	records.json		where each record stood in its input
 *	timeline.json		what was decided from all that was recorded
 *
 * of a sealed dossier:
 *
 *	content/SHA256	sources as archived, their texts, findings and proofs, each under its hash
 *	dossier.json	all rows
 *	matrix.json	hypotheses against evidence, as worked out from them
 *
 * They stand in the order of their names. bundle_make() writes one, bundle_open() reads one
 * strictly and holds archive, manifest and tree against each other; what the members say is
 * check.h's and dossier/seal.h's, who signed is for the caller to ask.
 */
#ifndef CONSTAT_PROOF_BUNDLE_H
#define CONSTAT_PROOF_BUNDLE_H

#include "proof/key.h"
#include "proof/tar.h"

#define BUNDLE_SIZE_MAX		((size_t)1 << 30)

/* What it is of: the first line of the text that is signed says it. */
enum bundle_kind { BUNDLE_PROOF, BUNDLE_DOSSIER, BUNDLE_KINDS };

#define MEMBER_CHECKPOINT	"checkpoint"
#define MEMBER_FINDING		"finding.json"
#define MEMBER_MANIFEST		"manifest"
#define MEMBER_RECORDS		"records.json"
#define MEMBER_TIMELINE		"timeline.json"
#define MEMBER_TIMESTAMP	"timestamp.tsr"
#define EXCERPT_FORMAT		"excerpt/%06u.mrt"
#define MEMBER_DOSSIER		"dossier.json"
#define MEMBER_MATRIX		"matrix.json"
#define CONTENT_FOLDER		"content/"

struct bundle {
	enum bundle_kind kind;
	/* Owned; their bytes are the archive's. All that the kind must have are there. */
	struct tar_member *members;
	uint32_t count;
	const struct tar_member *manifest, *checkpoint;
	const struct tar_member *timestamp;	/* NULL: none */
	struct note note;		/* the checkpoint */
};

/* Members other than checkpoint and manifest, in rising order of name, with their bytes. */
int bundle_make(enum bundle_kind kind, const struct tar_member *members, uint32_t count,
		const struct signing_key *key, struct buf *out, struct err *err);
int bundle_open(const uint8_t *bytes, size_t len, struct bundle *ret_bundle, struct err *err);
void bundle_free(struct bundle *bundle);

/* "proof", "sealed dossier" */
const char *bundle_kind_name(enum bundle_kind kind);
/* NULL: no such member. */
const struct tar_member *bundle_member(const struct bundle *bundle, const char *name);

/*
 * To add a signature or a timestamp: all but checkpoint and timestamp as they stand in the archive
 * (what the reader hands over), one more signature in the checkpoint (ERR_USAGE where the key has
 * signed already), and all together.
 */
void bundle_rest(const struct bundle *bundle, struct buf *out);
int bundle_sign(const struct signing_key *key, struct buf *checkpoint, struct err *err);
int bundle_join(struct view checkpoint, struct view rest, const struct view *timestamp,
		struct buf *out, struct err *err);

#endif

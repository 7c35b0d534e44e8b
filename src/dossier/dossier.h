/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dossier: what was said, word for word, with its source, and what became of it when it was
 * held against measurements. One SQLite file; docs/dossier.md describes its tables.
 *
 *	dossier_create() or dossier_open()
 *	dossier_begin() … dossier_add(), dossier_change() … dossier_commit()
 *	dossier_get(), dossier_list() with an arena that holds what they return
 *	dossier_close()
 *
 * Each table is a struct here and a struct dossier_type that says how the two correspond; JSON and
 * CSV follow the same schema (inquiry/finding.h). What is written is checked where it comes in
 * (claim.h, assertion.h, matrix.h); these functions keep rows and know no meaning. dossier_verify()
 * is what makes a reading trustworthy: commands call it before they show or use anything.
 *
 * Every row has a `uid`, a UUID of version 5 over what it is, so that the same thing added twice is
 * the same row, on any machine: dossier_add() then finds the old one. Texts are never NULL; numbers
 * that refer to a row are 0, times UTC_NEVER where there is nothing.
 *
 * The file is whole after a crash at any point (SQLite's rollback journal, synchronous), and is all
 * there is once closed. The process that has it open parses nothing that strangers wrote. One
 * thread.
 */
#ifndef CONSTAT_DOSSIER_DOSSIER_H
#define CONSTAT_DOSSIER_DOSSIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "dossier/span.h"
#include "inquiry/finding.h"

struct dossier;

#define DOSSIER_UID 37		/* with its final zero */

/* The dossier itself: one row. */
struct dossier_about {
	uint32_t id;
	const char *uid, *title, *program;	/* program: what made it, "constat 0.1.0" */
	int64_t added, changed;
};

struct dossier_source {
	uint32_t id;
	const char *uid;
	const char *name;		/* unique: what commands call it by */
	const char *url, *title, *publisher;
	/* of origin: two papers that print one wire story have the same; "" */
	const char *agency;
	const char *language;		/* BCP 47: "fr" */
	struct dossier_span published, retrieved;
	const char *reliability;	/* Admiralty scale, "A" to "F"; "" */
	const char *media;		/* "text/plain", "text/html" */
	const char *charset;		/* what the extractor took the bytes for */
	const char *extractor;		/* "plain-text-1", "html-1" */
	const char *sha256;		/* of the bytes as archived */
	const char *text_sha256;	/* of the text that the extractor derived, UTF-8 */
	uint64_t size;			/* bytes */
	uint32_t characters;		/* Unicode code points of the text */
	int64_t added, changed;
};

struct dossier_speaker {
	uint32_t id;
	uint32_t claim, position;	/* 0: who said it first; the last is who printed it */
	const char *name;
};

/*
 * W3C Web Annotation: exact, prefix, suffix are a TextQuoteSelector, start and end a
 * TextPositionSelector.
 */
struct dossier_claim {
	uint32_t id;
	const char *uid;
	uint32_t source;
	uint32_t start, end;		/* code points of the source's text, end not included */
	const char *exact, *prefix, *suffix;
	const char *kind;		/* "denial", "accusation", … : one lower-case word */
	const char *about;
	const char *reading;		/* the analyst's, in prose; "" */
	struct dossier_span said;
	const char *said_basis;		/* "read", "inferred", … */
	uint32_t credibility;		/* Admiralty scale, 1 to 6; 0: not rated */
	int64_t added, changed;
	/* Not columns: filled by dossier_get() and dossier_list(), written by dossier_add(). */
	const char *chain;		/* "KP foreign ministry → KCNA → AFP" */
	struct dossier_speaker *speakers;
	uint32_t speaker_count;
};

struct dossier_link {
	uint32_t id;
	const char *uid;
	uint32_t claim;			/* this one … */
	const char *kind;		/* "denies", "contradicts", "repeats", "responds" … */
	uint32_t target;		/* … that one */
	int64_t added, changed;
};

/* A claim's machine-checkable form, docs/assertions.md. */
struct dossier_assertion {
	uint32_t id;
	const char *uid;
	uint32_t claim;
	const char *text;		/* canonical */
	int64_t added, changed;
};

/* What a verdict rests on. The bytes are under `sha256`: a finding's canonical JSON, or a proof. */
struct dossier_finding {
	uint32_t id;
	const char *uid;
	const char *form;		/* "finding", "proof" */
	const char *label;		/* the analyst's: "simulated"; "" */
	const char *question;		/* "report KP" */
	const char *sha256;
	struct dossier_span data;	/* first and last time heard */
	int64_t added, changed;
};

struct dossier_verdict {
	uint32_t id;
	const char *uid;
	uint32_t assertion, finding;	/* finding 0: nothing was there to rest on */
	/* "confirmed", "contradicted", "insufficient data", "not measurable" */
	const char *verdict;
	const char *claimed, *measured;
	const char *why;
	const char *nearest;		/* insufficient data: what the nearest data says */
	int64_t away;			/* … and how far away in time it is, µs; 0 where none */
	struct dossier_span when;	/* of what was measured, for the timeline */
	int64_t added, changed;
};

struct dossier_hypothesis {
	uint32_t id;
	const char *uid;
	const char *name;		/* short, unique: "cable" */
	const char *text;		/* the hypothesis as a sentence */
	int64_t added, changed;
};

/* An item of evidence: one of a claim, a verdict, a fact out of a finding. */
struct dossier_evidence {
	uint32_t id;
	const char *uid;
	uint32_t claim, verdict, finding;	/* one of these */
	const char *fact;		/* with `finding`: its words */
	/* "high", "medium", "low"; "": by the Admiralty scale (docs/dossier.md) */
	const char *credibility;
	const char *relevance;		/* "high", "medium", "low" */
	int64_t added, changed;
};

struct dossier_rating {
	uint32_t id;
	const char *uid;
	uint32_t hypothesis, evidence;
	const char *rating;		/* "CC", "C", "N", "I", "II" */
	const char *note;
	int64_t added, changed;
};

/* Objects of foreign STIX, kept as they came. */
struct dossier_foreign {
	uint32_t id;
	const char *uid;
	const char *stix_id, *modified;	/* "" where it has none */
	const char *json;
	int64_t added, changed;
};

/* How a table and its struct correspond. */
struct dossier_type {
	const char *table;		/* also the word for people: "claim" */
	const struct schema *schema;	/* all fields, in the order of JSON and CSV */
	size_t columns;			/* the first so many fields are columns */
	const char *identity;		/* fields that make the uid, comma-separated */
};

extern const struct dossier_type dossier_about_type, dossier_source_type, dossier_speaker_type,
	dossier_claim_type, dossier_link_type, dossier_assertion_type, dossier_finding_type,
	dossier_verdict_type, dossier_hypothesis_type, dossier_evidence_type, dossier_rating_type,
	dossier_foreign_type;
/* All of them, in an order in which each stands behind what it refers to; NULL at the end. */
extern const struct dossier_type *const dossier_types[];

/*
 * ERR_USAGE where the file is there already. `now` stands in `added` and `changed` of what is
 * written.
 */
int dossier_create(const char *path, const char *title, int64_t now, struct dossier **ret_dossier,
		   struct err *err);
/* Migrates an older schema; ERR_FORMAT for a newer one, or for a file that is no dossier. */
int dossier_open(const char *path, int64_t now, struct dossier **ret_dossier, struct err *err);
/* Without a file, and without a row; `name` is what messages call it. */
int dossier_in_memory(const char *name, int64_t now, struct dossier **ret_dossier, struct err *err);
void dossier_close(struct dossier *dossier);	/* takes NULL; rolls back what was not committed */
const char *dossier_path(const struct dossier *dossier);
int64_t dossier_now(const struct dossier *dossier);

int dossier_begin(struct dossier *dossier, struct err *err);
int dossier_commit(struct dossier *dossier, struct err *err);
void dossier_rollback(struct dossier *dossier);
/* Whether a dossier is being written to, SQLite's journal beside it; async-signal-safe. */
bool dossier_is_writing(void);

/*
 * Rows. `item` is the type's struct; its id is set. A NULL uid is made out of the type's identity,
 * and `added` and `changed` are now unless they are given. Where a row of that uid is there,
 * nothing is written and *ret_new is false; ret_new may be NULL.
 */
int dossier_add(struct dossier *dossier, const struct dossier_type *type, void *item, bool *ret_new,
		struct err *err);
/* Writes all columns of item->id but id, uid and added; `changed` is now. */
int dossier_change(struct dossier *dossier, const struct dossier_type *type, void *item,
		   struct err *err);
int dossier_remove(struct dossier *dossier, const struct dossier_type *type, uint32_t id,
		   struct err *err);
/* ERR_USAGE "there is no claim 12". Texts are in the arena. */
int dossier_get(struct dossier *dossier, const struct dossier_type *type, uint32_t id,
		struct arena *arena, void *ret_item, struct err *err);
/* The first row in which `column` is `value`; *ret_found false where there is none. */
int dossier_find(struct dossier *dossier, const struct dossier_type *type, const char *column,
		 const char *value, struct arena *arena, void *ret_item, bool *ret_found,
		 struct err *err);
/* All rows by id; with a `column`, those in which it is `value`. An array of the type's structs. */
int dossier_list(struct dossier *dossier, const struct dossier_type *type, const char *column,
		 uint32_t value, struct arena *arena, void *ret_items, uint32_t *ret_count,
		 struct err *err);
int dossier_count(struct dossier *dossier, const struct dossier_type *type, uint32_t *ret_count,
		  struct err *err);

/*
 * Bytes kept by their SHA-256: sources as archived, their texts, findings. The name has 65 bytes
 * with its final zero.
 */
int dossier_keep(struct dossier *dossier, const void *bytes, size_t len, char ret_sha256[65],
		 struct err *err);
/* Checked against the name: changed bytes are refused. */
int dossier_bytes(struct dossier *dossier, const char *sha256, struct arena *arena,
		  const char **ret_bytes, size_t *ret_len, struct err *err);

/* UUID version 5 of `text` in constat's own name space. */
int dossier_uid(const char *text, size_t len, char ret_uid[DOSSIER_UID], struct err *err);

/*
 * Every source's bytes and text against their SHA-256 and sizes, every quote against the text at
 * its offsets, prefix and suffix too. ERR_FORMAT names the first place that does not hold.
 */
int dossier_verify(struct dossier *dossier, struct err *err);

#endif

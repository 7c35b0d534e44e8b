/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables: one row per field, in the order of the structs; columns first, then what is worked
 * out.
 */
#include "dossier/dossier.h"

#define FIELD(type, name, kind) { #name, kind, offsetof(struct type, name), 0, NULL }
#define TEXT(name) FIELD(T, name, FIELD_TEXT)
#define U32(name) FIELD(T, name, FIELD_U32)
#define U64(name) FIELD(T, name, FIELD_U64)
#define I64(name) FIELD(T, name, FIELD_I64)
#define TIME(name) FIELD(T, name, FIELD_TIME)
#define SPAN(name) { #name, FIELD_OBJECT, offsetof(struct T, name), 0, &span }
#define LIST(name, count, schema) \
	{ #name, FIELD_LIST, offsetof(struct T, name), offsetof(struct T, count), &schema }

#define SCHEMA(name, type, ...) \
	static const struct field name##_fields[] = { __VA_ARGS__ }; \
	static const struct schema name = { \
		#type, sizeof(struct type), name##_fields, sizeof(name##_fields) / sizeof(name##_fields[0]) }
/* `derived`: how many of the last fields are no columns. */
#define TABLE(name, sql, keys, derived) \
	const struct dossier_type dossier_##name##_type = { \
		sql, &name, sizeof(name##_fields) / sizeof(name##_fields[0]) - (derived), keys }

#define T dossier_span
SCHEMA(span, T, TIME(from), TIME(until));
#undef T

#define T dossier_about
SCHEMA(about, T, U32(id), TEXT(uid), TEXT(title), TEXT(program), TIME(added), TIME(changed));
TABLE(about, "about", "title,added", 0);
#undef T

#define T dossier_source
SCHEMA(source, T, U32(id), TEXT(uid), TEXT(name), TEXT(url), TEXT(title), TEXT(publisher),
       TEXT(agency), TEXT(language), SPAN(published), SPAN(retrieved), TEXT(reliability),
       TEXT(media), TEXT(charset), TEXT(extractor), TEXT(sha256), TEXT(text_sha256), U64(size),
       U32(characters), TIME(added), TIME(changed));
TABLE(source, "source", "name,url,sha256,extractor,charset", 0);
#undef T

#define T dossier_speaker
SCHEMA(speaker, T, U32(id), U32(claim), U32(position), TEXT(name));
TABLE(speaker, "speaker", "", 0);
#undef T

#define T dossier_claim
SCHEMA(claim, T, U32(id), TEXT(uid), U32(source), U32(start), U32(end), TEXT(exact), TEXT(prefix),
       TEXT(suffix), TEXT(kind), TEXT(about), TEXT(reading), SPAN(said), TEXT(said_basis),
       U32(credibility), TIME(added), TIME(changed), TEXT(chain),
       LIST(speakers, speaker_count, speaker));
TABLE(claim, "claim", "source,start,end,exact,kind,about,reading,said,said_basis,chain", 2);
#undef T

#define T dossier_link
SCHEMA(link, T, U32(id), TEXT(uid), U32(claim), TEXT(kind), U32(target), TIME(added),
       TIME(changed));
TABLE(link, "link", "claim,kind,target", 0);
#undef T

#define T dossier_assertion
SCHEMA(assertion, T, U32(id), TEXT(uid), U32(claim), TEXT(text), TIME(added), TIME(changed));
TABLE(assertion, "assertion", "claim,text", 0);
#undef T

#define T dossier_finding
SCHEMA(finding, T, U32(id), TEXT(uid), TEXT(form), TEXT(label), TEXT(question), TEXT(sha256),
       SPAN(data), TIME(added), TIME(changed));
TABLE(finding, "finding", "form,label,sha256", 0);
#undef T

#define T dossier_verdict
SCHEMA(verdict, T, U32(id), TEXT(uid), U32(assertion), U32(finding), TEXT(verdict), TEXT(claimed),
       TEXT(measured), TEXT(why), TEXT(nearest), I64(away), SPAN(when), TIME(added), TIME(changed));
TABLE(verdict, "verdict", "assertion,finding,verdict,claimed,measured,why,nearest", 0);
#undef T

#define T dossier_hypothesis
SCHEMA(hypothesis, T, U32(id), TEXT(uid), TEXT(name), TEXT(text), TIME(added), TIME(changed));
TABLE(hypothesis, "hypothesis", "name,text", 0);
#undef T

#define T dossier_evidence
SCHEMA(evidence, T, U32(id), TEXT(uid), U32(claim), U32(verdict), U32(finding), TEXT(fact),
       TEXT(credibility), TEXT(relevance), TIME(added), TIME(changed));
TABLE(evidence, "evidence", "claim,verdict,finding,fact", 0);
#undef T

#define T dossier_rating
SCHEMA(rating, T, U32(id), TEXT(uid), U32(hypothesis), U32(evidence), TEXT(rating), TEXT(note),
       TIME(added), TIME(changed));
TABLE(rating, "rating", "hypothesis,evidence", 0);
#undef T

#define T dossier_foreign
SCHEMA(foreign, T, U32(id), TEXT(uid), TEXT(stix_id), TEXT(modified), TEXT(json), TIME(added),
       TIME(changed));
TABLE(foreign, "foreign_object", "stix_id,modified,json", 0);
#undef T

const struct dossier_type *const dossier_types[] = {
	&dossier_about_type, &dossier_source_type, &dossier_claim_type, &dossier_speaker_type,
	&dossier_link_type,
	&dossier_assertion_type, &dossier_finding_type, &dossier_verdict_type,
	&dossier_hypothesis_type,
	&dossier_evidence_type, &dossier_rating_type, &dossier_foreign_type, NULL
};

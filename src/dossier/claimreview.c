/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * schema.org wants a rating with a number where there is a scale: 5 is confirmed, 1 contradicted.
 * What could not be decided has its words alone, for a number would say "half true".
 */
#include "dossier/claimreview.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

struct review {
	struct dossier_verdict verdict;
	struct dossier_assertion assertion;
	struct dossier_claim claim;
	struct dossier_source source;
};

/* As exactly as it is known: 2014, 2014-12, 2014-12-23; of a span its beginning. */
static json_t *date_of(struct dossier_span span)
{
	struct buf text = { 0 };
	const char *end;
	json_t *date;

	if (!span_known(span))
		return json_string("");
	span_format(&text, span);
	end = text.data ? memchr(text.data, '.', text.len) : NULL;
	date = text.failed ? NULL
			   : json_stringn(text.data, end ? (size_t)(end - text.data) : text.len);
	buf_free(&text);
	return date;
}

static struct dossier_span day_of(int64_t time)
{
	int64_t day = utc_midnight(time);

	return (struct dossier_span){ day, day + UTC_DAY };
}

/* Takes the value; an empty text is no property. */
static bool set(json_t *object, const char *key, json_t *value)
{
	if (json_is_string(value) && json_string_length(value) == 0) {
		json_decref(value);
		return true;
	}
	return json_object_set_new(object, key, value) == 0;
}

static json_t *rating_of(const char *verdict)
{
	int value = strcmp(verdict, "confirmed") == 0	   ? 5
		    : strcmp(verdict, "contradicted") == 0 ? 1
							   : 0;

	if (value == 0)
		return json_pack("{s:s, s:s}", "@type", "Rating", "alternateName", verdict);
	return json_pack("{s:s, s:s, s:i, s:i, s:i}", "@type", "Rating", "alternateName", verdict,
			 "bestRating", 5, "ratingValue", value, "worstRating", 1);
}

static json_t *claim_of(const struct review *review)
{
	const struct dossier_claim *claim = &review->claim;
	const char *speaker = claim->speaker_count ? claim->speakers[0].name
						   : review->source.publisher;
	json_t *object = json_pack("{s:s}", "@type", "Claim");
	json_t *where = json_pack("{s:s}", "@type", "CreativeWork");
	bool good = object && where;

	good = good && set(where, "headline", json_string(review->source.title));
	good = good && set(where, "url", json_string(review->source.url));
	good = good && set(where, "inLanguage", json_string(review->source.language));
	good = good &&
	       (!*review->source.publisher || set(where, "publisher",
						  json_pack("{s:s, s:s}", "@type", "Organization",
							    "name", review->source.publisher)));
	good = good && set(where, "datePublished", date_of(review->source.published));
	good = good && set(object, "appearance", json_incref(where));
	good = good && (!*speaker ||
			set(object, "author",
			    json_pack("{s:s, s:s}", "@type", "Organization", "name", speaker)));
	good = good && set(object, "datePublished", date_of(claim->said));
	json_decref(where);
	if (!good) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *review_json(const struct review *review, struct err *err)
{
	const struct dossier_verdict *verdict = &review->verdict;
	struct buf body = { 0 };
	json_t *object = NULL;

	buf_printf(&body, "Claimed: %s.", verdict->claimed);
	if (*verdict->measured)
		buf_printf(&body, " Measured: %s.", verdict->measured);
	if (*verdict->why)
		buf_printf(&body, " %s", verdict->why);
	if (!body.failed)
		object = json_pack("{s:s, s:s, s:o, s:s%, s:o, s:o, s:{s:s, s:s}}", "@type",
				   "ClaimReview", "claimReviewed", review->claim.exact,
				   "datePublished", date_of(day_of(verdict->added)), "reviewBody",
				   body.data, body.len, "reviewRating", rating_of(verdict->verdict),
				   "itemReviewed", claim_of(review), "author", "@type",
				   "Organization", "name", "constat");
	if (object && !set(object, "inLanguage", json_string("en"))) {
		json_decref(object);
		object = NULL;
	}
	buf_free(&body);
	if (!object)
		err_memory(err);
	return object;
}

static int review_load(struct dossier *dossier, struct review *review, struct arena *arena,
		       struct err *err)
{
	int code = dossier_get(dossier, &dossier_assertion_type, review->verdict.assertion, arena,
			       &review->assertion, err);

	if (code == 0)
		code = dossier_get(dossier, &dossier_claim_type, review->assertion.claim, arena,
				   &review->claim, err);
	if (code == 0)
		code = dossier_get(dossier, &dossier_source_type, review->claim.source, arena,
				   &review->source, err);
	return code;
}

int claimreview_write(struct dossier *dossier, struct buf *out, struct err *err)
{
	struct dossier_verdict *verdicts;
	json_t *graph = json_array(), *document = NULL;
	struct arena arena = { 0 };
	uint32_t count = 0;
	char *text = NULL;
	int code = graph ? dossier_list(dossier, &dossier_verdict_type, NULL, 0, &arena, &verdicts,
					&count, err)
			 : err_memory(err);

	for (uint32_t i = 0; i < count && code == 0; i++) {
		struct review review = { .verdict = verdicts[i] };
		json_t *object;

		code = review_load(dossier, &review, &arena, err);
		if (code)
			break;
		object = review_json(&review, err);
		if (!object || json_array_append_new(graph, object))
			code = err_memory(err);
	}
	if (code == 0)
		document = json_pack("{s:s, s:O}", "@context", "https://schema.org", "@graph",
				     graph);
	if (document)
		text = json_dumps(document, JSON_SORT_KEYS | JSON_INDENT(2));
	if (text) {
		buf_str(out, text);
		buf_char(out, '\n');
	}
	if (code == 0 && (!text || out->failed))
		code = err_memory(err);
	json_text_free(text);
	json_decref(document);
	json_decref(graph);
	arena_free(&arena);
	return code;
}

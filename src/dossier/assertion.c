/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Recursive descent over words. The lexer knows blanks and the signs that end a word (= ± .. , and
 * quotation marks); what a word means is the parser's affair, so that "3" is a number in one place
 * and a time in another. Each form is a row with its name and the function that reads what stands
 * behind it.
 */
#include "dossier/assertion.h"

#include <stdio.h>
#include <string.h>

#include "net/path.h"

#define INF INT64_MAX
#define DURATION_MAX (36525 * UTC_DAY)

enum sign {
	SIGN_END,
	SIGN_WORD,
	SIGN_TEXT,
	SIGN_EQUAL,
	SIGN_LEAST,
	SIGN_MOST,
	SIGN_ABOUT,
	SIGN_TO,
	SIGN_COMMA
};

struct token {
	enum sign sign;
	struct view text;	/* what stands there; of a SIGN_TEXT without the quotation marks */
	uint32_t at, len;
};

struct parser {
	struct view text;
	uint32_t position;
	struct token token;	/* the one that is looked at */
	struct arena *arena;
	struct assertion *result;
	struct assertion_mistake *mistake;
	struct err *err;
};

static const struct { const char *text; enum sign sign; } signs[] = {
	{ "±", SIGN_ABOUT }, { "+-", SIGN_ABOUT }, { "+/-", SIGN_ABOUT }, { "..", SIGN_TO },
	{ "…", SIGN_TO },
	{ ">=", SIGN_LEAST }, { "≥", SIGN_LEAST }, { "<=", SIGN_MOST }, { "≤", SIGN_MOST },
	{ "=", SIGN_EQUAL },
	{ ",", SIGN_COMMA },
};

/* The sign that begins at `at`, or SIGN_WORD. */
static enum sign sign_at(struct view text, uint32_t at, uint32_t *ret_len)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t len = strlen(signs[i].text);

		if (text.len - at >= len && memcmp(text.ptr + at, signs[i].text, len) == 0) {
			*ret_len = (uint32_t)len;
			return signs[i].sign;
		}
	}
	return SIGN_WORD;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void advance(struct parser *parser)
{
	struct view text = parser->text;
	uint32_t at = parser->position, len = 0;
	enum sign sign;

	while (at < text.len && blank(text.ptr[at]))
		at++;
	if (at == text.len) {
		sign = SIGN_END;
	} else if (text.ptr[at] == '"') {
		const char *end = memchr(text.ptr + at + 1, '"', text.len - at - 1);

		/* Without its end, or with a NUL in it, it is a word that fits nowhere. */
		sign = end && !memchr(text.ptr + at, '\0', (size_t)(end - text.ptr) - at)
			       ? SIGN_TEXT
			       : SIGN_WORD;
		len = end ? (uint32_t)(end + 1 - text.ptr) - at : (uint32_t)text.len - at;
	} else {
		sign = sign_at(text, at, &len);
	}
	if (sign == SIGN_WORD && len == 0) {
		uint32_t ignored;

		do
			len++;
		while (at + len < text.len && !blank(text.ptr[at + len]) &&
		       text.ptr[at + len] != '"' && sign_at(text, at + len, &ignored) == SIGN_WORD);
	}
	parser->token = (struct token){ sign, { text.ptr + at, len }, at, len };
	if (sign == SIGN_TEXT)
		parser->token.text = (struct view){ text.ptr + at + 1, len - 2 };
	parser->position = at + len;
}

/* `wanted` at the token that is looked at. */
static int refuse(struct parser *parser, const char *wanted)
{
	const struct token *token = &parser->token;
	int shown = token->len < 60 ? (int)token->len : 60;

	if (parser->mistake)
		*parser->mistake = (struct assertion_mistake){
			token->at, token->len ? token->len : 1,
		};
	if (token->sign == SIGN_END)
		return err_set(parser->err, ERR_USAGE, "%s is missing at the end", wanted);
	return err_set(parser->err, ERR_USAGE, "\"%.*s\": %s is wanted here", shown,
		       parser->text.ptr + token->at, wanted);
}

static bool word_is(const struct parser *parser, const char *word)
{
	return parser->token.sign == SIGN_WORD &&
	       view_equal_nocase(parser->token.text, view_of(word));
}

static bool accept_word(struct parser *parser, const char *word)
{
	if (!word_is(parser, word))
		return false;
	advance(parser);
	return true;
}

static bool accept(struct parser *parser, enum sign sign)
{
	if (parser->token.sign != sign)
		return false;
	advance(parser);
	return true;
}

static int parse_place(struct parser *parser)
{
	struct assertion_place place = { 0 };
	struct view text = parser->token.text;
	bool quoted = parser->token.sign == SIGN_TEXT;

	if (!quoted && parser->token.sign != SIGN_WORD)
		return refuse(parser, "a country, an AS or a prefix");
	if (country_parse(text, &place.country) && place.country != COUNTRY_UNKNOWN)
		;
	else if (!quoted && text.len > 2 &&
		 view_equal_nocase((struct view){ text.ptr, 2 }, VIEW("AS")) &&
		 asn_parse(text, &place.asn) && place.asn)
		;
	else if (quoted || !prefix_parse(text, &place.prefix))
		return refuse(parser,
			      "a country (KP), an AS (AS4837) or a prefix (175.45.176.0/22)");
	parser->result->place = place;
	advance(parser);
	return 0;
}

static int parse_span(struct parser *parser, struct dossier_span *ret_span)
{
	struct dossier_span first, last;

	if (parser->token.sign != SIGN_WORD || !span_parse(parser->token.text, &first))
		return refuse(parser, "a time such as 2014-12-23 or 2014-12-23T15:41Z");
	advance(parser);
	if (accept(parser, SIGN_TO)) {
		if (parser->token.sign != SIGN_WORD || !span_parse(parser->token.text, &last) ||
		    last.until <= first.from)
			return refuse(parser, "a later time");
		first.until = last.until;
		advance(parser);
	}
	*ret_span = first;
	return 0;
}

static int parse_duration(struct parser *parser, int64_t *ret_duration)
{
	int64_t duration;

	/* No longer, so that times can be widened by it. */
	if (parser->token.sign != SIGN_WORD || !utc_parse_duration(parser->token.text, &duration) ||
	    duration < 0 || duration > DURATION_MAX)
		return refuse(parser, "a duration such as 31m or 1h30m");
	*ret_duration = duration;
	advance(parser);
	return 0;
}

static int parse_time(struct parser *parser, struct assertion_time *ret_time)
{
	int code = parse_span(parser, &ret_time->span);

	if (code == 0 && accept(parser, SIGN_ABOUT))
		code = parse_duration(parser, &ret_time->tolerance);
	return code;
}

static int parse_count(struct parser *parser, int64_t *ret_count)
{
	uint32_t count;

	if (parser->token.sign != SIGN_WORD || !view_u32(parser->token.text, &count))
		return refuse(parser, "a number");
	*ret_count = count;
	advance(parser);
	return 0;
}

/* "5", or "10%" of `whole`. */
static int parse_tolerance(struct parser *parser, int64_t whole, int64_t *ret_tolerance)
{
	struct view text = parser->token.text;
	uint32_t percent;

	if (parser->token.sign == SIGN_WORD && view_ends(text, VIEW("%"))) {
		text.len--;
		if (!view_u32(text, &percent) || percent > 100)
			return refuse(parser, "a percentage from 0% to 100%");
		*ret_tolerance = whole * percent / 100;
		advance(parser);
		return 0;
	}
	return parse_count(parser, ret_tolerance);
}

static void widen(struct assertion_range *range, int64_t middle, int64_t tolerance)
{
	range->least = middle > tolerance ? middle - tolerance : 0;
	range->most = middle > INF - tolerance ? INF : middle + tolerance;
}

/* A, A ±B, A..B, A.., ..B of whatever `one` reads. */
static int parse_range(struct parser *parser, int (*one)(struct parser *parser, int64_t *ret_value),
		       int (*tolerance)(struct parser *parser, int64_t whole, int64_t *ret_value),
		       struct assertion_range *ret_range)
{
	struct assertion_range range = { 0, INF };
	int64_t about;
	int code = 0;

	if (accept(parser, SIGN_TO)) {
		code = one(parser, &range.most);
	} else {
		code = one(parser, &range.least);
		if (code == 0 && accept(parser, SIGN_ABOUT)) {
			code = tolerance(parser, range.least, &about);
			if (code == 0)
				widen(&range, range.least, about);
		} else if (code == 0 && !accept(parser, SIGN_TO)) {
			range.most = range.least;
		} else if (code == 0 && parser->token.sign == SIGN_WORD &&
			   parser->token.text.ptr[0] >= '0' && parser->token.text.ptr[0] <= '9') {
			struct token at = parser->token;

			code = one(parser, &range.most);
			if (code == 0 && range.most < range.least) {
				parser->token = at;
				code = refuse(parser, "what is not less");
			}
		}
	}
	if (code == 0)
		*ret_range = range;
	return code;
}

static int duration_tolerance(struct parser *parser, int64_t whole, int64_t *ret_tolerance)
{
	(void)whole;
	return parse_duration(parser, ret_tolerance);
}

static int parse_at(struct parser *parser)
{
	return accept_word(parser, "at") || accept_word(parser, "on")
		       ? parse_span(parser, &parser->result->at)
		       : 0;
}

static int clause_on(struct parser *parser)
{
	return parse_span(parser, &parser->result->at);
}

static int clause_from(struct parser *parser)
{
	return parse_time(parser, &parser->result->from);
}

static int clause_until(struct parser *parser)
{
	return parse_time(parser, &parser->result->until);
}

static int clause_lasting(struct parser *parser)
{
	parser->result->has_lasting = true;
	return parse_range(parser, parse_duration, duration_tolerance, &parser->result->lasting);
}

/* Each at most once, in any order. */
static const struct clause {
	const char *word;
	int (*read)(struct parser *parser);	/* NULL: the word says it all */
	unsigned sort;				/* of those alike one only */
	enum assertion_level level;
} outage_clauses[] = {
	{ "on", clause_on, 1, 0 },	     { "from", clause_from, 2, 0 },
	{ "until", clause_until, 4, 0 },     { "lasting", clause_lasting, 8, 0 },
	{ "partial", NULL, 16, LEVEL_PARTIAL }, { "major", NULL, 16, LEVEL_MAJOR },
	{ "total", NULL, 16, LEVEL_TOTAL },
};

static int parse_outage(struct parser *parser)
{
	unsigned seen = 0;
	int code = parse_place(parser);

	while (code == 0 && parser->token.sign != SIGN_END) {
		const struct clause *clause = NULL;

		for (size_t i = 0; i < sizeof(outage_clauses) / sizeof(outage_clauses[0]); i++)
			if (word_is(parser, outage_clauses[i].word))
				clause = &outage_clauses[i];
		if (!clause || seen & clause->sort)
			return refuse(parser,
				      clause ? "nothing that was said before"
					     : "on, from, until, lasting, partial, major or total");
		seen |= clause->sort;
		advance(parser);
		if (clause->read)
			code = clause->read(parser);
		else
			parser->result->level = clause->level;
	}
	return code;
}

static int parse_networks(struct parser *parser)
{
	struct assertion_range *range = &parser->result->networks;
	int code = parse_place(parser);

	*range = (struct assertion_range){ 0, INF };
	if (code)
		return code;
	if (accept(parser, SIGN_EQUAL))
		code = parse_range(parser, parse_count, parse_tolerance, range);
	else if (accept(parser, SIGN_LEAST))
		code = parse_count(parser, &range->least);
	else if (accept(parser, SIGN_MOST))
		code = parse_count(parser, &range->most);
	else
		return refuse(parser, "=, >= or <=");
	return code ? code : parse_at(parser);
}

static int parse_upstreams(struct parser *parser)
{
	struct assertion *result = parser->result;
	int code = parse_place(parser);

	if (code)
		return code;
	result->only = accept_word(parser, "only");
	do {
		uint32_t asn;

		if (parser->token.sign != SIGN_WORD || !asn_parse(parser->token.text, &asn) ||
		    asn == 0)
			return refuse(parser, "an AS such as AS4837");
		if (result->asn_count == ASSERTION_ASNS)
			return refuse(parser, "no more than 16 of them");
		result->asns[result->asn_count++] = asn;
		advance(parser);
	} while (accept(parser, SIGN_COMMA));
	return parse_at(parser);
}

static int parse_period(struct parser *parser)
{
	int code = parse_place(parser);

	return code ? code : parse_span(parser, &parser->result->at);
}

static int parse_words(struct parser *parser)
{
	const struct token *token = &parser->token;
	int code = parser->result->form == ASSERTION_SERVICE ? 0 : parse_place(parser);

	if (code)
		return code;
	if (token->sign != SIGN_TEXT || token->text.len == 0)
		return refuse(parser, "something in quotation marks");
	parser->result->words = arena_strndup(parser->arena, token->text.ptr, token->text.len);
	if (!parser->result->words)
		return err_memory(parser->err);
	advance(parser);
	return parse_at(parser);
}

static const struct form {
	const char *name;
	int (*read)(struct parser *parser);
} forms[ASSERTION_FORMS] = {
	[ASSERTION_OUTAGE] = { "outage", parse_outage },
	[ASSERTION_NETWORKS] = { "networks", parse_networks },
	[ASSERTION_UPSTREAMS] = { "upstreams", parse_upstreams },
	[ASSERTION_UNSTABLE] = { "unstable", parse_period },
	[ASSERTION_REACHABLE] = { "reachable", parse_period },
	[ASSERTION_CAUSE] = { "cause", parse_words },
	[ASSERTION_AUTHOR] = { "author", parse_words },
	[ASSERTION_SERVICE] = { "service", parse_words },
};

int assertion_parse(struct view text, struct arena *arena, struct assertion *ret_assertion,
		    struct assertion_mistake *ret_mistake, struct err *err)
{
	struct assertion result = {
		.at = DOSSIER_SPAN_NONE, .from = { .span = DOSSIER_SPAN_NONE },
		.until = { .span = DOSSIER_SPAN_NONE }, .words = "",
	};
	struct parser parser = {
		.text = text, .arena = arena, .result = &result, .mistake = ret_mistake, .err = err,
	};
	size_t form = 0;
	int code;

	if (text.len > 4096)
		return err_set(err, ERR_USAGE, "an assertion has no more than 4096 bytes");
	advance(&parser);
	while (form < ASSERTION_FORMS && !word_is(&parser, forms[form].name))
		form++;
	if (form == ASSERTION_FORMS)
		return refuse(&parser, "outage, networks, upstreams, unstable, reachable, cause, "
				       "author or service");
	result.form = (enum assertion_form)form;
	advance(&parser);
	code = forms[form].read(&parser);
	if (code == 0 && parser.token.sign != SIGN_END)
		code = refuse(&parser, "the end");
	if (code == 0)
		*ret_assertion = result;
	return code;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sentence for each reading of each fact. What stands in braces is put in: {count} {of} {as_count} {first} {median}
 * {last} {span} {ases} {outer} {inner} {networks} {note}; and {count|network|networks} is one or the other word, by
 * that number and the language's own rule, with the number in the place of a # in it. A sentence with two numbers is
 * thus still one message to translate, which ngettext cannot do.
 */
#include "inquiry/cause_words.h"

#include <string.h>

#include "base/view.h"

/* So many ASes or networks are named, and how many more there are; one more would be as short. */
#define LISTED 3u

const char cause_beyond[] =
	"Routing shows which networks could be reached by which paths, and when. It does not show who acted, whether on "
	"purpose, or why: an order, a cut cable, a power failure and an attack can leave the same trace.";

static const struct hypothesis_words hypotheses[HYPOTHESIS_COUNT] = {
	[HYPOTHESIS_ORIGIN] = {
		"Failure or withdrawal at the origin: the networks' own AS failed, or stopped announcing them",
		"the origin's router logs or a statement by it; power and traffic data of the place" },
	[HYPOTHESIS_UPSTREAM] = {
		"Failure at the upstream: an AS on the way failed, and others behind it fell with the place",
		"the upstream's maintenance and fault notices; traceroutes to other networks behind it" },
	[HYPOTHESIS_CUSTOMER] = {
		"Disconnection of one customer: one link to the provider went, the provider itself stayed",
		"the provider's and the customer's logs of their BGP session; notices of cable faults" },
	[HYPOTHESIS_SEQUENCE] = {
		"Sequential order from above: the ASes of the place fell one after the other, as when each is told in turn",
		"statements by the operators or a regulator; whether they depend on common power or cables" },
	[HYPOTHESIS_FLAPPING] = {
		"Flapping under stress, such as an attack or failing power: the place came and went again and again",
		"traffic and attack data (flow records, scrubbing centres, telescopes), power data of the place" },
	[HYPOTHESIS_HIJACK] = {
		"Hijack or leak: routes of another origin, or over a way they should not take, took the networks' place",
		"RPKI and registry entries of the day; a statement by the origin about who may announce its networks" },
	[HYPOTHESIS_RPKI] = {
		"RPKI invalidation: the announcements became invalid, and networks that validate dropped them",
		"the history of the ROAs (RPKI archives of the days around); what the origin meant to publish" },
	[HYPOTHESIS_ARTEFACT] = {
		"Trouble at the observers' end: sessions or vantage points failed, not the place",
		"other collectors and active measurements (pings, traceroutes) of the same minutes" },
};

struct fact_words {
	enum fact fact;
	const char *reading, *text;
};

static const struct fact_words words[] = {
	{ FACT_ORDER, "one", "One network fell: {networks}." },
	{ FACT_ORDER, "together", "The {note} fell together: {count} of {of} within a minute, the first at {first}, the last at {last}." },
	{ FACT_ORDER, "sequence", "The {note} fell one after the other: {of} of them from {first} to {last} ({span}), at most {count} "
				  "within 15 seconds." },
	{ FACT_ORDER, "scattered", "The {note} fell neither together nor in clear sequence: {of} of them from {first} to {last} ({span})." },
	{ FACT_SPREAD, "none", "No vantage point lost the first network that fell; {of} had it." },
	{ FACT_SPREAD, "one", "One vantage point lost the first network that fell, at {first}; {of} had it." },
	{ FACT_SPREAD, "together", "{count} of {of} vantage {of|point|points} lost the first network that fell, from {first} to {last}, half of them by {median}." },
	{ FACT_SPREAD, "spread", "{count} of {of} vantage {of|point|points} lost the first network that fell, over a long time: from {first} to {last}, half "
				 "of them by {median}." },
	{ FACT_HUNTING, "none", "No other path was tried before the end: {of} {of|route|routes} went without a substitute." },
	{ FACT_HUNTING, "within", "For {count} of {of} lost {of|route|routes} other paths came first, all by way of what the lost ones shared." },
	{ FACT_HUNTING, "around", "For {count} of {of} lost {of|route|routes} other paths came first, some of them around what the lost ones shared; they ended "
				  "too." },
	{ FACT_COMMON, "link", "{count|The one lost path|All # lost paths} ran over one link: AS{outer} to AS{inner}." },
	{ FACT_COMMON, "as", "{count|The one lost path|All # lost paths} ran through {ases}, over no common link." },
	{ FACT_COMMON, "origin", "The {count|one lost path|# lost paths} shared nothing but {count|its|their} origin, {ases}." },
	{ FACT_COMMON, "nothing", "The {count|one lost path|# lost paths} shared no AS and no link." },
	{ FACT_OTHERS, "gone", "Of {of} other {of|network|networks} reached through {ases}, {count} still {count|was|were}: the others lost it in the same minutes." },
	{ FACT_OTHERS, "mixed", "Of {of} other {of|network|networks} reached through {ases}, {count} still {count|was|were}." },
	{ FACT_OTHERS, "kept", "Of {of} other {of|network|networks} reached through {ases}, {count} still {count|was|were}: it worked for others." },
	{ FACT_OTHERS, "none", "No other network was seen behind {ases}: what it did for others is not known." },
	{ FACT_OTHERS, "nothing-shared", "There is no common AS whose other customers could be looked at." },
	{ FACT_SAME_ORIGIN, "all-fell", "{of|The one network|All # networks} known of the same {as_count|origin|origins} ({ases}) fell." },
	{ FACT_SAME_ORIGIN, "kept-same-way", "{count} of {of} {of|network|networks} of the same {as_count|origin|origins} ({ases}) stayed, over the same way: {networks}." },
	{ FACT_SAME_ORIGIN, "kept-other-way", "{count} of {of} {of|network|networks} of the same {as_count|origin|origins} ({ases}) stayed, over another way: {networks}." },
	{ FACT_SURVIVAL, "none", "{of|The one route was not|None of # routes was} kept through it." },
	{ FACT_SURVIVAL, "same-way", "{count} of {of} {of|route|routes} {count|was|were} kept, unchanged or over the same way, by {ases}: stuck, or not cut there." },
	{ FACT_SURVIVAL, "other-way", "{count} of {of} {of|route|routes} {count|was|were} kept, over a way around what the lost ones shared, by {ases}." },
	{ FACT_UNREST, "quiet", "The {of|network was|networks were} quiet in the hour before." },
	{ FACT_UNREST, "unstable", "{count} of {of} {of|network|networks} {count|was|were} unstable in the hour before, from {first} to {last}: {networks}." },
	{ FACT_UNREST, "not-known", "The recordings begin too late to tell whether the {of|network was|networks were} unstable before." },
	{ FACT_REPEATED, "once", "It is the only outage of the place within three hours." },
	{ FACT_REPEATED, "again", "It is one of {count} outages of the place within three hours." },
	{ FACT_REPEATED, "among-brief", "It lasted, among brief ones: it is one of {count} outages of the place within three hours." },
	{ FACT_REPEATED, "flapping", "It is one of {count} outages of the place within three hours, most of them brief: the first began at {first}, the last at "
				     "{last}." },
	{ FACT_DAILY, "no", "It does not recur at this time of day." },
	{ FACT_DAILY, "daily", "{count} outages of other days began within ten minutes of this time of day." },
	{ FACT_DAILY, "not-known", "The recordings are too short to tell whether it recurs from day to day." },
	{ FACT_ORIGIN, "same", "No route to these networks changed its origin." },
	{ FACT_ORIGIN, "some", "{count} of {of} {of|route|routes} went over to another origin: {ases}." },
	{ FACT_ORIGIN, "changed", "Another origin took the place of {count} of {of} {of|route|routes}: {ases}." },
	{ FACT_SPECIFICS, "none", "No more specific network of them appeared." },
	{ FACT_SPECIFICS, "same-origin", "{count} more specific {count|network|networks} appeared, from the same {as_count|origin|origins} ({ases}): {networks}." },
	{ FACT_SPECIFICS, "other-origin", "{count} more specific {count|network|networks} appeared from {as_count|another origin|other origins} ({ases}): {networks}." },
	{ FACT_RPKI, "not-given", "No validated ROA payloads were given (--vrps): whether the networks were valid is not known." },
	{ FACT_RPKI, "not-found", "{of|The network is not|None of # networks is} covered by a ROA." },
	{ FACT_RPKI, "valid", "{of|The network is not|None of # networks is} invalid by the ROAs." },
	{ FACT_RPKI, "some-invalid", "{count} of {of} {of|network|networks} {count|is|are} invalid by the ROAs: {networks}." },
	{ FACT_RPKI, "invalid", "{of|The network is|All # networks are} invalid by the ROAs: {networks}." },
	{ FACT_BLACKHOLE, "none", "No address of the place was announced with a BLACKHOLE community." },
	{ FACT_BLACKHOLE, "announced", "{count} {count|prefix of the place was|prefixes of the place were} announced with a BLACKHOLE community (RFC 7999), from {first} to {last}: somebody had "
				       "traffic to {count|it|them} thrown away." },
	{ FACT_CLOCK, "no", "It began at no full or half hour by {of|the clock of UTC|any of # clocks}." },
	{ FACT_CLOCK, "half-hour", "It began within a minute of a half hour by the clock of {note}." },
	{ FACT_CLOCK, "hour", "It began within a minute of a full hour by the clock of {note}." },
	{ FACT_SESSIONS, "kept", "{count} of {of} vantage {of|point|points} lost {count|its|their} session to the collector about then." },
	{ FACT_SESSIONS, "lost", "{count} of {of} vantage {of|point|points} lost {count|its|their} session to the collector about then: {ases}." },
	{ FACT_ELSEWHERE, "little", "Of everything else the vantage points lost {count} of {of} {of|route|routes}." },
	{ FACT_ELSEWHERE, "much", "The vantage points lost {count} of {of} {of|route|routes} to everything else, too: the trouble is theirs as well." },
	{ FACT_RETURN, "not-yet", "{count} of {of} {of|network|networks} {count|is|are} back when the recordings end." },
	{ FACT_RETURN, "back", "{count} of {of} {of|network|networks} came back, first {networks} at {first}, the last at {last}." },
	{ FACT_RETURN, "same-way", "{count} of {of} {of|network|networks} came back the way they went, first {networks} at {first}, the last at {last}." },
	{ FACT_RETURN, "other-way", "{count} of {of} {of|network|networks} came back another way than they went, first {networks} at {first}, the last at {last}." },
};

const struct hypothesis_words *cause_hypothesis_words(enum hypothesis hypothesis)
{
	return &hypotheses[hypothesis];
}

const char *cause_fact_form(const char *fact, const char *reading)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(fact_name(words[i].fact), fact) == 0 && strcmp(words[i].reading, reading) == 0)
			return words[i].text;
	}
	return "This could not be measured.";
}

static void put_ases(const struct cause_voice *voice, const struct finding_fact *fact, struct buf *out)
{
	uint32_t shown = fact->as_count > LISTED + 1 ? LISTED : fact->as_count;

	for (uint32_t i = 0; i < shown; i++)
		buf_printf(out, "%sAS%u", i ? ", " : "", fact->ases[i]);
	if (shown < fact->as_count)
		voice->more(voice->context, fact->as_count - shown, out);
}

static void put_networks(const struct cause_voice *voice, const struct finding_fact *fact, struct buf *out)
{
	struct view rest = view_of(fact->networks), name;
	uint32_t shown = fact->network_count > LISTED + 1 ? LISTED : fact->network_count;

	for (uint32_t i = 0; i < shown && view_split(&rest, ' ', &name); i++) {
		buf_str(out, i ? ", " : "");
		buf_add(out, name.ptr, name.len);
	}
	if (shown < fact->network_count)
		voice->more(voice->context, fact->network_count - shown, out);
}

static bool number_of(const struct finding_fact *fact, struct view word, uint64_t *ret_number)
{
	if (view_equal(word, VIEW("count")))
		*ret_number = fact->count;
	else if (view_equal(word, VIEW("of")))
		*ret_number = fact->of;
	else if (view_equal(word, VIEW("as_count")))
		*ret_number = fact->as_count;
	else
		return false;
	return true;
}

static bool time_of(const struct finding_fact *fact, struct view word, int64_t *ret_time)
{
	if (view_equal(word, VIEW("first")))
		*ret_time = fact->first;
	else if (view_equal(word, VIEW("median")))
		*ret_time = fact->median;
	else if (view_equal(word, VIEW("last")))
		*ret_time = fact->last;
	else
		return false;
	return true;
}

/* "count|one|many": one of the two, by the number, which stands in the place of a #. */
static void put_choice(const struct cause_voice *voice, const struct finding_fact *fact, struct view choice, struct buf *out)
{
	struct view name, one = { "", 0 }, form = { "", 0 };
	uint64_t number = 0;

	view_split(&choice, '|', &name);
	number_of(fact, name, &number);
	view_split(&choice, '|', &one);
	view_split(&choice, '|', &form);
	if (voice->is_one(number))
		form = one;
	for (size_t i = 0; i < form.len; i++) {
		if (form.ptr[i] == '#')
			voice->number(voice->context, number, out);
		else
			buf_char(out, form.ptr[i]);
	}
}

static void put_word(const struct cause_voice *voice, const struct finding_fact *fact, struct view word, struct buf *out)
{
	uint64_t number;
	int64_t time;

	if (memchr(word.ptr, '|', word.len))
		put_choice(voice, fact, word, out);
	else if (number_of(fact, word, &number))
		voice->number(voice->context, number, out);
	else if (time_of(fact, word, &time))
		voice->time(voice->context, time, out);
	else if (view_equal(word, VIEW("span")) && fact->first != UTC_NEVER)
		voice->duration(voice->context, fact->last - fact->first, out);
	else if (view_equal(word, VIEW("ases")))
		put_ases(voice, fact, out);
	else if (view_equal(word, VIEW("outer")) && fact->as_count > 1)
		buf_u64(out, fact->ases[0]);
	else if (view_equal(word, VIEW("inner")) && fact->as_count > 1)
		buf_u64(out, fact->ases[1]);
	else if (view_equal(word, VIEW("networks")))
		put_networks(voice, fact, out);
	else if (view_equal(word, VIEW("note")))
		buf_str(out, voice->text(voice->context, fact->note));
}

void cause_fact_say(const struct cause_voice *voice, const struct finding_fact *fact, struct buf *out)
{
	const char *form = voice->text(voice->context, cause_fact_form(fact->fact, fact->reading));

	for (;;) {
		const char *brace = strchr(form, '{'), *end = brace ? strchr(brace, '}') : NULL;

		if (!end) {
			buf_str(out, form);
			break;
		}
		buf_add(out, form, (size_t)(brace - form));
		put_word(voice, fact, (struct view){ brace + 1, (size_t)(end - brace - 1) }, out);
		form = end + 1;
	}
}

/* A finding's own sentences: English, exact, for machines to compare. */
static bool plain_is_one(uint64_t number)
{
	return number == 1;
}

static void plain_number(void *context, uint64_t number, struct buf *out)
{
	(void)context;
	buf_u64(out, number);
}

static void plain_time(void *context, int64_t time, struct buf *out)
{
	(void)context;
	if (time != UTC_NEVER)
		utc_format(out, time);
}

static void plain_duration(void *context, int64_t duration, struct buf *out)
{
	(void)context;
	utc_format_duration(out, duration);
}

static void plain_more(void *context, uint64_t number, struct buf *out)
{
	(void)context;
	buf_printf(out, " and %llu more", (unsigned long long)number);
}

static const char *plain_text(void *context, const char *text)
{
	(void)context;
	return text;
}

const char *cause_fact_text(struct finding *finding, const struct finding_fact *fact)
{
	static const struct cause_voice plain = {
		.is_one = plain_is_one, .number = plain_number, .time = plain_time, .duration = plain_duration,
		.more = plain_more, .text = plain_text,
	};
	struct buf buf = { 0 };
	const char *text;

	cause_fact_say(&plain, fact, &buf);
	text = buf.failed ? NULL : arena_strndup(&finding->arena, buf.data, buf.len);
	buf_free(&buf);
	return text;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * BGP UPDATE (RFC 4271 section 4.3, RFC 4760, RFC 7911, RFC 7606).
 *
 * A message is judged before any of it is given. RFC 7606 section 3 (j): whatever else is wrong,
 * all the prefixes must parse, or the message cannot be used at all. So the four lists (withdrawn
 * routes, MP_UNREACH_NLRI, NLRI, MP_REACH_NLRI) are walked for their form, the attributes are
 * scanned once, and then the prefixes are given in that order, announcements as withdrawals where
 * the verdict is treat-as-withdraw. Faults are only told on a second scan, which nearly no message
 * needs.
 *
 * A message that its recorder cut off is another matter: no speaker is to blame, and what is whole
 * is given.
 */
#include "wire/decode.h"

/* One list of prefixes. */
struct list {
	const uint8_t *at;
	const uint8_t *end;
	uint16_t afi;
	uint8_t safi;
	bool present;		/* of MP_REACH and MP_UNREACH */
	bool other;		/* of a family that is passed over */
	bool add_path;
	uint32_t attribute_len;
};

struct message {
	struct decode *decode;
	const struct update *update;
	struct list withdrawn, unreach, nlri, reach;
	struct attr_span span;
	bool reset;		/* the whole message is lost, and was counted so */
};

static void fault_reset(struct message *message, enum fault_kind kind, const uint8_t *at,
			uint32_t value)
{
	uint32_t len = message->reset ? 0 : message->update->len;

	message->reset = true;
	wire_fault(message->decode, kind, VERDICT_SESSION_RESET, offset_of(message->decode, at),
		   len, value);
}

/* How a list's form was found. */
struct form {
	const uint8_t *stop;	/* the first prefix that is not whole or too long, or the end */
	unsigned bits;		/* its length */
	unsigned defaults;	/* how many prefixes before it had no bits */
};

static struct form list_form(const struct list *list, bool add_path)
{
	const unsigned max = list->afi == AFI_IPV6 ? 128 : 32, head = add_path ? 5 : 1;
	const uint8_t *at = list->at, *end = list->end;
	struct form form = { .stop = end };

	while (at < end) {
		size_t left = (size_t)(end - at);
		unsigned bits;

		form.stop = at;
		if (left < head)
			return form;
		bits = at[head - 1];
		form.bits = bits;
		if (bits > max || left - head < (bits + 7) / 8)
			return form;
		form.defaults += bits == 0;
		at += head + (bits + 7) / 8;
	}
	form.stop = end;
	return form;
}

/*
 * Some recorders (BIRD, at one time) wrote ADD-PATH sessions under the plain subtypes. Read
 * plainly, the first bytes of small path identifiers are default routes, and no speaker sends two.
 */
static bool is_hidden_add_path(const struct list *list, const struct form *plain)
{
	return plain->defaults > 1 && list_form(list, true).stop == list->end;
}

static void check_prefixes(struct message *message, struct list *list)
{
	struct form form = list_form(list, list->add_path);

	if (!list->add_path && is_hidden_add_path(list, &form)) {
		list->add_path = true;
		wire_fault(message->decode, FAULT_ADD_PATH, VERDICT_NONE,
			   offset_of(message->decode, list->at), 0, 0);
	} else if (form.stop == list->end) {
		return;
	} else if (message->update->cut && list == &message->nlri && form.bits <= 32) {
		wire_fault(message->decode, FAULT_NLRI, VERDICT_NONE,
			   offset_of(message->decode, form.stop), (uint64_t)(list->end - form.stop),
			   form.bits);
		list->end = form.stop;
	} else {
		fault_reset(message, FAULT_NLRI, form.stop, form.bits);
	}
}

static inline void check_list(struct message *message, struct list *list)
{
	list->add_path = message->update->add_path;
	if (!list->other && list->at < list->end)
		check_prefixes(message, list);
}

/* Lists are filled in where they stand: this is done millions of times, and copies cost. */
static void list_of_fields(struct list *list, const uint8_t *at, const uint8_t *end)
{
	list->at = at;
	list->end = end;
	list->afi = AFI_IPV4;
	list->safi = SAFI_UNICAST;
	list->present = false;
	list->other = false;
}

static void list_of_mp(struct list *list, const struct mp_reach *reach,
		       const struct attr_value *value)
{
	list->at = reach->nlri.at;
	list->end = reach->nlri.end;
	list->afi = reach->afi;
	list->safi = reach->safi;
	list->present = true;
	list->other =
		(reach->afi != AFI_IPV4 && reach->afi != AFI_IPV6) || reach->safi != SAFI_UNICAST;
	list->attribute_len = value->len;
}

/* Takes the message's own fields apart; false where their lengths contradict the message's. */
static bool split_fields(struct message *message)
{
	const struct update *update = message->update;
	struct cursor cur = cursor_make(update->bytes, update->len);
	uint32_t withdrawn_len, attributes_len;
	const uint8_t *withdrawn, *attributes;

	withdrawn_len = cursor_u16(&cur);
	withdrawn = cursor_bytes(&cur, withdrawn_len);
	attributes_len = cursor_u16(&cur);
	attributes = cursor_bytes(&cur, attributes_len);
	if (cur.failed) {
		fault_reset(message, FAULT_UPDATE_SHORT, update->bytes,
			    withdrawn ? attributes_len : withdrawn_len);
		return false;
	}
	list_of_fields(&message->withdrawn, withdrawn, withdrawn + withdrawn_len);
	list_of_fields(&message->nlri, cur.at, cur.end);
	message->span = (struct attr_span){
		.bytes = attributes,
		.len = attributes_len,
		.at = offset_of(message->decode, attributes),
		.asn_size = update->asn_size,
		.classic_nlri = cursor_left(&cur) != 0,
		.external = update->external,
	};
	return true;
}

static void tell_attribute_fault(void *context, const struct fault *fault)
{
	struct message *message = context;
	uint64_t lost = fault->lost;

	/* What is lost with the message is not lost once more with its attribute. */
	if (message->decode->scratch->attrs.verdict == VERDICT_SESSION_RESET || message->reset) {
		lost = 0;
		if (fault->verdict == VERDICT_SESSION_RESET && !message->reset) {
			lost = message->update->len;
			message->reset = true;
		}
	}
	wire_fault(message->decode, fault->kind, fault->verdict, fault->at, lost, fault->value);
}

static void __attribute__((cold)) tell_attribute_faults(struct message *message)
{
	struct attrs again = { 0 };

	attrs_scan(&message->span, &again, tell_attribute_fault, message);
}

static void scan_attributes(struct message *message)
{
	struct attrs *attrs = &message->decode->scratch->attrs;
	struct mp_reach reach;

	attrs_scan(&message->span, attrs, NULL, NULL);
	if (attrs_mp_unreach(attrs, &reach)) {
		list_of_mp(&message->unreach, &reach, &attrs->known[ATTR_MP_UNREACH]);
		check_list(message, &message->unreach);
	}
	if (attrs_mp_reach(attrs, &reach)) {
		list_of_mp(&message->reach, &reach, &attrs->known[ATTR_MP_REACH]);
		check_list(message, &message->reach);
	}
	if (attrs->faults)
		tell_attribute_faults(message);
}

static int give_other(struct message *message, const struct list *list)
{
	struct event *event = &message->decode->scratch->event;

	event->kind = EVENT_OTHER_FAMILY;
	event->bytes = list->attribute_len;
	return emit(message->decode);
}

int update_prefixes_give(struct decode *decode, struct update_prefixes *prefixes)
{
	const struct wire_sink *sink = decode->sink;
	struct event *event = &decode->scratch->event;
	int r = 0;

	while (r == 0 && prefixes->at < prefixes->end) {
		if (sink->prefixes) {
			r = sink->prefixes(sink->context, event, prefixes);
			if (r || prefixes->at == prefixes->end)
				break;
		}
		event->prefix = prefix_from_wire(prefixes->family, prefixes->at[0],
						 prefixes->at + 1);
		update_prefixes_pass(prefixes);
		r = emit(decode);
	}
	return r;
}

/* Each behind its path identifier (RFC 7911 section 3). */
static int give_add_path(struct decode *decode, const struct list *list, enum family family)
{
	struct event *event = &decode->scratch->event;
	const uint8_t *at = list->at;
	int r = 0;

	event->has_path_id = true;
	for (; r == 0 && at < list->end; at += 5 + (at[4] + 7u) / 8) {
		event->path_id = load_be32(at);
		event->prefix = prefix_from_wire(family, at[4], at + 5);
		r = emit(decode);
	}
	return r;
}

static int give_prefixes(struct message *message, const struct list *list, enum event_kind kind)
{
	struct event *event = &message->decode->scratch->event;
	struct update_prefixes prefixes = {
		.at = list->at, .end = list->end,
		.family = list->afi == AFI_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4,
	};

	event->kind = kind;
	event->has_path_id = false;
	return list->add_path ? give_add_path(message->decode, list, prefixes.family)
			      : update_prefixes_give(message->decode, &prefixes);
}

static void set_family(struct message *message, const struct list *list)
{
	struct event *event = &message->decode->scratch->event;

	event->afi = list->afi;
	event->safi = list->safi;
	event->from_mp = list->present;
}

static int give_withdrawn(struct message *message, const struct list *list)
{
	set_family(message, list);
	return list->other ? give_other(message, list)
			   : give_prefixes(message, list, EVENT_WITHDRAW);
}

static int give_announced(struct message *message, const struct list *list)
{
	struct wire_scratch *scratch = message->decode->scratch;
	bool withdraw = scratch->attrs.verdict == VERDICT_TREAT_AS_WITHDRAW;

	set_family(message, list);
	scratch->event.verdict = scratch->attrs.verdict;
	scratch->event.attributes = message->span;
	scratch->event.attrs = &scratch->attrs;
	scratch->event.attrs_scanned = &scratch->attrs_scanned;
	scratch->attrs_scanned = true;
	return list->other ? give_other(message, list)
		: give_prefixes(message, list, withdraw ? EVENT_WITHDRAW : EVENT_ANNOUNCE);
}

/* RFC 4724 section 2: an UPDATE that says nothing, or nothing but an empty MP_UNREACH_NLRI. */
static bool is_end_of_rib(const struct message *message)
{
	if (message->withdrawn.at < message->withdrawn.end || message->nlri.at < message->nlri.end)
		return false;
	if (!message->span.len)
		return true;
	return message->unreach.present && message->unreach.at == message->unreach.end &&
		message->decode->scratch->attrs.count == 1;
}

static int give_end_of_rib(struct message *message)
{
	struct event *event = &message->decode->scratch->event;

	set_family(message, message->unreach.present ? &message->unreach : &message->withdrawn);
	event->kind = EVENT_END_OF_RIB;
	return emit(message->decode);
}

int update_decode(struct decode *decode, const struct update *update)
{
	struct message message;
	int r = 0;

	message.decode = decode;
	message.update = update;
	message.reset = false;
	message.unreach.present = false;
	message.reach.present = false;
	if (!split_fields(&message))
		return 0;
	check_list(&message, &message.withdrawn);
	check_list(&message, &message.nlri);
	if (message.span.len || message.span.classic_nlri)
		scan_attributes(&message);
	if (message.reset)
		return 0;
	if (is_end_of_rib(&message))
		return give_end_of_rib(&message);
	if (message.withdrawn.at < message.withdrawn.end)
		r = give_withdrawn(&message, &message.withdrawn);
	if (!r && message.unreach.present)
		r = give_withdrawn(&message, &message.unreach);
	if (!r && message.nlri.at < message.nlri.end)
		r = give_announced(&message, &message.nlri);
	if (!r && message.reach.present)
		r = give_announced(&message, &message.reach);
	return r;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where RIBs begin and end in a sequence of records.
 *
 * The stream looks at each record's type and sequence number before it has the record decoded.
 * A RIB in progress ends before the record that ends it is given, so that events come as one would
 * tell them: begin, entries, end. It is whole when its sequence began at zero and had no hole,
 * no record of it was faulty, and nobody reported damage meanwhile.
 *
 * Sequence numbers: TABLE_DUMP has two bytes and wraps; some collectors count each address family
 * from zero, so a change of subtype may start again. Records of TABLE_DUMP_V2 that stand outside a
 * RIB (updates were written in between) make a RIB of their own, on the peer index in force, that
 * is not whole.
 */
#include "wire/stream.h"

#include <stdlib.h>

#include "wire/decode.h"

enum rib_kind { RIB_NONE, RIB_TABLE_DUMP, RIB_V2, RIB_ENTRIES };

struct wire_stream {
	struct peer_index *index;
	enum rib_kind rib;
	uint16_t subtype;		/* of the RIB's last record */
	uint32_t next;			/* sequence number that is due */
	bool whole;
	struct mrt_record last;		/* of the RIB, without bytes: when and where it ends */
};

/* Sees a PEER_INDEX_TABLE's event go by. */
struct index_watch {
	struct wire_stream *stream;
	const struct wire_sink *sink;
};

int wire_stream_new(struct wire_stream **ret_stream, struct err *err)
{
	struct wire_stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return err_memory(err);
	*ret_stream = stream;
	return 0;
}

void wire_stream_free(struct wire_stream *stream)
{
	if (!stream)
		return;
	peer_index_unref(stream->index);
	free(stream);
}

void wire_stream_damage(struct wire_stream *stream)
{
	stream->whole = false;
}

struct peer_index *wire_stream_index(const struct wire_stream *stream)
{
	return stream->index;
}

static int give_bound(const struct mrt_record *record, enum event_kind kind,
		      struct peer_index *index, bool whole, const struct wire_sink *sink)
{
	struct attrs attrs = { 0 };
	bool scanned = true;
	const struct event event = {
		.kind = kind,
		.time = record->time,
		.ref = record->ref,
		.record = record,
		.peer_index = UINT32_MAX,
		.attrs = &attrs,
		.attrs_scanned = &scanned,
		.index = index,
		.whole = whole,
	};

	return sink->event(sink->context, &event);
}

static void remember(struct wire_stream *stream, const struct mrt_record *record)
{
	stream->last = *record;
	stream->last.bytes = NULL;
	stream->last.len = 0;
	stream->last.body = 0;
}

static int end_rib(struct wire_stream *stream, const struct wire_sink *sink)
{
	bool whole = stream->whole;

	if (stream->rib == RIB_NONE)
		return 0;
	stream->rib = RIB_NONE;
	return give_bound(&stream->last, EVENT_RIB_END, NULL, whole, sink);
}

static int watch_event(void *context, const struct event *event)
{
	struct index_watch *watch = context;

	if (event->kind == EVENT_RIB_BEGIN) {
		peer_index_unref(watch->stream->index);
		watch->stream->index = peer_index_ref(event->index);
	}
	return watch->sink->event(watch->sink->context, event);
}

static void watch_fault(void *context, const struct fault *fault)
{
	const struct index_watch *watch = context;

	if (watch->sink->fault)
		watch->sink->fault(watch->sink->context, fault);
}

static int give_index(struct wire_stream *stream, const struct mrt_record *record,
		      struct wire_scratch *scratch, const struct wire_sink *sink)
{
	struct index_watch watch = { stream, sink };
	const struct wire_sink watching = {
		.context = &watch, .event = watch_event, .fault = watch_fault,
	};
	uint64_t faults = scratch->faults;
	int r;

	r = end_rib(stream, sink);
	if (r)
		return r;
	/* An unreadable table leaves none in force: the old one's numbers mean other peers. */
	peer_index_unref(stream->index);
	stream->index = NULL;
	stream->rib = RIB_V2;
	stream->next = 0;
	stream->subtype = 0;
	r = mrt_record_decode(record, NULL, scratch, &watching);
	stream->whole = scratch->faults == faults;
	remember(stream, record);
	if (!stream->index)
		stream->rib = RIB_NONE;
	return r;
}

static int begin_rib(struct wire_stream *stream, enum rib_kind rib, const struct mrt_record *record,
		     struct peer_index *index, bool whole, const struct wire_sink *sink)
{
	int r;

	r = end_rib(stream, sink);
	if (r)
		return r;
	stream->rib = rib;
	stream->next = 0;
	stream->subtype = record->subtype;
	stream->whole = whole;
	remember(stream, record);
	return give_bound(record, EVENT_RIB_BEGIN, index, false, sink);
}

static void check_sequence(struct wire_stream *stream, const struct mrt_record *record,
			   uint32_t sequence, uint32_t mask, struct wire_scratch *scratch,
			   const struct wire_sink *sink)
{
	struct decode decode = { record, stream->index, scratch, sink };
	bool again = sequence == 0 && record->subtype != stream->subtype;

	if (sequence != stream->next && !again)
		wire_fault(&decode, FAULT_RIB_SEQUENCE, VERDICT_NONE, record->body, 0,
			   stream->next);
	stream->next = (sequence + 1) & mask;
	stream->subtype = record->subtype;
}

/* One record of a RIB in progress. */
static int give_rib_record(struct wire_stream *stream, const struct mrt_record *record,
			   struct wire_scratch *scratch, const struct wire_sink *sink)
{
	const uint8_t *body = record->bytes + record->body;
	uint32_t left = record->len - record->body;
	uint64_t faults = scratch->faults;
	int r;

	if (stream->rib == RIB_V2 && left >= 4)
		check_sequence(stream, record, load_be32(body), UINT32_MAX, scratch, sink);
	else if (stream->rib == RIB_TABLE_DUMP && left >= 4)
		check_sequence(stream, record, load_be16(body + 2), UINT16_MAX, scratch, sink);
	r = mrt_record_decode(record, stream->index, scratch, sink);
	if (scratch->faults != faults)
		stream->whole = false;
	remember(stream, record);
	return r;
}

/* Sequence 0 begins a RIB, unless it is due or another family starts counting. */
static bool table_dump_begins(const struct wire_stream *stream, const struct mrt_record *record)
{
	if (stream->rib != RIB_TABLE_DUMP)
		return true;
	return record->len - record->body >= 4 &&
		load_be16(record->bytes + record->body + 2) == 0 &&
		stream->next != 0 && stream->subtype == record->subtype;
}

int wire_stream_record(struct wire_stream *stream, const struct mrt_record *record,
		       struct wire_scratch *scratch, const struct wire_sink *sink)
{
	bool entry = record->type == MRT_BGP4MP && record->subtype == 2;
	int r = 0;

	if (record->type == MRT_TABLE_DUMP_V2) {
		if (record->subtype == 1)
			return give_index(stream, record, scratch, sink);
		if (record->subtype == 7)	/* GEO_PEER_TABLE: no part of the sequence */
			return mrt_record_decode(record, stream->index, scratch, sink);
		if (stream->rib != RIB_V2)
			r = begin_rib(stream, RIB_V2, record, stream->index, false, sink);
	} else if (record->type == MRT_TABLE_DUMP) {
		if (table_dump_begins(stream, record))
			r = begin_rib(stream, RIB_TABLE_DUMP, record, NULL, true, sink);
	} else if (entry) {
		if (stream->rib != RIB_ENTRIES)
			r = begin_rib(stream, RIB_ENTRIES, record, NULL, true, sink);
	} else {
		r = end_rib(stream, sink);
		return r ? r : mrt_record_decode(record, stream->index, scratch, sink);
	}
	return r ? r : give_rib_record(stream, record, scratch, sink);
}

int wire_stream_gist(struct wire_stream *stream, const struct mrt_record *record,
		     const struct gist *gist, const uint64_t *keys, struct wire_scratch *scratch,
		     const struct wire_sink *sink)
{
	int r = end_rib(stream, sink);

	return r ? r : gist_give(gist, keys, record, scratch, sink);
}

int wire_stream_end(struct wire_stream *stream, const struct wire_sink *sink)
{
	return end_rib(stream, sink);
}

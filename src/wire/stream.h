/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The records of one input, one after the other: keeps the peer index in force and tells where
 * RIBs begin and end.
 *
 * A TABLE_DUMP_V2 RIB begins with its PEER_INDEX_TABLE, a TABLE_DUMP RIB with its first record
 * (sequence 0, or after anything else). It ends at the next beginning, at a record of another
 * type, or with the input; `whole` says that its sequence had no hole, no record of it was faulty
 * and the input was not cut. One thread at a time; records in order.
 */
#ifndef CONSTAT_WIRE_STREAM_H
#define CONSTAT_WIRE_STREAM_H

#include "wire/gist.h"
#include "wire/mrt.h"

struct wire_stream;

int wire_stream_new(struct wire_stream **ret_stream, struct err *err);
void wire_stream_free(struct wire_stream *stream);

int wire_stream_record(struct wire_stream *stream, const struct mrt_record *record,
		       struct wire_scratch *scratch, const struct wire_sink *sink);
/* The same for a record of a plain gist, and its keys. */
int wire_stream_gist(struct wire_stream *stream, const struct mrt_record *record,
		     const struct gist *gist, const uint64_t *keys, struct wire_scratch *scratch,
		     const struct wire_sink *sink);
/* Decoding itself only ever lacks memory, and says so without a word; all else is the sink's. */
static inline int wire_stream_err(int code, struct err *err)
{
	return code == ERR_MEMORY ? err_memory(err) : code;
}

/* Bytes were lost or damaged here (feed's faults): a RIB in progress is no longer whole. */
void wire_stream_damage(struct wire_stream *stream);
int wire_stream_end(struct wire_stream *stream, const struct wire_sink *sink);
/* The index in force, borrowed; NULL where none is. */
struct peer_index *wire_stream_index(const struct wire_stream *stream);

#endif

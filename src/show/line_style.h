/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the three formats share: pieces of lines, made once and used again. Only for line*.c.
 *
 * A line is put together from pieces that hardly change from one event to the next: the head
 * (format and time), the peer, the prefix, and the tail (all that comes from path attributes). Each
 * piece is kept with what it was made from and made again when that differs.
 */
#ifndef CONSTAT_SHOW_LINE_STYLE_H
#define CONSTAT_SHOW_LINE_STYLE_H

#include <stdbool.h>

#include "base/memo.h"
#include "show/line.h"
#include "show/put.h"
#include "wire/mrt.h"

/* Multiples of LINE_PIECE_STEP. */
#define LINE_HEAD_MAX	96
#define LINE_PEER_MAX	128
#define LINE_PREFIX_MAX	64
#define LINE_EXT_COMMUNITY_MAX 96
#define LINE_PEERS	1024u	/* a power of two, as the next */
#define LINE_TAILS	2048u

/*
 * A copy of a piece, whole steps at a time: a copy of as many bytes as there are costs a call, or
 * an instruction that takes longer than the copying. Up to a step more than the piece is written.
 */
#define LINE_PIECE_STEP	16
#define LINE_PIECE(at, piece) line_piece((at), (piece).text, (piece).len)

static inline char *line_piece(char *at, const char *text, unsigned len)
{
	for (unsigned i = 0; i < len; i += LINE_PIECE_STEP)
		memcpy(at + i, text + i, LINE_PIECE_STEP);
	return at + len;
}

static inline char *line_text(char *at, const char *text)
{
	return put_bytes(at, text, strlen(text));
}

struct line_peer {
	struct peer peer;
	bool used;
	uint8_t len;
	char text[LINE_PEER_MAX];
};

struct line_head {
	int64_t time;
	uint16_t type, subtype;
	bool path_id;
	bool used;
	uint8_t len;
	char text[LINE_HEAD_MAX];
};

struct line_prefix {
	struct prefix prefix;
	uint8_t len;
	char text[LINE_PREFIX_MAX];
};

/* What of a tail's text does not stand in the span's bytes. */
enum line_flavour {
	LINE_AS4 = 1,		/* four-byte AS numbers */
	LINE_MP = 2,		/* the route stood in MP_REACH_NLRI */
	LINE_RIB = 4,		/* of a RIB entry: the next hop may stand in either place */
	LINE_TYPE_5 = 8,	/* MRT's old type BGP has a layout of its own */
};

struct line_writer;

struct line_style {
	uint32_t slot;	/* room for a remembered tail and its span */
	char *(*head)(char *at, const struct event *event);
	char *(*peer)(char *at, const struct peer *peer);
	enum put_ipv6 ipv6;
	/* Appends to writer->tail, which is empty. */
	void (*tail)(struct line_writer *writer, const struct event *event);
	void (*event)(struct line_writer *writer, struct buf *out, const struct event *event);
	/* A name as the format spells text; NULL where lines name no input. */
	void (*quote)(struct buf *text, const char *name);
};

extern const struct line_style line_text_style, line_json_style, line_csv_style;

struct line_writer {
	const struct line_style *style;
	struct memo *tails;
	struct buf collector, file;	/* quoted */
	struct line_head head;
	struct line_prefix prefix;
	struct buf tail;		/* one under construction */
	/* The tail of the event before, for the other prefixes of the same UPDATE. */
	const char *tail_text;
	size_t tail_len;
	const uint8_t *tail_span;
	struct record_ref tail_ref;
	uint8_t tail_flavour;
	struct line_peer peers[LINE_PEERS];
	uint8_t scratch[ATTR_PATH_SCRATCH];
};

const struct line_head *line_head_of(struct line_writer *writer, const struct event *event);
const struct line_peer *line_peer_of(struct line_writer *writer, const struct event *event);
const struct line_prefix *line_prefix_of(struct line_writer *writer, const struct event *event);
const char *line_tail_of(struct line_writer *writer, const struct event *event, size_t *ret_len);
bool line_event_has_prefix(const struct event *event);
/*
 * Whether path attributes belong to the line. A withdrawal has some where they are what made it one
 * (RFC 7606).
 */
bool line_event_has_tail(const struct event *event);
/* False where the event has none. `ret_local`: as attrs_next_hop(). */
bool line_next_hop(const struct event *event, const struct attrs *attrs, struct addr *ret_addr,
		   struct addr *ret_local);
const char *line_origin_name(uint8_t origin);
/* At most LINE_EXT_COMMUNITY_MAX bytes. */
char *line_ext_community(char *at, const uint8_t bytes[8]);
/* Whether an attribute that the line has a field for was decoded; else it is shown as it stands. */
bool line_attr_shown(const struct attrs *attrs, uint8_t code);

#endif

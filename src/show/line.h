/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line for an event.
 *
 * LINE_TEXT is bgpdump -m's line, byte for byte where bgpdump is right (docs/bgpdump.md says where
 * it is not); LINE_JSON one object with all that the event holds, LINE_CSV one row with the columns
 * of line_header() (docs/dump.md describes both). What a line says depends on the event and its
 * input alone, never on the lines before it.
 *
 * Order of calls: line_writer_new, then for each input or run of one line_writer_input, then
 * line_write for its events. A writer is for one thread; any number may work side by side.
 */
#ifndef CONSTAT_SHOW_LINE_H
#define CONSTAT_SHOW_LINE_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/event.h"

enum line_format { LINE_TEXT, LINE_JSON, LINE_CSV };

struct line_writer;

int line_writer_new(enum line_format format, struct line_writer **ret_writer, struct err *err);
void line_writer_free(struct line_writer *writer);	/* takes NULL */

/* Where the events that follow come from. Both are copied. */
int line_writer_input(struct line_writer *writer, const char *name, const char *collector,
		      struct err *err);

/* Every kind of event has a line. */
void line_write(struct line_writer *writer, struct buf *out, const struct event *event);

/* What stands above all lines: CSV's names of columns. Nothing for the others. */
void line_header(enum line_format format, struct buf *out);

/* What has no registered name is called "<afi>/<safi>". */
void line_family(struct buf *out, uint16_t afi, uint8_t safi);
const char *line_message_name(uint8_t message);		/* "OPEN", …; "UNKNOWN" */
const char *line_state_name(uint16_t state);		/* "Idle", …; NULL: RFC 6396 names none */

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal, if there is one: its width, whether to colour, and the progress line.
 *
 * Colours are for a standard output that is a terminal, unless NO_COLOR is set to anything or TERM
 * is "dumb". The progress line is for a standard error that is a terminal; whoever writes to it
 * clears the line first. One thread.
 */
#ifndef CONSTAT_CMD_TERMINAL_H
#define CONSTAT_CMD_TERMINAL_H

#include <stdbool.h>

bool terminal_is(int fd);
/* Columns of the terminal on standard output; else COLUMNS; else 80. At least 40. */
unsigned terminal_width(void);
bool terminal_colours(void);

/* Whether terminal_progress() would show anything. */
bool terminal_has_progress(void);
/* Replaces the line; cut to the width. Does nothing without a terminal. */
void terminal_progress(const char *text);
void terminal_progress_clear(void);

#endif

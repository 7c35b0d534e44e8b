/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the progress line works: it is one line that is written over (carriage return, text, erase
 * to the end of the line: ECMA-48 EL), in a single write so that it never shows half, and erased
 * before anything else goes to standard error.
 */
#include "cmd/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/view.h"

#define WIDTH_DEFAULT	80
#define WIDTH_MIN	40
#define WIDTH_MAX	1000

static bool progress_shown;

bool terminal_is(int fd)
{
	return isatty(fd) == 1;
}

static unsigned width_of(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

unsigned terminal_width(void)
{
	unsigned width = width_of(STDOUT_FILENO);
	const char *columns = getenv("COLUMNS");
	uint32_t given;

	if (!width && columns && view_u32(view_of(columns), &given))
		width = given;
	if (!width)
		width = WIDTH_DEFAULT;
	if (width < WIDTH_MIN)
		return WIDTH_MIN;
	return width > WIDTH_MAX ? WIDTH_MAX : width;
}

static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || strcmp(term, "dumb") == 0;
}

/* https://no-color.org: "when present and not an empty string (regardless of its value)" */
bool terminal_colours(void)
{
	const char *no_color = getenv("NO_COLOR");

	return terminal_is(STDOUT_FILENO) && !is_dumb() && !(no_color && *no_color);
}

bool terminal_has_progress(void)
{
	return terminal_is(STDERR_FILENO) && !is_dumb();
}

void terminal_progress(const char *text)
{
	unsigned width = width_of(STDERR_FILENO);
	unsigned columns = 0;
	char line[512];
	size_t len = 0;

	if (!terminal_has_progress())
		return;
	if (!width)
		width = WIDTH_DEFAULT;
	line[len++] = '\r';
	/* The last column stays free: writing into it wraps on some terminals. Room is kept for a
	 * character's continuation bytes and the erasing. */
	for (const char *c = text; *c && len < sizeof(line) - 8; c++) {
		columns += (*c & 0xc0) != 0x80;
		if (columns >= width)
			break;
		line[len++] = *c;
	}
	memcpy(line + len, "\033[K", 3);
	len += 3;
	/* A terminal that cannot be written to has no progress line: nothing to report. */
	(void)file_write_all(STDERR_FILENO, line, len, "standard error", NULL);
	progress_shown = true;
}

void terminal_progress_clear(void)
{
	if (!progress_shown)
		return;
	(void)file_write_all(STDERR_FILENO, "\r\033[K", 4, "standard error", NULL);
	progress_shown = false;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text is cut to what fits, never refused, and control characters in it (a file name can hold
 * a newline, or an escape sequence for somebody's terminal) become '?': an error is always one
 * line. Bytes above 127 stay, so that file names in UTF-8 are readable.
 */
#define _GNU_SOURCE	/* strerror_r(), the one that returns text */
#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static void make_one_line(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

__attribute__((format(printf, 2, 0)))
static void set_text(struct err *err, const char *format, va_list args)
{
	if (vsnprintf(err->text, sizeof(err->text), format, args) < 0)
		err->text[0] = '\0';
	make_one_line(err->text);
}

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	err->code = code;
	err->system = 0;
	va_start(args, format);
	set_text(err, format, args);
	va_end(args);
	return code;
}

int err_system(struct err *err, int errnum, const char *format, ...)
{
	char words[128];
	va_list args;
	size_t len;

	if (!err)
		return ERR_SYSTEM;
	err->code = ERR_SYSTEM;
	err->system = errnum;
	va_start(args, format);
	set_text(err, format, args);
	va_end(args);
	len = strlen(err->text);
	/* GNU's strerror_r() may leave the buffer alone and give a constant. */
	snprintf(err->text + len, sizeof(err->text) - len, ": %s",
		 strerror_r(errnum, words, sizeof(words)));
	return ERR_SYSTEM;
}

int err_memory(struct err *err)
{
	return err_set(err, ERR_MEMORY, "out of memory");
}

int err_prefix(struct err *err, const char *format, ...)
{
	char rest[sizeof(err->text)];
	va_list args;
	size_t len;

	if (!err)
		return ERR_OK;
	memcpy(rest, err->text, sizeof(rest));
	va_start(args, format);
	set_text(err, format, args);
	va_end(args);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", rest);
	return err->code;
}

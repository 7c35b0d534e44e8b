/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operational errors: no file, disk full, out of memory, an option that makes no sense.
 *
 * A function that can fail returns 0 or a negative code and fills in the struct err that the
 * caller lent it; its ret_* outputs are then untouched. The text is one line, without a final
 * newline, and names the file and place. Trouble inside a recording is no error but a fault
 * (wire/fault.h): it is data, and reading goes on.
 */
#ifndef CONSTAT_BASE_ERR_H
#define CONSTAT_BASE_ERR_H

enum err_code {
	ERR_OK = 0,
	ERR_SYSTEM = -1,	/* a system call failed; `system` holds errno */
	ERR_MEMORY = -2,
	ERR_USAGE = -3,		/* the person asked for something that cannot be */
	ERR_FORMAT = -4,	/* a file is not what it should be */
	ERR_LIMIT = -5,		/* a stated limit was reached */
	ERR_CANCELLED = -6,	/* interrupted, or the reader of our output went away */
};

struct err {
	enum err_code code;
	int system;
	char text[496];
};

/*
 * Each returns `code` (or ERR_SYSTEM, ERR_MEMORY), so that callers can write `return err_set(…)`.
 * `err` may be NULL.
 */
int err_set(struct err *err, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set(ERR_SYSTEM), with ": " and the system's words for `errnum` behind the text. */
int err_system(struct err *err, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int err_memory(struct err *err);

/* Puts "<prefix>: " before the text that is there, keeping the code, which it returns. */
int err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

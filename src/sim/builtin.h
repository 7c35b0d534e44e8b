/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scenarios of scenarios/, as text in the program: tools/embed-scenarios makes the table when
 * the program is built.
 */
#ifndef CONSTAT_SIM_BUILTIN_H
#define CONSTAT_SIM_BUILTIN_H

#include <stddef.h>

struct builtin {
	const char *name;	/* "kp-2014"; NULL ends the table */
	const char *text;
};

extern const struct builtin builtins[];

#endif

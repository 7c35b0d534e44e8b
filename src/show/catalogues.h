/* SPDX-License-Identifier: BSD-2-Clause */
/* What the build embeds: message catalogues of po/, and the style sheets beside this. */
#ifndef CONSTAT_SHOW_CATALOGUES_H
#define CONSTAT_SHOW_CATALOGUES_H

#include <stddef.h>

extern const unsigned char catalogue_fr[];
extern const size_t catalogue_fr_size;

extern const char style_figure[];
extern const char style_page[];

#endif

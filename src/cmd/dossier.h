/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the commands of a dossier share. The first operand is the dossier; opening one for reading
 * verifies every source and quote in it first.
 */
#ifndef CONSTAT_CMD_DOSSIER_H
#define CONSTAT_CMD_DOSSIER_H

#include "cmd/cmd.h"
#include "cmd/signing.h"
#include "dossier/dossier.h"
#include "show/dossier.h"
#include "show/grid.h"

/* The commands, each in the file that says what it is about. */
extern const struct command command_dossier_create, command_dossier_show, command_dossier_verify,
	command_dossier_source, command_dossier_claim, command_dossier_claim_import,
	command_dossier_assert, command_dossier_check, command_dossier_verdicts,
	command_dossier_hypothesis, command_dossier_timeline, command_dossier_export,
	command_dossier_import;

/* export --seal: everything into one signed file. Returns the exit status. */
int dossier_seal(const char *dossier, const char *file, const struct signing_settings *signing);

/*
 * The time that rows are given: SOURCE_DATE_EPOCH where that is set, as reproducible builds have
 * it.
 */
int64_t dossier_time(void);
/* Opens and verifies. */
int dossier_open_verified(const char *path, struct dossier **ret_dossier, struct err *err);

/*
 * A command that only reads: opens and verifies the dossier, has `put` write into `out`, and prints
 * that where nothing was wrong. Returns the command's exit status.
 */
struct dossier_reading {
	const struct option_list *operands;	/* the first is the dossier */
	const void *settings;
	struct dossier *dossier;
	struct arena arena;
	struct buf out;
};

int dossier_read(const void *settings, const struct option_list *operands,
		 int (*put)(struct dossier_reading *reading, struct err *err));

/* ERR_USAGE where the file that an option names for writing is the dossier itself. */
int dossier_spare(const char *option, const char *path, const char *dossier, struct err *err);
struct show_style dossier_style(void);
/* Standard output; frees the buffer. */
int dossier_print(struct buf *out, struct err *err);
/* Rows as JSON or CSV, nothing for text. */
int dossier_rows(const struct dossier_type *type, const void *items, uint32_t count,
		 enum cmd_format format, struct buf *out, struct err *err);
/* A row's number as somebody types it. */
int dossier_number(const char *text, const char *what, uint32_t *ret_id, struct err *err);
/* Reader: all of a file, up to TEXT_MAX. */
int dossier_read_all(int fd, const char *name, struct buf *out, struct err *err);
/* Setter: struct dossier_span. */
int dossier_set_span(void *field, const char *value, struct err *err);

#endif

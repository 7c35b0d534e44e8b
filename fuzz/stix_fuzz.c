/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a STIX bundle, taken apart and put into a dossier in memory, inside a transaction that is rolled back. What was
 * taken must be written as a bundle that is read again without an error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dossier/stix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1419379200000000

static struct dossier *dossier;

static int take(void *context, enum stix_parcel what, const struct buf *parcel, struct err *err)
{
	struct stix_counts counts = { 0, 0, 0 };

	(void)context;
	return stix_take(dossier, true, what, (struct view){ parcel->data ? parcel->data : "", parcel->len }, &counts, err);
}

static int ignore(void *context, enum stix_parcel what, const struct buf *parcel, struct err *err)
{
	(void)context, (void)what, (void)parcel, (void)err;
	return 0;
}

static void open_once(void)
{
	char path[] = "/tmp/constat-fuzz-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0)
		abort();
	close(fd);
	unlink(path);
	if (dossier_create(path, "", NOW, &dossier, NULL))
		abort();
	unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out = { 0 };
	struct err err;

	if (!dossier)
		open_once();
	if (dossier_begin(dossier, NULL))
		abort();
	if (stix_read((struct view){ (const char *)data, size }, take, NULL, &err) == 0 &&
	    stix_write(dossier, &out, &err) == 0 &&
	    stix_read((struct view){ out.data, out.len }, ignore, NULL, &err))
		abort();
	dossier_rollback(dossier);
	buf_free(&out);
	return 0;
}

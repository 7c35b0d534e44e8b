/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of this folder share: files made of text, a place made of files. For tests only.
 */
#ifndef CONSTAT_PLACE_TESTING_H
#define CONSTAT_PLACE_TESTING_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "place/formats.h"
#include "place/place.h"

/* A descriptor at the start of a file with this content, which has no name. */
static inline int testing_file(const void *bytes, size_t len)
{
	char path[] = "/tmp/constat-place-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static inline int testing_text(const char *text)
{
	return testing_file(text, strlen(text));
}

static inline struct place *testing_place(void)
{
	struct place *place;

	assert_int_equal(place_new(&place, NULL), 0);
	return place;
}

static inline void testing_load(struct place *place, const char *text, const char *name)
{
	struct err err = { 0 };

	if (place_load(place, testing_text(text), name, &err) < 0)
		fail_msg("%s", err.text);
}

static inline struct place *testing_loaded(const char *text)
{
	struct place *place = testing_place();

	testing_load(place, text, "test");
	assert_int_equal(place_ready(place, NULL), 0);
	return place;
}

/* What a reader of lines made of one: only of an entry something is left behind, which is freed. */
static inline enum place_fit testing_fit(struct place_intake *intake, int rc)
{
	uint32_t spans = 0;

	for (unsigned i = 0; i < PLACE_SPACES; i++)
		spans += intake->spaces[i].count;
	assert_int_equal(spans, rc == PLACE_FIT_ENTRY);
	place_intake_free(intake);
	assert_true(rc >= 0);
	return (enum place_fit)rc;
}

/* The country of a network, as text. */
static inline const char *testing_network(const struct place *place, const char *network)
{
	static char text[3];
	struct prefix prefix;

	assert_true(prefix_parse(view_of(network), &prefix));
	country_format(place_of_network(place, &prefix, NULL), text);
	return text;
}

static inline const char *testing_as(const struct place *place, uint32_t asn)
{
	static char text[3];

	country_format(place_of_as(place, asn), text);
	return text;
}

/* For an inquiry, with a place as its context. */
static inline int testing_place_get(void *context, const struct place **ret_place, struct err *err)
{
	(void)err;
	*ret_place = context;
	return 0;
}

/* A recording's path below the shared data, or NULL where there is none. */
static inline const char *testing_shared(const char *name)
{
	static char path[4096];
	const char *root = getenv("CONSTAT_SHARED_DATA");

	snprintf(path, sizeof(path), "%s/%s", root ? root : "../shared/data", name);
	return access(path, R_OK) == 0 ? path : NULL;
}

#endif

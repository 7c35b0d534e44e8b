/* SPDX-License-Identifier: BSD-2-Clause */
/* Timestamps of an authority that is made up here: what holds, what is refused and with which words, and every byte damaged. */
#define _GNU_SOURCE	/* memmem */
#include "base/err.h"
#include "base/utc.h"
#include "proof/test_authority.h"
#include "proof/timestamp.h"

/* 2014-12-23, within the years that the certificates are good for. */
#define STAMPED		((time_t)1419292800)
#define YEAR		((time_t)365 * 86400)

#define TEXT		VIEW("constat.proof/1\n9\nAAAA\n")

struct scene {
	struct authority authority, stranger;
	struct buf answer;		/* of the authority, for the text */
	struct buf root, strange_root;	/* PEM */
};

static int scene_set(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->authority = authority_make("made-up authority", STAMPED - YEAR, STAMPED + YEAR);
	scene->stranger = authority_make("stranger", STAMPED - YEAR, STAMPED + YEAR);
	scene->answer = authority_answer(&scene->authority, TEXT, STAMPED, true);
	authority_pem(&scene->authority, &scene->root);
	authority_pem(&scene->stranger, &scene->strange_root);
	*state = scene;
	return 0;
}

static int scene_clear(void **state)
{
	struct scene *scene = *state;

	authority_free(&scene->authority);
	authority_free(&scene->stranger);
	buf_free(&scene->answer);
	buf_free(&scene->root);
	buf_free(&scene->strange_root);
	free(scene);
	return 0;
}

static struct view view_of_buf(const struct buf *buf)
{
	return (struct view){ buf->data, buf->len };
}

static const struct view nobody = { NULL, 0 };

static void assert_holds(const struct buf *answer, struct view authorities, time_t when)
{
	struct err err = { 0 };
	int64_t time = 0;

	if (timestamp_check(view_of_buf(answer), TEXT, authorities, &time, &err))
		fail_msg("%s", err.text);
	assert_int_equal(time, when * UTC_SECOND);
}

/* With these very words; the time stays as it was. */
static void assert_refused(struct view answer, struct view authorities, const char *why)
{
	struct err err = { 0 };
	int64_t time = 99;

	assert_int_equal(timestamp_check(answer, TEXT, authorities, &time, &err), ERR_FORMAT);
	assert_string_equal(err.text, why);
	assert_int_equal(time, 99);
}

static void holds(void **state)
{
	struct scene *scene = *state;
	struct buf several = { 0 };

	assert_holds(&scene->answer, nobody, STAMPED);
	assert_holds(&scene->answer, view_of_buf(&scene->root), STAMPED);
	/* One of several, with words between them, as such files have. */
	buf_add(&several, scene->strange_root.data, scene->strange_root.len);
	buf_str(&several, "# the one that counts\n");
	buf_add(&several, scene->root.data, scene->root.len);
	assert_holds(&scene->answer, view_of_buf(&several), STAMPED);
	buf_free(&several);
}

static void refused(void **state)
{
	struct scene *scene = *state;
	struct buf other = authority_answer(&scene->authority, VIEW("another text\n"), STAMPED, true);
	struct buf denied = authority_answer(&scene->authority, TEXT, STAMPED, false);
	struct buf longer = { 0 };

	assert_refused(view_of_buf(&other), nobody,
		       "timestamp: not of this checkpoint, or not granted (message imprint mismatch)");
	assert_refused(view_of_buf(&denied), nobody,
		       "timestamp: not of this checkpoint, or not granted (no time stamp token)");
	assert_refused(view_of_buf(&scene->answer), view_of_buf(&scene->strange_root),
		       "timestamp: not signed by an authority that is believed (certificate verify error)");
	assert_refused(VIEW(""), nobody, "timestamp: no answer of a timestamping authority (RFC 3161 section 2.4.2) (too small)");
	buf_add(&longer, scene->answer.data, scene->answer.len);
	buf_char(&longer, 0);
	assert_refused(view_of_buf(&longer), nobody, "timestamp: no answer of a timestamping authority (RFC 3161 section 2.4.2)");
	buf_free(&other);
	buf_free(&denied);
	buf_free(&longer);
}

/* Whoever is to be believed must be there to be read. */
static void authorities_refused(void **state)
{
	struct scene *scene = *state;
	struct view cut = { scene->root.data, scene->root.len / 2 };
	static const char why[] = "timestamp: no certificate (PEM) among those to be believed";

	assert_refused(view_of_buf(&scene->answer), VIEW("nobody\n"), why);
	assert_refused(view_of_buf(&scene->answer), cut, why);
}

/* Certificates count as of the time that the answer says, whatever today is. */
static void expired(void **state)
{
	struct scene *scene = *state;
	struct buf early = authority_answer(&scene->authority, TEXT, STAMPED - 2 * YEAR, true);
	struct buf late = authority_answer(&scene->authority, TEXT, STAMPED + 2 * YEAR, true);

	assert_holds(&early, nobody, STAMPED - 2 * YEAR);
	assert_holds(&late, nobody, STAMPED + 2 * YEAR);
	assert_refused(view_of_buf(&early), view_of_buf(&scene->root),
		       "timestamp: not signed by an authority that is believed (certificate verify error)");
	assert_refused(view_of_buf(&late), view_of_buf(&scene->root),
		       "timestamp: not signed by an authority that is believed (certificate verify error)");
	buf_free(&early);
	buf_free(&late);
}

static void sizes(void **state)
{
	struct scene *scene = *state;
	char *bytes = calloc(1, TIMESTAMP_SIZE_MAX + 1);
	struct err err = { 0 };
	int64_t time = 99;

	assert_non_null(bytes);
	assert_int_equal(timestamp_check((struct view){ bytes, TIMESTAMP_SIZE_MAX + 1 }, TEXT, nobody, &time, &err),
			 ERR_LIMIT);
	assert_string_equal(err.text, "timestamp: larger than 65536 bytes");
	free(bytes);
	for (size_t len = 0; len < scene->answer.len; len += 7)
		assert_int_equal(timestamp_check((struct view){ scene->answer.data, len }, TEXT, nobody, &time, &err),
				 ERR_FORMAT);
	assert_int_equal(time, 99);
}

/* The time is no time: only who asks for no signature comes to that. */
static void no_time(void **state)
{
	struct scene *scene = *state;
	char *at = memmem(scene->answer.data, scene->answer.len, "20141223000000Z", 15);

	assert_non_null(at);
	at[4] = '9';
	assert_refused(view_of_buf(&scene->answer), nobody, "timestamp: it says no time");
	at[4] = '1';
	assert_holds(&scene->answer, view_of_buf(&scene->root), STAMPED);
}

/* One bit of each byte: whatever is damaged, a believed authority's answer says that time or none. */
static void bytes_damaged(void **state)
{
	struct scene *scene = *state;
	uint32_t held = 0;

	for (size_t i = 0; i < scene->answer.len; i++) {
		struct err err = { 0 };
		int64_t time = 99;

		scene->answer.data[i] ^= (char)(1 << i % 8);
		if (timestamp_check(view_of_buf(&scene->answer), TEXT, view_of_buf(&scene->root), &time, &err) == 0) {
			assert_int_equal(time, STAMPED * UTC_SECOND);
			held++;
		} else {
			assert_int_equal(err.code, ERR_FORMAT);
			assert_memory_equal(err.text, "timestamp: ", 11);
			assert_int_equal(time, 99);
		}
		scene->answer.data[i] ^= (char)(1 << i % 8);
	}
	/* A few say nothing: the parameters of a hash, for one. */
	assert_true(held < scene->answer.len / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds), cmocka_unit_test(refused), cmocka_unit_test(authorities_refused),
		cmocka_unit_test(expired), cmocka_unit_test(sizes), cmocka_unit_test(no_time),
		cmocka_unit_test(bytes_damaged),
	};

	return cmocka_run_group_tests(tests, scene_set, scene_clear);
}

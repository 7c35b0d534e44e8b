/* SPDX-License-Identifier: BSD-2-Clause */
#include "place/testing.h"

#include <sys/wait.h>
#include <zlib.h>

#include "place/lines.h"

static void open_lines(struct place_lines *lines, int fd)
{
	struct err err = { 0 };

	if (place_lines_open(lines, fd, "test", &err) < 0)
		fail_msg("%s", err.text);
}

static void assert_line(struct place_lines *lines, uint64_t number, const char *text)
{
	struct view line;

	assert_int_equal(place_lines_next(lines, &line, NULL), 1);
	assert_int_equal(lines->number, number);
	if (!view_equal(line, view_of(text)))
		fail_msg("line %d is \"%.*s\", not \"%s\"", (int)number, VIEW_ARGS(line), text);
}

static void assert_end(struct place_lines *lines)
{
	struct view line;

	assert_int_equal(place_lines_next(lines, &line, NULL), 0);
	assert_int_equal(place_lines_next(lines, &line, NULL), 0);
	place_lines_close(lines);
}

static void gives_lines(void **state)
{
	struct place_lines lines;

	(void)state;
	open_lines(&lines, testing_text("one\n\r\n\ntwo\r\nlast"));
	assert_line(&lines, 1, "one");
	assert_line(&lines, 2, "");
	assert_line(&lines, 3, "");
	assert_line(&lines, 4, "two");
	assert_line(&lines, 5, "last");
	assert_end(&lines);
	open_lines(&lines, testing_text("\xef\xbb\xbfone\n"));
	assert_line(&lines, 1, "one");
	assert_end(&lines);
	open_lines(&lines, testing_text(""));
	assert_end(&lines);
}

static void goes_back_to_the_start(void **state)
{
	struct place_lines lines;
	struct view bytes;

	(void)state;
	open_lines(&lines, testing_text("one\ntwo"));
	assert_int_equal(place_lines_bytes(&lines, &bytes, NULL), 0);
	assert_true(view_starts(bytes, VIEW("one")));
	place_lines_back(&lines, bytes);
	assert_line(&lines, 1, "one");
	assert_line(&lines, 2, "two");
	assert_int_equal(place_lines_bytes(&lines, &bytes, NULL), 0);
	assert_int_equal(bytes.len, 0);
	assert_end(&lines);
}

/*
 * Lines of every length around those of the line limit and of the buffer, each with the next one
 * behind it.
 */
static void passes_over_long_lines(void **state)
{
	static const size_t lengths[] = {
		PLACE_LINE_MAX - 1, PLACE_LINE_MAX, PLACE_LINE_MAX + 1, 4 * PLACE_LINE_MAX - 1,
		4 * PLACE_LINE_MAX, 4 * PLACE_LINE_MAX + 1, 9 * PLACE_LINE_MAX,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (int newline = 0; newline < 2; newline++) {
			size_t size = lengths[i] + 6 + (newline ? 6 : 0);
			char *text = malloc(size);
			struct place_lines lines;
			struct view line;

			assert_non_null(text);
			memset(text, 'x', size);
			memcpy(text, "first\n", 6);
			if (newline)
				memcpy(text + 6 + lengths[i], "\nnext\n", 6);
			open_lines(&lines, testing_file(text, size));
			assert_line(&lines, 1, "first");
			assert_int_equal(place_lines_next(&lines, &line, NULL), 1);
			assert_int_equal(lines.number, 2);
			if (lengths[i] <= PLACE_LINE_MAX)
				assert_int_equal(line.len, lengths[i]);
			else
				assert_null(line.ptr);
			if (newline)
				assert_line(&lines, 3, "next");
			assert_end(&lines);
			free(text);
		}
	}
}

/* A pipe gives a few bytes at a time, as a stream does that is decompressed. */
static void joins_pieces(void **state)
{
	static const char *const pieces[] = { "o", "ne\ntw", "o\n", "\nthr", "ee" };
	struct place_lines lines;
	int ends[2];
	pid_t writer;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	writer = fork();
	assert_true(writer >= 0);
	if (writer == 0) {
		close(ends[0]);
		for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
			if (write(ends[1], pieces[i], strlen(pieces[i])) < 0)
				_exit(1);
			usleep(1000);
		}
		_exit(0);
	}
	close(ends[1]);
	open_lines(&lines, ends[0]);
	assert_line(&lines, 1, "one");
	assert_line(&lines, 2, "two");
	assert_line(&lines, 3, "");
	assert_line(&lines, 4, "three");
	assert_end(&lines);
	waitpid(writer, NULL, 0);
}

static void refuses_damaged_files(void **state)
{
	static const char text[] = "one\ntwo\nthree\n";
	unsigned char packed[256];
	z_stream stream = { .next_in = (unsigned char *)text, .avail_in = sizeof(text) - 1,
			    .next_out = packed, .avail_out = sizeof(packed) };
	size_t size;
	struct place_lines lines;
	struct view line;
	struct err err = { 0 };
	int rc;

	(void)state;
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	size = stream.total_out;
	deflateEnd(&stream);
	open_lines(&lines, testing_file(packed, size));
	assert_line(&lines, 1, "one");
	assert_line(&lines, 2, "two");
	assert_line(&lines, 3, "three");
	assert_end(&lines);

	rc = place_lines_open(&lines, testing_file(packed, size - 6), "cut.gz", &err);
	while (rc >= 0) {
		rc = place_lines_next(&lines, &line, &err);
		if (rc <= 0) {
			place_lines_close(&lines);
			break;
		}
	}
	assert_int_equal(rc, ERR_FORMAT);
	assert_non_null(strstr(err.text, "cut.gz"));
	assert_non_null(strstr(err.text, "cut off"));
	rc = place_lines_open(&lines, open("/tmp", O_RDONLY), "/tmp", &err);
	assert_int_equal(rc, ERR_SYSTEM);
}

static void assert_fields(const char *text, char separator, const char *const fields[])
{
	struct view rest = view_of(text), field;

	for (; *fields; fields++) {
		assert_true(place_field_next(&rest, separator, &field));
		if (!view_equal(field, view_of(*fields)))
			fail_msg("field is \"%.*s\", not \"%s\"", VIEW_ARGS(field), *fields);
	}
	assert_false(place_field_next(&rest, separator, &field));
}

static void splits_fields(void **state)
{
	(void)state;
	assert_fields("a,b,c", ',', (const char *[]){ "a", "b", "c", NULL });
	assert_fields(" a , \"b,c\" ,d", ',', (const char *[]){ "a", "b,c", "d", NULL });
	assert_fields("\"a \"\"b\"\" c\",d", ',', (const char *[]){ "a \"\"b\"\" c", "d", NULL });
	assert_fields("a\t\tb", '\t', (const char *[]){ "a", "", "b", NULL });
	assert_fields("a,", ',', (const char *[]){ "a", "", NULL });
	assert_fields("\"\",\"", ',', (const char *[]){ "", "", NULL });
	assert_fields("\"a\"x,b", ',', (const char *[]){ "a", "b", NULL });
	assert_fields("\"a,b", ',', (const char *[]){ "a,b", NULL });
	assert_fields("", ',', (const char *[]){ "", NULL });
}

static void parses_as_numbers(void **state)
{
	static const struct {
		const char *text;
		uint32_t asn;
	} good[] = {
		{ "0", 0 }, { "131279", 131279 }, { "AS131279", 131279 }, { "as2.207", 131279 },
		{ "4294967295", 4294967295 }, { "65535.65535", 4294967295 }, { "1.0", 65536 },
	};
	static const char *const bad[] = {
		"", "AS", "AS-1", "-1", "4294967296", "65536.0", "0.65536", "1.", ".1", "1.2.3",
		"1 ", "ASN1",
	};
	uint32_t asn = 77;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(place_field_asn(view_of(bad[i]), &asn));
	assert_int_equal(asn, 77);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(place_field_asn(view_of(good[i].text), &asn));
		assert_int_equal(asn, good[i].asn);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_lines),
		cmocka_unit_test(goes_back_to_the_start),
		cmocka_unit_test(passes_over_long_lines),
		cmocka_unit_test(joins_pieces),
		cmocka_unit_test(refuses_damaged_files),
		cmocka_unit_test(splits_fields),
		cmocka_unit_test(parses_as_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

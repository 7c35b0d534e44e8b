/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as recordings, through the whole chain: merge, decoding, table, measuring, the finding. The first byte says which question is
 * asked, the second where the rest is cut into two files of two collectors. The finding is the same for one thread and for two,
 * and its JSON reads as itself.
 */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz.h"
#include "inquiry/inquiry.h"

static const char table[] =
	"2|apnic|20141201|3|19850701|20141201|+1000\n"
	"apnic|KP|ipv4|175.45.176.0|1024|20090101|allocated\n"
	"apnic|KP|asn|131279|1|20091218|allocated\n"
	"arin|US|ipv4|1.0.0.0|1677721600|19900101|allocated\n";

struct files {
	const uint8_t *bytes[2];
	size_t len[2];
	struct place *place;
};

static int files_open(void *context, uint32_t input, int *ret_fd, struct err *err)
{
	const struct files *files = context;

	(void)err;
	*ret_fd = fuzz_file(files->bytes[input], files->len[input]);
	return 0;
}

static int files_place(void *context, const struct place **ret_place, struct err *err)
{
	(void)err;
	*ret_place = ((struct files *)context)->place;
	return 0;
}

static struct question question_of(uint8_t choice)
{
	struct question question = {
		.kind = choice % (QUESTION_INFO + 1), .from = UTC_NEVER, .until = UTC_NEVER, .at = UTC_NEVER,
		.parameters = MEASURE_PARAMETERS_DEFAULT,
	};
	bool place = question.kind == QUESTION_UPSTREAMS || question.kind == QUESTION_FRONTIER ||
		     question.kind == QUESTION_REPORT;

	if (place)
		question.country = COUNTRY('K', 'P');
	if (question.kind == QUESTION_CUT)
		question.cut.a = 4837;
	question.parameters.full_feed_ipv4 = question.parameters.full_feed_ipv6 = 1;
	question.parameters.min_peers = 1;
	return question;
}

/* False: no record could be read. */
static bool ask(const struct question *question, struct files *files, unsigned threads, struct buf *out)
{
	const struct feed_input inputs[2] = {
		{ .name = "a", .collector = "rrc00" }, { .name = "b", .collector = "rrc01" },
	};
	const struct inquiry inquiry = {
		.question = question, .inputs = inputs, .input_count = files->len[1] ? 2 : 1,
		.opener = { .context = files, .open = files_open }, .feed = { .threads = threads, .record_max = 1u << 20 },
		.program = "fuzz", .place = files_place, .place_context = files,
	};
	struct finding finding = { 0 }, again = { 0 };
	struct buf json = { 0 };
	struct err err = { 0 };
	int code = inquiry_run(&inquiry, &finding, &err);

	must(code == 0 || code == ERR_FORMAT || code == ERR_LIMIT || code == ERR_USAGE);
	if (code == 0 || code == ERR_FORMAT) {
		must(finding_encode(&finding, false, out, &err) == 0);
		must(finding_decode(out->data, out->len, &again, &err) == 0);
		must(finding_encode(&again, false, &json, &err) == 0);
		must(json.len == out->len && memcmp(json.data, out->data, json.len) == 0);
	}
	finding_free(&finding);
	finding_free(&again);
	buf_free(&json);
	return code == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf one = { 0 }, two = { 0 };
	struct question question;
	struct files files;
	size_t cut;

	if (size < 3)
		return 0;
	question = question_of(data[0]);
	cut = (size - 2) * data[1] / 255;
	files = (struct files){ .bytes = { data + 2, data + 2 + cut }, .len = { cut, size - 2 - cut } };
	must(place_new(&files.place, NULL) == 0);
	must(place_load(files.place, fuzz_file((const uint8_t *)table, sizeof(table) - 1), "table", NULL) == 0);
	must(place_ready(files.place, NULL) == 0);
	must(ask(&question, &files, 1, &one) == ask(&question, &files, 2, &two));
	must(one.len == two.len && (!one.len || memcmp(one.data, two.data, one.len) == 0));
	place_free(files.place);
	buf_free(&one);
	buf_free(&two);
	return 0;
}

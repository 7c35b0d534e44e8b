/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as the JSON of a finding. What is taken is written canonically, and that reads as itself; shown as text and CSV it ends
 * without harm.
 */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz.h"
#include "inquiry/finding.h"
#include "show/finding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct show_style style = { .width = 80, .rows = 20 };
	struct buf first = { 0 }, second = { 0 }, pretty = { 0 }, text = { .cap = 1u << 20 };
	struct finding finding = { 0 }, again = { 0 };
	struct err err = { 0 };

	if (finding_decode((const char *)data, size, &finding, &err)) {
		must(*err.text);
		return 0;
	}
	must(finding_encode(&finding, false, &first, &err) == 0);
	must(finding_decode(first.data, first.len, &again, &err) == 0);
	must(finding_encode(&again, false, &second, &err) == 0);
	must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
	finding_free(&again);
	must(finding_encode(&finding, true, &pretty, &err) == 0);
	must(finding_decode(pretty.data, pretty.len, &again, &err) == 0);
	second.len = 0;
	must(finding_encode(&again, false, &second, &err) == 0);
	must(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
	finding_free(&again);
	(void)show_finding(&finding, &style, &text, &err);
	(void)show_csv(&finding, NULL, &text, &err);
	finding_free(&finding);
	buf_free(&first);
	buf_free(&second);
	buf_free(&pretty);
	buf_free(&text);
	return 0;
}

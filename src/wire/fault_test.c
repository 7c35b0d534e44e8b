/* SPDX-License-Identifier: BSD-2-Clause */
#include "wire/testing.h"

static void test_every_kind_has_its_own_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FAULT_KIND_COUNT; i++) {
		assert_non_null(fault_name(i));
		assert_non_null(fault_clause(i));
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(fault_name(i), fault_name(k));
	}
	assert_string_equal(fault_name(FAULT_KIND_COUNT), "unknown");
	assert_string_equal(fault_clause(FAULT_KIND_COUNT), "");
}

static void assert_format(const struct fault *fault, const char *text)
{
	struct buf buf = { 0 };

	fault_format(&buf, fault);
	buf_char(&buf, '\0');
	assert_string_equal(buf.data, text);
	buf_free(&buf);
}

static void test_format(void **state)
{
	struct fault fault = {
		.kind = FAULT_ATTR_SHORT,
		.verdict = VERDICT_TREAT_AS_WITHDRAW,
		.ref = { 0, 17, 2048 },
		.at = 63,
		.lost = 5,
		.value = 17,
	};

	(void)state;
	assert_format(&fault, "record 17 at byte 2048+63: attribute 17 (AS4_PATH) runs past the "
		      "end (RFC 7606 section 4); treated as withdrawal; 5 bytes lost");
	fault.value = 99;
	fault.verdict = VERDICT_NONE;
	fault.lost = 1;
	assert_format(&fault, "record 17 at byte 2048+63: attribute 99 runs past the end "
		      "(RFC 7606 section 4); 1 byte lost");
	fault = (struct fault){ .kind = FAULT_CUT, .ref = { 0, 0, 4096 } };
	assert_format(&fault, "byte 4096: the input ends in the middle");
	fault = (struct fault){ .kind = FAULT_MRT_TYPE, .ref = { 0, 1, 0 }, .at = 4,
				.value = 13 << 16 | 99 };
	assert_format(&fault, "record 1 at byte 0+4: a record of type and subtype 13.99 is not "
		      "decoded (RFC 6396 section 4)");
	fault = (struct fault){ .kind = FAULT_BGP_TYPE, .verdict = VERDICT_SESSION_RESET,
				.ref = { 0, 1, 0 }, .at = 1, .value = 9 };
	assert_format(&fault, "record 1 at byte 0+1: nobody registered BGP message type 9 "
		      "(RFC 4271 section 6.1); message passed over");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_kind_has_its_own_name),
		cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way back from a finding's question to one that can be asked again. Nothing in it is believed.
 */
#include <string.h>

#include "inquiry/inquiry.h"

/* Far beyond what makes sense, and far from where sums of times would overflow. */
#define TIME_MOST (3650 * UTC_DAY)

static int64_t value_most(const struct parameter *row)
{
	if (row->unit == PARAMETER_PPM)
		return PPM;
	return row->unit == PARAMETER_TIME ? TIME_MOST : row->size == 4 ? UINT32_MAX : INT64_MAX;
}

static int parameters_take(const struct finding_question *from,
			   struct measure_parameters *ret_parameters, struct err *err)
{
	struct measure_parameters parameters = measure_parameters_default;

	if (from->parameter_count != measure_parameter_count)
		return err_set(err, ERR_FORMAT,
			       "question: %u parameters, where this method has %zu",
			       from->parameter_count, measure_parameter_count);
	for (size_t i = 0; i < measure_parameter_count; i++) {
		const struct parameter *row = &measure_parameter_table[i];
		const struct finding_parameter *given = &from->parameters[i];

		if (strcmp(row->name, given->name) != 0)
			return err_set(err, ERR_FORMAT,
				       "question: parameter %.60s, where %s was expected",
				       given->name, row->name);
		if (given->value < 0 || given->value > value_most(row))
			return err_set(err, ERR_FORMAT, "question: parameter %s cannot be %lld",
				       row->name, (long long)given->value);
		parameter_set(&parameters, row, given->value);
	}
	*ret_parameters = parameters;
	return 0;
}

int question_from_finding(const struct finding_question *from, struct question *ret_question,
			  struct err *err)
{
	struct question question = {
		.kind = QUESTION_REPORT, .from = from->from, .until = from->until, .at = from->at,
	};
	struct view subject = view_of(from->subject);
	bool known = false;

	if (strcmp(from->kind, question_kind_name(QUESTION_REPORT)) != 0)
		return err_set(err, ERR_FORMAT,
			       "question: of a kind (%.40s) that is not asked again", from->kind);
	if (strcmp(from->subject_kind, "country") == 0)
		known = country_parse(subject, &question.country) &&
			question.country != COUNTRY_UNKNOWN;
	else if (strcmp(from->subject_kind, "as") == 0)
		known = asn_parse(subject, &question.asn) && question.asn != 0;
	else if (strcmp(from->subject_kind, "prefix") == 0)
		known = prefix_parse(subject, &question.prefix);
	if (!known)
		return err_set(err, ERR_FORMAT, "question: no country, AS or prefix (%.60s)",
			       from->subject);
	if (parameters_take(from, &question.parameters, err))
		return err ? err->code : ERR_FORMAT;
	*ret_question = question;
	return 0;
}

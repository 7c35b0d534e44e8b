/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table out of the list of parameters. Defaults and their sources are explained in
 * docs/measure.md.
 */
#include "measure/parameters.h"

#include <string.h>

const struct measure_parameters measure_parameters_default = MEASURE_PARAMETERS_DEFAULT;

#define UNIT_SHARE PARAMETER_PPM
#define UNIT_TIME PARAMETER_TIME
#define UNIT_COUNT PARAMETER_COUNT
#define UNIT_SIZE PARAMETER_COUNT

#define ROW(name, kind, field, value, help) \
	{ name, UNIT_##kind, offsetof(struct measure_parameters, field), \
	  sizeof(((struct measure_parameters *)0)->field), help },

const struct parameter measure_parameter_table[] = {
	MEASURE_PARAMETERS(ROW)
};

const size_t measure_parameter_count = sizeof(measure_parameter_table) /
				       sizeof(measure_parameter_table[0]);

int64_t parameter_get(const struct measure_parameters *parameters, const struct parameter *row)
{
	const char *at = (const char *)parameters + row->offset;
	uint32_t small;
	int64_t large;

	if (row->size == sizeof(small)) {
		memcpy(&small, at, sizeof(small));
		return small;
	}
	memcpy(&large, at, sizeof(large));
	return large;
}

void parameter_set(struct measure_parameters *parameters, const struct parameter *row,
		   int64_t value)
{
	char *at = (char *)parameters + row->offset;
	uint32_t small = (uint32_t)value;

	if (row->size == sizeof(small))
		memcpy(at, &small, sizeof(small));
	else
		memcpy(at, &value, sizeof(value));
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a file of VRPs: what is taken is sorted, in range, and covers itself. */
#define _GNU_SOURCE
#include "fuzz.h"
#include "place/vrps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vrps vrps;
	struct err err = { 0 };

	if (vrps_load(fuzz_file(data, size), "fuzz", &vrps, &err)) {
		must(err.text[0] != '\0');
		return 0;
	}
	for (uint32_t i = 0; i < vrps.count; i++) {
		const struct vrp *vrp = &vrps.entries[i];

		must(vrp->prefix.len <= vrp->max_len && vrp->max_len <= family_bits(vrp->prefix.family));
		must(i == 0 || prefix_compare(&vrps.entries[i - 1].prefix, &vrp->prefix) <= 0);
		must(vrps_state(&vrps, &vrp->prefix, vrp->asn) == (vrp->asn ? RPKI_VALID : vrps_state(&vrps, &vrp->prefix, 0)));
		must(vrps_state(&vrps, &vrp->prefix, 0) == RPKI_INVALID);
	}
	vrps_free(&vrps);
	return 0;
}

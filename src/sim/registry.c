/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulated registry knows the networks that no other network contains: what nests in them is
 * theirs, as addresses that a provider hands to its customers are registered to the provider. Every
 * AS stands in it.
 */
#include "sim/registry.h"

#include "base/utc.h"

static void put_date(struct buf *buf, int64_t time)
{
	int year, month, day;

	utc_to_civil(time, &year, &month, &day);
	buf_printf(buf, "%04d%02d%02d", year, month, day);
}

static void put_entry(struct buf *buf, country_t country, const char *type)
{
	char code[3];

	country_format(country, code);
	buf_printf(buf, "simulated|%s|%s|", country == COUNTRY_UNKNOWN ? "" : code, type);
}

static void put_end(struct buf *buf, uint64_t count, int64_t date, uint32_t as)
{
	buf_printf(buf, "|%llu|", (unsigned long long)count);
	put_date(buf, date);
	buf_printf(buf, "|allocated|sim-%u\n", as);
}

static bool is_entry(const struct plan *plan, uint32_t network, uint8_t family)
{
	return plan->networks[network].top && plan->networks[network].prefix.family == family;
}

void registry_write_delegated(const struct plan *plan, struct buf *buf)
{
	static const uint8_t families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	const struct world *world = plan->world;
	uint32_t counts[2] = { 0, 0 };

	for (int f = 0; f < 2; f++)
		for (uint32_t i = 0; i < plan->network_count; i++)
			counts[f] += is_entry(plan, i, families[f]);
	buf_str(buf, "2.3|simulated|");
	put_date(buf, plan->from);
	buf_printf(buf, "|%u|19830101|", world->as_count + counts[0] + counts[1]);
	put_date(buf, plan->from);
	buf_printf(buf,
		   "|+0000\nsimulated|*|asn|*|%u|summary\nsimulated|*|ipv4|*|%u|summary\n"
		   "simulated|*|ipv6|*|%u|summary\n",
		   world->as_count, counts[0], counts[1]);
	for (uint32_t as = 0; as < world->as_count; as++) {
		put_entry(buf, world->ases[as].country, "asn");
		buf_u64(buf, world->ases[as].asn);
		put_end(buf, 1, plan->from, world->ases[as].asn);
	}
	for (int f = 0; f < 2; f++)
		for (uint32_t i = 0; i < plan->network_count; i++) {
			const struct world_network *network = &plan->networks[plan->by_prefix[i]];
			struct addr addr = { .family = families[f] };

			if (!is_entry(plan, plan->by_prefix[i], families[f]))
				continue;
			memcpy(addr.bytes, network->prefix.bytes, sizeof(addr.bytes));
			put_entry(buf, network->country, f ? "ipv6" : "ipv4");
			addr_format(buf, &addr);
			put_end(buf,
				f ? network->prefix.len : (uint64_t)1 << (32 - network->prefix.len),
				plan->from, world->ases[network->origin].asn);
		}
}

void registry_write_names(const struct plan *plan, struct buf *buf)
{
	for (uint32_t as = 0; as < plan->world->as_count; as++) {
		const struct world_as *of = &plan->world->ases[as];

		if (of->name)
			buf_printf(buf, "AS%-10u %s\n", of->asn, of->name);
	}
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of events and of address families, as they are printed. */
#include "wire/event.h"

static const char *const kind_names[EVENT_KIND_COUNT] = {
	[EVENT_ANNOUNCE] = "announce",
	[EVENT_WITHDRAW] = "withdraw",
	[EVENT_RIB_ENTRY] = "rib-entry",
	[EVENT_RIB_BEGIN] = "rib-begin",
	[EVENT_RIB_END] = "rib-end",
	[EVENT_END_OF_RIB] = "end-of-rib",
	[EVENT_STATE] = "state",
	[EVENT_MESSAGE] = "message",
	[EVENT_OTHER_FAMILY] = "other-family",
};

/* IANA "Address Family Numbers" and "SAFI Values", as far as BGP sessions negotiate them. */
static const struct {
	uint16_t afi;
	uint8_t safi;
	const char *name;
} families[] = {
	{ 1, 1, "IPv4 unicast" },
	{ 1, 2, "IPv4 multicast" },
	{ 1, 3, "IPv4 unicast and multicast" },		/* RFC 2858, withdrawn by RFC 4760 */
	{ 1, 4, "IPv4 labelled unicast" },		/* RFC 8277 */
	{ 1, 5, "IPv4 multicast VPN" },			/* RFC 6514 */
	{ 1, 66, "IPv4 MDT" },				/* RFC 6037 */
	{ 1, 73, "IPv4 SR policy" },			/* RFC 9830 */
	{ 1, 128, "IPv4 VPN unicast" },			/* RFC 4364 */
	{ 1, 129, "IPv4 VPN multicast" },		/* RFC 6514 */
	{ 1, 132, "IPv4 route target" },		/* RFC 4684 */
	{ 1, 133, "IPv4 flow specification" },		/* RFC 8955 */
	{ 1, 134, "IPv4 VPN flow specification" },
	{ 2, 1, "IPv6 unicast" },
	{ 2, 2, "IPv6 multicast" },
	{ 2, 3, "IPv6 unicast and multicast" },
	{ 2, 4, "IPv6 labelled unicast" },
	{ 2, 5, "IPv6 multicast VPN" },
	{ 2, 73, "IPv6 SR policy" },
	{ 2, 128, "IPv6 VPN unicast" },			/* RFC 4659 */
	{ 2, 129, "IPv6 VPN multicast" },
	{ 2, 133, "IPv6 flow specification" },		/* RFC 8956 */
	{ 2, 134, "IPv6 VPN flow specification" },
	{ 25, 65, "L2VPN VPLS" },			/* RFC 4761 */
	{ 25, 70, "L2VPN EVPN" },			/* RFC 7432 */
	{ 25, 134, "L2VPN flow specification" },
	{ 16388, 71, "BGP-LS" },			/* RFC 9552 */
	{ 16388, 72, "BGP-LS VPN" },
};

const char *event_kind_name(enum event_kind kind)
{
	return (unsigned)kind < EVENT_KIND_COUNT ? kind_names[kind] : "unknown";
}

const char *afi_safi_name(uint16_t afi, uint8_t safi)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i].afi == afi && families[i].safi == safi)
			return families[i].name;
	return NULL;
}

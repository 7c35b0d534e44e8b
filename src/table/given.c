/* SPDX-License-Identifier: BSD-2-Clause */
/* The same steps that rib.c, audit.c and liveness.c take once they have decided. */
#include "table/given.h"

#include "table/state.h"

int table_given_vantage(struct table *table, const struct table_source *source,
			const struct peer *peer, uint32_t *ret_vantage, struct err *err)
{
	uint32_t vantage = state_vantage(table, source->collector, peer);

	if (vantage == MAP_NONE)
		return err_memory(err);
	*ret_vantage = vantage;
	return 0;
}

void table_given_forget(struct table *table, uint32_t vantage)
{
	state_forget(table, vantage);
}

static int tell(struct table *table, const struct given_route *route, const struct held *held,
		enum change_why why, int64_t evidence, const struct event *event)
{
	struct table_change change = {
		.time = table->clock,
		.evidence = evidence,
		.network = route->network,
		.vantage = route->vantage,
		.before = held->before,
		.after = held->after,
		.why = why,
		.event = event,
	};

	if (event)
		change.ref = event->ref;
	return state_tell(table, &change);
}

int table_given_entry(struct table *table, const struct table_source *source,
		      const struct event *event, bool takes, struct given_route *ret_route,
		      struct err *err)
{
	struct given_route route = { .path_id = event->has_path_id ? event->path_id : 0 };
	struct held held;
	int code = table_given_vantage(table, source, event->peer, &route.vantage, err);

	if (code)
		return code;
	route.network = state_network(table, &event->prefix, &code);
	if (route.network == MAP_NONE)
		return code ? err_memory(err)
			    : err_set(err, ERR_FORMAT, "a RIB entry of what is no network");
	route.path = state_path(table, route.vantage,
				networks_need(&table->networks, route.network), event);
	if (route.path == PATH_NONE)
		return err_memory(err);
	roster_of(table, route.vantage)->in_rib = true;
	*ret_route = route;
	if (!takes)
		return 0;
	if (state_hold_event(table, route.vantage, route.network, event, route.path, &held) != 0)
		return err_memory(err);
	return held.before == held.after
		       ? 0
		       : tell(table, &route, &held, CHANGE_RIB, table->clock, event);
}

int table_given_change(struct table *table, const struct given_route *route, enum change_why why,
		       int64_t evidence, struct err *err)
{
	struct event as_event = { .has_path_id = route->path_id != 0, .path_id = route->path_id };
	struct held held = { .after = route->path };
	int code;

	if (why == CHANGE_AUDIT) {
		code = state_hold_event(table, route->vantage, route->network, &as_event,
					route->path, &held);
	} else {
		/* Purged, or missing in a whole RIB: whatever identifiers it had. */
		if (table->vantages[route->vantage].has_addpath)
			addpath_forget(&table->addpath,
				       addpath_key(route->vantage, route->network));
		code = state_hold(table, route->vantage, route->network, route->path, &held.before);
	}
	return code ? err_memory(err) : tell(table, route, &held, why, evidence, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a draft to a graph.
 *
 * ASes are sorted by number, links translated to indices, sorted and freed of doubles, and laid out
 * as one array of edges with a slice per AS (providers, peers, customers). A relation that the
 * draft gives twice and differently is an error, as is a circle of customers and providers: Gao and
 * Rexford's rules need none, and only without one does routing settle in a single state.
 */
#include "sim/world.h"

#include <stdlib.h>

#include "base/utc.h"
#include "base/vec.h"
#include "sim/lands.h"
#include "sim/random.h"

struct draft_as *draft_find(struct draft *draft, uint32_t asn)
{
	uint32_t at = map_get(&draft->by_asn, asn);

	return at == MAP_NONE ? NULL : &draft->ases[at];
}

struct draft_as *draft_as(struct draft *draft, uint32_t asn, struct err *err)
{
	struct draft_as *as = draft_find(draft, asn);

	if (as)
		return as;
	if (VEC_GROW(draft->ases, draft->as_count, draft->as_room, err) != 0)
		return NULL;
	if (map_put(&draft->by_asn, asn, draft->as_count) != 0) {
		err_memory(err);
		return NULL;
	}
	as = &draft->ases[draft->as_count++];
	*as = (struct draft_as){ .asn = asn, .mrai = UTC_NEVER };
	return as;
}

int draft_link(struct draft *draft, uint32_t a, uint32_t b, bool peers, const char *where,
	       struct err *err)
{
	int rc;

	if (a == b)
		return err_set(err, ERR_USAGE, "AS%u is linked to itself", a);
	if (!draft_as(draft, a, err) || !draft_as(draft, b, err))
		return ERR_MEMORY;
	rc = VEC_GROW(draft->links, draft->link_count, draft->link_room, err);
	if (rc != 0)
		return rc;
	draft->links[draft->link_count++] = (struct draft_link){ a, b, peers, where };
	return 0;
}

int draft_network(struct draft *draft, const struct prefix *prefix, uint32_t asn, struct err *err)
{
	int rc;

	if (!draft_as(draft, asn, err))
		return ERR_MEMORY;
	rc = VEC_GROW(draft->networks, draft->network_count, draft->network_room, err);
	if (rc != 0)
		return rc;
	draft->networks[draft->network_count++] = (struct draft_network){ *prefix, asn };
	return 0;
}

void draft_free(struct draft *draft)
{
	free(draft->ases);
	free(draft->links);
	free(draft->networks);
	map_free(&draft->by_asn);
	arena_free(&draft->arena);
}

static int compare_ases(const void *a, const void *b)
{
	uint32_t x = ((const struct world_as *)a)->asn, y = ((const struct world_as *)b)->asn;

	return (x > y) - (x < y);
}

static int build_ases(struct world *world, const struct draft *draft, struct err *err)
{
	world->ases = calloc(draft->as_count ? draft->as_count : 1, sizeof(*world->ases));
	if (!world->ases)
		return err_memory(err);
	for (uint32_t i = 0; i < draft->as_count; i++) {
		const struct draft_as *from = &draft->ases[i];
		struct world_as *as = &world->ases[i];

		*as = (struct world_as){
			.asn = from->asn, .country = from->country, .mrai = from->mrai,
		};
		if (from->name) {
			as->name = arena_strndup(&world->arena, from->name, strlen(from->name));
			if (!as->name)
				return err_memory(err);
		}
	}
	world->as_count = draft->as_count;
	qsort(world->ases, world->as_count, sizeof(*world->ases), compare_ases);
	return 0;
}

uint32_t world_find(const struct world *world, uint32_t asn)
{
	uint32_t low = 0, high = world->as_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (world->ases[middle].asn < asn)
			low = middle + 1;
		else
			high = middle;
	}
	return low < world->as_count && world->ases[low].asn == asn ? low : WORLD_NONE;
}

/* A link between indices: a is the provider, or the lower peer. */
struct link {
	uint32_t a, b;
	bool peers;
	const char *where;
};

static uint32_t lower_of(const struct link *link)
{
	return link->a < link->b ? link->a : link->b;
}

static uint32_t upper_of(const struct link *link)
{
	return link->a < link->b ? link->b : link->a;
}

static int compare_links(const void *a, const void *b)
{
	const struct link *x = a, *y = b;

	if (lower_of(x) != lower_of(y))
		return lower_of(x) < lower_of(y) ? -1 : 1;
	if (upper_of(x) != upper_of(y))
		return upper_of(x) < upper_of(y) ? -1 : 1;
	if (x->peers != y->peers)
		return x->peers ? 1 : -1;
	return (x->a > y->a) - (x->a < y->a);
}

/* Doubles are dropped; *ret_count links stay in *ret_links, the caller's to free. */
static int collect_links(const struct world *world, const struct draft *draft,
			 struct link **ret_links, uint32_t *ret_count, struct err *err)
{
	struct link *links = calloc(draft->link_count ? draft->link_count : 1, sizeof(*links));
	uint32_t count = 0;

	if (!links)
		return err_memory(err);
	for (uint32_t i = 0; i < draft->link_count; i++) {
		const struct draft_link *from = &draft->links[i];
		uint32_t a = world_find(world, from->a), b = world_find(world, from->b);

		if (from->peers && a > b)
			links[i] = (struct link){ b, a, true, from->where };
		else
			links[i] = (struct link){ a, b, from->peers, from->where };
	}
	qsort(links, draft->link_count, sizeof(*links), compare_links);
	for (uint32_t i = 0; i < draft->link_count; i++) {
		const struct link *last = count ? &links[count - 1] : NULL;

		if (!last || lower_of(last) != lower_of(&links[i]) ||
		    upper_of(last) != upper_of(&links[i])) {
			links[count++] = links[i];
			continue;
		}
		if (last->peers != links[i].peers || last->a != links[i].a) {
			const char *where = last->where ? last->where : links[i].where;

			err_set(err, ERR_USAGE,
				"%s%sAS%u and AS%u are given two different relations",
				where ? where : "", where ? ": " : "", world->ases[links[i].a].asn,
				world->ases[links[i].b].asn);
			free(links);
			return ERR_USAGE;
		}
	}
	*ret_links = links;
	*ret_count = count;
	return 0;
}

/* An edge before its place is known. */
struct slot {
	uint32_t to, link;
	uint8_t relation;
};

static int compare_slots(const void *a, const void *b)
{
	const struct slot *x = a, *y = b;

	if (x->relation != y->relation)
		return x->relation < y->relation ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

/*
 * Sorts an AS's slice and sets its inner bounds; world_activate() tells the active ones apart,
 * join_edges() sets `back`.
 */
static void lay_out(struct world *world, uint32_t as, struct slot *slots)
{
	struct world_as *of = &world->ases[as];
	uint32_t count = of->end - of->first, counts[3] = { 0 };

	qsort(slots, count, sizeof(*slots), compare_slots);
	for (uint32_t i = 0; i < count; i++) {
		world->edges[of->first + i] = (struct world_edge){
			.to = slots[i].to, .link = slots[i].link,
		};
		counts[slots[i].relation]++;
	}
	of->peers = of->first + counts[RELATION_PROVIDER];
	of->customers = of->peers + counts[RELATION_PEER];
	of->peers_active = of->customers;
	of->customers_active = of->end;
}

/*
 * Which of equally good neighbours an AS prefers is in life a matter of the nearest exit: large
 * networks are met in more places. So the odds go with the number of a neighbour's customers.
 */
static void rank_edges(struct world *world)
{
	for (uint32_t as = 0; as < world->as_count; as++) {
		const struct world_as *of = &world->ases[as];

		for (uint32_t e = of->first; e < of->end; e++) {
			const struct world_as *to = &world->ases[world->edges[e].to];
			uint32_t drawn = (uint32_t)(random_at(0, RANDOM_RANK, of->asn, to->asn) >>
						    32);

			world->edges[e].rank = drawn / (1 + to->end - to->customers);
		}
	}
}

static void join_edges(struct world *world)
{
	for (uint32_t i = 0; i < 2 * world->link_count; i++)
		world->link_edges[i] = WORLD_NONE;
	for (uint32_t as = 0; as < world->as_count; as++) {
		const struct world_as *of = &world->ases[as];

		for (uint32_t e = of->first; e < of->end; e++) {
			const struct world_edge *edge = &world->edges[e];
			bool forward = e >= of->customers || (e >= of->peers && as < edge->to);

			world->link_edges[2 * edge->link + !forward] = e;
		}
	}
	for (uint32_t i = 0; i < world->link_count; i++) {
		world->edges[world->link_edges[2 * i]].back = world->link_edges[2 * i + 1];
		world->edges[world->link_edges[2 * i + 1]].back = world->link_edges[2 * i];
	}
}

static int build_edges(struct world *world, const struct link *links, uint32_t count,
		       struct err *err)
{
	uint32_t *next = calloc((size_t)world->as_count + 1, sizeof(*next));
	struct slot *slots = calloc(count ? 2 * (size_t)count : 1, sizeof(*slots));

	world->edges = calloc(count ? 2 * (size_t)count : 1, sizeof(*world->edges));
	world->link_edges = calloc(count ? 2 * (size_t)count : 1, sizeof(*world->link_edges));
	world->link_count = count;
	world->edge_count = 2 * count;
	if (!next || !slots || !world->edges || !world->link_edges) {
		free(next);
		free(slots);
		return err_memory(err);
	}
	for (uint32_t i = 0; i < count; i++) {
		next[links[i].a + 1]++;
		next[links[i].b + 1]++;
	}
	for (uint32_t as = 0; as < world->as_count; as++) {
		next[as + 1] += next[as];
		world->ases[as].first = next[as];
		world->ases[as].end = next[as + 1];
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct link *link = &links[i];

		slots[next[link->a]++] = (struct slot){ link->b, i,
			link->peers ? RELATION_PEER : RELATION_CUSTOMER };
		slots[next[link->b]++] = (struct slot){ link->a, i,
			link->peers ? RELATION_PEER : RELATION_PROVIDER };
	}
	for (uint32_t as = 0; as < world->as_count; as++)
		lay_out(world, as, slots + world->ases[as].first);
	rank_edges(world);
	join_edges(world);
	free(next);
	free(slots);
	return 0;
}

/* Kahn's order from the customers upwards: what is left over stands on a circle or above one. */
static int check_circles(const struct world *world, struct err *err)
{
	uint32_t *left = calloc((size_t)world->as_count + 1, sizeof(*left));
	uint32_t *queue = calloc((size_t)world->as_count + 1, sizeof(*queue));
	uint32_t head = 0, tail = 0;
	int rc = 0;

	if (!left || !queue) {
		free(left);
		free(queue);
		return err_memory(err);
	}
	for (uint32_t as = 0; as < world->as_count; as++) {
		left[as] = world->ases[as].end - world->ases[as].customers;
		if (left[as] == 0)
			queue[tail++] = as;
	}
	while (head < tail) {
		const struct world_as *of = &world->ases[queue[head++]];

		for (uint32_t e = of->first; e < of->peers; e++)
			if (--left[world->edges[e].to] == 0)
				queue[tail++] = world->edges[e].to;
	}
	if (tail < world->as_count) {
		uint32_t as = 0;

		while (left[as] == 0)
			as++;
		rc = err_set(err, ERR_USAGE,
			     "AS%u or one of its customers is its own indirect provider",
			     world->ases[as].asn);
	}
	free(left);
	free(queue);
	return rc;
}

static int compare_networks(const void *a, const void *b)
{
	const struct world_network *x = a, *y = b;
	int order = prefix_compare(&x->prefix, &y->prefix);

	return order ? order : (x->origin > y->origin) - (x->origin < y->origin);
}

/*
 * The registry that is written beside the recordings has an entry for each network that no other
 * contains, so all that it contains belongs to the same country.
 */
static void place_networks(struct world *world, const struct place *place)
{
	const struct world_network *top = NULL;

	for (uint32_t i = 0; i < world->network_count; i++) {
		struct world_network *network = &world->networks[i];

		if (top && prefix_contains(&top->prefix, &network->prefix)) {
			network->country = top->country;
			continue;
		}
		network->top = true;
		network->country = place ? place_of_network(place, &network->prefix, NULL)
					 : COUNTRY_UNKNOWN;
		if (network->country == COUNTRY_UNKNOWN)
			network->country = world->ases[network->origin].country;
		top = network;
	}
}

static int build_networks(struct world *world, const struct draft *draft, const struct place *place,
			  struct err *err)
{
	uint32_t count = 0;

	world->networks = calloc(draft->network_count ? draft->network_count : 1,
				 sizeof(*world->networks));
	if (!world->networks)
		return err_memory(err);
	for (uint32_t i = 0; i < draft->network_count; i++)
		world->networks[i] = (struct world_network){
			.prefix = draft->networks[i].prefix,
			.origin = world_find(world, draft->networks[i].asn),
		};
	qsort(world->networks, draft->network_count, sizeof(*world->networks), compare_networks);
	/* One origin each: of several the first. */
	for (uint32_t i = 0; i < draft->network_count; i++)
		if (!count ||
		    !prefix_equal(&world->networks[count - 1].prefix, &world->networks[i].prefix))
			world->networks[count++] = world->networks[i];
	world->network_count = count;
	place_networks(world, place);
	return 0;
}

/* An AS that nobody placed is where its first network is. */
static void place_ases(struct world *world, const struct place *place)
{
	for (uint32_t as = 0; place && as < world->as_count; as++)
		if (world->ases[as].country == COUNTRY_UNKNOWN)
			world->ases[as].country = place_of_as(place, world->ases[as].asn);
	for (uint32_t i = 0; i < world->network_count; i++) {
		struct world_as *as = &world->ases[world->networks[i].origin];

		if (as->country == COUNTRY_UNKNOWN)
			as->country = world->networks[i].country;
	}
	for (uint32_t as = 0; as < world->as_count; as++)
		world->ases[as].region = (uint8_t)region_of_country(world->ases[as].country);
}

int world_build(const struct draft *draft, const struct place *place, struct world **ret_world,
		struct err *err)
{
	struct world *world = calloc(1, sizeof(*world));
	struct link *links = NULL;
	uint32_t count = 0;
	int rc;

	if (!world)
		return err_memory(err);
	rc = build_ases(world, draft, err);
	if (rc == 0)
		rc = collect_links(world, draft, &links, &count, err);
	if (rc == 0)
		rc = build_edges(world, links, count, err);
	free(links);
	if (rc == 0)
		rc = check_circles(world, err);
	if (rc == 0)
		rc = build_networks(world, draft, place, err);
	if (rc != 0) {
		world_free(world);
		return rc;
	}
	place_ases(world, place);
	*ret_world = world;
	return 0;
}

void world_free(struct world *world)
{
	if (!world)
		return;
	free(world->ases);
	free(world->edges);
	free(world->link_edges);
	free(world->networks);
	arena_free(&world->arena);
	free(world);
}

/* Active ones first, in their order. Returns where the leaves begin. */
static uint32_t part_edges(struct world *world, uint32_t from, uint32_t to)
{
	uint32_t bound = from;

	for (uint32_t e = from; e < to; e++) {
		struct world_edge edge = world->edges[e];

		if (!world->ases[edge.to].active)
			continue;
		world->edges[e] = world->edges[bound];
		world->edges[bound++] = edge;
	}
	return bound;
}

void world_activate(struct world *world, const bool *flags)
{
	for (uint32_t as = 0; as < world->as_count; as++) {
		struct world_as *of = &world->ases[as];

		of->active = flags[as] || of->customers < of->end;
	}
	for (uint32_t as = 0; as < world->as_count; as++) {
		struct world_as *of = &world->ases[as];

		of->peers_active = part_edges(world, of->peers, of->customers);
		of->customers_active = part_edges(world, of->customers, of->end);
	}
	join_edges(world);
}

uint32_t world_edge_find(const struct world *world, uint32_t from, uint32_t to)
{
	const struct world_as *of = &world->ases[from];

	for (uint32_t e = of->first; e < of->end; e++)
		if (world->edges[e].to == to)
			return e;
	return WORLD_NONE;
}

enum relation world_relation(const struct world *world, uint32_t from, uint32_t edge)
{
	const struct world_as *of = &world->ases[from];

	return edge < of->peers	      ? RELATION_PROVIDER
	       : edge < of->customers ? RELATION_PEER
				      : RELATION_CUSTOMER;
}

void world_cone(const struct world *world, uint32_t as, uint32_t *mark, uint32_t stamp,
		uint32_t *cone, uint32_t *count)
{
	uint32_t head = *count, tail = *count;

	if (mark[as] == stamp)
		return;
	mark[as] = stamp;
	cone[tail++] = as;
	while (head < tail) {
		const struct world_as *of = &world->ases[cone[head++]];

		for (uint32_t e = of->customers; e < of->end; e++) {
			uint32_t to = world->edges[e].to;

			if (mark[to] == stamp)
				continue;
			mark[to] = stamp;
			cone[tail++] = to;
		}
	}
	*count = tail;
}

/* Milliseconds one way between regions: the order of REGION_*; on the diagonal within one. */
static const uint8_t region_distance[REGION_COUNT][REGION_COUNT] = {
	{ 25, 45, 75, 60, 90 },
	{ 45, 15, 90, 100, 60 },
	{ 75, 90, 35, 140, 110 },
	{ 60, 100, 140, 30, 120 },
	{ 90, 60, 110, 120, 40 },
};

int64_t world_distance(const struct world *world, uint64_t seed, uint32_t a, uint32_t b)
{
	const struct world_as *x = &world->ases[a], *y = &world->ases[b];
	uint32_t low = x->asn < y->asn ? x->asn : y->asn, high = x->asn < y->asn ? y->asn : x->asn;
	int64_t base = region_distance[x->region][y->region] * 1000;

	if (x->country == y->country && x->country != COUNTRY_UNKNOWN)
		base /= 4;
	return random_between(random_at(seed, RANDOM_PROPAGATION, low, high), base / 2,
			      base * 3 / 2);
}

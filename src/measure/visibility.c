/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each tracked network has a row of one byte per vantage point: 0 for no route, else which of the
 * network's few origins the route has. Vantage points of one peer AS form a group; a group
 * counts where any of its live full-feed members holds the route, so a change looks at the
 * members of one group only.
 *
 * When full feeds come or go the denominators move under every network: all are counted and
 * decided again, once per instant (visibility_settle()). What that alone would turn is not believed
 * at once: before the first such change of an instant each seen network notes who holds it
 * (`usual`), and stays seen while at least the threshold's share of those of them that are still
 * counted hold it. A dark network becomes seen only when peer ASes that hold it are added.
 */
#include "measure/visibility.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

/* Origins beyond so many of one network are not told apart. */
#define ORIGINS_MAX	254
#define ORIGIN_ANY	UINT32_MAX

struct group {
	uint32_t *members;
	uint32_t count, room;
	uint32_t full[2];		/* members with a live full feed, by family */
};

struct vantage {
	uint32_t group;			/* MAP_NONE: not added */
	uint32_t networks;		/* held now */
	bool full[2];
};

struct visibility {
	const struct measure_parameters *parameters;
	struct visibility_sink sink;
	struct visibility_network *networks;
	uint32_t network_count, network_room;
	struct vantage *vantages;
	uint32_t vantage_count, vantage_room;
	struct group *groups;
	uint32_t group_count, group_room;
	struct map group_of_asn;
	uint32_t peers[2];
	bool stale[2];			/* the denominators moved since the last settling */
};

static unsigned family_index(uint8_t family)
{
	return family == FAMILY_IPV6;
}

int visibility_new(const struct measure_parameters *parameters, const struct visibility_sink *sink,
		   struct visibility **ret_visibility, struct err *err)
{
	struct visibility *visibility = calloc(1, sizeof(*visibility));

	if (!visibility)
		return err_memory(err);
	visibility->parameters = parameters;
	visibility->sink = *sink;
	*ret_visibility = visibility;
	return 0;
}

void visibility_free(struct visibility *visibility)
{
	if (!visibility)
		return;
	for (uint32_t i = 0; i < visibility->network_count; i++) {
		free(visibility->networks[i].row);
		free(visibility->networks[i].usual);
		free(visibility->networks[i].origins);
	}
	for (uint32_t i = 0; i < visibility->group_count; i++)
		free(visibility->groups[i].members);
	free(visibility->networks);
	free(visibility->vantages);
	free(visibility->groups);
	map_free(&visibility->group_of_asn);
	free(visibility);
}

int visibility_add_network(struct visibility *visibility, const struct prefix *prefix,
			   uint32_t *ret_network, struct err *err)
{
	int code = VEC_GROW(visibility->networks, visibility->network_count,
			    visibility->network_room, err);

	if (code)
		return code;
	visibility->networks[visibility->network_count] = (struct visibility_network){
		.prefix = *prefix,
		.loss = { UTC_NEVER, UTC_NEVER, false, false },
		.gain = { UTC_NEVER, UTC_NEVER, false, false },
	};
	*ret_network = visibility->network_count++;
	return 0;
}

struct visibility_network *visibility_network(struct visibility *visibility, uint32_t network)
{
	return &visibility->networks[network];
}

static int group_find(struct visibility *visibility, uint32_t peer_asn, uint32_t *ret_group,
		      struct err *err)
{
	uint32_t group = map_get(&visibility->group_of_asn, peer_asn);
	int code;

	if (group == MAP_NONE) {
		code = VEC_GROW(visibility->groups, visibility->group_count, visibility->group_room,
				err);
		if (code)
			return code;
		group = visibility->group_count;
		if (map_put(&visibility->group_of_asn, peer_asn, group) != 0)
			return err_memory(err);
		visibility->groups[group] = (struct group){ 0 };
		visibility->group_count++;
	}
	*ret_group = group;
	return 0;
}

int visibility_add_vantage(struct visibility *visibility, uint32_t vantage, uint32_t peer_asn,
			   struct err *err)
{
	struct group *group;
	uint32_t number = 0;
	int code = 0;

	while (visibility->vantage_count <= vantage && code == 0) {
		code = VEC_GROW(visibility->vantages, visibility->vantage_count,
				visibility->vantage_room, err);
		if (code == 0)
			visibility->vantages[visibility->vantage_count++] = (struct vantage){
				.group = MAP_NONE,
			};
	}
	if (code || visibility->vantages[vantage].group != MAP_NONE)
		return code;
	code = group_find(visibility, peer_asn, &number, err);
	if (code)
		return code;
	group = &visibility->groups[number];
	code = VEC_GROW(group->members, group->count, group->room, err);
	if (code)
		return code;
	group->members[group->count++] = vantage;
	visibility->vantages[vantage].group = number;
	return 0;
}

static uint8_t row_at(const struct visibility_network *network, uint32_t vantage)
{
	return vantage < network->row_room ? network->row[vantage] : 0;
}

static int row_resize(uint8_t **row, uint32_t room, uint32_t more)
{
	uint8_t *moved = realloc(*row, more);

	if (!moved)
		return ERR_MEMORY;
	memset(moved + room, 0, more - room);
	*row = moved;
	return 0;
}

static int row_reach(struct visibility_network *network, uint32_t vantage, struct err *err)
{
	uint32_t room = network->row_room ? network->row_room : 8;

	if (vantage < network->row_room)
		return 0;
	if (vantage >= UINT16_MAX)
		return err_set(err, ERR_LIMIT, "more than %u vantage points", UINT16_MAX);
	while (room <= vantage)
		room *= 2;
	if (room > UINT16_MAX)
		room = UINT16_MAX;
	if (row_resize(&network->row, network->row_room, room) != 0 ||
	    (network->usual && row_resize(&network->usual, network->row_room, room) != 0))
		return err_memory(err);
	network->row_room = (uint16_t)room;
	return 0;
}

/* The origin's slot, 1 and up; ORIGINS_MAX + 1 is "another one". */
static int origin_slot(struct visibility_network *network, uint32_t asn, uint8_t *ret_slot,
		       struct err *err)
{
	struct visibility_origin *origins;

	for (unsigned i = 0; i < network->origin_count; i++) {
		if (network->origins[i].asn == asn) {
			*ret_slot = (uint8_t)(i + 1);
			return 0;
		}
	}
	if (network->origin_count == ORIGINS_MAX) {
		*ret_slot = ORIGINS_MAX + 1;
		return 0;
	}
	origins = reallocarray(network->origins, network->origin_count + 1u, sizeof(*origins));
	if (!origins)
		return err_memory(err);
	network->origins = origins;
	origins[network->origin_count] = (struct visibility_origin){ .asn = asn };
	*ret_slot = ++network->origin_count;
	return 0;
}

/*
 * Does a live full feed of the group, `except` left out, hold the network (slot 0: by any origin)?
 */
static bool group_holds(const struct visibility *visibility,
			const struct visibility_network *network, const struct group *group,
			uint32_t except, uint8_t slot)
{
	unsigned family = family_index(network->prefix.family);

	for (uint32_t i = 0; i < group->count; i++) {
		uint32_t member = group->members[i];
		uint8_t held = row_at(network, member);

		if (member != except && held && visibility->vantages[member].full[family] &&
		    (slot == 0 || held == slot))
			return true;
	}
	return false;
}

/*
 * Adds `step` peer ASes to those that hold the network by `slot`, where no sibling holds it anyway.
 */
static void count_slot(struct visibility *visibility, struct visibility_network *network,
		       uint32_t vantage, uint8_t slot, int step)
{
	const struct group *group = &visibility->groups[visibility->vantages[vantage].group];

	if (slot == 0 || slot > network->origin_count)
		return;
	if (!group_holds(visibility, network, group, vantage, slot))
		network->origins[slot - 1].tally.held =
			(uint16_t)(network->origins[slot - 1].tally.held + step);
}

static int count_any(struct visibility *visibility, uint32_t number, uint32_t vantage, int step,
		     struct err *err)
{
	struct visibility_network *network = &visibility->networks[number];
	const struct group *group = &visibility->groups[visibility->vantages[vantage].group];
	const struct visibility_sink *sink = &visibility->sink;

	if (group_holds(visibility, network, group, vantage, 0))
		return 0;
	network->tally.held = (uint16_t)(network->tally.held + step);
	return sink->held ? sink->held(sink->context, number, network->tally.held, err) : 0;
}

/* The vantage point holds a network more or less, whether it counts or not. */
static int count_networks(struct visibility *visibility, uint32_t vantage, int step,
			  struct err *err)
{
	const struct visibility_sink *sink = &visibility->sink;
	uint32_t *networks = &visibility->vantages[vantage].networks;

	*networks += (uint32_t)step;
	return sink->holds ? sink->holds(sink->context, vantage, *networks, err) : 0;
}

static bool is_seen(const struct visibility *visibility, uint32_t held, uint32_t peers)
{
	return peers &&
	       (uint64_t)held * PPM >= (uint64_t)visibility->parameters->threshold * peers && held;
}

/* Peer ASes counted now that held the network (slot 0: by any origin) before full feeds changed. */
static uint32_t usual_holders(const struct visibility *visibility,
			      const struct visibility_network *network, uint8_t slot)
{
	unsigned family = family_index(network->prefix.family);
	uint32_t count = 0;

	for (uint32_t i = 0; network->usual && i < visibility->group_count; i++) {
		const struct group *group = &visibility->groups[i];
		bool usual = false;

		for (uint32_t k = 0; group->full[family] && k < group->count && !usual; k++) {
			uint32_t member = group->members[k];
			uint8_t held = member < network->row_room ? network->usual[member] : 0;

			usual = held && visibility->vantages[member].full[family] &&
				(slot == 0 || held == slot);
		}
		count += usual;
	}
	return count;
}

enum cause { CAUSE_LOSS, CAUSE_GAIN, CAUSE_FEEDS };

/* Full feeds came or went and the share says otherwise than before: is it so? */
static bool judge_feeds(uint32_t usual, const struct visibility *visibility,
			const struct visibility_tally *tally)
{
	bool kept = is_seen(visibility, tally->held, usual);

	if (tally->seen)
		return usual == 0 || kept;
	return tally->held > tally->settled && (usual == 0 || kept);
}

/* Whether it is seen after `cause`; keeps tally->shifted. */
static bool judge(const struct visibility *visibility, const struct visibility_network *network,
		  uint8_t slot, struct visibility_tally *tally, enum cause cause)
{
	uint32_t peers = visibility->peers[family_index(network->prefix.family)];
	bool by_share = is_seen(visibility, tally->held, peers), seen = by_share;

	if (by_share == tally->seen)
		tally->shifted = false;
	else if (cause == CAUSE_FEEDS)
		seen = judge_feeds(usual_holders(visibility, network, slot), visibility, tally);
	else if (tally->shifted && tally->seen)
		seen = is_seen(visibility, tally->held, usual_holders(visibility, network, slot));
	else if (tally->shifted)
		seen = cause == CAUSE_GAIN;
	tally->shifted = seen != by_share;
	tally->settled = tally->held;
	return seen;
}

static int decide(struct visibility *visibility, uint32_t number, enum cause cause, struct err *err)
{
	struct visibility_network *network = &visibility->networks[number];
	bool seen;
	int code = 0;

	if (visibility->peers[family_index(network->prefix.family)] == 0)
		return 0;
	seen = judge(visibility, network, 0, &network->tally, cause);
	if (seen != network->tally.seen) {
		network->tally.seen = seen;
		code = visibility->sink.toggled(visibility->sink.context, number, ORIGIN_ANY, seen,
						err);
	}
	for (unsigned i = 0; i < visibility->networks[number].origin_count && code == 0; i++) {
		struct visibility_origin *origin = &network->origins[i];

		seen = judge(visibility, network, (uint8_t)(i + 1), &origin->tally, cause);
		if (seen == origin->tally.seen)
			continue;
		origin->tally.seen = seen;
		code = visibility->sink.toggled(visibility->sink.context, number, i, seen, err);
	}
	return code;
}

static void burst_extend(struct visibility_burst *burst, const struct visibility_hold *hold,
			 int64_t gap)
{
	if (burst->last == UTC_NEVER || hold->evidence - burst->last > gap) {
		burst->first = hold->evidence;
		burst->first_exact = hold->exact;
	}
	burst->last = hold->time;
	burst->last_exact = hold->exact;
}

int visibility_hold(struct visibility *visibility, const struct visibility_hold *hold,
		    struct err *err)
{
	struct visibility_network *network = &visibility->networks[hold->network];
	uint8_t before, after = 0;
	int code = row_reach(network, hold->vantage, err);

	if (code == 0 && hold->held)
		code = origin_slot(network, hold->origin, &after, err);
	if (code)
		return code;
	before = network->row[hold->vantage];
	if (before == after)
		return 0;
	network->row[hold->vantage] = after;
	if (!before != !after)
		code = count_networks(visibility, hold->vantage, after ? +1 : -1, err);
	if (code || !visibility->vantages[hold->vantage].full[family_index(network->prefix.family)])
		return code;
	count_slot(visibility, network, hold->vantage, before, -1);
	count_slot(visibility, network, hold->vantage, after, +1);
	if (!before != !after) {
		code = count_any(visibility, hold->network, hold->vantage, after ? +1 : -1, err);
		burst_extend(after ? &network->gain : &network->loss, hold,
			     visibility->parameters->burst_gap);
	}
	if (code || visibility->stale[family_index(network->prefix.family)])
		return code;
	return decide(visibility, hold->network, after ? CAUSE_GAIN : CAUSE_LOSS, err);
}

/* Seen networks note who holds them, as far as that is known now. */
static int usual_note(struct visibility *visibility, unsigned family, struct err *err)
{
	for (uint32_t i = 0; i < visibility->network_count; i++) {
		struct visibility_network *network = &visibility->networks[i];

		if (family_index(network->prefix.family) != family || !network->tally.seen ||
		    network->tally.shifted)
			continue;
		if (!network->usual && row_resize(&network->usual, 0, network->row_room) != 0)
			return err_memory(err);
		for (uint32_t vantage = 0;
		     vantage < network->row_room && vantage < visibility->vantage_count;
		     vantage++) {
			if (visibility->vantages[vantage].full[family])
				network->usual[vantage] = network->row[vantage];
		}
	}
	return 0;
}

int visibility_full(struct visibility *visibility, uint32_t vantage, enum family family, bool full,
		    struct err *err)
{
	unsigned index = family_index(family);
	struct vantage *entry = &visibility->vantages[vantage];
	struct group *group = &visibility->groups[entry->group];
	int code = 0;

	if (entry->full[index] == full)
		return 0;
	if (!visibility->stale[index] && usual_note(visibility, index, err) != 0)
		return ERR_MEMORY;
	/*
	 * The vantage point's own routes are counted while it does not count itself: see
	 * group_holds().
	 */
	for (uint32_t i = 0; i < visibility->network_count && code == 0; i++) {
		struct visibility_network *network = &visibility->networks[i];
		uint8_t slot = row_at(network, vantage);

		if (slot == 0 || family_index(network->prefix.family) != index)
			continue;
		count_slot(visibility, network, vantage, slot, full ? +1 : -1);
		code = count_any(visibility, i, vantage, full ? +1 : -1, err);
	}
	entry->full[index] = full;
	group->full[index] += full ? 1u : UINT32_MAX;
	if (group->full[index] == (full ? 1 : 0))
		visibility->peers[index] += full ? 1u : UINT32_MAX;
	visibility->stale[index] = true;
	return code;
}

int visibility_clear(struct visibility *visibility, uint32_t vantage, struct err *err)
{
	int code = visibility_full(visibility, vantage, FAMILY_IPV4, false, err);

	if (code == 0)
		code = visibility_full(visibility, vantage, FAMILY_IPV6, false, err);
	if (code)
		return code;
	for (uint32_t i = 0; i < visibility->network_count; i++) {
		if (vantage < visibility->networks[i].row_room)
			visibility->networks[i].row[vantage] = 0;
	}
	return count_networks(visibility, vantage, -(int)visibility->vantages[vantage].networks,
			      err);
}

int visibility_settle(struct visibility *visibility, struct err *err)
{
	int code = 0;

	if (!visibility->stale[0] && !visibility->stale[1])
		return 0;
	for (uint32_t i = 0; i < visibility->network_count && code == 0; i++) {
		if (visibility->stale[family_index(visibility->networks[i].prefix.family)])
			code = decide(visibility, i, CAUSE_FEEDS, err);
	}
	visibility->stale[0] = visibility->stale[1] = false;
	return code;
}

uint32_t visibility_peers(const struct visibility *visibility, enum family family)
{
	return visibility->peers[family_index(family)];
}

uint32_t visibility_ppm(const struct visibility *visibility, uint32_t network)
{
	const struct visibility_network *entry = &visibility->networks[network];

	return ppm_of(entry->tally.held, visibility->peers[family_index(entry->prefix.family)]);
}

bool visibility_is_full(const struct visibility *visibility, uint32_t vantage, enum family family)
{
	return vantage < visibility->vantage_count &&
	       visibility->vantages[vantage].full[family_index(family)];
}

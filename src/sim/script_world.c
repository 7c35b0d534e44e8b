/* SPDX-License-Identifier: BSD-2-Clause */
/* A scenario's topology: files or the generator, and what the scenario itself names. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utc.h"
#include "sim/random.h"
#include "sim/script_build.h"

/* A file named in a scenario, as seen from the scenario's folder. */
static char *path_of(struct build *build, struct draft *draft, const char *name)
{
	struct buf path = { 0 };
	char *kept = NULL;

	if (name[0] != '/' && build->folder[0]) {
		buf_str(&path, build->folder);
		buf_char(&path, '/');
	}
	buf_str(&path, name);
	if (!path.failed)
		kept = arena_strndup(&draft->arena, path.data, path.len);
	buf_free(&path);
	return kept;
}

static int load_place(struct build *build, struct draft *draft, struct place *place,
		      const char *name, bool names)
{
	char *path = path_of(build, draft, name);
	int fd;

	if (!path)
		return err_memory(build->err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_system(build->err, errno, "%s", path);
	return names ? place_load_names(place, fd, path, build->err)
		     : place_load(place, fd, path, build->err);
}

static int load_files(struct build *build, struct draft *draft, struct place *place)
{
	const struct scenario *scenario = build->scenario;
	char *path;
	int rc = 0;

	for (uint32_t i = 0; i < scenario->countries.count && rc == 0; i++)
		rc = load_place(build, draft, place, scenario->countries.values[i], false);
	if (scenario->names && rc == 0)
		rc = load_place(build, draft, place, scenario->names, true);
	if (rc == 0)
		rc = place_ready(place, build->err);
	if (scenario->relationships && rc == 0) {
		path = path_of(build, draft, scenario->relationships);
		rc = path ? topology_load_links(draft, path, build->err) : err_memory(build->err);
	}
	if (scenario->origins && rc == 0) {
		path = path_of(build, draft, scenario->origins);
		rc = path ? topology_load_origins(draft, path, build->err) : err_memory(build->err);
	}
	return rc;
}

static int add_links(struct build *build, struct draft *draft, const struct scenario_as *as,
		     const struct yaml_numbers *others, enum relation relation)
{
	char *where;
	int rc = 0;

	where = arena_alloc(&draft->arena, 256);
	if (!where)
		return err_memory(build->err);
	snprintf(where, 256, "%s:%u", build->scenario->name, as->line);
	for (uint32_t i = 0; i < others->count && rc == 0; i++) {
		uint32_t other = others->values[i];

		if (other == as->asn)
			return script_complain(build, as->line, "AS%u is linked to itself", other);
		if (relation == RELATION_PROVIDER)
			rc = draft_link(draft, other, as->asn, false, where, build->err);
		else
			rc = draft_link(draft, as->asn, other, relation == RELATION_PEER, where,
					build->err);
	}
	return rc;
}

static int add_named(struct build *build, struct draft *draft, const struct scenario_as *from)
{
	struct draft_as *as = draft_as(draft, from->asn, build->err);
	int rc = 0;

	if (!as)
		return ERR_MEMORY;
	as->name = from->name ? from->name : as->name;
	as->country = from->country ? from->country : as->country;
	as->mrai = from->mrai;
	for (uint32_t i = 0; i < from->networks.count && rc == 0; i++)
		rc = draft_network(draft, &from->networks.values[i], from->asn, build->err);
	if (rc == 0)
		rc = add_links(build, draft, from, &from->providers, RELATION_PROVIDER);
	if (rc == 0)
		rc = add_links(build, draft, from, &from->peers, RELATION_PEER);
	if (rc == 0)
		rc = add_links(build, draft, from, &from->customers, RELATION_CUSTOMER);
	return rc;
}

/* Neighbours that are only mentioned are stubs unless they have an entry of their own. */
static int generate(struct build *build, struct draft *draft)
{
	const struct scenario *scenario = build->scenario;
	struct topology_plan plan = scenario->topology;
	struct topology_named *named = calloc((size_t)draft->as_count + 1, sizeof(*named));
	int rc;

	if (!named)
		return err_memory(build->err);
	for (uint32_t i = 0; i < draft->as_count; i++)
		named[i] = (struct topology_named){ draft->ases[i].asn, ROLE_STUB, false, true, 0 };
	for (uint32_t i = 0; i < scenario->as_count; i++) {
		const struct scenario_as *as = &scenario->ases[i];
		uint32_t at = map_get(&draft->by_asn, as->asn);

		named[at].role = (enum role)as->role;
		named[at].networks = as->networks.count == 0;
		named[at].network_count = as->network_count;
		named[at].link = as->providers.count + as->peers.count + as->customers.count == 0;
	}
	plan.seed = build->plan->seed;
	plan.named = named;
	plan.named_count = draft->as_count;
	rc = topology_make(draft, &plan, build->err);
	free(named);
	return rc;
}

/* Names from a file are taken for every AS that has none. */
static int take_names(struct build *build, struct draft *draft, const struct place *place)
{
	for (uint32_t i = 0; i < draft->as_count; i++) {
		const char *name = place_as_name(place, draft->ases[i].asn);

		if (draft->ases[i].name || !name)
			continue;
		draft->ases[i].name = arena_strndup(&draft->arena, name, strlen(name));
		if (!draft->ases[i].name)
			return err_memory(build->err);
	}
	return 0;
}

static int draw_traits(struct build *build)
{
	static const struct scenario_interval usual[] = {
		{ 30 * UTC_SECOND, 350000 }, { 5 * UTC_SECOND, 150000 }, { 0, 500000 },
	};
	const struct scenario *scenario = build->scenario;
	const struct scenario_interval *from = scenario->intervals ? scenario->intervals : usual;
	struct plan *plan = build->plan;

	plan->traits = calloc((size_t)build->world->as_count + 1, sizeof(*plan->traits));
	if (!plan->traits)
		return err_memory(build->err);
	for (uint32_t as = 0; as < build->world->as_count; as++) {
		const struct world_as *of = &build->world->ases[as];
		struct random random = { random_at(plan->seed, RANDOM_AS, of->asn, 0) };
		uint32_t at = random_below(&random, 1000000);
		const struct scenario_interval *drawn = from;

		while (at >= drawn->share)
			at -= drawn++->share;
		plan->traits[as] = (struct traits){
			.mrai = of->mrai == UTC_NEVER ? drawn->mrai : of->mrai,
			.withdrawals_wait =
				random_chance(random_next(&random), scenario->withdrawals_wait),
			.slow = random_chance(random_next(&random), scenario->slow),
		};
	}
	return 0;
}

int script_world(struct build *build)
{
	const struct scenario *scenario = build->scenario;
	struct draft draft = { 0 };
	struct place *place = NULL;
	int rc = place_new(&place, build->err);

	if (rc == 0)
		rc = load_files(build, &draft, place);
	for (uint32_t i = 0; i < scenario->as_count && rc == 0; i++)
		rc = add_named(build, &draft, &scenario->ases[i]);
	if (scenario->generate && rc == 0)
		rc = generate(build, &draft);
	if (rc == 0)
		rc = take_names(build, &draft, place);
	if (rc == 0)
		rc = world_build(&draft, scenario->countries.count ? place : NULL, &build->world,
				 build->err);
	place_free(place);
	draft_free(&draft);
	if (rc != 0)
		return rc;
	build->plan->world = build->world;
	return draw_traits(build);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks outside, peer ASes inside: for each network of the subject and each peer AS that holds
 * it, one folded path is taken apart. Counts per transit AS are kept in hashes: of networks (a
 * stamp tells whether this network was counted already), of peer ASes, and of (AS, peer AS) pairs
 * for the mean. All results are sorted, so nothing depends on hash order.
 */
#include "measure/upstreams.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "measure/parameters.h"

#define HOPS_ROOM 1024u

/* A transit AS seen from one peer AS. */
struct pair {
	uint32_t transit;		/* place in transits */
	uint32_t peer;			/* place in peers */
	uint32_t networks;
};

struct peer_tally {
	uint32_t asn;
	uint32_t networks;
	uint32_t stamp;			/* the last network it spoke of, + 1 */
};


struct take {
	const struct table *table;
	const struct routes_view *view;
	const struct survey *survey;	/* NULL: only shares are asked for */
	const struct as_countries *countries;
	const struct upstreams_question *question;
	struct upstreams *into;
	struct map transit_by_key, edge_by_key, pair_by_key, peer_by_asn;
	struct map path_by_hash, path_peers;
	uint8_t *crosses;		/* by path number: enum crosses */
	uint32_t crosses_room;
	struct pair *pairs;
	uint32_t pair_count, pair_room;
	struct peer_tally *peers;
	uint32_t peer_count, peer_room;
	uint32_t *transit_stamp;	/* by transit: last network counted, + 1 */
	uint32_t transit_stamp_room;
	uint32_t *path_stamp;
	uint32_t path_stamp_room;
	struct buf text;
	struct path_hop hops[HOPS_ROOM];
	uint32_t hop_count;
	/*
	 * 1 where hops[0] is the vantage point's own AS; a route server adds none (RFC 7947 section
	 * 2.2.2.1)
	 */
	uint32_t own;
};

static bool is_domestic(const struct take *take, uint32_t asn)
{
	return as_country(take->countries, asn, NULL) == take->question->country;
}

uint32_t upstreams_hops(const struct table *table, uint32_t vantage, uint32_t path,
			struct path_hop *hops, uint32_t room, uint32_t *ret_own)
{
	uint32_t count = table_path_hops(table, vantage, path, hops, room), kept = 0;

	if (count > room)
		count = room;
	for (uint32_t i = 0; i < count; i++) {
		const struct path_hop *last = kept ? &hops[kept - 1] : NULL;

		if (last && last->asn == hops[i].asn && last->segment == hops[i].segment)
			continue;
		hops[kept++] = hops[i];
	}
	*ret_own = kept && hops[0].asn == table_roster(table)->vantages[vantage].peer.asn;
	return kept;
}

static void hops_read(struct take *take, uint32_t vantage, uint32_t path)
{
	take->hop_count = upstreams_hops(take->table, vantage, path, take->hops, HOPS_ROOM,
					 &take->own);
}

uint32_t upstreams_hops_ases(const struct path_hop *hops, uint32_t count, uint32_t *asns,
			     uint32_t room)
{
	uint32_t asn_count = 0;

	for (uint32_t i = 0; i < count && asn_count < room; i++) {
		uint32_t k = 0;

		while (k < asn_count && asns[k] != hops[i].asn)
			k++;
		if (k == asn_count)
			asns[asn_count++] = hops[i].asn;
	}
	return asn_count;
}

void upstreams_hops_format(const struct path_hop *hops, uint32_t count, struct buf *buf)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct path_hop *hop = &hops[i];
		bool set = hop->segment == AS_SET || hop->segment == AS_CONFED_SET;
		bool goes_on = i + 1 < count && hops[i + 1].joined;

		if (i)
			buf_char(buf, hop->joined ? ',' : ' ');
		if (set && !hop->joined)
			buf_char(buf, '{');
		buf_u64(buf, hop->asn);
		if (set && !goes_on)
			buf_char(buf, '}');
	}
}

static void hops_text(struct take *take)
{
	take->text.len = 0;
	upstreams_hops_format(take->hops, take->hop_count, &take->text);
}

static int peer_find(struct take *take, uint32_t asn, uint32_t *ret_peer, struct err *err)
{
	uint32_t peer = map_get(&take->peer_by_asn, asn);
	int code;

	if (peer == MAP_NONE) {
		code = VEC_GROW(take->peers, take->peer_count, take->peer_room, err);
		if (code)
			return code;
		peer = take->peer_count;
		if (map_put(&take->peer_by_asn, asn, peer) != 0)
			return err_memory(err);
		take->peers[take->peer_count++] = (struct peer_tally){ .asn = asn };
	}
	*ret_peer = peer;
	return 0;
}

/* An edge is told by both its ASes, which fill a key by themselves. */
static int transit_find(struct take *take, enum transit_role role, uint32_t asn, uint32_t to,
			uint32_t *ret_transit, struct err *err)
{
	struct upstreams *into = take->into;
	struct map *map = role == TRANSIT_EDGE ? &take->edge_by_key : &take->transit_by_key;
	uint64_t key = (uint64_t)(role == TRANSIT_EDGE ? to : role) << 32 | asn;
	uint32_t number = map_get(map, key);
	int code;

	if (number == MAP_NONE) {
		code = VEC_GROW(into->transits, into->transit_count, into->transit_room, err);
		if (code == 0)
			code = VEC_GROW(take->transit_stamp, into->transit_count,
					take->transit_stamp_room, err);
		if (code)
			return code;
		number = into->transit_count;
		if (map_put(map, key, number) != 0)
			return err_memory(err);
		take->transit_stamp[number] = 0;
		into->transits[into->transit_count++] =
			(struct transit){ .role = role, .asn = asn, .to = to };
	}
	*ret_transit = number;
	return 0;
}

static int transit_count(struct take *take, enum transit_role role, uint32_t asn, uint32_t to,
			 uint32_t network, uint32_t peer, struct err *err)
{
	uint32_t transit = 0, pair;
	int code = transit_find(take, role, asn, to, &transit, err);

	if (code)
		return code;
	if (take->transit_stamp[transit] != network + 1) {
		take->transit_stamp[transit] = network + 1;
		take->into->transits[transit].networks++;
	}
	pair = map_get(&take->pair_by_key, (uint64_t)transit << 32 | peer);
	if (pair == MAP_NONE) {
		code = VEC_GROW(take->pairs, take->pair_count, take->pair_room, err);
		if (code)
			return code;
		pair = take->pair_count;
		if (map_put(&take->pair_by_key, (uint64_t)transit << 32 | peer, pair) != 0)
			return err_memory(err);
		take->pairs[take->pair_count++] = (struct pair){ transit, peer, 0 };
		take->into->transits[transit].peers++;
	}
	take->pairs[pair].networks++;
	return 0;
}

static int path_count(struct take *take, uint32_t network, uint32_t peer, struct err *err)
{
	struct upstreams *into = take->into;
	uint64_t hash = map_hash_bytes(take->text.data, take->text.len);
	uint32_t number = map_get(&take->path_by_hash, hash);
	int code;

	/* Two texts of one hash: step on to the next key, as open addressing does. */
	while (number != MAP_NONE &&
	       (strlen(into->paths[number].text) != take->text.len ||
		memcmp(into->paths[number].text, take->text.data, take->text.len) != 0))
		number = map_get(&take->path_by_hash, ++hash);
	if (number == MAP_NONE) {
		if (into->path_count == UPSTREAM_PATHS_MAX) {
			into->paths_left_out++;
			return 0;
		}
		code = VEC_GROW(into->paths, into->path_count, into->path_room, err);
		if (code == 0)
			code = VEC_GROW(take->path_stamp, into->path_count, take->path_stamp_room,
					err);
		if (code)
			return code;
		number = into->path_count;
		into->paths[number] = (struct upstream_path){
			arena_strndup(&into->arena, take->text.data, take->text.len), 0, 0 };
		if (!into->paths[number].text || map_put(&take->path_by_hash, hash, number) != 0)
			return err_memory(err);
		take->path_stamp[number] = 0;
		into->path_count++;
	}
	if (take->path_stamp[number] != network + 1) {
		take->path_stamp[number] = network + 1;
		into->paths[number].networks++;
	}
	if (map_get(&take->path_peers, (uint64_t)number << 32 | peer) == MAP_NONE) {
		into->paths[number].peers++;
		if (map_put(&take->path_peers, (uint64_t)number << 32 | peer, 1) != 0)
			return err_memory(err);
	}
	return 0;
}

bool upstreams_gateway(const struct as_countries *countries, country_t country,
		       const struct path_hop *hops, uint32_t count, uint32_t own, uint32_t *ret_asn,
		       uint32_t *ret_inside)
{
	uint32_t at = count;

	while (at > 0 && as_country(countries, hops[at - 1].asn, NULL) != country)
		at--;
	while (at > 0) {
		country_t home = as_country(countries, hops[at - 1].asn, NULL);

		if (home != country && home != COUNTRY_UNKNOWN) {
			*ret_asn = hops[at - 1].asn;
			*ret_inside = hops[at].asn;
			return at > own;
		}
		at--;
	}
	return false;
}

static int flag_add(struct take *take, enum network_flag flag, const struct prefix *prefix,
		    country_t country, uint32_t origin, uint32_t peers, struct err *err)
{
	struct upstreams *into = take->into;
	uint32_t *total = flag == FLAG_FOREIGN_ORIGIN ? &into->foreign_origin
						      : &into->foreign_registered;
	int code;

	if ((*total)++ >= FLAGGED_MAX)
		return 0;
	code = VEC_GROW(into->flagged, into->flagged_count, into->flagged_room, err);
	if (code)
		return code;
	hops_text(take);
	into->flagged[into->flagged_count] = (struct flagged_network){
		.flag = flag, .prefix = *prefix, .country = country, .origin = origin,
		.origin_country = as_country(take->countries, origin, NULL),
		.path = arena_strndup(&into->arena, take->text.data, take->text.len),
		.peers = peers,
	};
	return into->flagged[into->flagged_count++].path ? 0 : err_memory(err);
}

static int route_take(struct take *take, uint32_t network, uint32_t peer, struct err *err)
{
	uint32_t last = take->hop_count - 1, gateway = 0, inside = 0;
	int code = 0;

	if (last > take->own && !take->hops[last].joined)
		code = transit_count(take, TRANSIT_UPSTREAM, take->hops[last - 1].asn, 0, network,
				     peer, err);
	if (code == 0 && take->question->country != COUNTRY_UNKNOWN &&
	    upstreams_gateway(take->countries, take->question->country, take->hops, take->hop_count,
			      take->own, &gateway, &inside)) {
		code = transit_count(take, TRANSIT_GATEWAY, gateway, 0, network, peer, err);
		if (code == 0)
			code = transit_count(take, TRANSIT_EDGE, gateway, inside, network, peer,
					     err);
	}
	if (code == 0 && take->survey) {
		hops_text(take);
		code = path_count(take, network, peer, err);
	}
	return code;
}

/* Does a network that some vantage point holds belong to the subject? */
static bool subject_has(const struct survey *survey, const struct upstreams_question *question,
			uint32_t network)
{
	const uint32_t *origins;
	uint32_t count;

	if (question->country != COUNTRY_UNKNOWN)
		return survey_country(survey, network) == question->country;
	if (question->within || question->list) {
		struct prefix prefix = table_network(survey_table(survey), network);

		return question->within ? prefix_contains(question->within, &prefix)
					: prefix_list_has(question->list, &prefix);
	}
	count = survey_origins(survey, network, &origins);
	for (uint32_t i = 0; i < count; i++) {
		if (origins[i] == question->asn)
			return true;
	}
	return false;
}

/* The network at place `at` of the view. */
static int network_take(struct take *take, uint32_t at, struct err *err)
{
	uint32_t network = take->view->networks[at];
	const struct roster *roster = table_roster(take->table);
	bool known = false, domestic = false;
	uint32_t origin = 0, speakers = 0, shown = 0, shown_path = PATH_NONE;
	int code = 0;

	for (uint32_t vantage = 0; vantage < roster->count && code == 0; vantage++) {
		uint32_t path = routes_view_get(take->view, vantage, at), peer = 0;

		if (path == PATH_NONE)
			continue;
		code = peer_find(take, roster->vantages[vantage].peer.asn, &peer, err);
		if (code || take->peers[peer].stamp == network + 1)
			continue;
		origin = table_path_origin(take->table, vantage, path);
		if (take->question->asn && origin != take->question->asn)
			continue;
		take->peers[peer].stamp = network + 1;
		take->peers[peer].networks++;
		speakers++;
		known |= as_country(take->countries, origin, NULL) != COUNTRY_UNKNOWN;
		domestic |= is_domestic(take, origin);
		shown = vantage;
		shown_path = path;
		hops_read(take, vantage, path);
		if (take->hop_count)
			code = route_take(take, network, peer, err);
	}
	if (code || speakers == 0)
		return code;
	take->into->networks++;
	if (take->survey && take->question->country != COUNTRY_UNKNOWN && known && !domestic) {
		struct prefix prefix = table_network(take->table, network);

		hops_read(take, shown, shown_path);
		code = flag_add(take, FLAG_FOREIGN_ORIGIN, &prefix,
				survey_country(take->survey, network), origin, speakers, err);
	}
	return code;
}

enum crosses { CROSSES_UNKNOWN, CROSSES_NOT, CROSSES };

/*
 * Where it is remembered whether a path crosses the country. NULL: nowhere, it is then only found
 * again; there are numbers out of the row, of paths of one AS, which are found as fast.
 */
static uint8_t *crosses_of(struct take *take, uint32_t path)
{
	uint32_t room = path + path / 2 + 65536;
	uint8_t *more;

	if (path < take->crosses_room)
		return &take->crosses[path];
	if (path > INT32_MAX)
		return NULL;
	more = realloc(take->crosses, room);
	if (!more)
		return NULL;
	memset(more + take->crosses_room, CROSSES_UNKNOWN, room - take->crosses_room);
	take->crosses = more;
	take->crosses_room = room;
	return &more[path];
}

/* Does the path cross an AS of the country, the vantage point's own left out? */
static bool path_crosses(struct take *take, uint32_t vantage, uint32_t path)
{
	uint8_t *known = crosses_of(take, path);
	bool crosses = false;

	if (known && *known != CROSSES_UNKNOWN)
		return *known == CROSSES;
	hops_read(take, vantage, path);
	for (uint32_t i = take->own; i < take->hop_count && !crosses; i++)
		crosses = is_domestic(take, take->hops[i].asn);
	if (known)
		*known = crosses ? CROSSES : CROSSES_NOT;
	return crosses;
}

static int foreign_look(struct take *take, uint32_t network, const struct prefix *prefix,
			country_t country, struct err *err)
{
	const struct roster *roster = table_roster(take->table);
	uint32_t peers = 0, at = 0, path_at = PATH_NONE;

	for (uint32_t vantage = 0; vantage < roster->count; vantage++) {
		uint32_t path = table_route(take->table, vantage, network);

		if (path == PATH_NONE || !path_crosses(take, vantage, path))
			continue;
		peers++;
		at = vantage;
		path_at = path;
	}
	if (peers == 0)
		return 0;
	hops_read(take, at, path_at);
	return flag_add(take, FLAG_FOREIGN_REGISTERED, prefix, country,
			table_path_origin(take->table, at, path_at), peers, err);
}

/*
 * The mean over peer ASes of their shares, each rounded at the end only: Σ (networks via it ÷
 * networks) ÷ peers.
 */
static int shares_work_out(struct take *take, struct err *err)
{
	struct upstreams *into = take->into;
	uint64_t *sums = calloc(into->transit_count ? into->transit_count : 1, sizeof(*sums));
	uint32_t speakers = 0;

	if (!sums)
		return err_memory(err);
	for (uint32_t i = 0; i < take->peer_count; i++)
		speakers += take->peers[i].networks != 0;
	/*
	 * In units of a thousandth of a ppm, so that rounding within the sum stays below the last
	 * digit shown.
	 */
	for (uint32_t i = 0; i < take->pair_count; i++) {
		const struct pair *pair = &take->pairs[i];

		sums[pair->transit] += (uint64_t)pair->networks * PPM * 1000 /
				       take->peers[pair->peer].networks;
	}
	for (uint32_t i = 0; i < into->transit_count; i++)
		into->transits[i].share = ppm_of(sums[i], (uint64_t)speakers * PPM * 1000);
	into->peers = speakers;
	free(sums);
	return 0;
}

static int compare_transits(const void *a, const void *b)
{
	const struct transit *left = a, *right = b;

	if (left->role != right->role)
		return left->role < right->role ? -1 : 1;
	if (left->networks != right->networks)
		return left->networks > right->networks ? -1 : 1;
	if (left->share != right->share)
		return left->share > right->share ? -1 : 1;
	if (left->asn != right->asn)
		return left->asn < right->asn ? -1 : 1;
	return (left->to > right->to) - (left->to < right->to);
}

static int compare_paths(const void *a, const void *b)
{
	const struct upstream_path *left = a, *right = b;

	if (left->networks != right->networks)
		return left->networks > right->networks ? -1 : 1;
	if (left->peers != right->peers)
		return left->peers > right->peers ? -1 : 1;
	return strcmp(left->text, right->text);
}

static int compare_flagged(const void *a, const void *b)
{
	const struct flagged_network *left = a, *right = b;

	if (left->flag != right->flag)
		return left->flag < right->flag ? -1 : 1;
	return prefix_compare(&left->prefix, &right->prefix);
}

static void results_sort(struct upstreams *into)
{
	if (into->transit_count)
		qsort(into->transits, into->transit_count, sizeof(*into->transits),
		      compare_transits);
	if (into->path_count)
		qsort(into->paths, into->path_count, sizeof(*into->paths), compare_paths);
	if (into->flagged_count)
		qsort(into->flagged, into->flagged_count, sizeof(*into->flagged), compare_flagged);
}

static void take_free(struct take *take)
{
	map_free(&take->transit_by_key);
	map_free(&take->edge_by_key);
	map_free(&take->pair_by_key);
	map_free(&take->peer_by_asn);
	map_free(&take->path_by_hash);
	map_free(&take->path_peers);
	free(take->crosses);
	free(take->pairs);
	free(take->peers);
	free(take->transit_stamp);
	free(take->path_stamp);
	buf_free(&take->text);
	free(take);
}

/* Networks of elsewhere whose paths cross the country. */
static int foreign_take(struct take *take, struct err *err)
{
	int code = 0;

	for (uint32_t i = 0; i < table_network_count(take->table) && code == 0; i++) {
		country_t country = survey_country(take->survey, i);
		struct prefix prefix;

		if (country == take->question->country || !table_network_held(take->table, i))
			continue;
		prefix = table_network(take->table, i);
		code = foreign_look(take, i, &prefix, country, err);
	}
	return code;
}

static int view_take(const struct routes_view *view, const struct survey *survey,
		     const struct as_countries *countries,
		     const struct upstreams_question *question, struct upstreams *ret_upstreams,
		     struct err *err)
{
	struct upstreams upstreams = { 0 };
	struct take *take = calloc(1, sizeof(*take));
	int code = 0;

	if (!take)
		return err_memory(err);
	take->table = view->table;
	take->view = view;
	take->survey = survey;
	take->countries = countries;
	take->question = question;
	take->into = &upstreams;
	for (uint32_t i = 0; i < view->network_count && code == 0; i++)
		code = network_take(take, i, err);
	if (code == 0 && survey && question->country != COUNTRY_UNKNOWN)
		code = foreign_take(take, err);
	if (code == 0 && take->text.failed)
		code = err_memory(err);
	if (code == 0)
		code = shares_work_out(take, err);
	if (code == 0) {
		results_sort(&upstreams);
		*ret_upstreams = upstreams;
	} else {
		upstreams_free(&upstreams);
	}
	take_free(take);
	return code;
}

int upstreams_networks(const struct survey *survey, const struct upstreams_question *question,
		       uint32_t **ret_networks, uint32_t *ret_count, struct err *err)
{
	const struct table *table = survey_table(survey);
	uint32_t count = table_network_count(table), kept = 0;
	uint32_t *networks = malloc((count ? count : 1) * sizeof(*networks));

	if (!networks)
		return err_memory(err);
	for (uint32_t i = 0; i < count; i++) {
		if (table_network_held(table, i) && subject_has(survey, question, i))
			networks[kept++] = i;
	}
	*ret_networks = networks;
	*ret_count = kept;
	return 0;
}

int upstreams_take(const struct survey *survey, const struct as_countries *countries,
		   const struct upstreams_question *question, struct upstreams *ret_upstreams,
		   struct err *err)
{
	struct routes_view view = { .table = survey_table(survey) };
	uint32_t *networks = NULL;
	int code = upstreams_networks(survey, question, &networks, &view.network_count, err);

	view.networks = networks;
	if (code == 0)
		code = view_take(&view, survey, countries, question, ret_upstreams, err);
	free(networks);
	return code;
}

int upstreams_shares(const struct routes_view *view, const struct as_countries *countries,
		     const struct upstreams_question *question, struct upstreams *ret_upstreams,
		     struct err *err)
{
	return view_take(view, NULL, countries, question, ret_upstreams, err);
}

void upstreams_free(struct upstreams *upstreams)
{
	arena_free(&upstreams->arena);
	free(upstreams->transits);
	free(upstreams->paths);
	free(upstreams->flagged);
	*upstreams = (struct upstreams){ 0 };
}

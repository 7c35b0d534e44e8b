/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A collector's day, in the order of time.
 *
 * For each of its vantage points and each group there is what the far router would say (`own`), and
 * what the collector has heard (`heard`). Messages move the first, and through a session that is up
 * the second, which gives a record. A session that comes up is filled group by group; a RIB is
 * dumped prefix by prefix from `heard` while the world goes on, under one header time. Both go in
 * slices among the messages.
 *
 * Times in the files are the collector's clock; which file a record goes to follows that clock too.
 */
#include "sim/record.h"

#include <stdlib.h>

#include "base/utc.h"
#include "net/community.h"
#include "sim/outfile.h"
#include "sim/queue.h"
#include "sim/random.h"
#include "wire/write.h"

#define SLICES		100	/* of a RIB or a refill */
#define PATH_MAX_LEN	600

/*
 * Kinds of what is due, behind those of queue.h: `edge` is a vantage point's place at the
 * collector.
 */
enum {
	DUE_TROUBLE = 16,	/* edge: number of the trouble; path: 0 begins, 1 ends */
	DUE_SESSION,		/* a session that may be up is tried */
	DUE_REFILL,		/* path: the group to go on with */
	DUE_RIB,
	DUE_RIB_SLICE,		/* path: the network to go on with, in the order of prefixes */
	DUE_CHATTER,		/* path: how often before */
};

struct session {
	const struct vantage *vantage;
	struct write_session writes;
	struct addr next_hop4, next_hop6;
	uint32_t downs;			/* reasons to be down */
	uint32_t silent;		/* of those, reasons that leave no trace */
	bool up;
	bool hushed;			/* its last change was not recorded, nor will the next be */
	uint32_t filled;		/* groups below this are in step with the far end */
};

struct recorder {
	const struct play *play;
	const struct plan *plan;
	const struct collector *collector;
	uint32_t number;
	const char *folder;
	struct session *sessions;
	uint32_t count;
	uint32_t *own, *heard;		/* by group, then session */
	uint32_t *since;		/* seconds: when `heard` came */
	struct queue queue;
	int64_t now;
	uint32_t dead;			/* reasons not to record anything */
	int64_t skew;
	uint32_t duplicates;		/* share */
	uint64_t records;
	struct outfile *updates;
	int64_t updates_from;		/* of the file open or due, by the collector's clock */
	struct outfile *rib;
	int64_t rib_time;
	uint32_t rib_sequence;
	uint16_t rib_epoch;
	struct prefix *prefixes;	/* of one group */
	struct record_totals *totals;
	struct err *err;
};

static int64_t clock_of(const struct recorder *rec)
{
	return rec->now + rec->skew;
}

static uint32_t *cell(uint32_t *table, const struct recorder *rec, uint32_t group, uint32_t session)
{
	return &table[(size_t)group * rec->count + session];
}

/* Files. */

static bool is_missing(const struct recorder *rec, int64_t from, enum files files)
{
	for (uint32_t i = 0; i < rec->plan->trouble_count; i++) {
		const struct trouble *trouble = &rec->plan->troubles[i];

		if (trouble->kind == TROUBLE_MISSING && trouble->collector == rec->number &&
		    from >= trouble->at && from < trouble->until &&
		    (trouble->files == FILES_ALL || trouble->files == files))
			return true;
	}
	return false;
}

static uint32_t kept_share(const struct recorder *rec, int64_t from, enum files files)
{
	for (uint32_t i = 0; i < rec->plan->trouble_count; i++) {
		const struct trouble *trouble = &rec->plan->troubles[i];

		if (trouble->kind == TROUBLE_TRUNCATED && trouble->collector == rec->number &&
		    from >= trouble->at && from < trouble->until &&
		    (trouble->files == FILES_ALL || trouble->files == files))
			return trouble->share;
	}
	return 1000000;
}

static void format_name(const struct recorder *rec, int64_t from, enum files files, struct buf *buf)
{
	static const char *const endings[] = { "gz", "bz2", "none" };
	bool ris = rec->collector->layout == LAYOUT_RIS, rib = files == FILES_RIBS;
	int64_t minutes = from / UTC_MINUTE;
	int year, month, day;

	utc_to_civil(from, &year, &month, &day);
	buf_printf(buf, "%s/%s/%s%04d.%02d/%s%s.%04d%02d%02d.%02d%02d", rec->folder,
		   rec->collector->name, ris ? "" : "bgpdata/", year, month,
		   ris	 ? ""
		   : rib ? "RIBS/"
			 : "UPDATES/",
		   !rib	 ? "updates"
		   : ris ? "bview"
			 : "rib",
		   year, month, day, (int)(minutes / 60 % 24), (int)(minutes % 60));
	if (rec->collector->packing != PACKING_NONE)
		buf_printf(buf, ".%s", endings[rec->collector->packing]);
	buf_char(buf, '\0');
}

static int open_file(struct recorder *rec, int64_t from, enum files files,
		     struct outfile **ret_file)
{
	struct buf name = { 0 };
	int rc;

	format_name(rec, from, files, &name);
	if (name.failed)
		rc = err_memory(rec->err);
	else
		rc = outfile_open(name.data, rec->collector->packing, kept_share(rec, from, files),
				  ret_file, rec->err);
	buf_free(&name);
	return rc;
}

/* A file that the scenario lets go missing is written like the others, and not given its name. */
static int close_file(struct recorder *rec, struct outfile *file, int64_t from, enum files files)
{
	uint64_t bytes = 0;
	int rc;

	if (is_missing(rec, from, files)) {
		outfile_abandon(file);
		return 0;
	}
	rc = outfile_close(file, &bytes, rec->err);
	if (rc == 0) {
		rec->totals->files++;
		rec->totals->bytes += bytes;
	}
	return rc;
}

static int close_updates(struct recorder *rec)
{
	struct outfile *file = rec->updates;

	rec->updates = NULL;
	return file ? close_file(rec, file, rec->updates_from, FILES_UPDATES) : 0;
}

/*
 * Files up to the clock are complete, those in which nothing was heard too: a collector that is
 * alive writes one each time.
 */
static int turn_updates(struct recorder *rec)
{
	int64_t every = rec->collector->updates_every;
	int rc = 0;

	while (rc == 0 && clock_of(rec) >= rec->updates_from + every) {
		if (!rec->updates && !rec->dead)
			rc = open_file(rec, rec->updates_from, FILES_UPDATES, &rec->updates);
		if (rc == 0)
			rc = close_updates(rec);
		rec->updates_from += every;
	}
	return rc;
}

/* Where update records go at this moment. */
static int updates_buf(struct recorder *rec, struct buf **ret_buf)
{
	int rc = turn_updates(rec);

	if (rc == 0 && !rec->updates)
		rc = open_file(rec, rec->updates_from, FILES_UPDATES, &rec->updates);
	if (rc == 0)
		rc = outfile_flush(rec->updates, rec->err);
	if (rc == 0)
		*ret_buf = outfile_buf(rec->updates);
	return rc;
}

/* Maybe once more. */
static void duplicate(struct recorder *rec, struct buf *buf, size_t start)
{
	uint64_t bits = random_at(rec->plan->seed, RANDOM_DUPLICATE, rec->number, rec->records++);

	if (!rec->duplicates || buf->failed || !random_chance(bits, rec->duplicates))
		return;
	if (buf_reserve(buf, buf->len - start))
		buf_add(buf, buf->data + start, buf->len - start);
}

/* Records. */

static uint32_t path_of(const struct recorder *rec, uint32_t path, uint32_t *asns)
{
	uint32_t len = 0;

	for (; path && len < PATH_MAX_LEN; path = rec->play->paths[path].parent)
		asns[len++] = rec->play->paths[path].asn;
	return len;
}

static void attrs_of(const struct recorder *rec, const struct session *session, uint32_t group,
		     uint32_t path, uint32_t *asns, struct write_attrs *ret_attrs)
{
	static const uint32_t blackhole = COMMUNITY_BLACKHOLE;
	const struct group *of = &rec->plan->groups[group];

	*ret_attrs = (struct write_attrs){
		.path = asns, .path_len = path_of(rec, path, asns),
		.next_hop = of->family == FAMILY_IPV6 ? session->next_hop6 : session->next_hop4,
	};
	if (of->blackhole) {
		ret_attrs->communities = &blackhole;
		ret_attrs->community_count = 1;
	}
}

static uint32_t prefixes_of(const struct recorder *rec, uint32_t group)
{
	const struct group *of = &rec->plan->groups[group];

	for (uint32_t i = 0; i < of->count; i++)
		rec->prefixes[i] = rec->plan->networks[of->first + i].prefix;
	return of->count;
}

/* The collector hears something of a group, and writes it down. */
static int hear(struct recorder *rec, uint32_t place, uint32_t group, uint32_t path)
{
	struct session *session = &rec->sessions[place];
	uint32_t asns[PATH_MAX_LEN], count;
	struct write_attrs attrs;
	struct buf *buf;
	size_t start;
	int rc;

	*cell(rec->heard, rec, group, place) = path;
	*cell(rec->since, rec, group, place) = (uint32_t)(rec->now / UTC_SECOND);
	rc = updates_buf(rec, &buf);
	if (rc != 0)
		return rc;
	start = buf->len;
	count = prefixes_of(rec, group);
	if (path) {
		attrs_of(rec, session, group, path, asns, &attrs);
		mrt_write_announce(buf, &session->writes, clock_of(rec), &attrs, rec->prefixes,
				   count);
		rec->totals->announcements += count;
	} else {
		mrt_write_withdraw(buf, &session->writes, clock_of(rec), rec->prefixes, count);
		rec->totals->withdrawals += count;
	}
	duplicate(rec, buf, start);
	return 0;
}

static int write_state(struct recorder *rec, struct session *session, enum bgp_state from,
		       enum bgp_state to)
{
	struct buf *buf;
	size_t start;
	int rc = updates_buf(rec, &buf);

	if (rc != 0)
		return rc;
	start = buf->len;
	mrt_write_state(buf, &session->writes, clock_of(rec), from, to);
	rec->totals->states++;
	duplicate(rec, buf, start);
	return 0;
}

static int push(struct recorder *rec, int64_t time, uint16_t kind, uint32_t edge, uint32_t path,
		uint16_t epoch)
{
	return queue_push(&rec->queue, (struct due){
		.time = time, .kind = kind, .edge = edge, .path = path, .epoch = epoch,
	}, rec->err);
}

/* Sessions. */

static int go_down(struct recorder *rec, uint32_t place)
{
	struct session *session = &rec->sessions[place];
	int rc = 0;

	if (!session->up)
		return 0;
	session->up = false;
	session->hushed = session->silent > 0;
	for (uint32_t group = 0; group < rec->plan->group_count; group++)
		*cell(rec->heard, rec, group, place) = 0;
	if (!rec->dead && !session->hushed)
		rc = write_state(rec, session, BGP_STATE_ESTABLISHED, BGP_STATE_IDLE);
	return rc;
}

static int go_up(struct recorder *rec, uint32_t place)
{
	struct session *session = &rec->sessions[place];
	int rc = 0;

	if (session->up || session->downs || rec->dead)
		return 0;
	session->up = true;
	session->filled = 0;
	if (!session->hushed) {
		rc = write_state(rec, session, BGP_STATE_ACTIVE, BGP_STATE_OPEN_SENT);
		if (rc == 0)
			rc = write_state(rec, session, BGP_STATE_OPEN_SENT, BGP_STATE_OPEN_CONFIRM);
		if (rc == 0)
			rc = write_state(rec, session, BGP_STATE_OPEN_CONFIRM,
					 BGP_STATE_ESTABLISHED);
	}
	session->hushed = false;
	return rc == 0 ? push(rec, rec->now + UTC_SECOND / 2, DUE_REFILL, place, 0, 0) : rc;
}

static int end_refill(struct recorder *rec, struct session *session)
{
	struct buf *buf;
	int rc = updates_buf(rec, &buf);

	if (rc == 0 && session->vantage->ipv4)
		mrt_write_end_of_rib(buf, &session->writes, clock_of(rec), FAMILY_IPV4);
	if (rc == 0 && session->vantage->ipv6)
		mrt_write_end_of_rib(buf, &session->writes, clock_of(rec), FAMILY_IPV6);
	return rc;
}

static int refill(struct recorder *rec, uint32_t place, uint32_t from)
{
	struct session *session = &rec->sessions[place];
	uint32_t groups = rec->plan->group_count, slice = groups / SLICES + 1;
	uint32_t to = groups - from < slice ? groups : from + slice;
	int rc = 0;

	/* A session that fell and rose again has another refill under way, from the beginning. */
	if (!session->up || session->filled != from)
		return 0;
	for (uint32_t group = from; group < to && rc == 0; group++) {
		uint32_t path = *cell(rec->own, rec, group, place);

		if (path)
			rc = hear(rec, place, group, path);
	}
	session->filled = to;
	if (rc != 0)
		return rc;
	if (to == groups)
		return end_refill(rec, session);
	return push(rec, rec->now + rec->collector->refill / SLICES, DUE_REFILL, place, to, 0);
}

/* RIBs. */

static int end_rib(struct recorder *rec)
{
	struct outfile *file = rec->rib;

	rec->rib = NULL;
	return file ? close_file(rec, file, rec->rib_time, FILES_RIBS) : 0;
}

static int begin_rib(struct recorder *rec)
{
	struct peer *peers;
	int rc = push(rec, rec->now + rec->collector->ribs_every, DUE_RIB, 0, 0, 0);

	if (rc != 0 || rec->dead || rec->rib)
		return rc;
	peers = calloc((size_t)rec->count + 1, sizeof(*peers));
	if (!peers)
		return err_memory(rec->err);
	rec->rib_time = rec->now;
	rc = open_file(rec, rec->rib_time, FILES_RIBS, &rec->rib);
	for (uint32_t i = 0; i < rec->count; i++)
		peers[i] = rec->sessions[i].vantage->peer;
	if (rc == 0) {
		mrt_write_peer_index(outfile_buf(rec->rib), rec->rib_time + rec->skew,
				     rec->collector->local_asn, "simulated", peers,
				     (uint16_t)rec->count);
		rec->rib_sequence = 0;
		rc = push(rec, rec->now, DUE_RIB_SLICE, 0, 0, ++rec->rib_epoch);
	}
	free(peers);
	return rc;
}

static void write_network(struct recorder *rec, uint32_t network)
{
	struct buf *buf = outfile_buf(rec->rib);
	uint32_t group = rec->plan->group_of[network], asns[PATH_MAX_LEN];
	struct write_attrs attrs;
	struct write_rib rib;

	mrt_write_rib_begin(buf, &rib, rec->rib_time + rec->skew, rec->rib_sequence,
			    &rec->plan->networks[network].prefix);
	for (uint32_t i = 0; i < rec->count; i++) {
		uint32_t path = *cell(rec->heard, rec, group, i);

		if (!path)
			continue;
		attrs_of(rec, &rec->sessions[i], group, path, asns, &attrs);
		mrt_write_rib_entry(buf, &rib, (uint16_t)i,
				    (int64_t)*cell(rec->since, rec, group, i) * UTC_SECOND, &attrs);
	}
	rec->totals->rib_entries += rib.count;
	rec->rib_sequence += mrt_write_rib_end(buf, &rib);
}

static int dump_slice(struct recorder *rec, uint32_t from, uint16_t epoch)
{
	uint32_t networks = rec->plan->network_count, slice = networks / SLICES + 1;
	uint32_t to = networks - from < slice ? networks : from + slice;
	int rc = 0;

	if (!rec->rib || epoch != rec->rib_epoch)
		return 0;
	for (uint32_t i = from; i < to && rc == 0; i++) {
		write_network(rec, rec->plan->by_prefix[i]);
		rc = outfile_flush(rec->rib, rec->err);
	}
	if (rc != 0)
		return rc;
	if (to == networks)
		return end_rib(rec);
	return push(rec, rec->now + rec->collector->rib_takes / SLICES, DUE_RIB_SLICE, 0, to,
		    epoch);
}

/* Trouble. */

/*
 * A collector that dies leaves the file of the moment as far as it got, and no RIB that was being
 * dumped.
 */
static int die(struct recorder *rec)
{
	int rc = turn_updates(rec);

	rec->dead++;
	outfile_abandon(rec->rib);
	rec->rib = NULL;
	for (uint32_t i = 0; i < rec->count && rc == 0; i++)
		rc = go_down(rec, i);
	for (uint32_t i = 0; i < rec->count; i++)
		rec->sessions[i].hushed = false;
	return rc;
}

/* Its sessions come back one by one within a quarter of a minute. */
static int revive(struct recorder *rec)
{
	int rc = turn_updates(rec);

	if (--rec->dead)
		return rc;
	for (uint32_t i = 0; i < rec->count && rc == 0; i++) {
		uint64_t bits = random_at(rec->plan->seed, RANDOM_SESSION, rec->number,
					  (uint64_t)i << 40 ^ (uint64_t)rec->now);

		rc = push(rec, rec->now + random_between(bits, UTC_SECOND, 15 * UTC_SECOND),
			  DUE_SESSION, i, 0, 0);
	}
	return rc;
}

static int trouble_session(struct recorder *rec, const struct trouble *trouble, bool begins)
{
	uint32_t place = trouble->vantage - rec->collector->first_vantage;
	struct session *session = &rec->sessions[place];

	if (begins) {
		session->downs++;
		session->silent += trouble->silent;
		return go_down(rec, place);
	}
	session->downs--;
	session->silent -= trouble->silent;
	return go_up(rec, place);
}

static int trouble(struct recorder *rec, uint32_t number, bool begins)
{
	const struct trouble *trouble = &rec->plan->troubles[number];

	switch (trouble->kind) {
	case TROUBLE_SESSION:
		return trouble_session(rec, trouble, begins);
	case TROUBLE_COLLECTOR:
		return begins ? die(rec) : revive(rec);
	case TROUBLE_SKEW:
		rec->skew += begins ? trouble->by : -trouble->by;
		return 0;
	case TROUBLE_DUPLICATES:
		rec->duplicates = begins ? trouble->share : 0;
		return 0;
	case TROUBLE_MISSING:
	case TROUBLE_TRUNCATED:
		break;		/* of files, not of moments */
	}
	return 0;
}

/* A vantage point says again what it said before, as they do all day. */
static int chat(struct recorder *rec, uint32_t place, uint32_t times)
{
	struct session *session = &rec->sessions[place];
	uint64_t bits = random_at(rec->plan->seed, RANDOM_CHATTER,
				  rec->collector->first_vantage + place, times);
	int64_t gap = UTC_HOUR / rec->plan->chatter;
	uint32_t groups = rec->plan->group_count, group = (uint32_t)random_scale(bits, groups),
		 path = 0;
	int rc = 0;

	for (uint32_t tries = 0; tries < 64 && groups && !path; tries++) {
		group = (group + 1) % groups;
		path = *cell(rec->heard, rec, group, place);
	}
	if (session->up && session->filled == groups && path)
		rc = hear(rec, place, group, path);
	return rc == 0 ? push(rec, rec->now + random_between(random_mix(bits), 1, 2 * gap),
			      DUE_CHATTER, place, times + 1, 0)
		       : rc;
}

static int happen(struct recorder *rec, const struct due *due)
{
	switch (due->kind) {
	case DUE_TROUBLE:
		return trouble(rec, due->edge, due->path == 0);
	case DUE_SESSION:
		return go_up(rec, due->edge);
	case DUE_REFILL:
		return refill(rec, due->edge, due->path);
	case DUE_RIB:
		return begin_rib(rec);
	case DUE_RIB_SLICE:
		return dump_slice(rec, due->path, due->epoch);
	default:
		return chat(rec, due->edge, due->path);
	}
}

/* What a session says changes at its far end whether the session is up or not. */
static int message(struct recorder *rec, const struct played_message *from)
{
	uint32_t place = from->vantage - rec->collector->first_vantage;
	struct session *session = &rec->sessions[place];

	*cell(rec->own, rec, from->group, place) = from->path;
	if (!session->up || from->group >= session->filled ||
	    *cell(rec->heard, rec, from->group, place) == from->path)
		return 0;
	return hear(rec, place, from->group, from->path);
}

static int run(struct recorder *rec)
{
	const struct play *play = rec->play;
	uint32_t first = rec->collector->first_vantage, next = 0;
	int rc = 0;

	while (rc == 0) {
		const struct played_message *from = next < play->message_count
							    ? &play->messages[next]
							    : NULL;
		struct due due;

		if (from && (from->vantage < first || from->vantage >= first + rec->count)) {
			next++;
			continue;
		}
		if (from && (!rec->queue.count || from->time < rec->queue.items[0].time)) {
			next++;
			rec->now = from->time;
			rc = message(rec, from);
			continue;
		}
		if (!rec->queue.count || rec->queue.items[0].time >= rec->plan->until)
			break;
		due = queue_pop(&rec->queue);
		rec->now = due.time;
		rc = happen(rec, &due);
	}
	if (rc != 0)
		return rc;
	/* A RIB that is not done when the time is up is left out, like one whose collector died. */
	rec->now = rec->plan->until;
	outfile_abandon(rec->rib);
	rec->rib = NULL;
	rc = turn_updates(rec);
	return rc == 0 ? close_updates(rec) : rc;
}

static int schedule(struct recorder *rec)
{
	const struct plan *plan = rec->plan;
	int64_t every = rec->collector->ribs_every;
	int64_t first = (plan->from + every - 1) / every * every;
	int rc = push(rec, first, DUE_RIB, 0, 0, 0);

	for (uint32_t i = 0; i < plan->trouble_count && rc == 0; i++) {
		const struct trouble *trouble = &plan->troubles[i];

		if (trouble->collector != rec->number)
			continue;
		rc = push(rec, trouble->at, DUE_TROUBLE, i, 0, 0);
		if (rc == 0 && trouble->until < plan->until)
			rc = push(rec, trouble->until, DUE_TROUBLE, i, 1, 0);
	}
	for (uint32_t i = 0; i < rec->count && plan->chatter && rc == 0; i++) {
		uint64_t bits = random_at(plan->seed, RANDOM_CHATTER,
					  rec->collector->first_vantage + i, UINT64_MAX);

		rc = push(rec, plan->from + random_between(bits, 1, 2 * UTC_HOUR / plan->chatter),
			  DUE_CHATTER, i, 0, 0);
	}
	return rc;
}

/* At the start every session has been up for long. */
static void prepare(struct recorder *rec)
{
	const struct plan *plan = rec->plan;

	for (uint32_t i = 0; i < rec->count; i++) {
		struct session *session = &rec->sessions[i];
		const struct vantage *vantage = &plan->vantages[rec->collector->first_vantage + i];
		bool six = vantage->peer.addr.family == FAMILY_IPV6;

		*session = (struct session){
			.vantage = vantage, .up = true, .filled = plan->group_count,
			.writes = {
				.peer = vantage->peer, .local_asn = rec->collector->local_asn,
				.local = six ? rec->collector->local6 : rec->collector->local4,
				.extended = rec->collector->extended,
			},
			.next_hop4 = vantage->peer.addr, .next_hop6 = vantage->peer.addr,
		};
		/*
		 * A session that carries the other family as well names a next hop of that family.
		 */
		if (six)
			session->next_hop4 = (struct addr){
				FAMILY_IPV4, { 192, 0, 2, (uint8_t)(i % 250 + 1) },
			};
		else
			session->next_hop6 = (struct addr){
				FAMILY_IPV6, { 0x20, 0x01, 0x0d, 0xb8, 0, 1, [15] = (uint8_t)i },
			};
	}
	for (uint32_t group = 0; group < plan->group_count; group++)
		for (uint32_t i = 0; i < rec->count; i++) {
			uint32_t path = rec->play->steady[(size_t)group * plan->vantage_count +
							  rec->collector->first_vantage + i];
			uint64_t bits = random_at(plan->seed, RANDOM_ORIGINATED,
						  rec->collector->first_vantage + i, group);

			*cell(rec->own, rec, group, i) = *cell(rec->heard, rec, group, i) = path;
			*cell(rec->since, rec, group, i) = (uint32_t)((plan->from -
				random_between(bits, UTC_MINUTE, 20 * UTC_DAY)) / UTC_SECOND);
		}
}

static int allocate(struct recorder *rec)
{
	size_t cells = (size_t)rec->plan->group_count * rec->count + 1;
	uint32_t most = 1;

	for (uint32_t i = 0; i < rec->plan->group_count; i++)
		most = rec->plan->groups[i].count > most ? rec->plan->groups[i].count : most;
	rec->sessions = calloc((size_t)rec->count + 1, sizeof(*rec->sessions));
	rec->own = malloc(cells * sizeof(*rec->own));
	rec->heard = malloc(cells * sizeof(*rec->heard));
	rec->since = malloc(cells * sizeof(*rec->since));
	rec->prefixes = calloc(most, sizeof(*rec->prefixes));
	if (!rec->sessions || !rec->own || !rec->heard || !rec->since || !rec->prefixes)
		return err_memory(rec->err);
	return 0;
}

int record_collector(const struct play *play, uint32_t collector, const char *folder,
		     struct record_totals *totals, struct err *err)
{
	const struct collector *of = &play->plan->collectors[collector];
	struct recorder rec = {
		.play = play, .plan = play->plan, .collector = of, .number = collector,
		.folder = folder,
		.count = of->vantage_count, .skew = of->skew, .totals = totals, .err = err,
		.updates_from = play->plan->from / of->updates_every * of->updates_every,
	};
	int rc = allocate(&rec);

	if (rc == 0) {
		prepare(&rec);
		rc = schedule(&rec);
	}
	if (rc == 0)
		rc = run(&rec);
	outfile_abandon(rec.updates);
	outfile_abandon(rec.rib);
	free(rec.sessions);
	free(rec.own);
	free(rec.heard);
	free(rec.since);
	free(rec.prefixes);
	free(rec.queue.items);
	return rc;
}

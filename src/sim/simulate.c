/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario, plan, play, recordings, and what stands beside them, one after the other. Collectors
 * are recorded side by side.
 */
#include "sim/simulate.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/ordered.h"
#include "base/utc.h"
#include "sim/builtin.h"
#include "sim/outfile.h"
#include "sim/record.h"
#include "sim/registry.h"
#include "sim/script.h"
#include "sim/truth.h"

bool simulate_builtin(struct view name, struct view *ret_text)
{
	for (const struct builtin *builtin = builtins; builtin->name; builtin++)
		if (view_equal(name, view_of(builtin->name))) {
			*ret_text = view_of(builtin->text);
			return true;
		}
	return false;
}

const char *simulate_builtin_name(uint32_t i)
{
	return builtins[i].name;
}

struct run {
	const struct simulate_plan *plan;
	struct scenario *scenario;
	struct plan *world;
	struct play *play;
	bool cancelled;
	struct err *err;
};

static void show(struct run *run, const char *what, uint32_t done, uint32_t all)
{
	if (run->plan->progress && !run->plan->progress(run->plan->context, what, done, all))
		run->cancelled = true;
}

static void show_groups(void *context, uint32_t done, uint32_t all)
{
	show(context, "routing", done, all);
}

/* Recording. */

struct recording {
	struct run *run;
	uint32_t collector;
	struct record_totals totals;
	struct err err;
	int rc;
};

static void record(void *context, void *job, unsigned worker)
{
	struct run *run = context;
	struct recording *recording = job;

	(void)worker;
	recording->rc = record_collector(run->play, recording->collector, run->plan->out,
					 &recording->totals, &recording->err);
}

static int take_recording(struct run *run, struct recording *done, struct simulate_totals *totals)
{
	if (done->rc != 0) {
		*run->err = done->err;
		return done->rc;
	}
	totals->files += done->totals.files;
	totals->bytes += done->totals.bytes;
	totals->rib_entries += done->totals.rib_entries;
	totals->announcements += done->totals.announcements;
	totals->withdrawals += done->totals.withdrawals;
	totals->states += done->totals.states;
	return 0;
}

static int record_all(struct run *run, struct simulate_totals *totals)
{
	uint32_t count = run->world->collector_count, taken = 0;
	struct recording *recordings = calloc((size_t)count + 1, sizeof(*recordings));
	struct ordered *pool = NULL;
	struct recording *done;
	int rc = recordings ? 0 : err_memory(run->err);

	if (rc == 0)
		rc = ordered_new(&(struct ordered_plan){
			.threads = run->plan->threads, .bound = count + 1, .work = record,
			.context = run,
		}, &pool, run->err);
	if (rc != 0) {
		free(recordings);
		return rc;
	}
	show(run, "recording", 0, count);
	for (uint32_t i = 0; i < count; i++) {
		recordings[i].collector = i;
		ordered_submit(pool, &recordings[i]);
	}
	while (rc == 0 && (done = ordered_take(pool))) {
		rc = take_recording(run, done, totals);
		show(run, "recording", ++taken, count);
	}
	ordered_free(pool);
	free(recordings);
	return rc;
}

/* What stands beside the recordings. */

static int write_beside(struct run *run, const char *name, struct buf *content)
{
	struct buf path = { 0 };
	struct file *file = NULL;
	int rc;

	buf_printf(&path, "%s/%s", run->plan->out, name);
	buf_char(&path, '\0');
	if (path.failed || content->failed)
		rc = err_memory(run->err);
	else
		rc = outfile_make_folders(path.data, run->err);
	if (rc == 0)
		rc = file_create(path.data, &file, run->err);
	if (rc == 0)
		rc = file_write(file, content->data, content->len, run->err);
	if (rc == 0)
		rc = file_commit(file, run->err);
	else
		file_abandon(file);
	buf_free(&path);
	content->len = 0;
	return rc;
}

static void put_world(const struct run *run, struct buf *buf)
{
	const struct plan *plan = run->world;

	buf_str(buf, "{\n\"simulated\": true,\n\"scenario\": ");
	buf_json(buf, run->scenario->name, strlen(run->scenario->name));
	buf_str(buf, ",\n\"title\": ");
	buf_json(buf, run->scenario->title, strlen(run->scenario->title));
	buf_printf(buf, ",\n\"seed\": %llu,\n\"from\": \"", (unsigned long long)plan->seed);
	utc_format(buf, plan->from);
	buf_str(buf, "\",\n\"until\": \"");
	utc_format(buf, plan->until);
	buf_printf(buf, "\",\n\"ases\": %u,\n\"links\": %u,\n\"networks\": %u,\n",
		   plan->world->as_count, plan->world->link_count, plan->world->network_count);
	/*
	 * A vantage point is asked for three quarters of the table, as DESIGN's rule has it for
	 * real ones.
	 */
	buf_printf(buf, "\"table\": {\"ipv4\": %llu, \"ipv6\": %llu},\n",
		   (unsigned long long)run->play->table4, (unsigned long long)run->play->table6);
	buf_printf(buf, "\"full_feed\": {\"ipv4\": %llu, \"ipv6\": %llu},\n\"collectors\": [",
		   (unsigned long long)(run->play->table4 * 3 / 4),
		   (unsigned long long)(run->play->table6 * 3 / 4));
	for (uint32_t i = 0; i < plan->collector_count; i++)
		buf_printf(buf, "%s\n{\"collector\": \"%s\", \"vantage_points\": %u}", i ? "," : "",
			   plan->collectors[i].name, plan->collectors[i].vantage_count);
	buf_str(buf, "\n]\n}\n");
}

static int write_all_beside(struct run *run)
{
	struct buf content = { 0 };
	int rc;

	show(run, "truth", 0, 1);
	rc = truth_write(run->scenario, run->play, &content, run->err);
	if (rc == 0)
		rc = write_beside(run, "truth.json", &content);
	put_world(run, &content);
	if (rc == 0)
		rc = write_beside(run, "world.json", &content);
	registry_write_delegated(run->world, &content);
	if (rc == 0)
		rc = write_beside(run, "delegated-simulated", &content);
	registry_write_names(run->world, &content);
	if (rc == 0)
		rc = write_beside(run, "as-names-simulated", &content);
	buf_free(&content);
	return rc;
}

static void sum_up(const struct run *run, struct simulate_totals *totals)
{
	const struct plan *plan = run->world;
	const struct play *play = run->play;

	totals->seed = plan->seed;
	totals->from = plan->from;
	totals->until = plan->until;
	totals->ases = plan->world->as_count;
	totals->links = plan->world->link_count;
	totals->networks = plan->world->network_count;
	totals->groups = plan->group_count;
	totals->vantages = plan->vantage_count;
	totals->collectors = plan->collector_count;
	totals->table4 = play->table4;
	totals->table6 = play->table6;
	totals->between_ases = play->between_ases;
	for (uint32_t i = 0; i < play->dark_count; i++)
		if (i == 0 || play->darks[i - 1].group != play->darks[i].group)
			totals->networks_dark += plan->groups[play->darks[i].group].count;
}

/* Before anything is written, so that it cannot be missing afterwards. */
static int title_keep(const struct scenario *scenario, struct simulate_totals *totals,
		      struct err *err)
{
	totals->title = strdup(scenario->title);
	return totals->title ? 0 : err_memory(err);
}

static int run_steps(struct run *run, struct simulate_totals *totals)
{
	const struct simulate_plan *plan = run->plan;
	int rc;

	show(run, "topology", 0, 1);
	rc = scenario_read(plan->name, plan->text, &run->scenario, run->err);
	if (rc == 0)
		rc = title_keep(run->scenario, totals, run->err);
	if (rc == 0)
		rc = script_plan(run->scenario, plan->folder,
				 plan->has_seed ? plan->seed : run->scenario->seed, &run->world,
				 run->err);
	if (rc == 0)
		rc = play_run(run->world, plan->threads, show_groups, run, &run->play, run->err);
	if (rc == 0 && run->cancelled)
		rc = err_set(run->err, ERR_CANCELLED, "interrupted");
	if (rc == 0)
		rc = record_all(run, totals);
	return rc == 0 ? write_all_beside(run) : rc;
}

int simulate(const struct simulate_plan *plan, struct simulate_totals *ret_totals, struct err *err)
{
	struct run run = { .plan = plan, .err = err };
	struct simulate_totals totals = { 0 };
	int rc = run_steps(&run, &totals);

	if (rc == 0) {
		sum_up(&run, &totals);
		*ret_totals = totals;
	} else {
		simulate_totals_free(&totals);
	}
	play_free(run.play);
	script_free(run.world);
	scenario_free(run.scenario);
	return rc;
}

void simulate_totals_free(struct simulate_totals *totals)
{
	free((char *)totals->title);
}

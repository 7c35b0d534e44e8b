/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One outage of one subject, as a finding tells it; shared by the world's outages and a place's
 * report. Private to inquiry/.
 */
#ifndef CONSTAT_INQUIRY_FILL_OUTAGES_H
#define CONSTAT_INQUIRY_FILL_OUTAGES_H

#include "inquiry/run.h"

/* Lists that grow while subjects are gone through; the finding takes a copy in its arena. */
struct outage_list {
	struct finding_outage *outages;
	uint32_t count, room;
	struct finding_episode *episodes;
	uint32_t episode_count, episode_room;
};

/* Adds the subject's outages that lie in the question's time, and the episodes they make. */
int outage_list_add(const struct run *run, const struct subject *subject, struct finding *finding,
		    struct outage_list *list, struct err *err);
int outage_list_store(const struct outage_list *list, struct finding *finding,
		      struct finding_outage **ret_outages, uint32_t *ret_count,
		      struct finding_episode **ret_episodes, uint32_t *ret_episode_count,
		      struct err *err);
/* Does it reach into the question's period? */
bool outage_in_question(const struct question *question, const struct outage *outage);
void outage_list_free(struct outage_list *list);

#endif

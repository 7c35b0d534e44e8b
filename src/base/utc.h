/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time: microseconds since 1970-01-01T00:00:00 UTC as int64_t, everywhere. No local time, no
 * leap seconds (as POSIX and MRT count). UTC_NEVER stands for "not known" or "not yet".
 */
#ifndef CONSTAT_BASE_UTC_H
#define CONSTAT_BASE_UTC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

#define UTC_SECOND	((int64_t)1000000)
#define UTC_MINUTE	(60 * UTC_SECOND)
#define UTC_HOUR	(60 * UTC_MINUTE)
#define UTC_DAY		(24 * UTC_HOUR)
#define UTC_NEVER	INT64_MIN

int64_t utc_now(void);
int64_t utc_from_civil(int year, int month, int day);	/* midnight; proleptic Gregorian */
void utc_to_civil(int64_t time, int *ret_year, int *ret_month, int *ret_day);
int64_t utc_midnight(int64_t time);	/* with which its day began; not of UTC_NEVER */

/*
 * RFC 3339 and what people type: 2014-12-23, 2014-12-23T15:41, …:00, ….5, with "Z" or without (UTC
 * is meant), "T" or a blank, an offset such as +09:00, or seconds since the epoch (1419349260,
 * 1419349260.25).
 */
bool utc_parse(struct view text, int64_t *ret_time);
/* 90, 90s, 5m, 2h, 1h30m, 7d */
bool utc_parse_duration(struct view text, int64_t *ret_duration);

/* 2014-12-23T15:41:00Z, with .ffffff only when it is not a whole second; UTC_NEVER is "never". */
void utc_format(struct buf *buf, int64_t time);
/* "9 h 31 min", "31 min", "51 s", "2 d 3 h", "0.250 s": two units at most, for people. */
void utc_format_duration(struct buf *buf, int64_t duration);

#endif

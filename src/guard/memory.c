/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The limit is RLIMIT_DATA: since Linux 4.7 it counts all private memory that can be written to,
 * heap, mappings and the stacks of threads alike, whether touched or not; not files, and not what
 * other processes have. malloc() and mmap() fail at it, and every caller of theirs here says so.
 *
 * What is available is MemAvailable of /proc/meminfo or what is left below memory.max in any
 * control group from ours up to the root, whichever is less. (Version 2 of control groups; where
 * version 1 rules, containers show their limit in neither place, and --memory is for people to
 * give.)
 */
#include "guard/memory.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/file.h"
#include "base/view.h"

#define GROUPS "/sys/fs/cgroup"

/* The beginning of a small file of the kernel's; empty where there is none. */
static struct view read_small(const char *path, char *bytes, size_t room)
{
	ssize_t got = file_read_path(path, bytes, room);

	return (struct view){ bytes, got > 0 ? (size_t)got : 0 };
}

static uint64_t machine_available(void)
{
	static const char name[] = "MemAvailable:";
	char bytes[2048];
	struct view text = read_small("/proc/meminfo", bytes, sizeof(bytes) - 1);
	struct view digits;
	uint64_t kilobytes;

	bytes[text.len] = '\0';
	digits.ptr = strstr(bytes, name);
	if (!digits.ptr)
		return 0;
	digits.ptr += sizeof(name) - 1;
	digits.ptr += strspn(digits.ptr, " ");
	digits.len = strspn(digits.ptr, "0123456789");
	return view_u64(digits, &kilobytes) ? kilobytes << 10 : 0;
}

/* A file of one number in a control group; UINT64_MAX where it says "max", or is not there. */
static uint64_t group_number(const char *group, const char *name)
{
	char path[PATH_MAX], bytes[32];
	struct view text;
	uint64_t number;

	if (snprintf(path, sizeof(path), GROUPS "%s/%s", group, name) >= (int)sizeof(path))
		return UINT64_MAX;
	text = read_small(path, bytes, sizeof(bytes));
	while (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	return view_u64(text, &number) ? number : UINT64_MAX;
}

/* The least of what the groups from our own to the root leave. */
static uint64_t groups_available(void)
{
	static const char prefix[] = "0::";
	char group[PATH_MAX];
	struct view text = read_small("/proc/self/cgroup", group, sizeof(group) - 1);
	uint64_t least = UINT64_MAX;
	char *slash;

	group[text.len] = '\0';
	group[strcspn(group, "\n")] = '\0';
	if (strncmp(group, prefix, sizeof(prefix) - 1) != 0)
		return least;
	memmove(group, group + sizeof(prefix) - 1, strlen(group) + 1 - (sizeof(prefix) - 1));
	while ((slash = strrchr(group, '/'))) {
		uint64_t max = group_number(group, "memory.max");
		uint64_t used = group_number(group, "memory.current");

		if (max != UINT64_MAX && used != UINT64_MAX)
			least = max <= used ? 0 : max - used < least ? max - used : least;
		*slash = '\0';
	}
	return least;
}

uint64_t memory_available(void)
{
	uint64_t machine = machine_available(), groups = groups_available();

	return groups < machine ? groups : machine;
}

bool memory_can_limit(void)
{
#ifdef CONSTAT_SANITIZED
	return false;
#else
	return true;
#endif
}

int memory_limit(uint64_t bytes, struct err *err)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_DATA, &limit))
		return err_system(err, errno, "the limit of memory");
	/* Somebody else's lower limit stays. */
	if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur <= bytes)
		return 0;
	limit.rlim_cur = bytes;
	if (setrlimit(RLIMIT_DATA, &limit))
		return err_system(err, errno, "the limit of memory");
	return 0;
}

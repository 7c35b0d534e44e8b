/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Locks the calling process in, for the rest of its life: from then on it works with the memory and
 * the descriptors it has, and starts threads. It reaches no network, opens no file, writes to no
 * file it was not handed, starts no program, and touches no other process.
 *
 * Two walls, of which a kernel may lack either: seccomp (an allow-list of system calls; those that
 * nobody honest makes end the process with SIGSYS, all others fail with EPERM) and Landlock (no
 * path may be opened, no TCP port bound or connected to, no process outside signalled).
 *
 * sandbox_enter() is for a process with one thread, before it has read a byte that a stranger
 * wrote; threads started later are locked in with it. docs/security.md has the whole picture.
 */
#ifndef CONSTAT_GUARD_SANDBOX_H
#define CONSTAT_GUARD_SANDBOX_H

#include <stdbool.h>

#include "base/err.h"

struct sandbox_support {
	bool seccomp;
	int landlock;	/* ABI version of the kernel; 0: it has none */
};

/* What this kernel offers; asked at run time, changes nothing. */
struct sandbox_support sandbox_support(void);

/* For debugging (--no-sandbox): sandbox_enter() does nothing from now on. Before any fork. */
void sandbox_switch_off(void);
bool sandbox_is_off(void);

/*
 * `socket`: the one descriptor on which sendmsg() and recvmsg() stay allowed; −1: none. What the
 * kernel lacks is left out; an error is a kernel that has it and refuses.
 */
int sandbox_enter(int socket, struct err *err);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs commands in turn, so that each meets the same machine, and prints for each the best and
 * the middle time, the largest process, and the ratio of its best to the first command's:
 *
 *	pace [-n RUNS] [-e EVENTS] NAME COMMAND [NAME COMMAND …]
 *
 * A command is a line for sh; its output goes nowhere. With -e the middle time also gives events a second. The
 * last column of each line is the exit status when it was not 0.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 16
#define RUNS_MAX 64

struct command {
	const char *name, *line;
	double seconds[RUNS_MAX];
	long largest_kib;
	int status;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void run(struct command *command, int turn)
{
	struct rusage usage;
	double start = now();
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int nowhere = open("/dev/null", O_WRONLY);

		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
		execl("/bin/sh", "sh", "-c", command->line, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
		perror("pace");
		exit(1);
	}
	command->seconds[turn] = now() - start;
	/* The shell's, which has waited for the others: the largest of them all. */
	if (usage.ru_maxrss > command->largest_kib)
		command->largest_kib = usage.ru_maxrss;
	if (status)
		command->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

int main(int argc, char **argv)
{
	struct command commands[COMMANDS_MAX] = { 0 };
	int runs = 5, count = 0, option;
	double events = 0;

	while ((option = getopt(argc, argv, "+n:e:")) != -1) {
		if (option == 'n')
			runs = atoi(optarg);
		else if (option == 'e')
			events = atof(optarg);
		else
			return 2;
	}
	for (; optind + 1 < argc && count < COMMANDS_MAX; optind += 2)
		commands[count++] = (struct command){ .name = argv[optind], .line = argv[optind + 1] };
	if (count == 0 || optind != argc || runs < 1 || runs > RUNS_MAX) {
		fputs("usage: pace [-n RUNS] [-e EVENTS] NAME COMMAND [NAME COMMAND ...]\n", stderr);
		return 2;
	}
	for (int turn = 0; turn < runs; turn++)
		for (int i = 0; i < count; i++)
			run(&commands[i], turn);
	for (int i = 0; i < count; i++) {
		struct command *command = &commands[i];

		qsort(command->seconds, (size_t)runs, sizeof(double), compare);
		printf("| %-34s | %7.2f | %7.2f | %6.2f |", command->name, command->seconds[0],
		       command->seconds[runs / 2], command->seconds[0] / commands[0].seconds[0]);
		if (events > 0)
			printf(" %6.2f |", events / command->seconds[runs / 2] / 1e6);
		else
			printf("        |");
		printf(" %6.0f |", (double)command->largest_kib / 1024);
		if (command->status)
			printf(" exit %d", command->status);
		printf("\n");
	}
	return 0;
}

/* process.c - actors as processes. */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "clock.h"
#include "event.h"
#include "mapping.h"
#include "names.h"
#include "snarl.h"

enum {
	HOST = SNARL_ACTORS_MAX, /* set-up and check */
	NOT_HERE = 0,		 /* no entry: the descriptor is not translated */
	CLOSED = -1,
	COPIES_FROM = 128, /* low numbers are left to the actors */
};

bool process_emulated;

/* By actor and number: the real descriptor plus one. Each actor changes only its own table. */
static int16_t tables[SNARL_ACTORS_MAX + 1][PROCESS_FILES_MAX];
static bool child;  /* an actor has forked this process */
static bool forked; /* actors run, or have run, in this execution */

static int16_t *table_here(void)
{
	return tables[actor_self ? actor_self->index : HOST];
}

static bool is_kept(int fd)
{
	return process_emulated && fd >= 0 && fd < PROCESS_FILES_MAX;
}

int process_descriptor(int fd)
{
	int16_t entry = is_kept(fd) ? table_here()[fd] : NOT_HERE;

	return entry == NOT_HERE ? fd : entry == CLOSED ? -1 : entry - 1;
}

int process_closing(int fd)
{
	int descriptor = process_descriptor(fd);
	int16_t *table = table_here();

	if (!is_kept(fd) || table[fd] == NOT_HERE)
		return descriptor;
	table[fd] = forked ? CLOSED : NOT_HERE;
	/* Actors know it by this number, so nothing else may get it. */
	if (forked && !actor_self && descriptor == fd) {
		descriptor = fcntl(fd, F_DUPFD_CLOEXEC, COPIES_FROM);
		if (dup2(STDIN_FILENO, fd) < 0)
			event_fatal("cannot keep a descriptor: %s", strerror(errno));
	}
	return descriptor;
}

bool process_has(int fd)
{
	return !is_kept(fd) || table_here()[fd] == fd + 1;
}

void process_became(int fd, int descriptor)
{
	if (is_kept(fd))
		table_here()[fd] = (int16_t)(descriptor + 1);
}

void process_opened(int descriptor)
{
	process_became(descriptor, descriptor);
}

void process_opened_pair(const int ends[2])
{
	process_opened(ends[0]);
	process_opened(ends[1]);
}

/* By dup2: ThreadSanitizer does not know what comes through copies that fcntl makes. */
static int descriptor_copy(int descriptor)
{
	int copy = fcntl(descriptor, F_DUPFD, COPIES_FROM);

	if (copy < 0 || dup2(descriptor, copy) < 0)
		event_fatal("cannot copy a descriptor: %s", strerror(errno));
	return copy;
}

void process_fork(unsigned actors)
{
	if (!process_emulated)
		return;
	forked = true;
	for (unsigned a = 0; a < actors; a++)
		for (int n = 0; n < PROCESS_FILES_MAX; n++) {
			int copy = tables[HOST][n] > 0 ? descriptor_copy(tables[HOST][n] - 1) : -1;

			/* It has only what the set-up opened, and the standard streams. */
			tables[a][n] = copy >= 0	   ? (int16_t)(copy + 1)
				       : n > STDERR_FILENO ? CLOSED
							   : NOT_HERE;
		}
}

void process_forked(void)
{
	int16_t *own = table_here();

	child = true;
	for (unsigned a = 0; process_emulated && a <= HOST; a++)
		for (int n = 0; n < PROCESS_FILES_MAX; n++) {
			if (tables[a] == own || tables[a][n] <= 0)
				continue;
			close(tables[a][n] - 1);
			tables[a][n] = CLOSED;
		}
}

bool process_is_child(void)
{
	return child;
}

void process_end(unsigned actor)
{
	if (!process_emulated)
		return;
	for (int n = 0; n < PROCESS_FILES_MAX; n++) {
		if (tables[actor][n] > 0)
			close(tables[actor][n] - 1);
		else if (tables[actor][n] == CLOSED && actor == HOST)
			close(n); /* what kept the number taken */
		tables[actor][n] = forked ? CLOSED : NOT_HERE;
	}
}

void process_pause(uint32_t us)
{
	if (!actor_self || child || process_emulated || scenario.isolation == SNARL_THREADS) {
		clock_sleep_ns((uint64_t)us * 1000);
		return;
	}
	/* The worker that forked it sees it stop, and lets it continue. */
	actor_root(actor_self)->pause_us = us;
	kill(getpid(), SIGSTOP);
}

void process_open(bool emulated)
{
	process_emulated = emulated;
	if (!emulated) /* processes that actors leave behind are reaped after each execution */
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	names_open();
}

void process_sweep(void)
{
	int error = errno;

	names_sweep();
	while (!process_emulated && waitpid(-1, NULL, WNOHANG) > 0)
		;
	forked = false;
	for (unsigned a = 0; a <= HOST; a++)
		process_end(a);
	if (process_emulated)
		mapping_sweep();
	errno = error;
}

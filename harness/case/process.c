/* process.c - actors as processes. */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "clock.h"
#include "edge.h"
#include "event.h"
#include "mapping.h"
#include "names.h"
#include "snarl.h"
#include "undo.h"

enum {
	HOST = SNARL_ACTORS_MAX, /* set-up and check */
	NOT_HERE = 0,		 /* a standard stream of the case; any other number is closed */
	CLOSED = -1,
};

/* Names of calls, made by injectors/untranslated.awk; "": there are none. */
extern const char __start_snarl_untranslated[] __attribute__((weak));
extern const char __stop_snarl_untranslated[] __attribute__((weak));

bool process_emulated;

/*
 * By actor and number: the real descriptor plus one. Each actor changes only its own table; its
 * threads share that as they would share a process's.
 */
static _Atomic int16_t tables[SNARL_ACTORS_MAX + 1][PROCESS_FILES_MAX];
static bool child;	   /* an actor has forked this process */
static pid_t child_parent; /* the process of the actors */
static struct own {
	bool pipe_ignored, forks;
} own[SNARL_ACTORS_MAX];

static _Atomic int16_t *table_here(void)
{
	return tables[actor_self ? actor_self->index : HOST];
}

static int entry_load(const _Atomic int16_t *entry)
{
	return atomic_load_explicit(entry, memory_order_relaxed);
}

static void entry_store(_Atomic int16_t *entry, int value)
{
	atomic_store_explicit(entry, (int16_t)value, memory_order_relaxed);
}

static int entry_exchange(_Atomic int16_t *entry, int value)
{
	return atomic_exchange_explicit(entry, (int16_t)value, memory_order_relaxed);
}

static bool is_stream(int fd, int entry)
{
	return entry == NOT_HERE && fd <= STDERR_FILENO;
}

/* Calls refuse -1, and know what other negative numbers mean. */
static bool is_kept(int fd)
{
	return fd >= 0 && fd < PROCESS_FILES_MAX;
}

int process_descriptor(int fd)
{
	int entry;

	if (!process_emulated || fd < 0)
		return fd;
	entry = is_kept(fd) ? entry_load(&table_here()[fd]) : CLOSED;
	return is_stream(fd, entry) ? fd : entry > 0 ? entry - 1 : -1;
}

int process_closing(int fd)
{
	int entry;

	if (!process_emulated || !is_kept(fd))
		return process_descriptor(fd);
	entry = entry_exchange(&table_here()[fd], CLOSED);
	/* The case keeps its stream, so there has to be a copy that the caller can close. */
	if (is_stream(fd, entry))
		return dup(fd);
	return entry > 0 ? entry - 1 : -1;
}

int process_became(int fd, int descriptor)
{
	return entry_exchange(&table_here()[fd], descriptor + 1) - 1;
}

int process_opened_from(int descriptor, int lowest)
{
	_Atomic int16_t *table = table_here();

	if (!process_emulated || descriptor < 0)
		return descriptor;
	for (int n = lowest; n < PROCESS_FILES_MAX; n++) {
		int16_t entry = (int16_t)entry_load(&table[n]);

		if (entry <= 0 && !is_stream(n, entry) &&
			atomic_compare_exchange_strong_explicit(&table[n], &entry,
				(int16_t)(descriptor + 1), memory_order_relaxed,
				memory_order_relaxed))
			return n;
	}
	event_fatal(
		"an actor has more than %d descriptors: run it on stress, where actors are real "
		"processes",
		PROCESS_FILES_MAX);
}

int process_opened(int descriptor)
{
	return process_opened_from(descriptor, 0);
}

void process_opened_pair(int ends[2])
{
	ends[0] = process_opened(ends[0]);
	ends[1] = process_opened(ends[1]);
}

int process_number(int descriptor)
{
	const _Atomic int16_t *table = table_here();

	if (!process_emulated || descriptor < 0)
		return descriptor;
	for (int n = 0; n < PROCESS_FILES_MAX; n++) {
		int entry = entry_load(&table[n]);

		if (entry == descriptor + 1 || (n == descriptor && is_stream(n, entry)))
			return n;
	}
	return -1;
}

/* By dup: ThreadSanitizer does not know what comes through copies that fcntl makes. */
static int descriptor_copy(int descriptor)
{
	int copy = dup(descriptor), flags = fcntl(descriptor, F_GETFD);

	if (copy < 0 || (flags && fcntl(copy, F_SETFD, flags) != 0))
		event_fatal("cannot copy a descriptor: %s", strerror(errno));
	return copy;
}

/* An actor has only what the set-up opened, and the standard streams. */
void process_fork(unsigned actors)
{
	if (!process_emulated)
		return;
	for (unsigned a = 0; a < actors; a++)
		own[a].pipe_ignored = false;
	for (int n = 0; n < PROCESS_FILES_MAX; n++) {
		int entry = entry_load(&tables[HOST][n]);

		for (unsigned a = 0; a < actors; a++)
			entry_store(&tables[a][n], entry > 0 ? descriptor_copy(entry - 1) + 1
						   : is_stream(n, entry) ? NOT_HERE
									 : CLOSED);
	}
}

void process_forked(void)
{
	_Atomic int16_t *ours = table_here();

	child_parent = child ? 0 : getppid();
	child = true;
	for (unsigned a = 0; process_emulated && a <= HOST; a++)
		for (int n = 0; tables[a] != ours && n < PROCESS_FILES_MAX; n++) {
			int entry = entry_exchange(&tables[a][n], CLOSED);

			if (entry > 0)
				close(entry - 1);
		}
}

bool process_is_child(void)
{
	return child;
}

bool process_is_first_child(void)
{
	return child && actor_self && child_parent == getppid();
}

void process_forks_note(void)
{
	if (actor_self)
		own[actor_self->index].forks = true;
}

bool process_forks_mixed(void)
{
	unsigned count = 0;

	for (unsigned a = 0; a < SNARL_ACTORS_MAX; a++)
		count += own[a].forks;
	return count > 1;
}

bool process_pipe_ignored(void)
{
	return actor_self && own[actor_self->index].pipe_ignored;
}

void process_pipe_ignore(bool ignored)
{
	own[actor_self->index].pipe_ignored = ignored;
}

void process_end(unsigned actor)
{
	if (!process_emulated)
		return;
	for (int n = 0; n < PROCESS_FILES_MAX; n++) {
		int entry = entry_exchange(&tables[actor][n], actor == HOST ? NOT_HERE : CLOSED);

		if (entry <= 0)
			continue;
		edge_close(entry - 1);
		close(entry - 1);
	}
	if (actor != HOST)
		undo_apply(actor);
}

void process_pause(uint32_t us)
{
	if (!actor_self || child || process_emulated || scenario.isolation != SNARL_PROCESSES) {
		clock_sleep_ns((uint64_t)us * 1000);
		return;
	}
	/* The worker that forked it sees it stop, and lets it continue. */
	actor_root(actor_self)->pause_us = us;
	kill(getpid(), SIGSTOP);
}

void process_open(const struct plan *plan, bool emulated)
{
	if (emulated && __start_snarl_untranslated && __start_snarl_untranslated[0])
		event_fatal("%s/%s calls %s, which is not available in %s, where actors only "
			    "emulate processes: run it on stress",
			plan->scenario, plan->variant, __start_snarl_untranslated, plan->engine);
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
	for (unsigned a = 0; a <= HOST; a++)
		process_end(a);
	if (process_emulated)
		mapping_sweep();
	errno = error;
}

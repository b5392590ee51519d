/* supervise.c - running cases as children. */
#define _GNU_SOURCE
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "collector.h"
#include "exit.h"
#include "kind.h"
#include "last_words.h"
#include "procfs.h"
#include "silence.h"
#include "sweep.h"
#include "text.h"

enum {
	LEAVE_MS = 1000,	 /* from the end of the events to the end of the process */
	POLL_LEAVING_MS = 1,	 /* when a child has sent its last event and only has to exit */
	POLL_SILENT_MS = 5,	 /* when a child's silence may soon be proof */
	AGAIN_MS = HISTOGRAM_MS, /* how long to keep running after a standstill */
	FOREIGN_MAX = 64,
};

struct supervisor {
	const struct catalog *catalog;
	pid_t foreign[FOREIGN_MAX]; /* children that were there before us */
	unsigned foreign_count;
	unsigned running;
	struct child *children[SUPERVISE_JOBS_MAX];
};

static volatile sig_atomic_t interrupted;

static void note_signal(int number)
{
	(void)number;
	interrupted = 1;
}

bool supervisor_interrupted(void)
{
	return interrupted;
}

/* A child that is not ours: this process had it before it executed snarl. */
static bool foreign_note(void *context, pid_t pid)
{
	struct supervisor *supervisor = context;

	if (supervisor->foreign_count < FOREIGN_MAX)
		supervisor->foreign[supervisor->foreign_count++] = pid;
	return true;
}

struct supervisor *supervisor_open(const struct catalog *catalog)
{
	struct supervisor *supervisor = calloc(1, sizeof *supervisor);
	struct sigaction action = {.sa_handler = note_signal};
	const int ending[] = {SIGINT, SIGTERM, SIGHUP};

	if (!supervisor)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	supervisor->catalog = catalog;
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		sigaction(ending[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A child's orphans become ours, so that they can be found and ended. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	process_children(getpid(), foreign_note, supervisor);
	sweep();
	return supervisor;
}

unsigned supervisor_running(const struct supervisor *supervisor)
{
	return supervisor->running;
}

struct supervised supervisor_look(const struct supervisor *supervisor, unsigned index)
{
	const struct child *child = supervisor->children[index];

	return (struct supervised){child->collector.subject, child->collector.result.plan.engine,
		collector_executions(&child->collector),
		(double)(clock_ns() - child->began_ns) * 1e-9};
}

bool supervisor_listening(struct supervisor *supervisor, struct supervised *now, pid_t *pid)
{
	for (unsigned i = 0; i < supervisor->running; i++) {
		struct child *child = supervisor->children[i];

		if (!child->collector.listens || child->reported)
			continue;
		child->reported = true;
		*now = supervisor_look(supervisor, i);
		*pid = child->pid;
		return true;
	}
	return false;
}

int supervisor_start(
	struct supervisor *supervisor, const struct subject *subject, const struct plan *plan)
{
	struct child *child = calloc(1, sizeof *child);
	int error;

	if (!child)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	error = child_start(child, supervisor->catalog, subject, plan);
	if (error) {
		free(child);
		return error;
	}
	supervisor->children[supervisor->running++] = child;
	return 0;
}

static void group_reap(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(-group, NULL, 0) > 0 || errno == EINTR)
		errno = 0;
}

static bool is_ours(const struct supervisor *supervisor, pid_t pid)
{
	for (unsigned i = 0; i < supervisor->running; i++)
		if (supervisor->children[i]->pid == pid)
			return true;
	for (unsigned i = 0; i < supervisor->foreign_count; i++)
		if (supervisor->foreign[i] == pid)
			return true;
	return pid == getpid();
}

/* Whether a process lives whose parent, a case, is dead, so that it became a child of ours. */
static bool orphans_live(const struct supervisor *supervisor)
{
	const struct process_tree family = process_family_of(getpid());

	for (unsigned i = 0; i < family.count; i++)
		if (!is_ours(supervisor, family.pids[i]) &&
			process_tree_state(&family, (uint32_t)family.pids[i]))
			return true;
	return !family.all;
}

/* A daemon that left its case's group is ours once its parent is dead. */
static bool orphan_end(void *context, pid_t pid)
{
	const struct supervisor *supervisor = context;

	for (unsigned i = 0; i < supervisor->foreign_count; i++)
		if (supervisor->foreign[i] == pid)
			return false;
	kill(pid, SIGKILL);
	return waitpid(pid, NULL, 0) == pid;
}

/* Repeat until none is found: an orphan's own children become ours in turn. */
static void orphans_end(struct supervisor *supervisor)
{
	while (process_children(getpid(), orphan_end, supervisor))
		;
}

static bool child_over(struct child *child, int *status)
{
	pid_t reaped = waitpid(child->pid, status, WNOHANG);

	if (reaped == child->pid)
		return true;
	/*
	 * The events have ended, but the process has not: give it a moment, unless it was already
	 * killed.
	 */
	if (child->closed_ns && !child->killed &&
		clock_ns() - child->closed_ns > (uint64_t)LEAVE_MS * 1000000)
		child_kill(child);
	return false;
}

/*
 * After a standstill, continue with the next execution, once: for as long as stress continues after
 * any first bug, to learn how often the other executions end. False if that is not possible, or not
 * worth the time: a second livelock could not be distinguished from a slow execution.
 */
static bool child_again(const struct supervisor *supervisor, struct child *child)
{
	const struct result *result = &child->collector.result;
	uint64_t since_ms = (clock_ns() - child->began_ns) / 1000000;
	struct plan plan = result->plan;
	struct collector *stopped;

	if (child->stopped || child->collector.patience_ms || child->collector.ended ||
		!(result->verdict & KINDS_OF_STANDSTILL & ~(SNARL_LIVELOCK | SNARL_HANG)) ||
		!json_object_size(result_part(result, "waits")) || since_ms >= plan.budget_ms)
		return false;
	plan.first = (uint64_t)result->first_failure_execution + 1;
	if (plan.executions && plan.executions <= plan.first - result->plan.first)
		return false;
	plan.executions -= plan.executions ? plan.first - result->plan.first : 0;
	plan.budget_ms = AGAIN_MS < plan.budget_ms - since_ms ? AGAIN_MS
							      : plan.budget_ms - (unsigned)since_ms;
	stopped = malloc(sizeof *stopped);
	if (!stopped)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	*stopped = child->collector;
	child_let_go(child);
	*child = (struct child){.stopped = stopped};
	if (child_start(child, supervisor->catalog, stopped->subject, &plan) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot start a process: %s", strerror(errno));
	return true;
}

/* Join the results from before and after the standstill: the bug is that of the first. */
static void child_join(struct child *child)
{
	struct collector later = child->collector;

	child->collector = *child->stopped;
	result_join(&child->collector.result, &later.result);
	result_free(&later.result);
	collector_end(&later);
	free(child->stopped);
	child->stopped = NULL;
}

/* The child is dead; returns whether the case is done. */
static bool child_finish(
	struct supervisor *supervisor, unsigned index, int status, struct result *result)
{
	struct child *child = supervisor->children[index];

	group_reap(child->pid);
	if (child->collector.subject->processes)
		sweep();
	child_read(child);
	output_keep(child);
	death_judge(child, status);
	collector_symbolise(&child->collector, supervisor->catalog);
	/* An engine that detects hangs itself has counted it. */
	if (child->collector.result.verdict & KINDS_OF_STANDSTILL && !child->collector.ended)
		result_stop(&child->collector.result);
	if (child_again(supervisor, child))
		return false;
	if (child->stopped)
		child_join(child);
	*result = child->collector.result;
	supervisor->children[index] = supervisor->children[--supervisor->running];
	child_free(child);
	if (!supervisor->running) /* while others run, an orphan may be one of theirs */
		orphans_end(supervisor);
	return true;
}

/* How long to wait before the silence of a child has to be judged. */
static int poll_ms(const struct child *child)
{
	uint64_t silent_ms = (clock_ns() - child->heard_ns) / 1000000;

	if (child->closed_ns)
		return POLL_LEAVING_MS;
	return silent_ms < SILENCE_NOTED_MS ? (int)(SILENCE_NOTED_MS - silent_ms) : POLL_SILENT_MS;
}

bool supervisor_wait(struct supervisor *supervisor, int wait_ms, struct result *result,
	const struct subject **subject)
{
	struct pollfd polls[SUPERVISE_JOBS_MAX];
	uint64_t until = clock_ns() + (uint64_t)wait_ms * 1000000;
	int status;

	while (clock_ns() < until && !interrupted) {
		int timeout = wait_ms;

		for (unsigned i = 0; i < supervisor->running; i++) {
			const struct child *child = supervisor->children[i];

			polls[i] =
				(struct pollfd){child->closed_ns ? -1 : child->events, POLLIN, 0};
			timeout = poll_ms(child) < timeout ? poll_ms(child) : timeout;
		}
		poll(polls, supervisor->running, timeout);
		for (unsigned i = 0; i < supervisor->running; i++) {
			struct child *child = supervisor->children[i];

			if (polls[i].revents)
				child_read(child);
			*subject = child->collector.subject;
			if (child_over(child, &status) &&
				child_finish(supervisor, i, status, result))
				return true;
			if (silence_begun(child))
				child->orphans = orphans_live(supervisor);
			silence_judge(child);
		}
	}
	return false;
}

void supervisor_close(struct supervisor *supervisor)
{
	while (supervisor->running) {
		struct child *child = supervisor->children[--supervisor->running];

		child_kill(child);
		waitpid(child->pid, NULL, 0);
		group_reap(child->pid);
		result_free(&child->collector.result);
		child_free(child);
	}
	orphans_end(supervisor);
	sweep(); /* an orphan keeps its case's folder locked */
	free(supervisor);
}

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
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "collector.h"
#include "exit.h"
#include "kind.h"
#include "last_words.h"
#include "ulimits.h"
#include "procfs.h"
#include "silence.h"
#include "sweep.h"
#include "text.h"

enum {
	LEAVE_MS = 1000,	 /* from the end of the events to the end of the process */
	POLL_LEAVING_MS = 1,	 /* when a child has sent its last event and only has to exit */
	POLL_SILENT_MS = 5,	 /* when a child's silence may soon be proof */
	KEEPER_MS = 2000,	 /* from the kill of a child to the report of its keeper */
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
	keeper_sweep();
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

/* Whether a process lives whose parent, of the case, is dead, so that it became its keeper's. */
static bool orphans_live(const struct child *child)
{
	const struct process_tree family = process_family_of(child->keeper.pid);

	for (unsigned i = 0; i < family.count; i++)
		if (family.pids[i] != child->keeper.pid && family.pids[i] != child->pid &&
			process_tree_state(&family, (uint32_t)family.pids[i]))
			return true;
	return !family.all;
}

/* A keeper, or a child that was there before us. */
static bool child_spared(const void *context, pid_t pid)
{
	const struct supervisor *supervisor = context;

	for (unsigned i = 0; i < supervisor->foreign_count; i++)
		if (supervisor->foreign[i] == pid)
			return true;
	for (unsigned i = 0; i < supervisor->running; i++)
		if (supervisor->children[i]->keeper.pid == pid)
			return true;
	return false;
}

static void child_reaped(void *context, pid_t pid, int status)
{
	const struct supervisor *supervisor = context;

	for (unsigned i = 0; i < supervisor->running; i++) {
		struct child *child = supervisor->children[i];

		if (child->keeper.pid == pid)
			child->keeper.pid = 0;
		if (child->pid != pid)
			continue;
		/* Its keeper has died, or this would not be our child. */
		child->ended = child->abandoned = true;
		child->status = status;
	}
}

static struct children children_of(struct supervisor *supervisor)
{
	return (struct children){supervisor, child_spared, NULL, child_reaped};
}

/* The keeper died before its case: all that it had became ours. */
static void child_take_over(struct supervisor *supervisor, struct child *child)
{
	const struct children ours = children_of(supervisor);

	children_end(&ours);
	child->abandoned = true;
	if (!child->ended)
		child->status = SIGKILL; /* the kernel keeps it */
	child->ended = true;
	child->keeper.pid = 0;
}

/*
 * Whether the child is over, as its keeper reports before it ends. Whatever became of the keeper
 * and of the case, this is so soon after the child was killed.
 */
static bool child_over(struct supervisor *supervisor, struct child *child)
{
	uint64_t now = clock_ns();
	uint64_t closed_ms = child->closed_ns ? (now - child->closed_ns) / 1000000 : 0;
	uint64_t killed_ms = child->killed_ns ? (now - child->killed_ns) / 1000000 : 0;

	child->ended |= keeper_reported(&child->keeper, &child->status);
	if ((!child->keeper.pid && (!child->ended || child->abandoned)) ||
		killed_ms > 2 * KEEPER_MS)
		child_take_over(supervisor, child);
	else if (killed_ms > KEEPER_MS && child->keeper.pid)
		kill(child->keeper.pid, SIGKILL);
	else if (closed_ms > LEAVE_MS && !child->killed_ns)
		child_kill(child); /* the events have ended, but the process has not */
	return child->ended && !child->keeper.pid;
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
	int error;

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
	error = child_start(child, supervisor->catalog, stopped->subject, &plan);
	if (error)
		die(EXIT_COULD_NOT_RUN, "cannot start a process: %s%s", strerror(-error),
			limits_for(-error));
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

/* The child is over; returns whether the case is done. */
static bool child_finish(struct supervisor *supervisor, unsigned index, struct result *result)
{
	struct child *child = supervisor->children[index];

	if (child->collector.subject->processes)
		sweep();
	unnamed_sweep(&child->makers);
	child_read(child);
	output_keep(child);
	death_judge(child);
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
	return true;
}

/* How long to wait before the silence of a child has to be judged. */
static int poll_ms(const struct child *child)
{
	uint64_t silent_ms = (clock_ns() - child->heard_ns) / 1000000;

	if (child->closed_ns || child->killed_ns || child->keeper.reports < 0)
		return POLL_LEAVING_MS;
	return silent_ms < SILENCE_NOTED_MS ? (int)(SILENCE_NOTED_MS - silent_ms) : POLL_SILENT_MS;
}

/* Wait until a child wrote or ended, or a silence has to be judged; at most `wait_ms`. */
static void children_poll(const struct supervisor *supervisor, int wait_ms)
{
	struct pollfd polls[2 * SUPERVISE_JOBS_MAX];

	for (unsigned i = 0; i < supervisor->running; i++) {
		const struct child *child = supervisor->children[i];

		polls[2 * i] = (struct pollfd){child->closed_ns ? -1 : child->events, POLLIN, 0};
		polls[2 * i + 1] = (struct pollfd){child->keeper.reports, POLLIN, 0};
		wait_ms = poll_ms(child) < wait_ms ? poll_ms(child) : wait_ms;
	}
	poll(polls, 2 * supervisor->running, wait_ms);
}

bool supervisor_wait(struct supervisor *supervisor, int wait_ms, struct result *result,
	const struct subject **subject)
{
	const struct children ours = children_of(supervisor);
	uint64_t until = clock_ns() + (uint64_t)wait_ms * 1000000;

	while (supervisor->running && clock_ns() < until && !interrupted) {
		children_poll(supervisor, wait_ms);
		children_reap(&ours);
		for (unsigned i = 0; i < supervisor->running; i++) {
			struct child *child = supervisor->children[i];

			child_read(child);
			*subject = child->collector.subject;
			if (child_over(supervisor, child)) {
				if (child_finish(supervisor, i, result))
					return true;
				continue;
			}
			if (silence_begun(child))
				child->orphans = orphans_live(child);
			silence_judge(child);
		}
	}
	return false;
}

void supervisor_close(struct supervisor *supervisor)
{
	const struct children ours = children_of(supervisor);

	for (unsigned i = 0; i < supervisor->running; i++)
		child_kill(supervisor->children[i]);
	while (supervisor->running) {
		struct child *child = supervisor->children[supervisor->running - 1];

		children_poll(supervisor, POLL_LEAVING_MS);
		children_reap(&ours);
		if (!child_over(supervisor, child))
			continue;
		result_free(&child->collector.result);
		child_free(child);
		supervisor->running--;
	}
	children_end(&ours);
	sweep(); /* an orphan keeps its case's folder locked */
	free(supervisor);
}

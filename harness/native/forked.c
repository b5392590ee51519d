/* forked.c - an actor as a process, or as a thread that passes for one. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "activity.h"
#include "exit.h"
#include "workers.h"
#include "event.h"
#include "process.h"
#include "wrap.h"

/* All actors have been forked; by the last one at the barrier. */
static void batch_started(void)
{
	if (scenario.started)
		scenario.started(state_at(0));
}

/* An actor as a process of its own; does not return. */
static void process_main(struct worker *worker, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_NOT_STARTED); /* it died before we asked to die with it */
	activity_forked(worker->actor.name);
	wrap_signal_forked();
	batch_walk(worker);
	_exit(0);
}

/* How a process died that should have come to its end; nothing where a rule had it die. */
static void death_note(struct snarl_actor *actor, int status)
{
	if (actor->crashed_at || actor->died[0])
		return;
	if (WIFSIGNALED(status))
		actor_killed(actor, WTERMSIG(status));
	else if (WEXITSTATUS(status))
		snprintf(actor->died, sizeof actor->died, "exited with %d", WEXITSTATUS(status));
}

/* Until the actor's process is gone; one that stopped itself is to go on after a while. */
static void process_await(struct worker *worker, pid_t pid)
{
	int status;

	for (;;) {
		pid_t got = waitpid(pid, &status, WUNTRACED);

		if (got < 0 && errno != EINTR)
			event_fatal("an actor cannot be waited for: %s", strerror(errno));
		if (got < 0)
			continue;
		if (!WIFSTOPPED(status))
			break;
		if (!worker->actor.pause_us)
			continue; /* by a hand from outside, which will have it go on */
		clock_sleep_ns((uint64_t)worker->actor.pause_us * 1000);
		worker->actor.pause_us = 0;
		kill(pid, SIGCONT);
	}
	death_note(&worker->actor, status);
	/* Had it not come to the start line, the others would wait for it there. */
	if (atomic_load_explicit(&worker->actor.arrived, memory_order_relaxed) >> 1 <=
		workers.lines)
		atomic_store_explicit(
			&worker->actor.arrived, (workers.lines + 1) << 1, memory_order_relaxed);
}

static void *pretended_main(void *argument)
{
	struct worker *worker = argument;
	const stack_t stack = {.ss_sp = worker->signal_stack, .ss_size = SIGNAL_STACK};

	sigaltstack(&stack, NULL);
	prctl(PR_SET_TIMERSLACK, 1);
	pthread_setname_np(pthread_self(), worker->actor.name);
	activity_join(worker->actor.name);
	batch_walk(worker);
	return NULL;
}

/* What passes for a process has a thread of its own, so that it can end before its time. */
static void pretended_run(struct worker *worker)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, pretended_main, worker);

	if (error)
		event_fatal("cannot start actor %s: %s", worker->actor.name, strerror(error));
	pthread_join(thread, NULL);
	process_end(worker->actor.index);
}

/* The one execution of a batch of processes. */
void process_walk(struct worker *worker)
{
	struct snarl_actor *self = &worker->actor;
	pid_t parent = getpid(), pid;

	self->crashed_at = NULL;
	self->died[0] = '\0';
	worker->walked = 1;
	if (!workers.forks) {
		pretended_run(worker);
	} else {
		pid = fork();
		if (pid < 0)
			event_fatal("cannot fork actor %s: %s", self->name, strerror(errno));
		if (pid == 0)
			process_main(worker, parent);
		barrier_cross(batch_started);
		process_await(worker, pid);
	}
	self->waiting = true;
}

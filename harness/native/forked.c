/* forked.c - an actor as a process, or as a thread that emulates one. */
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

/* Run by the last actor at the barrier, once all have been forked. */
static void batch_started(void)
{
	if (scenario.started)
		scenario.started(state_at(0));
}

/* The actor has come to its end, or has ended its thread by pthread_exit, which ends it as well. */
static void actor_finished(void *argument)
{
	struct worker *worker = argument;

	worker->finished = true;
}

/* An actor as a process of its own; does not return. */
static void process_main(struct worker *worker, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_NOT_STARTED); /* the parent died before the prctl */
	activity_forked(worker->actor.name);
	wrap_signal_forked();
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_cleanup_push(actor_finished, worker);
	batch_walk(worker);
	pthread_cleanup_pop(1);
	_exit(0);
}

/* Note how a process died, unless it came to its end or a rule made it crash. */
static void death_note(struct worker *worker, int status)
{
	struct snarl_actor *actor = &worker->actor;

	if (actor->crashed_at || actor->died[0])
		return;
	if (WIFSIGNALED(status))
		actor_killed(actor, WTERMSIG(status));
	else if (WEXITSTATUS(status))
		snprintf(actor->died, sizeof actor->died, "exited with %d", WEXITSTATUS(status));
	else if (!worker->finished)
		snprintf(actor->died, sizeof actor->died, "exited with 0 before its end");
}

/* Wait for the actor's process to end; if it stopped itself, continue it after a while. */
static void process_await(struct worker *worker, pid_t pid)
{
	int status;

	for (;;) {
		pid_t got = waitpid(pid, &status, WUNTRACED);

		if (got < 0 && errno != EINTR)
			event_fatal("cannot wait for an actor's process: %s", strerror(errno));
		if (got < 0)
			continue;
		if (!WIFSTOPPED(status))
			break;
		if (!worker->actor.pause_us)
			continue; /* stopped from outside, and continued from there */
		clock_sleep_ns((uint64_t)worker->actor.pause_us * 1000);
		worker->actor.pause_us = 0;
		kill(pid, SIGCONT);
	}
	death_note(worker, status);
	/*
	 * If it died before the start line, the others would wait for it there: it counts as
	 * arrived.
	 */
	if (atomic_load_explicit(&worker->actor.arrived, memory_order_relaxed) >> 1 <=
		workers.lines)
		atomic_store_explicit(
			&worker->actor.arrived, (workers.lines + 1) << 1, memory_order_relaxed);
}

static void *emulated_main(void *argument)
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

/* An emulated process has its own thread, so that it can end early. */
static void emulated_run(struct worker *worker)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, emulated_main, worker);

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
	worker->finished = false;
	if (!workers.forks) {
		emulated_run(worker);
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

/*
 * threads.c - threads that actors create. They are actors themselves, at most ACTORS_MAX in an
 * execution. An actor is found by the handle of the real thread that its fiber borrows from.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "actor.h"
#include "event.h"
#include "inject.h"
#include "spin.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "snarl.h"
#include "trace.h"

static struct start {
	void *(*routine)(void *argument);
	void *argument;
	struct snarl_actor self;
} starts[ACTORS_MAX];

int snarl_model_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*routine)(void *argument), void *argument);
int snarl_model_pthread_join(pthread_t thread, void **result);
int snarl_model_pthread_tryjoin_np(pthread_t thread, void **result);
int snarl_model_pthread_timedjoin_np(
	pthread_t thread, void **result, const struct timespec *deadline);
int snarl_model_pthread_detach(pthread_t thread);
void snarl_model_pthread_exit(void *result) __attribute__((noreturn));

static void (*process_over)(struct actor *self);

void process_over_provide(void (*over)(struct actor *self))
{
	process_over = over;
}

static void (*program_over)(void);

void program_over_provide(void (*over)(void))
{
	program_over = over;
}

void process_leave(struct actor *self)
{
	if (process_over)
		process_over(self);
}

void actor_over(struct actor *self)
{
	scheduler_last_step(self, false);
	objects_left(self);
	if (program_is() && scheduler_alone(self)) /* main has left by pthread_exit */
		program_over();
	scheduler_over(self);
}

static void actor_live(struct actor *self)
{
	self->run(self->argument);
	specific_end(self);
	actor_over(self);
}

struct actor *actor_add(const char *name, void (*run)(void *argument), void *argument)
{
	struct actor *actor = scheduler_add(name, actor_live);

	if (actor) {
		actor->run = run;
		actor->argument = argument;
	}
	return actor;
}

static void thread_run(void *argument)
{
	struct start *start = argument;

	actor_self = &start->self;
	scheduler.running->result = start->routine(start->argument);
}

int thread_create(pthread_t *thread, bool detached, void *(*routine)(void *argument),
	void *argument, const char *call, const void *pc)
{
	struct actor *self = scheduler.running, *created;
	pthread_t handle;
	unsigned number;

	if (!self)
		event_fatal("the set-up, the check or the teardown creates a thread, which explore "
			    "does not model: let an actor do it");
	scheduler_step(self, NULL);
	spin_break(self);
	number = scheduler.actor_count;
	if (number == ACTORS_MAX)
		event_fatal("more than %d actors and threads in one execution, which is explore's "
			    "limit: run it on the other engines",
			ACTORS_MAX);
	starts[number].routine = routine;
	starts[number].argument = argument;
	actor_thread_make(&starts[number].self, actor_self, (const void *)(uintptr_t)routine);
	created = actor_add(starts[number].self.name, thread_run, &starts[number]);
	if (!created)
		return EAGAIN;
	clock_join(&created->now, &self->now);
	clock_tick(&self->now, self->index);
	created->detached = detached;
	created->process = self->process;
	handle = created->fiber.handle;
	if (scheduler.tracing)
		trace_thread(self, TRACE_CREATE, created, call, pc);
	/* POSIX lets the thread run before its creator has stored the handle. */
	result_write(thread, &handle, sizeof handle, pc);
	return 0;
}

static struct actor *thread_at(pthread_t thread)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++)
		if (pthread_equal(scheduler.actors[i].fiber.handle, thread))
			return &scheduler.actors[i];
	return NULL;
}

enum how { WAITING, TIMED, TRYING };

/* Set-up, check and teardown can join only what has ended: no actor runs then. */
static int host_join(struct actor *other, void **result)
{
	if (!other || other->detached || other->joined)
		return ESRCH;
	if (other->state != ACTOR_OVER)
		return EDEADLK;
	other->joined = true;
	if (result)
		*result = other->result;
	return 0;
}

void threads_end(void)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++) {
		const struct actor *actor = &scheduler.actors[i];

		if (actor->run != thread_run || actor->joined || actor->detached)
			continue;
		scheduler_note(SNARL_LEAK, NULL,
			"%s is a thread that is neither joined nor detached: its stack stays",
			actor->name);
		return;
	}
}

static int join_refused(const char *name, int error, const char *call, const void *pc)
{
	trace_did(NULL, call, pc, "does not join %s: %s", name, strerrorname_np(error));
	return error;
}

static int join(pthread_t thread, void **result, enum how how, const char *call, const void *pc)
{
	struct actor *self = scheduler.running, *other = thread_at(thread);

	if (!self)
		return host_join(other, result);
	if (!other)
		return join_refused("a thread", ESRCH, call, pc);
	if (other == self)
		return join_refused("itself", EDEADLK, call, pc);
	if (other->detached || other->joined)
		scheduler_fail(SNARL_ASSERTION, pc, "%s joins %s, which was already %s", self->name,
			other->name, other->joined ? "joined" : "detached");
	scheduler_step(self, NULL);
	spin_break(self);
	while (other->state != ACTOR_OVER) {
		if (how == TRYING)
			return join_refused(other->name, EBUSY, call, pc);
		other->joiners |= actor_one(self->index);
		if (scheduler.tracing)
			trace_thread(self, TRACE_WAIT, other, call, pc);
		self->waits_for_actor = (int)other->index;
		if (!scheduler_block(self, NULL, call, pc, how == TIMED)) {
			other->joiners &= ~actor_one(self->index);
			self->waits_for_actor = NOBODY;
			return join_refused(other->name, ETIMEDOUT, call, pc);
		}
	}
	other->joined = true;
	clock_join(&self->now, &other->ended);
	if (scheduler.tracing)
		trace_thread(self, TRACE_JOIN, other, call, pc);
	if (result)
		result_write(result, &other->result, sizeof *result, pc);
	return 0;
}

int thread_join(pthread_t thread, void **result, const char *call, const void *pc)
{
	return join(thread, result, WAITING, call, pc);
}

int thread_detach(pthread_t thread, const void *pc)
{
	struct actor *other = thread_at(thread);

	if (!other)
		return ESRCH;
	if (other->detached || other->joined)
		scheduler_fail(SNARL_ASSERTION, pc, "%s was already %s", other->name,
			other->joined ? "joined" : "detached");
	other->detached = true;
	return 0;
}

void thread_exit(void *result)
{
	scheduler.running->result = result;
	/* Only the actor's own fiber ends the emulated process; threads it created do not. */
	if (process_emulated && scheduler.running->run != thread_run) {
		inject_actor_over();
		process_leave(scheduler.running);
	}
	specific_end(scheduler.running);
	actor_over(scheduler.running);
}

/* A larger stack than actors have would overflow there. */
static void stack_check(const pthread_attr_t *attributes)
{
	pthread_attr_t usual;
	size_t size = 0, usual_size = 0;

	pthread_attr_getstacksize(attributes, &size);
	if (size <= FIBER_STACK_BYTES || pthread_getattr_default_np(&usual) != 0)
		return;
	pthread_attr_getstacksize(&usual, &usual_size);
	pthread_attr_destroy(&usual);
	if (size > usual_size)
		event_fatal("a thread is to have a stack of %zu bytes, but explore gives each one "
			    "%d: run it on the other engines",
			size, FIBER_STACK_BYTES);
}

int snarl_model_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*routine)(void *argument), void *argument)
{
	int state = PTHREAD_CREATE_JOINABLE;

	if (attributes) {
		pthread_attr_getdetachstate(attributes, &state);
		stack_check(attributes);
	}
	return thread_create(thread, state == PTHREAD_CREATE_DETACHED, routine, argument,
		"pthread_create", MODEL_PC);
}

int snarl_model_pthread_join(pthread_t thread, void **result)
{
	return join(thread, result, WAITING, "pthread_join", MODEL_PC);
}

int snarl_model_pthread_tryjoin_np(pthread_t thread, void **result)
{
	return join(thread, result, TRYING, "pthread_tryjoin_np", MODEL_PC);
}

int snarl_model_pthread_timedjoin_np(
	pthread_t thread, void **result, const struct timespec *deadline)
{
	if (scheduler.running)
		scheduler.running->deadline_ns = time_deadline_ns(deadline);
	return join(thread, result, TIMED, "pthread_timedjoin_np", MODEL_PC);
}

int snarl_model_pthread_detach(pthread_t thread)
{
	return thread_detach(thread, MODEL_PC);
}

void snarl_model_pthread_exit(void *result)
{
	thread_exit(result);
}

/* exit.c - calls that end the program or an emulated process, rather than only a thread. */
#include <stdlib.h>

#include "actor.h"
#include "event.h"
#include "inject.h"
#include "object.h"
#include "process.h"
#include "program.h"
#include "snarl.h"

enum { HANDLERS_MAX = 32 /* that POSIX promises */ };

/* What a program has registered with atexit in the running execution. */
static struct {
	uint32_t execution;
	unsigned count;
	void (*handler[HANDLERS_MAX])(void);
} at_exit;

int snarl_model_atexit(void (*handler)(void));
void snarl_model_abort(void) __attribute__((noreturn));
void snarl_model_exit(int code) __attribute__((noreturn));
void snarl_model__exit(int code) __attribute__((noreturn));
void snarl_model__Exit(int code) __attribute__((noreturn));
void snarl_model___assert_fail(const char *assertion, const char *file, unsigned line,
	const char *function) __attribute__((noreturn));

void snarl_model_abort(void)
{
	if (scheduler.running)
		scheduler_fail(
			SNARL_CRASH, MODEL_PC, "%s was aborted (SIGABRT)", scheduler.running->name);
	abort();
}

void snarl_model_exit(int code)
{
	if (scheduler.running && program_is())
		program_leave(code, "exit is called with", MODEL_PC);
	if (scheduler.running)
		scheduler_fail(
			SNARL_CRASH, MODEL_PC, "%s calls exit(%d)", scheduler.running->name, code);
	exit(code);
}

void snarl_model__exit(int code)
{
	at_exit.count = 0; /* their handlers do not run */
	snarl_model_exit(code);
}

void snarl_model__Exit(int code)
{
	snarl_model__exit(code);
}

void snarl_model___assert_fail(
	const char *assertion, const char *file, unsigned line, const char *function)
{
	if (scheduler.running)
		scheduler_fail(SNARL_ASSERTION, MODEL_PC, "%s: assertion '%s' fails in %s (%s:%u)",
			scheduler.running->name, assertion, function, file, line);
	abort();
}

int snarl_model_atexit(void (*handler)(void))
{
	if (!scheduler.running)
		return atexit(handler);
	if (at_exit.execution != scheduler.execution)
		at_exit.count = 0;
	at_exit.execution = scheduler.execution;
	if (at_exit.count == HANDLERS_MAX)
		return -1;
	at_exit.handler[at_exit.count++] = handler;
	return 0;
}

/* The last one that was registered comes first; a handler may register another. */
static bool handlers_run(void)
{
	bool any = false;

	while (at_exit.execution == scheduler.execution && at_exit.count) {
		at_exit.handler[--at_exit.count]();
		any = true;
	}
	return any;
}

void program_leave(int status, const char *how, const void *pc)
{
	scheduler_last_step(scheduler.running, true);
	if (handlers_run())
		scheduler_last_step(scheduler.running, true);
	if (status && program_rules.status)
		scheduler_fail(SNARL_ASSERTION, pc, "%s %d", how, status);
	inject_actor_over();
	actor_self = NULL;
	scheduler_leave(scheduler.running);
}

void program_finish(void)
{
	program_leave(0, "the last thread ends with", NULL);
}

void process_dies(struct actor *self)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++)
		if (i != self->index && scheduler.actors[i].process == self->process &&
			scheduler.actors[i].state != ACTOR_OVER)
			event_fatal("a rule makes a process crash that has several threads, which "
				    "explore does not model: run it on stress");
	self->died = true;
	process_leave(self);
	actor_self = NULL;
	actor_over(self);
}

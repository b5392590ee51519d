/* signals.c - crashes, and loops without a step. */
#define _GNU_SOURCE
#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>

#include "address.h"
#include "machine.h"
#include "snarl.h"
#include "scheduler.h"

enum {
	TICK_MS = 50,
	NAME_BYTES = 48,
	HANG_TICKS = SIGNALS_HANG_MS / TICK_MS,
	OVERFLOW_BYTES = 64 << 10, /* below a stack: what a frame may skip at once */
};

static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};

/* Handlers that were there before, by index of `deadly`. */
static struct sigaction before[sizeof deadly / sizeof *deadly];

/* What the last ticks of the timer saw. */
static struct tick {
	const struct actor *running;
	uint32_t execution, count;
	unsigned same;
} tick;

sigjmp_buf signals_back;
static volatile sig_atomic_t host_guarded;

int signals_on(void)
{
	host_guarded = 1;
	return 0;
}

void signals_leave(void)
{
	host_guarded = 0;
}

/* Set-up or check is given up; search_execute goes on. */
static __attribute__((noreturn)) void host_leave(void)
{
	scheduler.aborted = true;
	host_guarded = 0;
	siglongjmp(signals_back, 1);
}

/* The running actor is given up; the host goes on. */
static void actor_leave(void *context)
{
	scheduler.steps = scheduler_steps();
	scheduler.aborted = true;
	scheduler.running = NULL;
	fiber_escape(context, &scheduler.host);
}

static void before_call(int number, siginfo_t *info, void *context)
{
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) {
		if (deadly[i] != number)
			continue;
		sigaction(number, &before[i], NULL);
		if (before[i].sa_flags & SA_SIGINFO)
			before[i].sa_sigaction(number, info, context);
		else
			raise(number);
	}
}

static void crashed(int number, siginfo_t *info, void *context)
{
	const struct actor *self = scheduler.running;
	uintptr_t address = (uintptr_t)info->si_addr;
	char name[NAME_BYTES];
	const void *pc =
		(const void *)(machine_interrupted(context) + 1); /* as if it returned there */

	if (!self && host_guarded) {
		scheduler_broken(SNARL_CRASH, number, pc, "the set-up or the check dies of %s",
			strsignal(number));
		host_leave();
	}
	if (!self) {
		before_call(number, info, context);
		return;
	}
	if (number == SIGSEGV && address < self->fiber.bottom &&
		self->fiber.bottom - address < OVERFLOW_BYTES)
		scheduler_broken(SNARL_CRASH, number, pc, "%s overflows its stack, %u calls deep",
			self->name, self->depth);
	else if (address_provided(address, name, sizeof name))
		scheduler_broken(SNARL_CRASH, number, pc, "%s dies of %s at %s%s", self->name,
			strsignal(number), name,
			number == SIGBUS ? ", where the object that is mapped has no bytes" : "");
	else if (number == SIGSEGV || number == SIGBUS)
		scheduler_broken(SNARL_CRASH, number, pc, "%s dies of %s at address 0x%zx",
			self->name, strsignal(number), (size_t)address);
	else
		scheduler_broken(
			SNARL_CRASH, number, pc, "%s dies of %s", self->name, strsignal(number));
	actor_leave(context);
}

static void ticked(int number, siginfo_t *info, void *context)
{
	struct actor *self = scheduler.running;

	(void)number;
	(void)info;
	if ((!self && !host_guarded) || self != tick.running ||
		scheduler.execution != tick.execution || (self && self->count != tick.count)) {
		tick = (struct tick){self, scheduler.execution, self ? self->count : 0, 0};
		return;
	}
	if (++tick.same < HANG_TICKS)
		return;
	tick.same = 0;
	if (!self) {
		scheduler_broken(
			SNARL_HANG, 0, NULL, "the set-up or the check does not come to an end");
		host_leave();
	}
	self->state = ACTOR_BLOCKED;
	scheduler_broken(SNARL_HANG, 0, (const void *)(machine_interrupted(context) + 1),
		"%s goes on without looking at anything that another actor could change",
		self->name);
	actor_leave(context);
}

void signals_open(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	/* Time of this process, not of the wall: a busy machine makes no loop endless. */
	const struct itimerval every = {{0, TICK_MS * 1000}, {0, TICK_MS * 1000}};

	action.sa_sigaction = crashed;
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		sigaction(deadly[i], &action, &before[i]);
	action.sa_flags |= SA_RESTART;
	action.sa_sigaction = ticked;
	sigaction(SIGVTALRM, &action, NULL);
	setitimer(ITIMER_VIRTUAL, &every, NULL);
}

/*
 * signals.c - crash and hang handlers.
 *
 * A handler must not return to the code that crashed or hangs. If an actor was running, the handler
 * changes the interrupted context (fiber_escape), so that its return resumes on a separate stack,
 * from which an ordinary fiber switch leads back to the host. The kernel restores the signal mask
 * on that return; the actor's own stack is not used again before its fiber is begun anew. Set-up
 * and check run on the host itself and are left by siglongjmp to signals_enter. No signal mask is
 * saved there: SA_NODEFER keeps the signal deliverable although its handler never returns. A fatal
 * signal elsewhere is the harness's own and goes to the handler that was there before.
 *
 * A hang is found by a timer that counts the user CPU time of the process: HANG_TICKS ticks in a
 * row that interrupt the same actor in the same execution without a step, LONG_TICKS if it may just
 * compute, or for the set-up or the check. A blocked system call uses no CPU time and is therefore
 * not found.
 *
 * The interrupted code is abandoned, and nothing that it holds is released. After a crash inside a
 * library, which may have left a lock of its own held, the search ends and its finding is not
 * replayed (search_run, engine.c). The handlers format their messages with vsnprintf and strsignal,
 * which POSIX does not list as async-signal-safe.
 */
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
	LONG_TICKS = SIGNALS_LONG_MS / TICK_MS,
	OVERFLOW_BYTES = 64 << 10, /* below a stack: as far as a single frame may reach */
};

static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};

/* The handlers that were installed before, by index of `deadly`. */
static struct sigaction before[sizeof deadly / sizeof *deadly];

/* What the last ticks of the timer saw. */
static struct tick {
	const struct actor *running;
	uint32_t execution, count;
	unsigned same;
} tick;

volatile sig_atomic_t signals_ticked;
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

/* Abandon set-up or check; search_execute continues. */
static __attribute__((noreturn)) void host_leave(void)
{
	scheduler.aborted = true;
	host_guarded = 0;
	siglongjmp(signals_back, 1);
}

/* Abandon the running actor; the host continues. */
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
		(const void *)(machine_interrupted(context) + 1); /* like a return address */

	if (!self && host_guarded) {
		scheduler_broken(SNARL_CRASH, number, pc, "the set-up or the check crashes (%s)",
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
		scheduler_broken(SNARL_CRASH, number, pc, "%s crashes (%s) at %s%s", self->name,
			strsignal(number), name,
			number == SIGBUS ? ", past the end of the mapped object" : "");
	else if (number == SIGSEGV || number == SIGBUS)
		scheduler_broken(SNARL_CRASH, number, pc, "%s crashes (%s) at address 0x%zx",
			self->name, strsignal(number), (size_t)address);
	else
		scheduler_broken(
			SNARL_CRASH, number, pc, "%s crashes (%s)", self->name, strsignal(number));
	actor_leave(context);
}

static void ticked(int number, siginfo_t *info, void *context)
{
	struct actor *self = scheduler.running;

	(void)number;
	(void)info;
	signals_ticked = 1;
	if ((!self && !host_guarded) || self != tick.running ||
		scheduler.execution != tick.execution || (self && self->count != tick.count)) {
		tick = (struct tick){self, scheduler.execution, self ? self->count : 0, 0};
		return;
	}
	if (++tick.same < (self && !scheduler.may_be_long ? HANG_TICKS : LONG_TICKS))
		return;
	tick.same = 0;
	if (!self) {
		scheduler_broken(SNARL_HANG, 0, NULL, "the set-up or the check does not terminate");
		host_leave();
	}
	self->state = ACTOR_BLOCKED;
	scheduler_broken(SNARL_HANG, 0, (const void *)(machine_interrupted(context) + 1),
		"%s runs without reading anything that another actor could change", self->name);
	actor_leave(context);
}

void signals_open(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	/* CPU time of this process, not wall-clock time: a loaded machine must not make a hang. */
	const struct itimerval every = {{0, TICK_MS * 1000}, {0, TICK_MS * 1000}};

	action.sa_sigaction = crashed;
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		sigaction(deadly[i], &action, &before[i]);
	action.sa_flags |= SA_RESTART;
	action.sa_sigaction = ticked;
	sigaction(SIGVTALRM, &action, NULL);
	setitimer(ITIMER_VIRTUAL, &every, NULL);
}

/*
 * time.c - virtual time: every step takes a little, and a sleep takes its duration. A sleep is a
 * yield and orders nothing: the sleeping actor may be the next to run. All clocks run alike, but
 * what they show differs, so that a deadline of one clock is wrong on another.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "spin.h"
#include "object.h"
#include "trace.h"

enum { NS = 1000 * 1000 * 1000, US = 1000, EPOCH_S = 1000 * 1000 * 1000, SECONDS_MAX = EPOCH_S };
enum { BOOT_S = 1000 /* what the monotonic clocks show at the start */ };

enum { LOOKS_DOUBLE = 8, DOUBLINGS_MAX = 24 /* of the time per reading: up to 17 s */ };

int snarl_model_sched_yield(void);
void snarl_model_thrd_yield(void);
int snarl_model_thrd_sleep(const struct timespec *span, struct timespec *left);
unsigned snarl_model_sleep(unsigned seconds);
int snarl_model_usleep(useconds_t us);
int snarl_model_nanosleep(const struct timespec *span, struct timespec *left);
int snarl_model_clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *span, struct timespec *left);
int snarl_model_clock_gettime(clockid_t clock, struct timespec *now);
int snarl_model_gettimeofday(struct timeval *now, void *zone);
time_t snarl_model_time(time_t *now);
int snarl_model_timespec_get(struct timespec *now, int base);
clock_t snarl_model_clock(void);

uint64_t time_deadline_ns(const struct timespec *deadline)
{
	int64_t seconds = deadline->tv_sec - EPOCH_S;
	uint64_t ns;

	if (seconds < 0)
		return 0;
	if (seconds > SECONDS_MAX)
		seconds = SECONDS_MAX;
	ns = (uint64_t)seconds * NS + (uint64_t)deadline->tv_nsec;
	return ns > scheduler.now_ns ? ns : 0;
}

/* What a clock shows at the start of an execution. */
static time_t clock_begins(clockid_t clock)
{
	switch (clock) {
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		return BOOT_S;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		return 0;
	default:
		return EPOCH_S;
	}
}

struct timespec time_realtime(int clock, const struct timespec *time)
{
	return (struct timespec){time->tv_sec + EPOCH_S - clock_begins(clock), time->tv_nsec};
}

static void nap(uint64_t ns, enum trace_op op, const char *call, const void *pc, const void *sp)
{
	struct actor *self = scheduler.running;

	scheduler.now_ns += ns;
	if (!self)
		return;
	if (scheduler.tracing)
		trace_call(self, op, call, pc);
	spin_yield(self, pc, sp);
	scheduler_yield(self);
}

/*
 * Reading the clock takes virtual time, and more so the more often it is read: a loop until a
 * deadline ends within some hundred readings, however far away the deadline is.
 */
static void look(const void *pc, const char *call)
{
	static struct {
		uint32_t execution;
		unsigned count;
	} looks;
	struct actor *self = scheduler.running; /* NULL: the set-up or the check */

	if (looks.execution != scheduler.execution) {
		looks.execution = scheduler.execution;
		looks.count = 0;
	}
	if (self) {
		scheduler_step(self, NULL);
		spin_break(self);
	}
	scheduler.now_ns += (uint64_t)US << (looks.count / LOOKS_DOUBLE);
	looks.count += looks.count / LOOKS_DOUBLE < DOUBLINGS_MAX;
	if (self && scheduler.tracing)
		trace_call(self, TRACE_CLOCK, call, pc);
}

uint64_t time_span_ns(const struct timespec *span)
{
	return (uint64_t)span->tv_sec * NS + (uint64_t)span->tv_nsec;
}

int snarl_model_sched_yield(void)
{
	nap(0, TRACE_YIELD, "sched_yield", MODEL_PC, MODEL_SP);
	return 0;
}

void snarl_model_thrd_yield(void)
{
	nap(0, TRACE_YIELD, "thrd_yield", MODEL_PC, MODEL_SP);
}

int snarl_model_thrd_sleep(const struct timespec *span, struct timespec *left)
{
	(void)left;
	nap(time_span_ns(span), TRACE_SLEEP, "thrd_sleep", MODEL_PC, MODEL_SP);
	return 0;
}

unsigned snarl_model_sleep(unsigned seconds)
{
	nap((uint64_t)seconds * NS, TRACE_SLEEP, "sleep", MODEL_PC, MODEL_SP);
	return 0;
}

int snarl_model_usleep(useconds_t us)
{
	nap((uint64_t)us * US, TRACE_SLEEP, "usleep", MODEL_PC, MODEL_SP);
	return 0;
}

int snarl_model_nanosleep(const struct timespec *span, struct timespec *left)
{
	(void)left;
	nap(time_span_ns(span), TRACE_SLEEP, "nanosleep", MODEL_PC, MODEL_SP);
	return 0;
}

int snarl_model_clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *span, struct timespec *left)
{
	struct timespec real = time_realtime(clock, span);
	uint64_t until = flags & TIMER_ABSTIME ? time_deadline_ns(&real)
					       : scheduler.now_ns + time_span_ns(span);

	(void)left;
	nap(until > scheduler.now_ns ? until - scheduler.now_ns : 0, TRACE_SLEEP, "clock_nanosleep",
		MODEL_PC, MODEL_SP);
	return 0;
}

static void timespec_emit(clockid_t clock, struct timespec *now, const void *pc)
{
	struct timespec answer = {clock_begins(clock) + (time_t)(scheduler.now_ns / NS),
		(long)(scheduler.now_ns % NS)};

	result_write(now, &answer, sizeof answer, pc);
}

int snarl_model_clock_gettime(clockid_t clock, struct timespec *now)
{
	look(MODEL_PC, "clock_gettime");
	timespec_emit(clock, now, MODEL_PC);
	return 0;
}

int snarl_model_gettimeofday(struct timeval *now, void *zone)
{
	struct timeval answer;

	(void)zone;
	look(MODEL_PC, "gettimeofday");
	answer.tv_sec = EPOCH_S + (time_t)(scheduler.now_ns / NS);
	answer.tv_usec = (suseconds_t)(scheduler.now_ns % NS / US);
	result_write(now, &answer, sizeof answer, MODEL_PC);
	return 0;
}

time_t snarl_model_time(time_t *now)
{
	time_t seconds;

	look(MODEL_PC, "time");
	seconds = EPOCH_S + (time_t)(scheduler.now_ns / NS);
	if (now)
		result_write(now, &seconds, sizeof seconds, MODEL_PC);
	return seconds;
}

int snarl_model_timespec_get(struct timespec *now, int base)
{
	if (base != TIME_UTC)
		return 0;
	look(MODEL_PC, "timespec_get");
	timespec_emit(CLOCK_REALTIME, now, MODEL_PC);
	return base;
}

/* All actors run on one processor, which is never idle. */
clock_t snarl_model_clock(void)
{
	look(MODEL_PC, "clock");
	return (clock_t)(scheduler.now_ns / (NS / CLOCKS_PER_SEC));
}

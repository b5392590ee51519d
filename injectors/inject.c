/*
 * inject.c - points at run time.
 *
 * libfiu takes its read lock at an enabled point. Natively that widens the window, which is what an
 * injection is for; under ThreadSanitizer the engine's suppression hides it, so that it orders
 * nothing (harness/tsan/engine.c).
 */
#define _GNU_SOURCE
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <fiu-control.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "activity.h"
#include "actor.h"
#include "clock.h"
#include "command.h"
#include "cpus.h"
#include "engine.h"
#include "event.h"
#include "message.h"
#include "prng.h"
#include "process.h"
#include "wrap.h"

enum {
	SPIN_US_MAX = 20,	/* shorter delays spin: a sleep costs more than that by itself */
	COMMAND_US_MAX = 10000, /* for a command's delay: the watchdog does not know of it */
	ERRNO_MAX = 4095,	/* of the kernel */
};

/* A point with the rules on it; what libfiu hands to the callback. */
struct target {
	struct snarl_point *point;
	unsigned count;
	unsigned char rules[PLAN_RULES_MAX]; /* indices into `injection.rules` */
};

/* Set up before any actor runs, and only read after. */
static struct injection {
	unsigned rule_count;
	struct rule rules[PLAN_RULES_MAX];
	struct target *targets;
	unsigned target_count;
	bool one_cpu;
} injection;

/* What the callback decided for the point that this thread is at. */
static _Thread_local struct decision {
	uint32_t delay_us, pause_us;
	bool yield, crash;
	int error;	/* or INJECT_WAKEUP and what follows it */
	size_t length;	/* bytes that the call is to transfer */
	int descriptor; /* of the call; -1: none */
	bool shortened;
} decision;

extern struct snarl_point *const __start_snarl_points[] __attribute__((weak));
extern struct snarl_point *const __stop_snarl_points[] __attribute__((weak));

struct snarl_point *const *point_begin(void)
{
	return __start_snarl_points;
}

struct snarl_point *const *point_end(void)
{
	return __stop_snarl_points;
}

/* The actor's stream and counts start again with each execution: same seed, same decisions. */
static void actor_renew(struct snarl_actor *actor)
{
	if (actor->stream_execution == actor->execution)
		return;
	actor->stream_execution = actor->execution;
	actor->stream =
		prng_stream(actor->seed, actor->execution * SNARL_ACTORS_MAX + actor->index + 1);
	memset(actor->hits, 0, sizeof actor->hits);
	actor->fired_this_execution = 0;
}

/* Whether it changes what a call does, and not only when. */
static bool is_fault(const struct rule *rule)
{
	return rule->action != RULE_DELAY && rule->action != RULE_YIELD &&
	       rule->action != RULE_PAUSE;
}

/*
 * Asynchronous events (spurious wakeups, signals). Under virtual time they must not fire with
 * probability 1, or a retrying waiter would never block.
 */
static bool is_asynchronous(const struct rule *rule)
{
	return rule->action == RULE_WAKEUP || rule->action == RULE_SIGNAL;
}

/*
 * Whether the rule fires, by chance. An engine that controls scheduling chooses faults only: a
 * delay always fires, and becomes a scheduling point.
 */
static bool chance(struct snarl_actor *actor, const struct rule *rule)
{
	if (engine.choose)
		return !is_fault(rule) ||
		       engine.choose(rule->probability * (is_asynchronous(rule) ? 0.5 : 1));
	return rule->probability >= 1 ||
	       (double)(prng_next(&actor->stream) >> 11) * 0x1p-53 < rule->probability;
}

static bool blocks(int descriptor)
{
	int flags = descriptor < 0 ? -1 : fcntl(descriptor, F_GETFL);

	return flags >= 0 && !(flags & O_NONBLOCK);
}

/* Whether the call sends a message that has no other fault yet. */
static bool is_message(void)
{
	return !decision.error && message_whole(decision.descriptor);
}

/*
 * Up to PIPE_BUF bytes are written to a pipe together or not at all; a read may return fewer. The
 * counter of an eventfd is always transferred whole.
 */
static bool pipe_takes_all(int descriptor, size_t length)
{
	struct stat status;

	if (length > PIPE_BUF || descriptor < 0 || fstat(descriptor, &status) != 0)
		return false;
	return (S_ISFIFO(status.st_mode) && (fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_RDONLY) ||
	       !(status.st_mode & S_IFMT); /* an eventfd, both ways */
}

/*
 * Whether the action applies to this call. A 1-byte transfer cannot be shortened. A stream has no
 * messages, and a socket that has them transfers them whole. At most one fault applies to a
 * message: one that was dropped does not come late. Only one message is held back at a time,
 * because two would merely change places.
 */
static bool rule_applies(const struct rule *rule)
{
	switch (rule->action) {
	case RULE_ERRNO:
		return rule->error != EAGAIN || !blocks(decision.descriptor); /* it waits instead */
	case RULE_SHORT:
		return decision.length >= 2 && !message_whole(decision.descriptor) &&
		       !pipe_takes_all(decision.descriptor, decision.length);
	case RULE_DROP:
	case RULE_DUPLICATE:
		return is_message();
	case RULE_REORDER:
		return decision.length && !message_kept && is_message();
	case RULE_TRUNCATE:
		return decision.length >= 2 && is_message();
	case RULE_CRASH: /* one thread alone cannot end the process that it is emulated in */
		return !process_emulated || !actor_self->root;
	default:
		return true;
	}
}

static bool rule_fires(struct snarl_actor *actor, unsigned index)
{
	const struct rule *rule = &injection.rules[index];

	actor->hits[index]++;
	if (rule->nth && actor->hits[index] != rule->nth)
		return false;
	if (rule->once && actor->fired_this_execution & 1u << index)
		return false;
	if (!rule_applies(rule))
		return false;
	if (!chance(actor, rule))
		return false;
	actor->fired_this_execution |= 1u << index;
	/* If only one thread runs at a time, an actor's threads count directly for the actor. */
	(engine.choose ? actor_root(actor) : actor)->fired_total[index]++;
	return true;
}

/* If several rules delay at one point, only the longest delay is made. */
static void lengthen(uint32_t *longest, const struct rule *rule, uint64_t *stream)
{
	uint32_t spread = rule->delay_us_max - rule->delay_us_min + 1;
	uint32_t us = rule->delay_us_min + (uint32_t)prng_below(stream, spread);

	*longest = us > *longest ? us : *longest;
}

/*
 * Keep at least one byte: none would be the end of the file. An engine that decides itself chooses
 * only yes or no, and the length is then `chosen`.
 */
static void length_shorten(size_t chosen, uint64_t *stream)
{
	uint64_t most = decision.length - 1;

	decision.length = engine.choose ? chosen : 1 + (size_t)prng_below(stream, most);
}

/* Called by libfiu, which holds its read lock: decide here, act later. */
static int point_decide(const char *name, int *failnum, void **failinfo, unsigned *flags)
{
	const struct target *target = *failinfo;
	struct snarl_actor *actor = actor_self;
	bool any = false;

	(void)name;
	(void)failnum;
	(void)flags;
	actor_renew(actor);
	for (unsigned i = 0; i < target->count; i++) {
		const struct rule *rule = &injection.rules[target->rules[i]];

		if (!rule_fires(actor, target->rules[i]))
			continue;
		any = true;
		switch (rule->action) {
		case RULE_DELAY:
			lengthen(&decision.delay_us, rule, &actor->stream);
			break;
		case RULE_PAUSE:
			lengthen(&decision.pause_us, rule, &actor->stream);
			break;
		case RULE_YIELD:
			decision.yield = true;
			break;
		case RULE_SHORT:
			length_shorten(1, &actor->stream);
			decision.shortened = true;
			break;
		case RULE_DROP:
			decision.error = INJECT_DROP;
			break;
		case RULE_DUPLICATE:
			decision.error = INJECT_DUPLICATE;
			break;
		case RULE_REORDER:
			decision.error = INJECT_REORDER;
			break;
		case RULE_TRUNCATE:
			length_shorten(decision.length / 2, &actor->stream);
			decision.error = INJECT_TRUNCATE;
			message_left = decision.length;
			break;
		case RULE_WAKEUP:
			decision.error = INJECT_WAKEUP;
			break;
		case RULE_SIGNAL:
			/* An engine that decides itself knows how such a call ends. */
			decision.error = engine.choose ? EINTR : INJECT_SIGNAL;
			break;
		case RULE_CRASH:
			decision.crash = true;
			break;
		case RULE_ERRNO:
			decision.error = rule->error;
		}
	}
	return any;
}

__attribute__((noinline)) void snarl_injection(const char *point)
{
	__asm__ volatile("" : : "r"(point));
}

static void delay(uint32_t us)
{
	uint64_t until = clock_ns() + (uint64_t)us * 1000;

	if (us > SPIN_US_MAX && !injection.one_cpu) {
		clock_sleep_ns((uint64_t)us * 1000);
		return;
	}
	while (clock_ns() < until)
		if (injection.one_cpu)
			sched_yield(); /* spinning would keep the others from running */
}

/* The fault of the call, a static string; NULL: none. */
static const char *fault_name(void)
{
	static const char *const names[] = {
		[-INJECT_WAKEUP] = "spurious wakeup",
		[-INJECT_DROP] = "dropped",
		[-INJECT_DUPLICATE] = "duplicated",
		[-INJECT_REORDER] = "held back",
		[-INJECT_TRUNCATE] = "truncated",
	};

	if (decision.crash)
		return "crash";
	if (decision.error < 0)
		return names[-decision.error];
	if (decision.error)
		return strerrorname_np(decision.error);
	return decision.shortened ? "short" : NULL;
}

/*
 * Report the point, and die as if killed: nothing is cleaned up, no lock is released. An emulated
 * process ends with its thread, after which the kernel cleans up as it does after a process.
 */
static void crash(const char *point)
{
	if (process_is_child())
		kill(getpid(), SIGKILL);
	actor_root(actor_self)->crashed_at = point;
	if (process_emulated) {
		wrap_death_publish();
		pthread_exit(NULL);
	}
	if (scenario.isolation != SNARL_PROCESSES) {
		const struct snarl_actor *self = actor_self;

		/* It is no actor any more, so that no command of libfiu's prevents its death. */
		actor_self = NULL;
		event_crash(&(struct event_crash){.actor = self->name,
			.execution = (int64_t)self->execution,
			.point = point});
	}
	kill(getpid(), SIGKILL);
}

/* The target of a point's name; several places in the code may share one. */
static struct target *target_of(const struct snarl_point *point)
{
	for (unsigned i = 0; i < injection.target_count; i++)
		if (strcmp(injection.targets[i].point->name, point->name) == 0)
			return &injection.targets[i];
	return NULL;
}

/*
 * Do what one of libfiu's commands says: a call fails with the errno that it gives, EIO if none;
 * elsewhere the actor waits for that many microseconds, or yields if none.
 */
static void command_obey(const char *point, long info)
{
	if (action_fits(RULE_ERRNO, point))
		decision.error = info > 0 && info <= ERRNO_MAX ? (int)info : EIO;
	else if (info > 0)
		decision.delay_us = info < COMMAND_US_MAX ? (uint32_t)info : COMMAND_US_MAX;
	else
		decision.yield = true;
}

/* Whether a rule or a command fires here; if so, `decision` holds what happens. */
static bool point_fires(const struct snarl_point *point)
{
	char name[COMMAND_NAME_MAX];
	bool fires;
	long info;

	if (!command_expected())
		return command_fail(point->name);
	fires = target_of(point) && command_fail(command_rules_name(point->name, name));
	if (!command_fires(point->name, &info))
		return fires;
	command_obey(point->name, info);
	return true;
}

/* Do what was decided. */
static void point_act(const struct snarl_point *point, const void *pc)
{
	snarl_injection(point->name);
	if (engine.act) {
		engine.act(point->name, fault_name(), decision.crash, pc);
		return;
	}
	if (decision.delay_us > SPIN_US_MAX || decision.pause_us)
		activity_delayed(decision.delay_us + decision.pause_us);
	if (decision.delay_us)
		delay(decision.delay_us);
	if (decision.pause_us)
		process_pause(decision.pause_us);
	if (decision.yield)
		sched_yield();
	if (decision.crash) {
		inject_actor_over(); /* what was sent arrives, though its sender dies */
		crash(point->name);
	}
}

struct injected inject_fire(
	const struct snarl_point *point, size_t length, int descriptor, const void *pc)
{
	/* A signal handler may reach a point while the thread is at another. */
	const struct decision interrupted = decision;
	struct injected injected = {length, 0};

	/* Set-up and checks pass through untouched: faults belong to actors. */
	if (!actor_self)
		return injected;
	decision = (struct decision){.length = length, .descriptor = descriptor};
	if (point_fires(point))
		point_act(point, pc);
	injected.error = decision.error;
	if (injected.error != INJECT_TRUNCATE) /* the sender is to believe that all was sent */
		injected.length = decision.length;
	decision = interrupted;
	return injected;
}

/* A point may be between a call and the check of its errno, so nothing here changes errno. */
void snarl_point_fire(const struct snarl_point *point)
{
	inject_fire(point, 0, -1, __builtin_return_address(0));
}

int snarl_point_armed(const struct snarl_point *point)
{
	if (engine.reached)
		engine.reached();
	return point->armed;
}

static void target_add(struct snarl_point *point, unsigned rule)
{
	struct target *target = target_of(point);

	if (!target) {
		target = &injection.targets[injection.target_count++];
		target->point = point;
	}
	for (unsigned i = 0; i < target->count; i++)
		if (target->rules[i] == rule)
			return;
	target->rules[target->count++] = (unsigned char)rule;
}

void inject_enable(const struct plan *plan)
{
	char why[RULE_ERROR_MAX], name[COMMAND_NAME_MAX];

	if (!plan->rule_count && !plan->commands)
		return;
	command_open(plan);
	injection.one_cpu = cpu_count() == 1;
	injection.rule_count = plan->rule_count;
	injection.targets =
		calloc((size_t)(point_end() - point_begin()) + 1, sizeof(struct target));
	if (!injection.targets)
		event_fatal("out of memory for the points");
	for (unsigned i = 0; i < plan->rule_count; i++) {
		if (rule_parse(plan->rules[i], &injection.rules[i], why))
			event_fatal("rule '%s': %s", plan->rules[i], why);
		if (injection.rules[i].action == RULE_SIGNAL)
			wrap_signal_open();
		for (struct snarl_point *const *at = point_begin(); at < point_end(); at++)
			if (rule_names(&injection.rules[i], (*at)->name))
				target_add(*at, i);
	}
	for (unsigned i = 0; i < injection.target_count; i++) {
		struct target *target = &injection.targets[i];

		if (fiu_enable_external(command_rules_name(target->point->name, name), 1, target, 0,
			    point_decide) != 0)
			event_fatal("libfiu refused the point %s", target->point->name);
	}
	for (struct snarl_point *const *at = point_begin(); at < point_end(); at++)
		(*at)->armed = command_expected() || target_of(*at);
}

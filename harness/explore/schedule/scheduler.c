/* scheduler.c - one execution. */
#include "scheduler.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "kind.h"
#include "image.h"
#include "snarl.h"

enum {
	SPIN_BUDGET = 200, /* spin budget: retries of a parked actor when no actor is ready */
	STEP_NS = 100,	   /* of virtual time */
};

static const uint64_t DISTANT_NS = DISTANT_S * 1000000000ull;

struct scheduler scheduler;

int scheduler_open(unsigned actor_count, void *state, size_t state_size)
{
	int error = 0;

	fiber_adopt(&scheduler.host);
	scheduler.state = (uintptr_t)state;
	scheduler.state_size = state_size;
	for (unsigned i = 0; i < actor_count && !error; i++)
		error = fiber_make(&scheduler.actors[i].fiber);
	return error;
}

void scheduler_begin(struct strategy *strategy)
{
	scheduler.running = NULL;
	scheduler.ready = scheduler.timed = scheduler.far_timers = scheduler.parked = 0;
	scheduler.execution++;
	scheduler.actor_count = 0;
	scheduler.strategy = strategy_deciding(strategy);
	scheduler.watcher = strategy_watches(strategy) ? strategy : NULL;
	scheduler.watched = scheduler.tracing || scheduler.watcher;
	scheduler.aborted = scheduler.stuck = scheduler.endless = scheduler.deserted = false;
	scheduler.steps = 0;
	scheduler.switches = scheduler.preemptions = scheduler.faults = scheduler.racing = 0;
	scheduler.now_ns = 0;
	scheduler.failure.kind = SNARL_NO_BUG;
	scheduler.schedule.count = 0;
	fiber_renew(&scheduler.host); /* resets the set-up's thread-local variables */
}

static void actor_enter(void *argument)
{
	struct actor *self = argument;

	self->live(self);
	__builtin_unreachable();
}

struct actor *scheduler_add(const char *name, void (*live)(struct actor *self))
{
	struct actor *actor = &scheduler.actors[scheduler.actor_count];

	if (scheduler.actor_count == ACTORS_MAX)
		return NULL;
	if (!actor->fiber.thread && fiber_make(&actor->fiber) != 0)
		return NULL;
	actor->index = scheduler.actor_count++;
	actor->count = actor->decide_at = actor->turn_began = actor->run_began = 0;
	actor->outside_at = 0;
	actor->ran_at = 0;
	actor->depth = 0;
	actor->process = actor->index;
	clock_grow(actor->index);
	clock_clear(&actor->now);
	clock_clear(&actor->fence_acquired);
	clock_clear(&actor->fence_released);
	*clock_of(&actor->now, actor->index) = 1;
	actor->state = ACTOR_READY;
	actor->fresh = true;
	actor->spin_budget = SPIN_BUDGET;
	actor->waits_for = NULL;
	actor->waits_for_actor = NOBODY;
	actor->end = NULL;
	actor->tries.address = NULL;
	actor->held = 0;
	actor->next_location = NULL;
	actor->spin.reads = 0;
	actor->name = name;
	actor->live = live;
	actor->detached = actor->joined = actor->died = false;
	actor->joiners = 0;
	fiber_begin(&actor->fiber, actor_enter, actor);
	scheduler.ready |= actor_one(actor->index);
	return actor;
}

unsigned scheduler_default(const struct point *point)
{
	unsigned self = point->current->index;
	actor_set choices = point->choices, later;

	if (point->reason == DECIDE_STEP && actor_in(choices, self))
		return self;
	/* A wait times out only if no other actor can run. */
	if (choices & ~scheduler.timed)
		choices &= ~scheduler.timed;
	later = choices & (~(actor_set)1 << self);
	return actor_first(later ? later : choices);
}

static void host_return(struct actor *self)
{
	struct fiber nowhere;

	scheduler.steps = scheduler_steps();
	scheduler.running = NULL;
	fiber_switch(self ? &self->fiber : &nowhere, &scheduler.host);
}

/* End the execution early. */
static void scheduler_end(struct actor *self)
{
	scheduler.aborted = true;
	host_return(self);
	__builtin_unreachable(); /* the fiber is begun anew, never resumed */
}

/* The actors get no further. stuck.c finds out why; no single actor is to blame. */
static void scheduler_stuck(struct actor *self)
{
	scheduler.stuck = true;
	scheduler.running = NULL;
	scheduler_end(self);
}

/*
 * Parked actors that have spin budget left. When no actor is ready, they retry their loops, because
 * code that is not instrumented may have written what they read. After that no actor can ever run.
 */
static actor_set patient(void)
{
	actor_set found = 0;

	for (unsigned i = 0; i < scheduler.actor_count; i++)
		if (actor_in(scheduler.parked, i) && scheduler.actors[i].spin_budget)
			found |= actor_one(i);
	return found;
}

/*
 * The strategy's decision, which becomes part of the schedule if it is not the default. Its quantum
 * is cut at the fairness bound: an actor may wait for others in a way that is not detected as
 * waiting, so the strategy is asked again then.
 */
static unsigned decide(struct actor *self, actor_set choices, enum reason reason, bool passes)
{
	const struct point point = {self, choices, reason};
	const struct strategy *strategy = scheduler.strategy;
	struct decision decision = strategy->kind->next(strategy->state, &point);
	struct actor *actor = &scheduler.actors[decision.actor];
	uint32_t fair_until;

	if (decision.actor != scheduler_default(&point))
		schedule_add(&scheduler.schedule, self->index, self->count, DEVIATION_SWITCH,
			decision.actor);
	actor->decide_at =
		decision.quantum == QUANTUM_WHOLE ? QUANTUM_WHOLE : actor->count + decision.quantum;
	if (!passes)
		return decision.actor;
	if (actor != self)
		actor->run_began = actor->count;
	fair_until = actor->run_began + FAIR_STEPS;
	if (actor->decide_at > fair_until)
		actor->decide_at = fair_until;
	return decision.actor;
}

/* Whether all others have ended and the actor does something outside (prints): it may take long. */
static bool works_alone(const struct actor *self)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++)
		if (i != self->index && scheduler.actors[i].state != ACTOR_OVER)
			return false;
	return self->outside_at && self->count - self->outside_at < OUTSIDE_STEPS;
}

/*
 * An execution that is a hundred times as long as all that ended does not end. If none has ended
 * yet, nobody knows, unless a standstill is what the scenario is for.
 */
static void too_many_steps(struct actor *self)
{
	bool ended =
		scheduler.ended_steps && scheduler.ended_steps < scheduler.steps / STEPS_LONGER;
	bool unknown = scheduler.may_be_long && !ended;

	if (unknown && scheduler.steps <= STEPS_FAR)
		return;
	if (unknown || works_alone(self))
		event_fatal("%s was still running after %llu steps, which is explore's limit: run "
			    "it on the other engines",
			self->name, (unsigned long long)scheduler.steps);
	scheduler.endless = true;
	scheduler_stuck(self);
}

static void turn_pass(struct actor *self, enum reason reason)
{
	actor_set choices = scheduler.ready | scheduler.timed;
	struct actor *actor;
	unsigned next;

	scheduler.steps += self->count - self->turn_began;
	self->turn_began = self->count;
	self->ran_at = scheduler.steps;
	if (__builtin_expect(scheduler.steps > STEPS_MAX, 0))
		too_many_steps(self);
	if (__builtin_expect(!choices, 0))
		choices = scheduler.far_timers;
	if (__builtin_expect(!choices, 0)) {
		choices = patient();
		if (!choices)
			scheduler_stuck(self);
		next = actor_first(choices);
		scheduler.actors[next].spin_budget--;
		scheduler.actors[next].state = ACTOR_READY;
		scheduler.parked &= ~actor_one(next);
		scheduler.ready |= actor_one(next);
		scheduler.actors[next].decide_at = scheduler.actors[next].count + 1;
	} else {
		next = decide(self, choices, reason, true);
		scheduler.preemptions += reason == DECIDE_STEP && next != self->index;
	}
	if (next == self->index && self->state == ACTOR_READY)
		return;
	actor = &scheduler.actors[next];
	if (actor != self)
		scheduler.switches++;
	if (scheduler.tracing)
		scheduler.tracing->turn(self, actor, reason);
	if (actor->state == ACTOR_TIMED) {
		actor->timed_out = true;
		actor->state = ACTOR_READY;
		scheduler.timed &= ~actor_one(next);
		scheduler.far_timers &= ~actor_one(next);
		scheduler.ready |= actor_one(next);
		if (actor->deadline_ns > scheduler.now_ns)
			scheduler.now_ns = actor->deadline_ns;
	}
	if (actor == self)
		return;
	actor->turn_began = actor->count;
	scheduler.running = actor;
	fiber_switch(&self->fiber, &actor->fiber);
}

static bool exceeded_fairness(const struct actor *self)
{
	return self->count - self->run_began >= FAIR_STEPS;
}

/*
 * Decide at a step. An actor's first step is made without a decision unless the strategy is exact:
 * a decision before it would repeat the one that switched to the actor.
 */
static void step_decide(struct actor *self)
{
	const struct strategy_kind *kind = scheduler.strategy->kind;

	if (exceeded_fairness(self)) {
		self->run_began = self->count;
		turn_pass(self, DECIDE_UNFAIR);
		return;
	}
	if (!self->fresh || kind->exact || kind->eager) {
		turn_pass(self, DECIDE_STEP);
		return;
	}
	self->fresh = false;
	self->decide_at = self->count + 1;
}

void scheduler_decide(
	struct actor *self, bool shared, const void *location, const void *pc, bool writes)
{
	if (!scheduler.strategy->kind->exact && !shared && !exceeded_fairness(self)) {
		self->decide_at = self->count + 1;
		return;
	}
	self->next_location = location;
	self->next_pc = pc;
	self->next_writes = writes;
	step_decide(self);
}

void scheduler_step(struct actor *self, const void *location)
{
	self->next_location = location;
	self->next_pc = NULL;
	self->next_writes = true;
	scheduler.now_ns += STEP_NS;
	if (++self->count >= self->decide_at)
		step_decide(self);
	if (__builtin_expect(scheduler.watched, 0))
		scheduler_made(&(struct step_made){self, location, 0, NULL, true, true, true});
}

void scheduler_made(const struct step_made *step)
{
	const struct strategy *watcher = scheduler.watcher;

	if (watcher)
		watcher->kind->step(watcher->state, step);
}

void scheduler_yield(struct actor *self)
{
	self->count++;
	self->next_location = self->next_pc = NULL;
	turn_pass(self, DECIDE_YIELD);
}

bool scheduler_block(
	struct actor *self, struct object *object, const char *call, const void *pc, bool timed)
{
	self->timed_out = timed && !self->deadline_ns;
	if (self->timed_out)
		return false;
	self->count++;
	self->waits_for = object;
	self->waits_at = pc;
	self->call = call;
	self->spin.reads = 0;
	self->state = timed ? ACTOR_TIMED : ACTOR_BLOCKED;
	scheduler.ready &= ~actor_one(self->index);
	if (timed && self->deadline_ns > scheduler.now_ns + DISTANT_NS)
		scheduler.far_timers |= actor_one(self->index);
	else if (timed)
		scheduler.timed |= actor_one(self->index);
	turn_pass(self, DECIDE_BLOCKED);
	self->waits_for = NULL;
	self->waits_for_actor = NOBODY;
	return !self->timed_out;
}

static bool is_waiting(const struct actor *actor)
{
	return actor->state == ACTOR_BLOCKED || actor->state == ACTOR_TIMED ||
	       actor->state == ACTOR_PARKED;
}

/* Make waiting actors ready. The running actor's next step becomes a scheduling point. */
static void ready_add(actor_set actors)
{
	/* Skip those that have timed out meanwhile, or have ended. */
	for (actor_set rest = actors; rest; rest &= rest - 1)
		if (!is_waiting(&scheduler.actors[actor_first(rest)]))
			actors &= ~(rest & -rest);
	scheduler.ready |= actors;
	scheduler.timed &= ~actors;
	scheduler.far_timers &= ~actors;
	scheduler.parked &= ~actors;
	for (actor_set rest = actors; rest; rest &= rest - 1)
		scheduler.actors[actor_first(rest)].state = ACTOR_READY;
	if (actors && scheduler.running)
		scheduler.running->decide_at = scheduler.running->count + 1;
}

void scheduler_wake(actor_set actors)
{
	ready_add(actors);
}

void scheduler_unpark(actor_set watchers)
{
	actor_set woken = watchers & scheduler.parked;

	for (actor_set rest = woken; rest; rest &= rest - 1)
		scheduler.actors[actor_first(rest)].spin_budget = SPIN_BUDGET;
	ready_add(woken);
}

void scheduler_park(struct actor *self)
{
	self->count++;
	self->spin.reads = 0;
	self->state = ACTOR_PARKED;
	scheduler.ready &= ~actor_one(self->index);
	scheduler.parked |= actor_one(self->index);
	turn_pass(self, DECIDE_BLOCKED);
}

unsigned scheduler_pick(struct actor *self, actor_set choices)
{
	if (!(choices & (choices - 1)))
		return actor_first(choices);
	self->count++;
	return decide(self, choices, DECIDE_BLOCKED, false);
}

bool scheduler_choose(struct actor *self, double probability)
{
	const struct strategy *strategy = scheduler.strategy;
	bool happens;

	self->count++;
	happens = strategy->kind->choice(strategy->state, self, CHOICE_FAULT, 2, probability);
	if (happens) {
		schedule_add(&scheduler.schedule, self->index, self->count, DEVIATION_FAULT, 0);
		scheduler.faults++;
	}
	return happens;
}

/*
 * Whether the execution has to wait for an actor. It does not wait for detached threads: the check
 * may come at any of their steps. That they come further is another schedule, in which the last of
 * the others ends later.
 */
static bool any_awaited(void)
{
	scheduler.deserted = false;
	for (unsigned i = 0; i < scheduler.actor_count; i++) {
		if (scheduler.actors[i].state == ACTOR_OVER)
			continue;
		if (!scheduler.actors[i].detached)
			return true;
		scheduler.deserted = true;
	}
	return false;
}

bool scheduler_alone(const struct actor *self)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++)
		if (&scheduler.actors[i] != self && scheduler.actors[i].state != ACTOR_OVER)
			return false;
	return true;
}

void scheduler_last_step(struct actor *self, bool program)
{
	bool any = false;

	for (unsigned i = 0; i < scheduler.actor_count; i++) {
		const struct actor *other = &scheduler.actors[i];

		if (other == self || other->state == ACTOR_OVER)
			continue;
		if (!program && !other->detached)
			return;
		any = true;
	}
	if (any)
		scheduler_step(self, NULL);
}

void scheduler_over(struct actor *self)
{
	self->count++;
	self->state = ACTOR_OVER;
	clock_copy(&self->ended, &self->now);
	scheduler.ready &= ~actor_one(self->index);
	scheduler_wake(self->joiners);
	if (!any_awaited())
		host_return(self);
	if (!(scheduler.ready | scheduler.timed | scheduler.far_timers | scheduler.parked))
		scheduler_stuck(self);
	turn_pass(self, DECIDE_BLOCKED);
	__builtin_unreachable();
}

void scheduler_leave(struct actor *self)
{
	self->count++;
	self->state = ACTOR_OVER;
	any_awaited();
	host_return(self);
	__builtin_unreachable();
}

void scheduler_run(void)
{
	/* The first decision has no current actor: decide as if the last actor had just ended. */
	struct actor *first, *last = &scheduler.actors[scheduler.actor_count - 1];
	unsigned next = decide(last, scheduler.ready, DECIDE_BLOCKED, true);

	first = &scheduler.actors[next];
	scheduler.running = first;
	fiber_switch(&scheduler.host, &first->fiber);
	if (!scheduler.aborted && scheduler.ended_steps < scheduler.steps)
		scheduler.ended_steps = scheduler.steps;
}

struct shape scheduler_shape(void)
{
	return (struct shape){
		scheduler.preemptions, scheduler.faults, scheduler.switches, scheduler.steps};
}

uint64_t scheduler_steps(void)
{
	struct actor *self = scheduler.running;

	return scheduler.steps + (self ? self->count - self->turn_began : 0);
}

static void failure_set(unsigned kind, const void *pc, const char *format, va_list arguments)
{
	struct scheduler_failure *failure = &scheduler.failure;

	failure->kind = kind;
	failure->actor = scheduler.running ? (int)scheduler.running->index : NOBODY;
	failure->pc = pc;
	failure->signal = 0;
	failure->crashed_in_library = false;
	vsnprintf(failure->message, sizeof failure->message, format, arguments);
}

void scheduler_fail(unsigned kind, const void *pc, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	failure_set(kind, pc, format, arguments);
	va_end(arguments);
	if (scheduler.tracing)
		scheduler.tracing->failure(&scheduler.failure);
	if (scheduler.running)
		scheduler_end(scheduler.running);
}

void scheduler_note(unsigned kind, const void *pc, const char *format, ...)
{
	va_list arguments;

	if (scheduler.failure.kind)
		return;
	va_start(arguments, format);
	failure_set(kind, pc, format, arguments);
	va_end(arguments);
}

void scheduler_broken(unsigned kind, int signal, const void *pc, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	failure_set(kind, pc, format, arguments);
	va_end(arguments);
	scheduler.failure.signal = signal;
	scheduler.failure.crashed_in_library = signal && !program_has((uintptr_t)pc);
	if (scheduler.tracing)
		scheduler.tracing->failure(&scheduler.failure);
}

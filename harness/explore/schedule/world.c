/* world.c - one execution. */
#include "world.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kind.h"
#include "image.h"
#include "snarl.h"

enum {
	PATIENCE = 200, /* rounds that a waiting loop goes when nobody else can do anything */
	STEP_NS = 100,	/* of virtual time */
};

static const uint64_t DISTANT_NS = DISTANT_S * 1000000000ull;

struct world world;

int world_open(unsigned actor_count, void *state, size_t state_size)
{
	int error = 0;

	fiber_adopt(&world.host);
	world.state = (uintptr_t)state;
	world.state_size = state_size;
	for (unsigned i = 0; i < actor_count && !error; i++)
		error = fiber_make(&world.actors[i].fiber);
	return error;
}

void world_begin(const struct strategy *strategy, uint64_t seed)
{
	world.running = NULL;
	world.ready = world.timed = world.distant = world.parked = 0;
	world.execution++;
	world.actor_count = 0;
	world.strategy = strategy;
	world.strategy_name = strategy->name;
	world.aborted = world.stuck = false;
	world.steps = 0;
	world.switches = world.preemptions = world.faults = world.racing = 0;
	world.now_ns = 0;
	world.failure.kind = SNARL_NO_BUG;
	world.schedule.count = 0;
	fiber_renew(&world.host); /* the set-up's thread-local variables are as new */
	world.random = seed;
}

static void actor_enter(void *argument)
{
	struct actor *self = argument;

	self->live(self);
	__builtin_unreachable();
}

struct actor *world_add(const char *name, void (*live)(struct actor *self))
{
	struct actor *actor = &world.actors[world.actor_count];

	if (world.actor_count == ACTORS_MAX)
		return NULL;
	if (!actor->fiber.thread && fiber_make(&actor->fiber) != 0)
		return NULL;
	actor->index = world.actor_count++;
	actor->count = actor->decide_at = actor->turn_began = actor->run_began = 0;
	actor->depth = 0;
	actor->process = actor->index;
	actor->now = actor->fence_acquired = actor->fence_released = (clock_vector){0};
	actor->now[actor->index] = 1;
	actor->state = ACTOR_READY;
	actor->fresh = true;
	actor->patience = PATIENCE;
	actor->waits_for = NULL;
	actor->waits_for_actor = NOBODY;
	actor->end = NULL;
	actor->held = 0;
	actor->next_location = NULL;
	actor->lap.reads = 0;
	actor->name = name;
	actor->live = live;
	actor->detached = actor->joined = actor->died = false;
	actor->joiners = 0;
	fiber_begin(&actor->fiber, actor_enter, actor);
	world.ready |= 1u << actor->index;
	return actor;
}

unsigned world_default(const struct actor *current, uint32_t choices, enum turn turn)
{
	uint32_t later;

	if (turn == TURN_STEP && choices & 1u << current->index)
		return current->index;
	/* Who only times out does so when nobody else can go on. */
	if (choices & ~world.timed)
		choices &= ~world.timed;
	later = choices & ~((2u << current->index) - 1);
	return (unsigned)__builtin_ctz(later ? later : choices);
}

static void host_return(struct actor *self)
{
	struct fiber nowhere;

	world.steps = world_steps();
	world.running = NULL;
	fiber_switch(self ? &self->fiber : &nowhere, &world.host);
}

/* The execution is over before its time. */
static void world_end(struct actor *self)
{
	world.aborted = true;
	host_return(self);
	__builtin_unreachable(); /* begun anew, never gone on with */
}

/* Nobody can ever go on: why, is for others to say. It is nobody's doing alone. */
static void world_stuck(struct actor *self)
{
	world.stuck = true;
	world.running = NULL;
	world_end(self);
}

/*
 * Nobody is ready. Loops that wait for what may have been written behind our back, by code that is
 * not instrumented, get some more rounds; then nobody can ever go on.
 */
static uint32_t patient(void)
{
	uint32_t found = 0;

	for (unsigned i = 0; i < world.actor_count; i++)
		if (world.parked & 1u << i && world.actors[i].patience)
			found |= 1u << i;
	return found;
}

/*
 * The strategy's pick; it may leave an actor alone as long as it likes, but not for good: what
 * waits for others in a way that is not seen as waiting must let them come.
 */
static unsigned pick(struct actor *self, uint32_t choices, enum turn turn)
{
	unsigned next = world.strategy->pick(self, choices, turn);
	struct actor *actor = &world.actors[next];
	uint32_t tired;

	if (actor != self)
		actor->run_began = actor->count;
	tired = actor->run_began + FAIR_STEPS;
	if (actor->decide_at > tired)
		actor->decide_at = tired;
	return next;
}

static void turn_pass(struct actor *self, enum turn turn)
{
	uint32_t choices = world.ready | world.timed;
	unsigned usual, next;
	struct actor *actor;

	world.steps += self->count - self->turn_began;
	self->turn_began = self->count;
	if (__builtin_expect(world.steps > STEPS_MAX, 0))
		world_fail(SNARL_LIVELOCK, NULL, "still running after %d steps", STEPS_MAX);
	if (__builtin_expect(!choices, 0))
		choices = world.distant;
	if (__builtin_expect(!choices, 0)) {
		choices = patient();
		if (!choices)
			world_stuck(self);
		next = (unsigned)__builtin_ctz(choices);
		world.actors[next].patience--;
		if (world.tracing)
			world.tracing->circle(true);
		world.actors[next].state = ACTOR_READY;
		world.parked &= ~(1u << next);
		world.ready |= 1u << next;
		world.actors[next].decide_at = world.actors[next].count + 1;
	} else {
		usual = world_default(self, choices, turn);
		next = pick(self, choices, turn);
		if (next != usual)
			schedule_add(&world.schedule, self->index, self->count, next);
		world.preemptions += turn == TURN_STEP && next != self->index;
	}
	if (next == self->index && self->state == ACTOR_READY)
		return;
	actor = &world.actors[next];
	if (actor != self)
		world.switches++;
	if (world.tracing)
		world.tracing->turn(self, actor, turn);
	if (actor->state == ACTOR_TIMED) {
		actor->timed_out = true;
		actor->state = ACTOR_READY;
		world.timed &= ~(1u << next);
		world.distant &= ~(1u << next);
		world.ready |= 1u << next;
		if (actor->deadline_ns > world.now_ns)
			world.now_ns = actor->deadline_ns;
	}
	if (actor == self)
		return;
	actor->turn_began = actor->count;
	world.running = actor;
	fiber_switch(&self->fiber, &actor->fiber);
}

static bool is_tired(const struct actor *self)
{
	return self->count - self->run_began >= FAIR_STEPS;
}

/*
 * Whoever was chosen to begin makes its first step: to choose again before it would be the choice
 * of who begins, once more.
 */
static void step_decide(struct actor *self)
{
	if (is_tired(self)) {
		self->run_began = self->count;
		turn_pass(self, TURN_TIRED);
		return;
	}
	if (!self->fresh || world.strategy->exact) {
		turn_pass(self, TURN_STEP);
		return;
	}
	self->fresh = false;
	self->decide_at = self->count + 1;
}

void world_decide(struct actor *self, bool shared, const void *location, bool writes)
{
	if (!world.strategy->exact && !shared && !is_tired(self)) {
		self->decide_at = self->count + 1;
		return;
	}
	self->next_location = location;
	self->next_writes = writes;
	step_decide(self);
}

void world_step(struct actor *self, const void *location)
{
	self->next_location = location;
	self->next_writes = true;
	world.now_ns += STEP_NS;
	if (++self->count >= self->decide_at)
		step_decide(self);
}

void world_yield(struct actor *self)
{
	self->count++;
	self->next_location = NULL;
	turn_pass(self, TURN_YIELD);
}

bool world_block(
	struct actor *self, struct object *object, const char *call, const void *pc, bool timed)
{
	self->timed_out = timed && !self->deadline_ns;
	if (self->timed_out)
		return false;
	self->count++;
	self->waits_for = object;
	self->waits_at = pc;
	self->call = call;
	self->lap.reads = 0;
	self->state = timed ? ACTOR_TIMED : ACTOR_BLOCKED;
	world.ready &= ~(1u << self->index);
	if (timed && self->deadline_ns > world.now_ns + DISTANT_NS)
		world.distant |= 1u << self->index;
	else if (timed)
		world.timed |= 1u << self->index;
	turn_pass(self, TURN_OVER);
	self->waits_for = NULL;
	self->waits_for_actor = NOBODY;
	return !self->timed_out;
}

static bool is_waiting(const struct actor *actor)
{
	return actor->state == ACTOR_BLOCKED || actor->state == ACTOR_TIMED ||
	       actor->state == ACTOR_PARKED;
}

/* Somebody may go on again: the strategy may want to know. */
static void ready_add(uint32_t actors)
{
	/* Not those that have gone on meanwhile, their time being over, or have ended. */
	for (uint32_t rest = actors; rest; rest &= rest - 1)
		if (!is_waiting(&world.actors[__builtin_ctz(rest)]))
			actors &= ~(rest & -rest);
	world.ready |= actors;
	world.timed &= ~actors;
	world.distant &= ~actors;
	world.parked &= ~actors;
	for (uint32_t rest = actors; rest; rest &= rest - 1)
		world.actors[__builtin_ctz(rest)].state = ACTOR_READY;
	if (actors && world.running)
		world.running->decide_at = world.running->count + 1;
}

void world_wake(uint32_t actors)
{
	ready_add(actors);
}

void world_unpark(uint32_t watchers)
{
	uint32_t woken = watchers & world.parked;

	for (uint32_t rest = woken; rest; rest &= rest - 1)
		world.actors[__builtin_ctz(rest)].patience = PATIENCE;
	if (world.tracing && woken)
		world.tracing->circle(false);
	ready_add(woken);
}

void world_park(struct actor *self)
{
	self->count++;
	self->lap.reads = 0;
	self->state = ACTOR_PARKED;
	world.ready &= ~(1u << self->index);
	world.parked |= 1u << self->index;
	turn_pass(self, TURN_OVER);
}

unsigned world_pick(struct actor *self, uint32_t choices)
{
	unsigned usual = world_default(self, choices, TURN_OVER), one;

	if (!(choices & (choices - 1)))
		return usual;
	self->count++;
	one = world.strategy->pick(self, choices, TURN_OVER);
	if (one != usual)
		schedule_add(&world.schedule, self->index, self->count, one);
	return one;
}

bool world_choose(struct actor *self, double probability)
{
	bool happens;

	self->count++;
	happens = world.strategy->choose(self, probability);
	if (happens) {
		schedule_add(&world.schedule, self->index, self->count, DEVIATION_FAULT);
		world.faults++;
	}
	return happens;
}

void world_over(struct actor *self)
{
	self->count++;
	self->state = ACTOR_OVER;
	self->ended = self->now;
	world.ready &= ~(1u << self->index);
	world_wake(self->joiners);
	if (!(world.ready | world.timed | world.distant | world.parked)) {
		for (unsigned i = 0; i < world.actor_count; i++)
			if (world.actors[i].state != ACTOR_OVER)
				world_stuck(self);
		host_return(self);
	}
	turn_pass(self, TURN_OVER);
	__builtin_unreachable();
}

void world_run(void)
{
	/* The first turn is nobody's: as if the last actor had just ended. */
	struct actor *first, *last = &world.actors[world.actor_count - 1];
	uint32_t choices = world.ready;
	unsigned usual = world_default(last, choices, TURN_OVER);
	unsigned next = pick(last, choices, TURN_OVER);

	if (next != usual)
		schedule_add(&world.schedule, last->index, 0, next);
	first = &world.actors[next];
	world.running = first;
	fiber_switch(&world.host, &first->fiber);
}

struct shape world_shape(void)
{
	return (struct shape){world.preemptions, world.faults, world.switches, world.steps};
}

uint64_t world_steps(void)
{
	struct actor *self = world.running;

	return world.steps + (self ? self->count - self->turn_began : 0);
}

static void failure_set(unsigned kind, const void *pc, const char *format, va_list arguments)
{
	struct world_failure *failure = &world.failure;

	failure->kind = kind;
	failure->actor = world.running ? (int)world.running->index : NOBODY;
	failure->pc = pc;
	failure->signal = 0;
	failure->foreign = false;
	vsnprintf(failure->message, sizeof failure->message, format, arguments);
}

void world_fail(unsigned kind, const void *pc, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	failure_set(kind, pc, format, arguments);
	va_end(arguments);
	if (world.tracing)
		world.tracing->failure(&world.failure);
	if (world.running)
		world_end(world.running);
}

void world_note(unsigned kind, const void *pc, const char *format, ...)
{
	va_list arguments;

	if (world.failure.kind)
		return;
	va_start(arguments, format);
	failure_set(kind, pc, format, arguments);
	va_end(arguments);
}

void world_broken(unsigned kind, int signal, const void *pc, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	failure_set(kind, pc, format, arguments);
	va_end(arguments);
	world.failure.signal = signal;
	world.failure.foreign = signal && !program_has((uintptr_t)pc);
	if (world.tracing)
		world.tracing->failure(&world.failure);
}

/* trace.c - an execution step by step. */
#define _GNU_SOURCE
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "actor.h"
#include "event.h"
#include "heap.h"
#include "ledger.h"
#include "snarl.h"

enum {
	TRACED_MAX = 200 * 1000, /* steps; of a longer execution its beginning */
	TOLD_MAX = 2000,	 /* steps of a trace that are told: its last ones */
	STACK_TOLD_MAX = 24,	 /* frames of a stack, innermost first */
	CAUSES_MAX = 4,		 /* releases that one step acquires */
	STATE_MAX = 4096,	 /* bytes of a state whose copies are kept */
	BYTES_TOLD_MAX = 64,	 /* of a transfer: its first ones */
	ITEMS_TOLD_MAX = 256,	 /* put, or taken, by one actor: the last ones */
	COPIES_BYTES = 256 << 20,
	PLACE_NAME_MAX = 48,
};

struct step {
	uint8_t actor, op, size, cause_count;
	bool atomic, write, raced;
	int8_t preempted; /* whose turn was taken; NOBODY */
	int8_t holder;	  /* of what it waits for, or NOBODY; HOST_OWNER */
	int8_t other;	  /* the thread that it created or joined; NOBODY */
	uint16_t depth;
	uint32_t runnable;
	uint32_t causes[CAUSES_MAX];
	uintptr_t address;
	uint64_t before, after;
	const struct place *place;
	const void *pc;
	const char *call, *what;
	const void *end; /* the variable that its call found a channel in; NULL: not known */
	clock_vector now;
	uint32_t state;	      /* number of the copy of the state after it; 0: as the step before */
	uint32_t puts, takes; /* items that its actor had logged before it */
	uint32_t continues;   /* a transfer: the step that the same call made before; 0: none */
	uint8_t byte_count;
	const void *source; /* of a transfer: where its bytes lay */
	const void *frames[STACK_TOLD_MAX];
	unsigned char bytes[BYTES_TOLD_MAX];
};

static struct trace {
	struct step *steps; /* the first is unused: numbers begin at 1 */
	uint32_t count;
	uint32_t settled; /* steps whose values after are known */
	unsigned char *copies;
	uint32_t copy_count;
	int8_t preempted; /* by the turn that has just passed */
	uint64_t stop_at;
	uint32_t circle; /* the step after which all went round in circles; 0: they do not */
	struct snarl_actor *const *loggers; /* whose ledger is told; NULL: nobody's */
} trace;

static const char *const op_names[] = {
	[TRACE_READ] = "read",
	[TRACE_WRITE] = "write",
	[TRACE_UPDATE] = "update",
	[TRACE_LOCK] = "lock",
	[TRACE_READ_LOCK] = "read-lock",
	[TRACE_TRYLOCK] = "trylock",
	[TRACE_UNLOCK] = "unlock",
	[TRACE_WAIT] = "wait",
	[TRACE_WAKE] = "wake",
	[TRACE_SIGNAL] = "signal",
	[TRACE_BROADCAST] = "broadcast",
	[TRACE_TAKE] = "take",
	[TRACE_POST] = "post",
	[TRACE_ARRIVE] = "arrive",
	[TRACE_ONCE] = "once",
	[TRACE_YIELD] = "yield",
	[TRACE_SLEEP] = "sleep",
	[TRACE_CLOCK] = "clock",
	[TRACE_INPUT] = "input",
	[TRACE_OUTPUT] = "output",
	[TRACE_CLOSE] = "close",
	[TRACE_MALLOC] = "malloc",
	[TRACE_FREE] = "free",
	[TRACE_CREATE] = "create",
	[TRACE_JOIN] = "join",
	[TRACE_FENCE] = "fence",
	[TRACE_FAULT] = "fault",
	[TRACE_FAILURE] = "failure",
};

static void *map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

void trace_ledger(struct snarl_actor *const *actors)
{
	trace.loggers = actors;
}

void trace_begin(uint64_t stop_at)
{
	if (!trace.steps) {
		trace.steps = map(TRACED_MAX * sizeof *trace.steps);
		trace.copies = map(COPIES_BYTES);
	}
	trace.count = trace.settled = trace.copy_count = 0;
	trace.preempted = NOBODY;
	trace.stop_at = stop_at;
	trace.circle = 0;
	/* Who shares what counts within this execution alone: the same in every replay. */
	place_reset();
	world.tracing = true;
}

__attribute__((noinline)) void snarl_step_reached(uint64_t step)
{
	__asm__ volatile("" : : "r"(step));
}

static size_t state_bytes(void)
{
	return world.state_size <= STATE_MAX ? world.state_size : 0;
}

static const unsigned char *copy_at(uint32_t number)
{
	return trace.copies + (size_t)(number - 1) * state_bytes();
}

/* Through the kernel: the access that is being traced may be one that crashes. */
static uint64_t value_at(uintptr_t address, unsigned size)
{
	uint64_t value = 0;
	struct iovec here = {&value, size < sizeof value ? size : sizeof value};
	struct iovec there = {(void *)address, here.iov_len};

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) < 0 ? 0 : value;
}

/* What the last step left behind can be seen now. */
static void settle(void)
{
	size_t bytes = state_bytes();

	if (trace.settled < trace.count) {
		struct step *step = &trace.steps[++trace.settled];

		if (step->op <= TRACE_UPDATE)
			step->after = value_at(step->address, step->size);
		if (!bytes || (trace.copy_count + 1) * bytes > COPIES_BYTES)
			return;
		if (!trace.copy_count ||
			memcmp(copy_at(trace.copy_count), (const void *)world.state, bytes) != 0) {
			memcpy(trace.copies + trace.copy_count * bytes, (const void *)world.state,
				bytes);
			step->state = ++trace.copy_count;
		}
	}
}

/* The log of an actor that the scenario names; one that another created has none. */
static const struct ledger_log *ledger_at(unsigned actor)
{
	return trace.loggers && actor < SNARL_ACTORS_MAX && trace.loggers[actor]
		       ? trace.loggers[actor]->log
		       : NULL;
}

static struct step *step_add(struct actor *self, enum trace_op op, const char *call, const void *pc)
{
	const struct ledger_log *log = ledger_at((unsigned)self->index);
	struct step *step;
	unsigned depth = self->depth < FRAMES_MAX ? self->depth : FRAMES_MAX;

	settle();
	if (trace.count + 1 < TRACED_MAX)
		trace.count++;
	else
		world.tracing = false; /* the rest goes by unseen; this step is the last */
	trace.settled = trace.count - 1;
	step = &trace.steps[trace.count];
	memset(step, 0, offsetof(struct step, frames));
	step->actor = (uint8_t)self->index;
	step->op = (uint8_t)op;
	step->preempted = trace.preempted;
	step->holder = step->other = NOBODY;
	step->runnable = world.ready;
	step->pc = pc;
	step->call = call;
	step->now = self->now;
	if (log) {
		step->puts = log->puts;
		step->takes = log->takes;
	}
	/* The outermost frame is the harness's. */
	while (step->depth < STACK_TOLD_MAX && depth > 1)
		step->frames[step->depth++] = self->frames[--depth];
	trace.preempted = NOBODY;
	if (trace.count == trace.stop_at)
		snarl_step_reached(trace.count);
	return step;
}

void trace_turn(const struct actor *from, const struct actor *to, enum turn turn)
{
	trace.preempted = turn == TURN_STEP && from != to ? (int8_t)from->index : NOBODY;
}

void trace_access(struct actor *self, struct place *place, uintptr_t address, unsigned size,
	enum place_access kind, bool raced, const void *pc)
{
	struct step *step =
		step_add(self, kind & PLACE_IS_WRITE ? TRACE_WRITE : TRACE_READ, NULL, pc);

	step->address = address;
	step->size = (uint8_t)size;
	step->before = value_at(address, size);
	step->atomic = kind & PLACE_IS_ATOMIC;
	step->write = kind & PLACE_IS_WRITE;
	step->raced = raced;
	step->place = place;
}

void trace_update(void)
{
	trace.steps[trace.count].op = TRACE_UPDATE;
}

void trace_sync(struct actor *self, enum trace_op op, struct object *object, const char *call,
	const void *pc)
{
	struct step *step = step_add(self, op, call, pc);

	step->address = (uintptr_t)object->address;
	step->end = self->end;
	if (op == TRACE_TRYLOCK)
		step->holder = (int8_t)object->owner;
}

void trace_wait(struct actor *self, struct object *object, const char *call, const void *pc)
{
	struct step *step = step_add(self, TRACE_WAIT, call, pc);

	step->address = (uintptr_t)object->address;
	step->end = self->end;
	step->holder = (int8_t)object->owner;
	if (object->owner == NOBODY && object->readers)
		step->holder = (int8_t)__builtin_ctz(object->readers);
}

void trace_fault(struct actor *self, struct object *object, const char *what, const char *call,
	const void *pc)
{
	struct step *step = step_add(self, TRACE_FAULT, call, pc);

	step->address = object ? (uintptr_t)object->address : 0;
	step->what = what;
}

void trace_thread(struct actor *self, enum trace_op op, const struct actor *other, const char *call,
	const void *pc)
{
	step_add(self, op, call, pc)->other = (int8_t)other->index;
}

void trace_memory(struct actor *self, enum trace_op op, const void *block, size_t size,
	const char *call, const void *pc)
{
	struct step *step = step_add(self, op, call, pc);

	step->address = (uintptr_t)block;
	step->before = size;
}

/*
 * The step that put the bytes before these into the channel, if it was the same call: a call of its
 * own would have read what it is to write, which is a step, whether shown or not.
 */
static uint32_t piece_before(const struct step *step)
{
	for (const struct step *at = step - 1; at > trace.steps; at--) {
		if (at->actor != step->actor || at->op == TRACE_WAIT || at->op == TRACE_WAKE)
			continue;
		if (at->op != TRACE_OUTPUT || at->address != step->address || at->pc != step->pc ||
			(const char *)at->source + at->before != step->source)
			return 0;
		return (uint32_t)(at - trace.steps);
	}
	return 0;
}

void trace_transfer(struct actor *self, enum trace_op op, struct object *object, const void *bytes,
	size_t count, size_t asked, const char *call, const void *pc)
{
	struct step *step = step_add(self, op, call, pc);

	step->address = (uintptr_t)object->address;
	step->end = self->end;
	step->before = count;
	step->after = asked;
	step->byte_count = (uint8_t)(!bytes ? 0 : count < BYTES_TOLD_MAX ? count : BYTES_TOLD_MAX);
	step->source = bytes;
	step->continues = op == TRACE_OUTPUT ? piece_before(step) : 0;
	if (step->byte_count)
		memcpy(step->bytes, bytes, step->byte_count);
}

void trace_call(struct actor *self, enum trace_op op, const char *call, const void *pc)
{
	step_add(self, op, call, pc);
}

void trace_fence(struct actor *self, const void *pc)
{
	step_add(self, TRACE_FENCE, "atomic_thread_fence", pc);
}

void trace_failure(const struct world_failure *failure)
{
	if (failure->actor != NOBODY)
		step_add(&world.actors[failure->actor], TRACE_FAILURE, NULL, failure->pc)->what =
			failure->message;
}

void trace_circle(bool going_round)
{
	if (!going_round)
		trace.circle = 0;
	else if (!trace.circle)
		trace.circle = trace.count;
}

void trace_acquired(uint32_t cause)
{
	struct step *step = &trace.steps[trace.count];

	if (!trace.count || !cause || trace.steps[cause].actor == step->actor ||
		step->cause_count == CAUSES_MAX)
		return;
	for (unsigned i = 0; i < step->cause_count; i++)
		if (step->causes[i] == cause)
			return;
	step->causes[step->cause_count++] = cause;
}

void trace_released(uint32_t *at)
{
	*at = trace.count;
}

/* --- telling -----------------------------------------------------------------------------------
 */

/* Of rounds that nobody gets anywhere in, the first says it all. */
static bool step_shown(const struct step *step)
{
	if (world.failure.kind == SNARL_LIVELOCK && trace.circle &&
		step > &trace.steps[trace.circle])
		return false;
	return step->op > TRACE_UPDATE || step->place->shared;
}

json_t *trace_place(uintptr_t address)
{
	char name[PLACE_NAME_MAX];

	if (!address)
		return json_null();
	if (address - world.state < world.state_size)
		return json_pack("{s:I}", "state_offset", (json_int_t)(address - world.state));
	if (model_name(address, name, sizeof name))
		return json_pack("{s:s}", "name", name);
	if (program_has(address))
		return json_pack("{s:I}", "program_offset", (json_int_t)(address - program_base()));
	if (heap_has(address))
		return json_pack("{s:I}", "heap_offset", (json_int_t)(address - heap.base));
	return json_object();
}

static json_t *stack_json(const struct step *step)
{
	json_t *stack = json_array();

	if (step->pc)
		json_array_append_new(
			stack, json_integer((json_int_t)((uintptr_t)step->pc - program_base())));
	for (unsigned i = 0; i < step->depth; i++)
		json_array_append_new(stack,
			json_integer((json_int_t)((uintptr_t)step->frames[i] - program_base())));
	return stack;
}

static bool conflicts(const struct step *a, const struct step *b)
{
	return a->op <= TRACE_UPDATE && b->op <= TRACE_UPDATE && a->actor != b->actor &&
	       (a->write || b->write) && !(a->atomic && b->atomic) &&
	       a->address < b->address + b->size && b->address < a->address + a->size &&
	       a->now[a->actor] > b->now[a->actor];
}

/* The latest access before a racing one that did not happen before it; 0: not found. */
static uint32_t rival_of(uint32_t number)
{
	for (uint32_t i = number; i-- > 1;)
		if (conflicts(&trace.steps[i], &trace.steps[number]))
			return i;
	return 0;
}

static json_t *set_json(uint32_t actors)
{
	json_t *names = json_array();

	for (; actors; actors &= actors - 1)
		json_array_append_new(names, json_string(world.actors[__builtin_ctz(actors)].name));
	return names;
}

static json_t *name_json(int actor)
{
	if (actor == HOST_OWNER)
		return json_string("the set-up");
	return actor == NOBODY ? json_null() : json_string(world.actors[actor].name);
}

static void step_tell(uint32_t number, const uint32_t *shown)
{
	const struct step *step = &trace.steps[number];
	uint32_t rival = step->raced ? rival_of(number) : 0;
	json_t *object = json_pack("{s:I, s:s, s:s, s:s?, s:o, s:o, s:b, s:b, s:o, s:o, s:o}",
		"step", (json_int_t)shown[number], "actor", world.actors[step->actor].name, "op",
		op_names[step->op], "call", step->call, "place", trace_place(step->address),
		"stack", stack_json(step), "atomic", step->atomic, "write", step->write, "runnable",
		set_json(step->runnable), "preempted", name_json(step->preempted), "held_by",
		name_json(step->holder));
	json_t *causes = json_array();

	if (step->op <= TRACE_UPDATE) {
		json_object_set_new(object, "size", json_integer(step->size));
		json_object_set_new(object, "old",
			event_bytes((const unsigned char *)&step->before,
				step->size < 8 ? step->size : 8));
		json_object_set_new(object, "new",
			event_bytes((const unsigned char *)&step->after,
				step->size < 8 ? step->size : 8));
	}
	if (step->op == TRACE_MALLOC || step->op == TRACE_FREE || step->op == TRACE_INPUT ||
		step->op == TRACE_OUTPUT)
		json_object_set_new(object, "bytes", json_integer((json_int_t)step->before));
	if (step->op == TRACE_INPUT || step->op == TRACE_OUTPUT)
		json_object_set_new(object, "asked", json_integer((json_int_t)step->after));
	if (step->end)
		json_object_set_new(object, "end", trace_place((uintptr_t)step->end));
	if (step->byte_count)
		json_object_set_new(object, "data", event_bytes(step->bytes, step->byte_count));
	if (step->continues && shown[step->continues])
		json_object_set_new(object, "continues", json_integer(shown[step->continues]));
	if (step->other != NOBODY)
		json_object_set_new(object, "other", name_json(step->other));
	if (step->what)
		json_object_set_new(object, "what", event_text(step->what));
	for (unsigned i = 0; i < step->cause_count; i++)
		if (shown[step->causes[i]])
			json_array_append_new(causes, json_integer(shown[step->causes[i]]));
	json_object_set_new(object, "happens_after", causes);
	if (rival && shown[rival])
		json_object_set_new(
			object, "races_with", json_pack("[I]", (json_int_t)shown[rival]));
	/* Values change in steps that are not shown, too: the last copy up to here counts. */
	for (uint32_t i = number; i; i--)
		if (trace.steps[i].state) {
			json_object_set_new(object, "state",
				event_bytes(copy_at(trace.steps[i].state), state_bytes()));
			break;
		} else if (i < number && shown[i]) {
			break; /* told with that one */
		}
	event_write("step", object);
}

static json_t *access_json(const struct step *step)
{
	return json_pack("{s:s, s:b, s:b, s:i, s:o, s:o}", "actor", world.actors[step->actor].name,
		"write", step->write, "atomic", step->atomic, "size", step->size, "place",
		trace_place(step->address), "stack", stack_json(step));
}

/* A race as ThreadSanitizer's engine tells it; of each pair of places in the code only once. */
static void race_tell(uint32_t number)
{
	uint32_t rival = rival_of(number);
	const struct step *later = &trace.steps[number], *earlier = &trace.steps[rival];

	if (!rival)
		return;
	for (uint32_t i = 1; i < number; i++) {
		uint32_t other =
			trace.steps[i].raced && trace.steps[i].pc == later->pc ? rival_of(i) : 0;

		if (other && trace.steps[other].pc == earlier->pc)
			return;
	}
	event_write("race",
		json_pack("{s:s, s:[o, o], s:[], s:[]}", "description", "data race", "accesses",
			access_json(later), access_json(earlier), "locks", "stacks"));
}

/* The step before which an actor logged its item number `entry`, or the one behind which it did. */
static uint32_t step_of_item(const uint32_t *shown, unsigned actor, bool put, uint32_t entry)
{
	uint32_t before = 0;

	for (uint32_t i = 1; i <= trace.count; i++) {
		const struct step *step = &trace.steps[i];

		if (step->actor != actor || !shown[i])
			continue;
		if ((put ? step->puts : step->takes) > entry)
			return put ? shown[i] : before;
		before = shown[i];
	}
	return put ? 0 : before;
}

static json_t *items_json(const uint32_t *shown, unsigned actor, bool put)
{
	const struct ledger_log *log = ledger_at(actor);
	uint32_t all = put ? log->puts : log->takes, kept = ledger_kept(all);
	const struct ledger_entry *entries = log->entries + (put ? 0 : scenario.ledger_items);
	json_t *items = json_array();
	char name[LEDGER_NAME_MAX];

	for (uint32_t i = kept > ITEMS_TOLD_MAX ? kept - ITEMS_TOLD_MAX : 0; i < kept; i++)
		json_array_append_new(
			items, json_pack("{s:s, s:i, s:I}", "item",
				       ledger_item_name(trace.loggers, entries[i].item, name),
				       "place", (int)entries[i].place, "step",
				       (json_int_t)step_of_item(shown, actor, put, i)));
	return items;
}

/* What every actor put and took, and in which of its steps. */
static void ledger_tell(const uint32_t *shown)
{
	for (unsigned i = 0; i < world.actor_count; i++) {
		const struct ledger_log *log = ledger_at(i);

		if (log && (log->puts || log->takes))
			event_write("ledger",
				json_pack("{s:s, s:I, s:I, s:o, s:o}", "actor",
					world.actors[i].name, "put", (json_int_t)log->puts, "taken",
					(json_int_t)log->takes, "puts", items_json(shown, i, true),
					"takes", items_json(shown, i, false)));
	}
}

/* The numbers under which steps are told: of those that are shown, the last TOLD_MAX. */
static uint32_t *numbers_get(void)
{
	uint32_t *shown = calloc(trace.count + 1, sizeof *shown), next = 1, all = 0;

	if (!shown)
		abort();
	for (uint32_t i = 1; i <= trace.count; i++)
		all += step_shown(&trace.steps[i]);
	for (uint32_t i = 1; i <= trace.count; i++)
		if (step_shown(&trace.steps[i]) && all-- <= TOLD_MAX)
			shown[i] = next++;
	return shown;
}

uint64_t trace_step(uint64_t number)
{
	uint32_t *shown = numbers_get();
	uint64_t found = 0;

	for (uint32_t i = 1; i <= trace.count; i++)
		if (shown[i] == number)
			found = i;
	free(shown);
	return found;
}

void trace_end(bool steps)
{
	uint32_t *shown;

	world.tracing = false;
	settle();
	shown = numbers_get();
	for (uint32_t i = 1; steps && i <= trace.count; i++)
		if (shown[i])
			step_tell(i, shown);
	if (steps)
		ledger_tell(shown);
	for (uint32_t i = 1; i <= trace.count; i++)
		if (trace.steps[i].raced)
			race_tell(i);
	free(shown);
}

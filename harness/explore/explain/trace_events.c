/* trace_events.c - a traced execution as events. */
#include "trace_events.h"

#include <stdlib.h>

#include "address.h"
#include "event.h"
#include "heap.h"
#include "image.h"
#include "location.h"
#include "recording.h"
#include "snarl.h"
#include "spin.h"
#include "trace.h"

enum {
	TOLD_MAX = 2000,      /* steps of a trace that are written: the last ones */
	DIFFERENT_MAX = 8192, /* slots of a set of different steps */
	ITEMS_TOLD_MAX = 256, /* put or taken by one actor that are written: the last ones */
};

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
	[TRACE_CALL] = "call",
	[TRACE_FAULT] = "fault",
	[TRACE_FAILURE] = "failure",
};

/* Whether an actor reads the location in a loop at the end. */
static bool is_awaited(const struct location *location)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++) {
		const struct actor *actor = &scheduler.actors[i];

		for (unsigned k = 0; actor->state != ACTOR_OVER && k < actor->spin.count; k++)
			if ((actor->state == ACTOR_PARKED ||
				    actor->spin.reads >= SPIN_LOOK_AFTER) &&
				actor->spin.read[k].location == location)
				return true;
	}
	return false;
}

static bool tells(const struct step *step)
{
	return step->op > TRACE_UPDATE || step->location->shared ||
	       (scheduler.failure.kind == SNARL_LIVELOCK && is_awaited(step->location));
}

/* Add a step to the set of different ones; returns whether it is new. 0 is no hash. */
static bool set_add(uint64_t set[DIFFERENT_MAX], const struct step *step)
{
	uint64_t parts[] = {step->actor, step->op, (uintptr_t)step->pc, step->address, step->before,
		step->after, (uint64_t)step->holder};
	uint64_t hash = 0;
	size_t at;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		hash = (hash ^ parts[i]) * 0x9e3779b97f4a7c15ull;
	hash ^= hash >> 32;
	hash |= !hash;
	for (at = hash % DIFFERENT_MAX; set[at] && set[at] != hash; at = (at + 1) % DIFFERENT_MAX)
		;
	if (set[at])
		return false;
	set[at] = hash;
	return true;
}

/* Whether a step changes nothing, so that it can be left out if it was shown before. */
static bool only_looks(const struct step *step)
{
	return step->op == TRACE_READ || step->op == TRACE_TRYLOCK || step->op == TRACE_YIELD;
}

/*
 * Mark the steps that are written. In a livelock what follows the last new step only repeats, and
 * is left out; likewise looks that an actor repeats before, of which there may be thousands. All
 * are written if too many are different.
 */
static void steps_mark(bool *told)
{
	bool livelock = scheduler.failure.kind == SNARL_LIVELOCK;
	uint64_t *set = calloc(DIFFERENT_MAX, sizeof *set);
	uint32_t last = 0, different = 0;

	if (!set)
		abort();
	for (uint32_t i = 1; i <= trace.count; i++) {
		bool fresh;

		told[i] = tells(&trace.steps[i]);
		if (!livelock || !told[i] || different >= DIFFERENT_MAX / 2)
			continue;
		fresh = set_add(set, &trace.steps[i]);
		last = fresh ? i : last;
		different += fresh;
		told[i] = fresh || !only_looks(&trace.steps[i]);
	}
	for (uint32_t i = last + 1; livelock && different < DIFFERENT_MAX / 2 && i <= trace.count;
		i++)
		told[i] = false;
	free(set);
}

json_t *trace_place(uintptr_t address)
{
	char name[ADDRESS_NAME_MAX];

	if (!address)
		return json_null();
	if (address - scheduler.state < scheduler.state_size)
		return json_pack("{s:I}", "state_offset", (json_int_t)(address - scheduler.state));
	if (heap_has(address))
		return json_pack("{s:I}", "heap_offset", (json_int_t)(address - heap.base));
	if (address_provided(address, name, sizeof name))
		return json_pack("{s:s}", "name", name);
	if (program_has(address))
		return json_pack("{s:I}", "program_offset", (json_int_t)(address - program_base()));
	return json_object();
}

static json_t *stack_json(const struct step *step)
{
	json_t *stack = json_array();

	if (step->pc)
		event_stack_add(stack, step->pc, program_base());
	for (unsigned i = 0; i < step->depth; i++)
		event_stack_add(stack, step->frames[i], program_base());
	return stack;
}

static bool conflicts(const struct step *a, const struct step *b)
{
	return a->op <= TRACE_UPDATE && b->op <= TRACE_UPDATE && a->actor != b->actor &&
	       (a->write || b->write) && !(a->atomic && b->atomic) &&
	       a->address < b->address + b->size && b->address < a->address + a->size &&
	       clock_at(&a->now, a->actor) > clock_at(&b->now, a->actor);
}

/* The latest earlier access that races with this one, by its number; 0: not found. */
static uint32_t rival_of(uint32_t number)
{
	for (uint32_t i = number; i-- > 1;)
		if (conflicts(&trace.steps[i], &trace.steps[number]))
			return i;
	return 0;
}

static json_t *set_json(actor_set actors)
{
	json_t *names = json_array();

	for (; actors; actors &= actors - 1)
		json_array_append_new(
			names, json_string(scheduler.actors[actor_first(actors)].name));
	return names;
}

static json_t *name_json(int actor)
{
	if (actor == HOST_OWNER)
		return json_string("the set-up");
	return actor == NOBODY ? json_null() : json_string(scheduler.actors[actor].name);
}

static void step_emit(uint32_t number, const uint32_t *shown)
{
	const struct step *step = &trace.steps[number];
	uint32_t rival = step->raced ? rival_of(number) : 0;
	json_t *object = json_pack("{s:I, s:s, s:s, s:s?, s:o, s:o, s:b, s:b, s:o, s:o, s:o}",
		"step", (json_int_t)shown[number], "actor", scheduler.actors[step->actor].name,
		"op", op_names[step->op], "call", step->call, "place", trace_place(step->address),
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
	/* Steps that are not shown also change values: use the last copy up to here. */
	for (uint32_t i = number; i; i--)
		if (trace.steps[i].state) {
			json_object_set_new(object, "state",
				event_bytes(recording_copy(trace.steps[i].state),
					recording_state_bytes()));
			break;
		} else if (i < number && shown[i]) {
			break; /* already written with that step */
		}
	event_write("step", object);
}

static json_t *access_json(const struct step *step)
{
	return json_pack("{s:s, s:b, s:b, s:i, s:o, s:o}", "actor",
		scheduler.actors[step->actor].name, "write", step->write, "atomic", step->atomic,
		"size", step->size, "place", trace_place(step->address), "stack", stack_json(step));
}

/* Write a race in the format of the tsan engine, only once for each pair of code locations. */
static void race_emit(uint32_t number)
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

/*
 * The step before which an actor logged its item number `entry`, if it was put, or after which it
 * did, if it was taken.
 */
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
	const struct ledger_log *log = recording_ledger(actor);
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

/* Write what every actor put and took, and in which of its steps. */
static void ledger_emit(const uint32_t *shown)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++) {
		const struct ledger_log *log = recording_ledger(i);

		if (log && (log->puts || log->takes))
			event_write("ledger",
				json_pack("{s:s, s:I, s:I, s:o, s:o}", "actor",
					scheduler.actors[i].name, "put", (json_int_t)log->puts,
					"taken", (json_int_t)log->takes, "puts",
					items_json(shown, i, true), "takes",
					items_json(shown, i, false)));
	}
}

/* The numbers under which steps are written: the last TOLD_MAX of those that are shown. */
static uint32_t *numbers_get(void)
{
	uint32_t *shown = calloc(trace.count + 1, sizeof *shown), next = 1, all = 0;
	bool *told = calloc(trace.count + 1, sizeof *told);

	if (!shown || !told)
		abort();
	steps_mark(told);
	for (uint32_t i = 1; i <= trace.count; i++)
		all += told[i];
	for (uint32_t i = 1; i <= trace.count; i++)
		if (told[i] && all-- <= TOLD_MAX)
			shown[i] = next++;
	free(told);
	return shown;
}

/* The last written step that used the memory; 0: there is none, or it was written later. */
static uint32_t last_use(const uint32_t *shown, uintptr_t address, unsigned size)
{
	for (uint32_t i = trace.count; i; i--) {
		const struct step *step = &trace.steps[i];

		if (step->op > TRACE_UPDATE || step->address >= address + size ||
			address >= step->address + step->size)
			continue;
		if (shown[i])
			return step->address == address && step->size == size ? i : 0;
		if (step->write)
			return 0;
	}
	return 0;
}

/* Whether all that was not recorded are steps of this actor in which it changed nothing. */
static bool only_reads_since_cut(const struct actor *reader)
{
	for (unsigned i = 0; trace.cut && i < scheduler.actor_count; i++)
		if (scheduler.actors[i].count - trace.counts[i] >
			(i == reader->index ? reader->spin.reads : 0))
			return false;
	return true;
}

bool trace_steady(const struct actor *reader)
{
	uintptr_t address = reader->spin.read[0].address;
	unsigned size = reader->spin.read[0].size;
	uint32_t *shown, use;
	const struct step *step;

	if (!reader->spin.count || !only_reads_since_cut(reader))
		return false;
	shown = numbers_get();
	use = last_use(shown, address, size);
	step = &trace.steps[use];
	free(shown);
	return use && trace_value(address, size) == (step->write ? step->after : step->before);
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

void trace_write(bool steps)
{
	uint32_t *shown = numbers_get();

	for (uint32_t i = 1; steps && i <= trace.count; i++)
		if (shown[i])
			step_emit(i, shown);
	if (steps)
		ledger_emit(shown);
	for (uint32_t i = 1; i <= trace.count; i++)
		if (trace.steps[i].raced)
			race_emit(i);
	free(shown);
}

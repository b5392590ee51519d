/* stuck.c - explains why no actor can run, or why an execution has no end. */
#include "stuck.h"

#include <stdio.h>
#include <string.h>

#include "address.h"
#include "descriptor.h"
#include "event.h"
#include "image.h"
#include "lost_signal.h"
#include "object.h"
#include "process.h"
#include "snarl.h"
#include "trace.h"
#include "trace_events.h"

enum {
	TRIES_MANY = 16,   /* that failed: it keeps trying */
	TRY_RECENT = 64,   /* counts since the last one */
	READS_MANY = 1000, /* without a change in between: it spins, if with a lock held */
};

static struct stuck {
	uint32_t execution; /* that got stuck last */
} stuck;

/* The other actors that signalled the condition when no actor waited for it. */
static actor_set missed_by(const struct actor *waiter)
{
	const struct object *object = waiter->waits_for;

	return object && object->kind == OBJECT_CONDITION
		       ? object->missed_by & ~actor_one(waiter->index)
		       : 0;
}

/* The actors whose signals a waiter missed: they came too early, or woke another. */
static actor_set lost_by(const struct actor *waiter)
{
	const struct object *object = waiter->waits_for;
	actor_set missed = missed_by(waiter);

	if (missed || !object || object->kind != OBJECT_CONDITION ||
		!(object->passed & actor_one(waiter->index)))
		return missed;
	return object->skipped_by;
}

static const char *signaller_name(actor_set by)
{
	return by & (by - 1) ? "several actors" : owner_name(actor_first(by));
}

/* Why a wait for a semaphore does not end. */
static const char *value_of(const struct object *semaphore)
{
	return semaphore->value ? "which is not shared between processes" : "which is 0";
}

/* "alice waits for lock, held by bob" */
static int kept_describe(char *text, size_t size, const struct actor *actor)
{
	const struct keepers *by = &actor->kept_by;
	actor_set all = by->alone | by->sharing;
	int one = all ? actor_first(by->alone ? by->alone : by->sharing) : NOBODY;

	if (one == NOBODY)
		return snprintf(
			text, size, "%s waits for %s", actor->name, object_name(actor->waits_for));
	if (one == (int)actor->index)
		return snprintf(text, size, "%s waits for %s, which it holds itself", actor->name,
			object_name(actor->waits_for));
	return snprintf(text, size, "%s waits for %s, held %sby %s%s", actor->name,
		object_name(actor->waits_for), by->alone ? "" : "for reading ", owner_name(one),
		scheduler.actors[one].state == ACTOR_OVER ? ", which has ended" : "");
}

/* "waits for lock, held by bob" */
static int stuck_describe(char *text, size_t size, const struct actor *actor)
{
	const struct object *object = actor->waits_for;

	if (actor->state == ACTOR_READY)
		return snprintf(text, size, "%s runs without end", actor->name);
	if (actor->state == ACTOR_PARKED)
		return snprintf(text, size, "%s waits in a loop for %s to change", actor->name,
			actor->spin.count ? address_name((const void *)actor->spin.read[0].address)
					  : "something");
	if (actor->waits_for_actor != NOBODY)
		return snprintf(text, size, "%s waits for %s to end", actor->name,
			owner_name(actor->waits_for_actor));
	if (!object)
		return snprintf(text, size, "%s waits in %s", actor->name, actor->call);
	if (object->kind == OBJECT_CONDITION) {
		actor_set by = lost_by(actor);

		return snprintf(text, size, "%s waits for %s%s%s%s", actor->name,
			object_name(object), by ? ", signalled by " : "",
			by ? signaller_name(by) : "",
			!by		   ? ""
			: missed_by(actor) ? " before anybody waited"
					   : ", but that woke another waiter");
	}
	if (object->kind == OBJECT_SEMAPHORE)
		return snprintf(text, size, "%s waits for %s, %s", actor->name, object_name(object),
			value_of(object));
	if (object->kind == OBJECT_DESCRIPTOR)
		return snprintf(text, size, "%s waits in %s for %s, %s", actor->name, actor->call,
			actor->end ? address_name(actor->end) : object_name(object),
			descriptor_lack(actor));
	if (object->kind == OBJECT_BARRIER)
		return snprintf(text, size, "%s waits at %s, where %u of %u have arrived",
			actor->name, object_name(object), object->value, object->limit);
	if (object->kind == OBJECT_FILE_LOCK)
		return kept_describe(text, size, actor);
	if (object->owner == (int)actor->index)
		return snprintf(text, size, "%s waits for %s, which it holds itself", actor->name,
			object_name(object));
	if (object->owner != NOBODY)
		return snprintf(text, size, "%s waits for %s, held by %s%s", actor->name,
			object_name(object), owner_name(object->owner),
			object->owner < 0 || scheduler.actors[object->owner].state != ACTOR_OVER
				? ""
			: scheduler.actors[object->owner].died ? ", which has died"
							       : ", which has ended");
	if (object->readers && !(object->writers & actor_one(actor->index)) && object->writers)
		return snprintf(text, size, "%s waits for %s, blocked by %s's pending write lock",
			actor->name, object_name(object), owner_name(actor_first(object->writers)));
	if (object->readers)
		return snprintf(text, size, "%s waits for %s, held for reading by %s", actor->name,
			object_name(object), owner_name(actor_first(object->readers)));
	return snprintf(text, size, "%s waits for %s%s", actor->name, object_name(object),
		object->one_process && process_emulated ? ", which is not shared between processes"
							: "");
}

/* The holders of what a blocked actor waits for. */
static actor_set holders(const struct actor *actor)
{
	const struct object *object = actor->waits_for;

	if (actor->state != ACTOR_BLOCKED)
		return 0;
	if (actor->waits_for_actor != NOBODY)
		return actor_one(actor->waits_for_actor);
	if (!object || object->kind == OBJECT_SEMAPHORE)
		return 0;
	if (object->kind == OBJECT_FILE_LOCK)
		return actor->kept_by.alone | actor->kept_by.sharing;
	/* A reader of a lock that others share waits for the writers that came before it. */
	if (object->owner == NOBODY && object->readers &&
		!(object->writers & actor_one(actor->index)))
		return object->writers;
	return object->readers | (object->owner >= 0 ? actor_one(object->owner) : 0);
}

/* Whether the wait-for graph has a cycle. */
static bool has_cycle(void)
{
	actor_set reached[ACTORS_MAX];
	bool more = true;

	for (unsigned i = 0; i < scheduler.actor_count; i++)
		reached[i] = holders(&scheduler.actors[i]);
	while (more) {
		more = false;
		for (unsigned i = 0; i < scheduler.actor_count; i++) {
			actor_set all = reached[i];

			for (actor_set rest = reached[i]; rest; rest &= rest - 1)
				all |= reached[actor_first(rest)];
			more |= all != reached[i];
			reached[i] = all;
		}
	}
	for (unsigned i = 0; i < scheduler.actor_count; i++)
		if (reached[i] & actor_one(i))
			return true;
	return false;
}

/* Whether another actor waits for what this one holds: then that keeps the signal from coming. */
static bool is_waited_for(unsigned actor)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++)
		if (holders(&scheduler.actors[i]) & actor_one(actor))
			return true;
	return false;
}

/*
 * The kind of failure: a cycle of waiting actors, a signal that came too early or woke another, or
 * a loop without an end. The parent names a hang of the other engines in the same order
 * (run/explain/waits.c).
 */
static unsigned stuck_kind(void)
{
	unsigned kind = SNARL_DEADLOCK;

	if (has_cycle())
		return SNARL_DEADLOCK;
	if (scheduler.endless)
		return scheduler.may_be_long ? SNARL_HANG : SNARL_LIVELOCK;
	for (unsigned i = 0; i < scheduler.actor_count; i++) {
		const struct actor *actor = &scheduler.actors[i];

		if (actor->state == ACTOR_BLOCKED && lost_by(actor) && !is_waited_for(i))
			return SNARL_LOST_WAKEUP;
		if (actor->state == ACTOR_PARKED)
			kind = SNARL_LIVELOCK;
	}
	return kind;
}

/* At the end of a program, actors that could run on, or be woken, are left alone. */
static bool is_stuck(const struct actor *actor)
{
	return actor->state != ACTOR_OVER && (scheduler.stuck || actor->state == ACTOR_BLOCKED);
}

void stuck_left(void)
{
	for (unsigned i = 0; i < scheduler.actor_count; i++)
		if (scheduler.actors[i].state == ACTOR_BLOCKED && has_cycle()) {
			stuck_explain();
			return;
		}
}

void stuck_explain(void)
{
	char text[FAILURE_MESSAGE_MAX];
	size_t used = 0;
	unsigned kind = stuck_kind();
	const char *between = "";

	if (scheduler.endless)
		used = (size_t)snprintf(text, sizeof text,
			"still running after %llu steps: ", (unsigned long long)scheduler.steps);
	for (unsigned i = 0; i < scheduler.actor_count && used < sizeof text; i++) {
		const struct actor *actor = &scheduler.actors[i];

		if (!is_stuck(actor))
			continue;
		used += (size_t)snprintf(text + used, sizeof text - used, "%s", between);
		between = "; ";
		if (used < sizeof text)
			used += (size_t)stuck_describe(text + used, sizeof text - used, actor);
	}
	stuck.execution = scheduler.execution;
	scheduler_fail(kind, NULL, "%s", text);
}

/* --- writing ------------------------------------------------------------------------------- */

/* A stack of one call; its callers are no longer known. */
static json_t *call_json(const void *pc)
{
	json_t *stack = json_array();

	event_stack_add(stack, pc, program_base());
	return stack;
}

/* An actor's stack: a return address and those of the calls around it. */
static json_t *stack_json(const struct actor *actor, const void *pc)
{
	json_t *stack = pc ? call_json(pc) : json_array();

	for (unsigned i = actor->depth < FRAMES_MAX ? actor->depth : 0; i-- > 0;)
		event_stack_add(stack, actor->frames[i], program_base());
	return stack;
}

struct holding {
	unsigned actor;
	json_t *holds;
};

/* Add an object that the actor holds, in the order of acquisition. */
static void holding_look(const struct object *object, void *context)
{
	const struct holding *holding = context;
	const char *mode = NULL;
	size_t at;

	if (object->kind == OBJECT_SEMAPHORE && object->reading[holding->actor])
		mode = "unit";
	else if (object->kind != OBJECT_SEMAPHORE && object->owner == (int)holding->actor)
		mode = "alone";
	else if (object->readers & actor_one(holding->actor))
		mode = "shared";
	for (at = 0; mode && at < json_array_size(holding->holds); at++)
		if ((uint64_t)json_integer_value(json_object_get(
			    json_array_get(holding->holds, at), "taken_in")) > object->taken_in)
			break;
	if (mode)
		json_array_insert_new(holding->holds, at,
			json_pack("{s:I, s:I, s:o, s:s, s:o}", "taken_in",
				(json_int_t)object->taken_in, "object",
				(json_int_t)(uintptr_t)object->address, "place",
				trace_place((uintptr_t)object->address), "mode", mode, "stack",
				call_json(object->acquired_at[holding->actor])));
}

/* Whether an actor that could run only tries to take a lock, again and again. */
static bool keeps_trying(const struct actor *actor)
{
	return actor->state == ACTOR_READY && actor->tries.address &&
	       actor->tries.times >= TRIES_MANY && actor->count - actor->tries.last < TRY_RECENT;
}

/* Whether all that an actor is known to have read, and reads next, is one place. */
static bool reads_one_place(const struct actor *actor)
{
	for (unsigned i = 0; i < actor->spin.count; i++)
		if (actor->spin.read[i].address != actor->spin.read[0].address)
			return false;
	return actor->spin.count &&
	       (!actor->next_location ||
		       actor->next_location == (const void *)actor->spin.read[0].address);
}

/*
 * Whether the actor waits in a loop. One that holds a lock, or computes in between, is not parked;
 * if it reads many places, it may be computing.
 */
static bool spins(const struct actor *actor)
{
	return actor->state == ACTOR_PARKED ||
	       (actor->state == ACTOR_READY && actor->spin.reads >= READS_MANY &&
		       reads_one_place(actor));
}

static const char *wait_name(const struct actor *actor)
{
	const struct object *object = actor->waits_for;

	if (keeps_trying(actor))
		return "try";
	if (spins(actor))
		return "loop";
	if (actor->state == ACTOR_READY)
		return "-";
	if (actor->waits_for_actor != NOBODY)
		return "join";
	switch (object ? object->kind : OBJECT_NONE) {
	case OBJECT_MUTEX:
	case OBJECT_SPINLOCK:
		return "acquire";
	case OBJECT_RWLOCK:
	case OBJECT_FILE_LOCK:
		return object->writers & actor_one(actor->index) ? "acquire" : "acquire_shared";
	case OBJECT_CONDITION:
		return "cond_wait";
	case OBJECT_SEMAPHORE:
		return "sem_wait";
	case OBJECT_BARRIER:
		return "barrier_wait";
	case OBJECT_ONCE:
		return "once";
	default:
		return "block";
	}
}

static json_t *value_json(const struct actor *actor)
{
	const struct object *object = actor->waits_for;

	if (actor->state == ACTOR_PARKED || actor->state == ACTOR_READY || !object)
		return json_null();
	if (object->kind == OBJECT_SEMAPHORE)
		return json_string(value_of(object));
	if (object->kind == OBJECT_BARRIER)
		return json_sprintf("where %u of %u have arrived", object->value, object->limit);
	if (object->kind == OBJECT_DESCRIPTOR)
		return json_string(descriptor_lack(actor));
	if (object->kind == OBJECT_MUTEX && object->owner == NOBODY && object->one_process &&
		process_emulated)
		return json_string("which is not shared between processes");
	return json_null();
}

/* The signal that an actor missed, if it is known which one. */
static json_t *signals_json(const struct actor *actor)
{
	actor_set by = actor->state == ACTOR_BLOCKED ? lost_by(actor) : 0;
	bool before = missed_by(actor);
	const struct step *lost = before ? lost_signal(actor) : NULL;
	int one;

	if (!by || (!lost && by & (by - 1)))
		return json_array();
	one = lost ? lost->actor : actor_first(by);
	return json_pack("[{s:s, s:b, s:o}]", "actor", owner_name(one), "before", before, "stack",
		call_json(lost ? lost->pc : actor->waits_for->acquired_at[one]));
}

/* What it waits for: a variable in a loop, a lock that it tries, or the object of its call. */
static uintptr_t object_awaited(const struct actor *actor)
{
	if (keeps_trying(actor))
		return (uintptr_t)actor->tries.address;
	if (spins(actor))
		return actor->spin.count ? actor->spin.read[0].address : 0;
	return actor->state != ACTOR_READY && actor->waits_for
		       ? (uintptr_t)actor->waits_for->address
		       : 0;
}

static const void *pc_of(const struct actor *actor)
{
	if (keeps_trying(actor))
		return actor->tries.pc;
	return actor->state == ACTOR_READY    ? actor->next_pc
	       : actor->state == ACTOR_PARKED ? (const void *)actor->spin.pc
					      : actor->waits_at;
}

static json_t *actor_json(const struct actor *actor)
{
	static const char *const states[] = {
		[ACTOR_READY] = "running",
		[ACTOR_BLOCKED] = "blocked",
		[ACTOR_TIMED] = "waiting",
		[ACTOR_PARKED] = "waiting",
		[ACTOR_OVER] = "ended",
	};
	bool waits = actor->state == ACTOR_BLOCKED || actor->state == ACTOR_TIMED;
	struct holding holding = {actor->index, json_array()};
	uintptr_t object = object_awaited(actor);
	json_t *shown;

	object_each(holding_look, &holding);
	shown = json_pack("{s:s, s:s, s:o}", "actor", actor->name, "state",
		keeps_trying(actor) || spins(actor) ? "waiting" : states[actor->state], "holds",
		holding.holds);
	if (actor->state == ACTOR_OVER)
		return shown;
	json_object_update_new(
		shown, json_pack("{s:s?, s:s, s:I, s:o, s:o, s:o, s:o}", "call",
			       keeps_trying(actor) ? actor->tries.call
			       : waits		   ? actor->call
						   : NULL,
			       "wait", wait_name(actor), "object", (json_int_t)object, "place",
			       trace_place(waits && actor->end ? (uintptr_t)actor->end : object),
			       "stack", stack_json(actor, pc_of(actor)), "value", value_json(actor),
			       "signals", signals_json(actor)));
	if (spins(actor) && !keeps_trying(actor))
		json_object_set_new(shown, "steady", json_boolean(trace_steady(actor)));
	if (waits && actor->waits_for_actor != NOBODY)
		json_object_set_new(
			shown, "thread", json_string(owner_name(actor->waits_for_actor)));
	return shown;
}

void stuck_write(void)
{
	json_t *actors = json_array();

	for (unsigned i = 0; stuck.execution == scheduler.execution && i < scheduler.actor_count;
		i++) {
		json_t *actor = actor_json(&scheduler.actors[i]);

		if (!is_stuck(&scheduler.actors[i]) &&
			!json_array_size(json_object_get(actor, "holds")))
			json_decref(actor);
		else
			json_array_append_new(actors, actor);
	}
	if (json_array_size(actors))
		event_write("stuck", json_pack("{s:o, s:b}", "actors", actors, "cut", trace_cut()));
	else
		json_decref(actors);
}

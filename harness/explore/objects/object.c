/* object.c - common to all models. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "address.h"
#include "event.h"
#include "heap.h"
#include "object.h"
#include "process.h"
#include "snarl.h"
#include "trace.h"

enum { WRITTEN_BYTES = 4 /* by an init or destroy call: no object is smaller */ };

enum { OBJECT_BITS = 12, OBJECT_COUNT = 1 << OBJECT_BITS, OBJECT_USED_MAX = OBJECT_COUNT / 4 * 3 };

/* Open addressing; entries stay, marked with the execution that they belong to. */
static struct objects {
	uint32_t execution;
	unsigned used;
	struct object at[OBJECT_COUNT];
} objects;

void objects_renew(uint32_t execution)
{
	objects.execution = execution;
	if (objects.used < OBJECT_USED_MAX)
		return;
	memset(objects.at, 0, sizeof objects.at);
	objects.used = 0;
}

static struct object *find(const void *address)
{
	unsigned at = (unsigned)((uintptr_t)address * 0x9e3779b97f4a7c15u >> (64 - OBJECT_BITS));

	while (objects.at[at].address && objects.at[at].address != address)
		at = (at + 1) % OBJECT_COUNT;
	if (objects.at[at].address)
		return &objects.at[at];
	if (++objects.used == OBJECT_COUNT)
		event_fatal("more than %d synchronisation objects in one execution, which is "
			    "explore's limit: run it on the other engines",
			OBJECT_COUNT - 1);
	objects.at[at].address = address;
	return &objects.at[at];
}

static void renew(struct object *object, enum object_kind kind)
{
	const void *address = object->address;

	memset(object, 0, offsetof(struct object, clock));
	clock_clear(&object->clock);
	clock_clear(&object->clock_readers);
	table_clear(object->reading, sizeof *object->reading);
	object->address = address;
	object->kind = kind;
	object->execution = objects.execution;
	object->owner = NOBODY;
}

/* Using a lock in a freed block is a use after free like any other. */
static void block_check(const void *address, enum object_kind kind, const void *pc)
{
	if (kind != OBJECT_DESCRIPTOR && heap_has((uintptr_t)address))
		heap_check((uintptr_t)address, 1, pc);
}

void object_write(const void *address, const void *pc)
{
	struct actor *self = scheduler.running;
	struct location *location;

	if (!self)
		return;
	scheduler_step(self, address);
	location = location_at((uintptr_t)address, WRITTEN_BYTES);
	location_used(location, self->index, LOCATION_WRITE);
	access_note(self, location, (uintptr_t)address, WRITTEN_BYTES, LOCATION_WRITE, pc);
	access_wrote(self, location);
}

struct object *object_init(const void *address, enum object_kind kind, const void *pc)
{
	struct object *object;

	if (kind != OBJECT_DESCRIPTOR)
		object_write(address, pc);
	object = find(address);

	if (kind != OBJECT_DESCRIPTOR && scheduler.tracing)
		trace_did(address, NULL, pc, "initialises %s", object_name(object));
	block_check(address, kind, pc);
	if (object->execution == objects.execution && !object->destroyed && object->waiters)
		scheduler_fail(SNARL_ASSERTION, pc, "%s is initialised while %s waits for it",
			object_name(object), owner_name(actor_first(object->waiters)));
	renew(object, kind);
	return object;
}

struct object *object_at(const void *address, enum object_kind kind, const void *pc)
{
	struct object *object = find(address);

	block_check(address, kind, pc);
	if (object->execution != objects.execution)
		renew(object, kind);
	else if (object->destroyed)
		scheduler_fail(SNARL_ASSERTION, pc, "%s is used after it was destroyed",
			object_name(object));
	else if (object->kind != kind)
		renew(object, kind); /* a static initialiser or an assignment replaced it */
	return object;
}

void object_revive(const void *address)
{
	struct object *object = find(address);

	if (object->execution == objects.execution && object->destroyed)
		renew(object, object->kind);
}

void object_each(void (*look)(const struct object *object, void *context), void *context)
{
	for (unsigned i = 0; i < OBJECT_COUNT; i++)
		if (objects.at[i].address && objects.at[i].execution == objects.execution)
			look(&objects.at[i], context);
}

void object_destroy(struct object *object)
{
	object->destroyed = true;
}

const char *object_name(const struct object *object)
{
	return address_name(object->address);
}

const char *owner_name(int owner)
{
	return owner == HOST_OWNER ? "the set-up" : scheduler.actors[owner].name;
}

void object_release(struct actor *self, struct object *object)
{
	clock_join(&object->clock, &self->now);
	clock_tick(&self->now, self->index);
	if (scheduler.tracing)
		trace_released(&object->released_at);
}

void object_acquire(struct actor *self, struct object *object)
{
	clock_join(&self->now, &object->clock);
	if (scheduler.tracing)
		trace_acquired(object->released_at);
}

actor_set object_audience(const struct object *object)
{
	actor_set all = object->waiters, found = 0;

	if (!object->one_process || !process_emulated || !scheduler.running)
		return all;
	for (; all; all &= all - 1)
		if (scheduler.actors[actor_first(all)].process == scheduler.running->process)
			found |= all & -all;
	return found;
}

void object_acquire_as(struct actor *self, struct object *lock, bool writing)
{
	uint32_t at = lock->released_at;

	clock_join(&self->now, &lock->clock);
	if (writing) {
		clock_join(&self->now, &lock->clock_readers);
		at = at > lock->readers_released_at ? at : lock->readers_released_at;
	}
	if (scheduler.tracing)
		trace_acquired(at);
}

void object_release_as(struct actor *self, struct object *lock, bool writing)
{
	if (writing) {
		object_release(self, lock);
		return;
	}
	clock_join(&lock->clock_readers, &self->now);
	clock_tick(&self->now, self->index);
	if (scheduler.tracing)
		trace_released(&lock->readers_released_at);
}

void object_inherit(struct object *object, const struct object *from)
{
	clock_join(&object->clock, &from->clock);
	object->released_at = from->released_at;
}

void object_wake(struct object *object)
{
	actor_set waiters = object_audience(object);

	object->waiters &= ~waiters;
	scheduler_wake(waiters);
}

/*
 * The holder that keeps an actor waiting, or one of those that share the lock: these keep out
 * writers alone.
 */
static int holder_of(const struct object *object, const struct actor *waiter)
{
	const struct keepers *by = &waiter->kept_by;

	if (object->kind == OBJECT_FILE_LOCK)
		return by->alone | by->sharing ? actor_first(by->alone ? by->alone : by->sharing)
					       : NOBODY;
	if (object->owner != NOBODY || !(object->writers & actor_one(waiter->index)))
		return object->owner;
	return object->readers ? actor_first(object->readers) : NOBODY;
}

void object_traced(struct actor *self, enum trace_op op, const struct object *object,
	const char *call, const void *pc)
{
	trace_sync(
		self, op, object->address, op == TRACE_TRYLOCK ? object->owner : NOBODY, call, pc);
}

void object_refused(
	struct actor *self, const struct object *object, const char *call, const void *pc)
{
	bool same = self->tries.address == object->address;

	self->tries.times = same ? self->tries.times + 1 : 1;
	self->tries.address = object->address;
	self->tries.pc = pc;
	self->tries.call = call;
	self->tries.last = self->count;
	if (scheduler.tracing)
		object_traced(self, TRACE_TRYLOCK, object, call, pc);
}

bool object_wait(
	struct actor *self, struct object *object, const char *call, const void *pc, bool timed)
{
	bool woken;

	object->waiters |= actor_one(self->index);
	if (scheduler.tracing)
		trace_sync(self, TRACE_WAIT, object->address, holder_of(object, self), call, pc);
	woken = scheduler_block(self, object, call, pc, timed);
	object->waiters &= ~actor_one(self->index);
	return woken;
}

void result_write(void *to, const void *from, unsigned size, const void *pc)
{
	struct actor *self = scheduler.running;

	for (unsigned done = 0; done < size;) {
		char *at = (char *)to + done;
		const char *value = (const char *)from + done;
		unsigned chunk = 8 - ((uintptr_t)at & 7);
		struct location *location;
		bool changes;

		chunk = chunk < size - done ? chunk : size - done;
		done += chunk;
		if (!self) {
			memcpy(at, value, chunk);
			continue;
		}
		location = location_at((uintptr_t)at, chunk);
		access_step(self, location, (uintptr_t)at, LOCATION_WRITE, pc);
		access_note(self, location, (uintptr_t)at, chunk, LOCATION_WRITE, pc);
		changes = memcmp(at, value, chunk) != 0;
		memcpy(at, value, chunk);
		/* A write that leaves the value unchanged may belong to a busy-wait loop. */
		if (changes)
			access_wrote(self, location);
	}
}

int host_blocks(const struct object *object, const char *call, const void *pc)
{
	scheduler_note(SNARL_ASSERTION, pc,
		"the set-up or the check calls %s for %s, which would block forever", call,
		object_name(object));
	return EDEADLK;
}

/*
 * A lock that stays held deadlocks the next actor that wants it, or would have. Those of files do
 * not belong to the actor: they end with its process or with the open file.
 */
void objects_left(struct actor *self)
{
	for (unsigned i = 0; self->held && i < OBJECT_COUNT; i++) {
		struct object *object = &objects.at[i];

		if (object->execution != objects.execution || object->kind == OBJECT_FILE_LOCK ||
			(object->owner != (int)self->index &&
				!(object->readers & actor_one(self->index))))
			continue;
		if (object->robust) {
			object_release(self, object);
			object->owner = NOBODY;
			object->owner_died = true;
			object_wake(object);
		} else if (!self->died) {
			scheduler_note(SNARL_ASSERTION, object->acquired_at[self->index],
				"%s ends while it holds %s", self->name, object_name(object));
		}
	}
}

/* lock_table.c - the locks that an execution's actors have on files. */
#include "lock_table.h"

#include "access.h"
#include "event.h"
#include "object.h"
#include "spin.h"
#include "trace.h"

enum {
	LOCKS_MAX = 256,
	CIRCLE_MAX = 11, /* the system follows so many waits */
};

static struct locks {
	unsigned count;
	struct file_lock at[LOCKS_MAX];
	actor_set waiting;
	const struct file_lock *wanted[ACTORS_MAX]; /* by those, on their stacks */
} locks;

void locks_renew(void)
{
	locks.count = 0;
	locks.waiting = 0;
}

struct object *lock_object(const struct lockable *on, const void *pc)
{
	return object_at(on, OBJECT_FILE_LOCK, pc);
}

static bool same_holder(const struct file_lock *a, const struct file_lock *b)
{
	return a->of_process == b->of_process && a->holder == b->holder;
}

static bool overlap(const struct file_lock *a, const struct file_lock *b)
{
	return a->on == b->on && a->from < b->to && b->from < a->to;
}

static bool conflict(const struct file_lock *a, const struct file_lock *b)
{
	return overlap(a, b) && !same_holder(a, b) && (a->exclusive || b->exclusive);
}

const struct file_lock *lock_conflict(const struct file_lock *wanted)
{
	const struct file_lock *first = NULL;

	for (unsigned i = 0; i < locks.count; i++)
		if (conflict(&locks.at[i], wanted) && (!first || locks.at[i].from < first->from))
			first = &locks.at[i];
	return first;
}

const struct file_lock *lock_own(const struct file_lock *wanted)
{
	for (unsigned i = 0; i < locks.count; i++)
		if (overlap(&locks.at[i], wanted) && same_holder(&locks.at[i], wanted))
			return &locks.at[i];
	return NULL;
}

/* --- who holds it -------------------------------------------------------------------------- */

/* Note which actors hold one now: an actor that holds a lock is never parked. */
static void holders_count(struct lockable *on)
{
	actor_set now = 0, changed;

	for (unsigned i = 0; i < locks.count; i++)
		if (locks.at[i].on == on && locks.at[i].actor >= 0)
			now |= actor_one((unsigned)locks.at[i].actor);
	for (changed = now ^ on->holders; changed; changed &= changed - 1) {
		unsigned one = (unsigned)actor_first(changed);

		scheduler.actors[one].held += actor_in(now, one) ? 1 : -1u;
	}
	on->holders = now;
}

/* The only actor that holds any of it, if it holds that alone; NOBODY: it is not so. */
static int sole_holder(const struct lockable *on)
{
	bool exclusive = false;
	int only = NOBODY;

	for (unsigned i = 0; i < locks.count; i++) {
		const struct file_lock *held = &locks.at[i];

		if (held->on != on)
			continue;
		if (only != NOBODY && held->actor != only)
			return NOBODY;
		only = held->actor;
		exclusive |= held->exclusive;
	}
	return exclusive ? only : NOBODY;
}

/* Note whose locks keep the actor from what it wants. */
static void keepers_note(unsigned actor)
{
	const struct file_lock *wanted = locks.wanted[actor];
	struct actor *waiter = &scheduler.actors[actor];

	waiter->kept_by = (struct keepers){0, 0};
	for (unsigned i = 0; i < locks.count; i++) {
		const struct file_lock *held = &locks.at[i];

		if (held->actor < 0 || !conflict(held, wanted))
			continue;
		if (held->exclusive)
			waiter->kept_by.alone |= actor_one((unsigned)held->actor);
		else
			waiter->kept_by.sharing |= actor_one((unsigned)held->actor);
	}
}

static void holders_note(struct lockable *on, const void *pc)
{
	struct object *object = lock_object(on, pc);

	holders_count(on);
	object->owner = sole_holder(on);
	object->readers = object->owner == NOBODY ? on->holders : 0;
	for (actor_set rest = locks.waiting; rest; rest &= rest - 1)
		keepers_note((unsigned)actor_first(rest));
}

/* --- changes ------------------------------------------------------------------------------- */

static void add(const struct file_lock *lock, off_t from, off_t to)
{
	if (from >= to)
		return;
	if (locks.count == LOCKS_MAX)
		event_fatal("more than %d locks of files at once, which is explore's limit: run it "
			    "on the other engines",
			LOCKS_MAX);
	locks.at[locks.count] = *lock;
	locks.at[locks.count].from = from;
	locks.at[locks.count++].to = to;
}

static void drop(unsigned i)
{
	locks.at[i] = locks.at[--locks.count];
}

/* Cut these bytes out of what the holder has locked; what it was, exclusive or not, is returned. */
static struct cut {
	bool any, exclusive;
} cut(const struct file_lock *range)
{
	struct cut cut = {false, false};

	for (unsigned i = locks.count; i-- > 0;) {
		struct file_lock held = locks.at[i];

		if (!overlap(&held, range) || !same_holder(&held, range))
			continue;
		cut.any = true;
		cut.exclusive |= held.exclusive;
		drop(i);
		add(&held, held.from, range->from);
		add(&held, range->to, held.to);
	}
	return cut;
}

/* Make one lock of it and its neighbours of the same mode. */
static struct file_lock joined(const struct file_lock *lock)
{
	struct file_lock whole = *lock;

	for (unsigned i = locks.count; i-- > 0;) {
		const struct file_lock *held = &locks.at[i];

		if (held->on != whole.on || !same_holder(held, &whole) ||
			held->exclusive != whole.exclusive || held->actor != whole.actor ||
			(held->to != whole.from && held->from != whole.to))
			continue;
		whole.from = held->from < whole.from ? held->from : whole.from;
		whole.to = held->to > whole.to ? held->to : whole.to;
		drop(i);
	}
	return whole;
}

static void released(struct actor *self, struct lockable *on, bool exclusive, const void *pc)
{
	struct object *object = lock_object(on, pc);

	holders_note(on, pc);
	on->changes++;
	if (!self)
		return;
	spin_break(self);
	object_release_as(self, object, exclusive);
	object_wake(object);
	if (scheduler.parked)
		access_unpark(location_at((uintptr_t)&on->changes, sizeof on->changes));
}

void lock_take(struct actor *self, const struct file_lock *wanted, const void *pc)
{
	struct cut was = cut(wanted);
	struct file_lock whole = joined(wanted);

	add(&whole, whole.from, whole.to);
	if (self)
		spin_break(self);
	if (was.exclusive && !wanted->exclusive)
		released(self, wanted->on, true, pc);
	else
		holders_note(wanted->on, pc);
}

void lock_release(struct actor *self, const struct file_lock *range, const void *pc)
{
	struct cut was = cut(range);

	if (was.any)
		released(self, range->on, was.exclusive, pc);
}

void locks_release(struct actor *self, struct lockable *on, const char *call, const void *pc,
	bool (*gone)(const struct file_lock *lock, const void *context), const void *context)
{
	struct cut was = {false, false};

	for (unsigned i = locks.count; i-- > 0;)
		if (locks.at[i].on == on && gone(&locks.at[i], context)) {
			was.any = true;
			was.exclusive |= locks.at[i].exclusive;
			drop(i);
		}
	if (!was.any)
		return;
	if (self && pc && scheduler.tracing)
		object_traced(self, TRACE_UNLOCK, lock_object(on, pc), call, pc);
	released(self, on, was.exclusive, pc);
}

/* --- waiting ------------------------------------------------------------------------------- */

/* What the holder of a lock waits for itself, one of its threads at least; NULL: nothing. */
static const struct file_lock *wish_of(const struct file_lock *held)
{
	for (actor_set rest = locks.waiting; rest; rest &= rest - 1) {
		const struct file_lock *wish = locks.wanted[actor_first(rest)];

		if (same_holder(wish, held))
			return wish;
	}
	return NULL;
}

static bool closes_circle(const struct file_lock *wanted)
{
	const struct file_lock *held = lock_conflict(wanted);

	for (unsigned i = 0; i < CIRCLE_MAX && held; i++) {
		const struct file_lock *wish = wish_of(held);

		held = wish ? lock_conflict(wish) : NULL;
		if (held && same_holder(held, wanted))
			return true;
	}
	return false;
}

bool lock_wait(struct actor *self, const struct file_lock *wanted, const char *call, const void *pc)
{
	struct object *object = lock_object(wanted->on, pc);

	if (wanted->of_process && closes_circle(wanted))
		return false;
	if (wanted->exclusive)
		object->writers |= actor_one(self->index);
	locks.wanted[self->index] = wanted;
	locks.waiting |= actor_one(self->index);
	keepers_note(self->index);
	object_wait(self, object, call, pc, false);
	locks.waiting &= ~actor_one(self->index);
	object->writers &= ~actor_one(self->index);
	return true;
}

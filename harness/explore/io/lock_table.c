/* lock_table.c - the locks that an execution's actors have on files. */
#include "lock_table.h"

#include <string.h>

#include "event.h"
#include "object.h"
#include "trace.h"

enum {
	LOCKS_MAX = 256,
	CIRCLE_MAX = 10, /* the system follows so many waits */
};

static struct locks {
	unsigned count;
	struct file_lock at[LOCKS_MAX];
	const struct file_lock *wanted[ACTORS_MAX]; /* on their stacks, while they wait */
} locks;

void locks_renew(void)
{
	locks.count = 0;
	memset(locks.wanted, 0, sizeof locks.wanted);
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

const struct file_lock *lock_conflict(const struct file_lock *wanted)
{
	for (unsigned i = 0; i < locks.count; i++) {
		const struct file_lock *held = &locks.at[i];

		if (overlap(held, wanted) && !same_holder(held, wanted) &&
			(held->exclusive || wanted->exclusive))
			return held;
	}
	return NULL;
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

		scheduler.actors[one].held += now & actor_one(one) ? 1 : -1u;
	}
	on->holders = now;
}

/*
 * Name the holders in messages, if it is certain that each of them keeps out whoever waits: one
 * actor alone, or several that share the same bytes.
 */
static void holders_name(const struct lockable *on, struct object *object)
{
	const struct file_lock *first = NULL;
	bool alone = true, shared = true;

	for (unsigned i = 0; i < locks.count; i++) {
		const struct file_lock *held = &locks.at[i];

		if (held->on != on)
			continue;
		first = first ? first : held;
		alone &= held->actor == first->actor;
		shared &= !held->exclusive && held->actor >= 0 && held->from == first->from &&
			  held->to == first->to;
	}
	object->owner = first && alone && !shared ? first->actor : NOBODY;
	object->readers = first && shared ? on->holders : 0;
}

static void holders_note(struct lockable *on, const void *pc)
{
	holders_count(on);
	holders_name(on, lock_object(on, pc));
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

static void released(struct actor *self, struct lockable *on, bool exclusive, const void *pc)
{
	struct object *object = lock_object(on, pc);

	holders_note(on, pc);
	if (!self)
		return;
	object_release_as(self, object, exclusive);
	object_wake(object);
}

void lock_take(struct actor *self, const struct file_lock *wanted, const void *pc)
{
	struct cut was = cut(wanted);

	add(wanted, wanted->from, wanted->to);
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

void locks_release(struct actor *self, struct lockable *on, const void *pc,
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
	if (self && scheduler.tracing)
		object_traced(self, TRACE_UNLOCK, lock_object(on, pc), "close", pc);
	released(self, on, was.exclusive, pc);
}

/* --- waiting ------------------------------------------------------------------------------- */

/* A wish of a process, or of one of its threads, that waits; NULL: there is none. */
static const struct file_lock *wish_of(unsigned process)
{
	for (unsigned i = 0; i < ACTORS_MAX; i++)
		if (locks.wanted[i] && locks.wanted[i]->of_process &&
			locks.wanted[i]->holder == process)
			return locks.wanted[i];
	return NULL;
}

static bool closes_circle(const struct file_lock *wanted)
{
	const struct file_lock *wish = wanted;

	for (unsigned i = 0; i < CIRCLE_MAX && wish; i++) {
		const struct file_lock *held = lock_conflict(wish);

		if (!held || !held->of_process)
			return false;
		if (held->holder == wanted->holder)
			return true;
		wish = wish_of(held->holder);
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
	object_wait(self, object, call, pc, false);
	locks.wanted[self->index] = NULL;
	object->writers &= ~actor_one(self->index);
	return true;
}

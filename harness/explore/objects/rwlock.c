/*
 * rwlock.c - read-write locks; readers overtake waiting writers unless the lock's kind forbids it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "spin.h"
#include "object.h"
#include "snarl.h"
#include "trace.h"

/* The kind of a destroyed lock: glibc does not mark it. */
enum { DESTROYED = 0xdead };

static struct object *rwlock_at(pthread_rwlock_t *lock, const void *pc)
{
	struct object *object;

	if (lock->__data.__flags != DESTROYED)
		object_revive(lock);
	object = object_at(lock, OBJECT_RWLOCK, pc);
	object->type = lock->__data.__flags;
	object->one_process = !lock->__data.__shared;
	return object;
}

int snarl_model_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes);
int snarl_model_pthread_rwlock_destroy(pthread_rwlock_t *lock);
int snarl_model_pthread_rwlock_rdlock(pthread_rwlock_t *lock);
int snarl_model_pthread_rwlock_tryrdlock(pthread_rwlock_t *lock);
int snarl_model_pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *deadline);
int snarl_model_pthread_rwlock_clockrdlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline);
int snarl_model_pthread_rwlock_wrlock(pthread_rwlock_t *lock);
int snarl_model_pthread_rwlock_trywrlock(pthread_rwlock_t *lock);
int snarl_model_pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *deadline);
int snarl_model_pthread_rwlock_clockwrlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline);
int snarl_model_pthread_rwlock_unlock(pthread_rwlock_t *lock);

int snarl_model_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
	object_init(lock, OBJECT_RWLOCK, MODEL_PC);
	return pthread_rwlock_init(lock, attributes);
}

int snarl_model_pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	struct object *object;

	object_write(lock, MODEL_PC);
	object = rwlock_at(lock, MODEL_PC);
	if (object->depth)
		scheduler_fail(SNARL_ASSERTION, MODEL_PC,
			"%s is destroyed while the set-up holds it", object_name(object));
	if (object->owner != NOBODY || object->readers)
		scheduler_fail(SNARL_ASSERTION, MODEL_PC, "%s is destroyed while %s holds it",
			object_name(object),
			owner_name(object->readers ? actor_first(object->readers) : object->owner));
	object_destroy(object);
	lock->__data.__flags = DESTROYED;
	return 0;
}

static bool is_free(const struct object *lock, bool writing)
{
	if (lock->owner != NOBODY)
		return false;
	if (writing)
		return !lock->readers && !lock->depth;
	return lock->type != PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP || !lock->writers;
}

enum how { WAITING, TIMED, TRYING };

/* Set-up, check and teardown run alone: a lock that is held then is never released. */
static int host_take(
	struct object *lock, bool writing, enum how how, const char *call, const void *pc)
{
	if (is_free(lock, writing)) {
		lock->owner = writing ? HOST_OWNER : NOBODY;
		lock->depth += !writing;
		return 0;
	}
	if (how == TRYING)
		return EBUSY;
	if (lock->owner == HOST_OWNER)
		return EDEADLK;
	return how == TIMED ? ETIMEDOUT : host_blocks(lock, call, pc);
}

static int host_give(struct object *lock, const void *pc)
{
	if (lock->owner == HOST_OWNER)
		lock->owner = NOBODY;
	else if (lock->depth)
		lock->depth--;
	else
		scheduler_note(SNARL_ASSERTION, pc,
			"the set-up or the check unlocks %s, which it does not hold",
			object_name(lock));
	return 0;
}

static int take(pthread_rwlock_t *lock, bool writing, enum how how, const struct timespec *deadline,
	const char *call, const void *pc)
{
	struct actor *self = scheduler.running;
	struct object *object = rwlock_at(lock, pc);
	actor_set bit;

	if (!self)
		return host_take(object, writing, how, call, pc);
	bit = actor_one(self->index);
	scheduler_step(self, lock);
	object = rwlock_at(lock, pc);
	if (deadline)
		self->deadline_ns = time_deadline_ns(deadline);
	if (how != TRYING && object->owner == (int)self->index)
		return EDEADLK; /* as in glibc */
	while (!is_free(object, writing)) {
		bool woken;

		if (how == TRYING) {
			object_refused(self, object, call, pc);
			return EBUSY;
		}
		object->writers |= writing ? bit : 0;
		woken = object_wait(self, object, call, pc, how == TIMED);
		object->writers &= ~bit;
		if (woken)
			continue;
		if (writing)
			object_wake(object); /* the readers that it kept out */
		return ETIMEDOUT;
	}
	if (writing)
		object->owner = (int)self->index;
	else
		object->readers |= bit;
	object->reading[self->index] += !writing;
	object->acquired_at[self->index] = pc;
	object->taken_in = scheduler_steps();
	self->held++;
	if (scheduler.tracing)
		object_traced(self, writing ? TRACE_LOCK : TRACE_READ_LOCK, object, call, pc);
	object_acquire_as(self, object, writing);
	return 0;
}

int snarl_model_pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return take(lock, false, WAITING, NULL, "pthread_rwlock_rdlock", MODEL_PC);
}

int snarl_model_pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return take(lock, false, TRYING, NULL, "pthread_rwlock_tryrdlock", MODEL_PC);
}

int snarl_model_pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
	return take(lock, false, TIMED, deadline, "pthread_rwlock_timedrdlock", MODEL_PC);
}

int snarl_model_pthread_rwlock_clockrdlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline)
{
	struct timespec real = time_realtime(clock, deadline);

	return take(lock, false, TIMED, &real, "pthread_rwlock_clockrdlock", MODEL_PC);
}

int snarl_model_pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return take(lock, true, WAITING, NULL, "pthread_rwlock_wrlock", MODEL_PC);
}

int snarl_model_pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return take(lock, true, TRYING, NULL, "pthread_rwlock_trywrlock", MODEL_PC);
}

int snarl_model_pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *deadline)
{
	return take(lock, true, TIMED, deadline, "pthread_rwlock_timedwrlock", MODEL_PC);
}

int snarl_model_pthread_rwlock_clockwrlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *deadline)
{
	struct timespec real = time_realtime(clock, deadline);

	return take(lock, true, TIMED, &real, "pthread_rwlock_clockwrlock", MODEL_PC);
}

int snarl_model_pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	struct actor *self = scheduler.running;
	struct object *object = rwlock_at(lock, MODEL_PC);
	actor_set bit;

	if (!self)
		return host_give(object, MODEL_PC);
	bit = actor_one(self->index);
	scheduler_step(self, lock);
	object = rwlock_at(lock, MODEL_PC);
	if (object->owner != (int)self->index && !(object->readers & bit))
		scheduler_fail(SNARL_ASSERTION, MODEL_PC, "%s unlocks %s, which it does not hold",
			self->name, object_name(object));
	if (scheduler.tracing)
		object_traced(self, TRACE_UNLOCK, object, "pthread_rwlock_unlock", MODEL_PC);
	object_release_as(self, object, object->owner == (int)self->index);
	if (object->owner == (int)self->index)
		object->owner = NOBODY;
	else if (--object->reading[self->index] == 0)
		object->readers &= ~bit;
	self->held--;
	object_wake(object);
	return 0;
}

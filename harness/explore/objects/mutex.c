/*
 * mutex.c - pthread mutexes: normal, recursive, error-checking, robust, with and without a timeout.
 *
 * Unlocking a mutex that one does not hold and destroying one that is held are undefined in POSIX:
 * here they end the execution with a message. If POSIX specifies an error number instead, it is
 * returned.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "spin.h"
#include "object.h"
#include "snarl.h"
#include "trace.h"

/* Bits of glibc's __kind, which glibc's destroy sets to DESTROYED. */
enum { TYPE_BITS = 3, ROBUST_BIT = 16, SHARED_BIT = 128, DESTROYED = -1 };

struct object *mutex_at(void *address, const void *pc)
{
	const pthread_mutex_t *mutex = address; /* C11's is the same in glibc */
	struct object *object;

	if (mutex->__data.__kind != DESTROYED)
		object_revive(mutex);
	object = object_at(mutex, OBJECT_MUTEX, pc);
	object->type = (unsigned)mutex->__data.__kind & TYPE_BITS;
	object->robust = mutex->__data.__kind & ROBUST_BIT;
	object->one_process = !(mutex->__data.__kind & SHARED_BIT);
	return object;
}

bool mutex_is_checked(const struct object *mutex)
{
	return mutex->robust || mutex->type == PTHREAD_MUTEX_RECURSIVE ||
	       mutex->type == PTHREAD_MUTEX_ERRORCHECK;
}

/* Acquire a free mutex. Returns EOWNERDEAD if its last owner has died. */
static int taken(struct actor *self, struct object *mutex, const char *call, const void *pc)
{
	mutex->owner = (int)self->index;
	mutex->depth = 1;
	mutex->acquired_at[self->index] = pc;
	mutex->taken_in = scheduler_steps();
	self->held++;
	if (scheduler.tracing)
		object_traced(self, TRACE_LOCK, mutex, call, pc);
	object_acquire(self, mutex);
	return mutex->owner_died ? EOWNERDEAD : 0;
}

int mutex_take(
	struct actor *self, struct object *mutex, const char *call, const void *pc, bool timed)
{
	while (mutex->owner != NOBODY) {
		if (mutex->owner == (int)self->index && mutex->type == PTHREAD_MUTEX_RECURSIVE) {
			mutex->depth++;
			if (scheduler.tracing)
				object_traced(self, TRACE_LOCK, mutex, call, pc);
			return 0;
		}
		if (mutex->owner == (int)self->index && mutex->type == PTHREAD_MUTEX_ERRORCHECK)
			return EDEADLK;
		if (!object_wait(self, mutex, call, pc, timed))
			return ETIMEDOUT;
	}
	if (mutex->lost_for_good)
		return ENOTRECOVERABLE;
	return taken(self, mutex, call, pc);
}

int mutex_give(struct actor *self, struct object *mutex, const char *call, const void *pc)
{
	if (mutex->owner != (int)self->index) {
		if (mutex_is_checked(mutex))
			return EPERM;
		if (mutex->owner == NOBODY)
			scheduler_fail(SNARL_ASSERTION, pc, "%s unlocks %s, which nobody holds",
				self->name, object_name(mutex));
		else
			scheduler_fail(SNARL_ASSERTION, pc, "%s unlocks %s, which %s holds",
				self->name, object_name(mutex), owner_name(mutex->owner));
	}
	if (scheduler.tracing)
		object_traced(self, TRACE_UNLOCK, mutex, call, pc);
	if (--mutex->depth)
		return 0;
	object_release(self, mutex);
	mutex->owner = NOBODY;
	mutex->lost_for_good = mutex->owner_died;
	mutex->owner_died = false;
	self->held--;
	object_wake(mutex);
	return 0;
}

int snarl_model_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int snarl_model_pthread_mutex_destroy(pthread_mutex_t *mutex);
int snarl_model_pthread_mutex_lock(pthread_mutex_t *mutex);
int snarl_model_pthread_mutex_trylock(pthread_mutex_t *mutex);
int snarl_model_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline);
int snarl_model_pthread_mutex_clocklock(
	pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline);
int snarl_model_pthread_mutex_unlock(pthread_mutex_t *mutex);
int snarl_model_pthread_mutex_consistent(pthread_mutex_t *mutex);

int snarl_model_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
	object_init(mutex, OBJECT_MUTEX, MODEL_PC);
	return pthread_mutex_init(mutex, attributes); /* mutex_at reads its type from there */
}

int mutex_destroy(void *mutex, const void *pc)
{
	struct object *object;

	object_write(mutex, pc);
	object = mutex_at(mutex, pc);
	if (object->owner != NOBODY)
		scheduler_fail(SNARL_ASSERTION, pc, "%s is destroyed while %s holds it",
			object_name(object), owner_name(object->owner));
	object_destroy(object);
	((pthread_mutex_t *)mutex)->__data.__kind = DESTROYED; /* as the real one does */
	return 0;
}

/* Set-up, check and teardown run alone: a mutex that is held then is never released. */
static int host_take(
	struct object *mutex, bool trying, bool timed, const char *call, const void *pc)
{
	bool again = mutex->owner == HOST_OWNER && mutex->type == PTHREAD_MUTEX_RECURSIVE;

	if (mutex->owner != NOBODY && !again) {
		if (trying)
			return EBUSY;
		if (mutex->owner == HOST_OWNER && mutex->type == PTHREAD_MUTEX_ERRORCHECK)
			return EDEADLK;
		return timed ? ETIMEDOUT : host_blocks(mutex, call, pc);
	}
	if (mutex->lost_for_good)
		return ENOTRECOVERABLE;
	mutex->depth = again ? mutex->depth + 1 : 1;
	mutex->owner = HOST_OWNER;
	return mutex->owner_died && !again ? EOWNERDEAD : 0;
}

static int host_give(struct object *mutex, const void *pc)
{
	if (mutex->owner != HOST_OWNER) {
		if (!mutex_is_checked(mutex))
			scheduler_note(SNARL_ASSERTION, pc,
				"the set-up or the check unlocks %s, which it does not hold",
				object_name(mutex));
		return EPERM;
	}
	if (--mutex->depth)
		return 0;
	mutex->owner = NOBODY;
	mutex->lost_for_good = mutex->owner_died;
	mutex->owner_died = false;
	return 0;
}

int mutex_lock(void *mutex, const struct timespec *deadline, const char *call, const void *pc)
{
	struct actor *self = scheduler.running;
	struct object *object = mutex_at(mutex, pc);

	if (!self)
		return host_take(object, false, deadline, call, pc);
	scheduler_step(self, mutex);
	if (deadline)
		self->deadline_ns = time_deadline_ns(deadline);
	/* Another actor may have destroyed it at the scheduling point. */
	return mutex_take(self, mutex_at(mutex, pc), call, pc, deadline);
}

int mutex_trylock(void *mutex, const char *call, const void *pc)
{
	struct actor *self = scheduler.running;
	struct object *object = mutex_at(mutex, pc);
	bool again;

	if (!self)
		return host_take(object, true, false, call, pc);
	scheduler_step(self, mutex);
	object = mutex_at(mutex, pc);
	again = object->owner == (int)self->index && object->type == PTHREAD_MUTEX_RECURSIVE;
	if (object->owner != NOBODY && !again) {
		object_refused(self, object, call, pc);
		return EBUSY;
	}
	return mutex_take(self, object, call, pc, false);
}

int mutex_unlock(void *mutex, const char *call, const void *pc)
{
	struct actor *self = scheduler.running;
	struct object *object = mutex_at(mutex, pc);

	if (!self)
		return host_give(object, pc);
	scheduler_step(self, mutex);
	return mutex_give(self, mutex_at(mutex, pc), call, pc);
}

int snarl_model_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return mutex_destroy(mutex, MODEL_PC);
}

int snarl_model_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	return mutex_lock(mutex, NULL, "pthread_mutex_lock", MODEL_PC);
}

int snarl_model_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *deadline)
{
	return mutex_lock(mutex, deadline, "pthread_mutex_timedlock", MODEL_PC);
}

int snarl_model_pthread_mutex_clocklock(
	pthread_mutex_t *mutex, clockid_t clock, const struct timespec *deadline)
{
	struct timespec real = time_realtime(clock, deadline);

	return mutex_lock(mutex, &real, "pthread_mutex_clocklock", MODEL_PC);
}

int snarl_model_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	return mutex_trylock(mutex, "pthread_mutex_trylock", MODEL_PC);
}

int snarl_model_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	return mutex_unlock(mutex, "pthread_mutex_unlock", MODEL_PC);
}

int snarl_model_pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	struct object *object = mutex_at(mutex, MODEL_PC);

	if (!object->robust || !object->owner_died)
		return EINVAL;
	object->owner_died = false;
	return 0;
}

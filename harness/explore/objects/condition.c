/*
 * condition.c - condition variables. A wait may end without a signal (POSIX allows spurious
 * wakeups). The scheduler chooses when that happens, and which waiter a signal wakes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "spin.h"
#include "object.h"
#include "snarl.h"
#include "trace.h"

/* Probability of a spurious wakeup: low, so that most waits end by a signal. */
static const double spurious = 1.0 / 16;

/* Bits of glibc's __wrefs: two set by init, one by destroy. */
enum { SHARED = 1, MONOTONIC = 2, DESTROYED = 4 };

static struct object *condition_at(const void *address, const void *pc)
{
	const pthread_cond_t *condition = address; /* C11's is the same in glibc */
	struct object *object;

	if (!(condition->__data.__wrefs & DESTROYED))
		object_revive(condition);
	object = object_at(condition, OBJECT_CONDITION, pc);
	object->one_process = !(condition->__data.__wrefs & SHARED);
	return object;
}

int snarl_model_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes);
int snarl_model_pthread_cond_destroy(pthread_cond_t *condition);
int snarl_model_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex);
int snarl_model_pthread_cond_timedwait(
	pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *deadline);
int snarl_model_pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
	clockid_t clock, const struct timespec *deadline);
int model_wakeup(void *condition, void *mutex, const char *call);
int snarl_model_pthread_cond_signal(pthread_cond_t *condition);
int snarl_model_pthread_cond_broadcast(pthread_cond_t *condition);

int snarl_model_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
	object_init(condition, OBJECT_CONDITION, MODEL_PC);
	return pthread_cond_init(condition, attributes);
}

int condition_destroy(void *condition, const void *pc)
{
	struct object *object;

	object_write(condition, pc);
	object = condition_at(condition, pc);
	if (object->waiters)
		scheduler_fail(SNARL_ASSERTION, pc, "%s is destroyed while %s waits for it",
			object_name(object), owner_name(actor_first(object->waiters)));
	object_destroy(object);
	((pthread_cond_t *)condition)->__data.__wrefs |= DESTROYED; /* as the real one does */
	return 0;
}

int condition_wait(void *condition, void *mutex, const struct timespec *deadline, const char *call,
	const void *pc)
{
	struct actor *self = scheduler.running;
	struct object *object, *lock = mutex_at(mutex, pc);
	bool woken = true;
	int error;

	if (!self) {
		scheduler_fail(SNARL_ASSERTION, pc,
			"the set-up or the check waits for a condition variable");
		return EINVAL;
	}
	scheduler_step(self, condition);
	spin_break(self);
	object = condition_at(condition, pc);
	lock = mutex_at(mutex, pc);
	if (lock->owner != (int)self->index && mutex_is_checked(lock))
		return EPERM;
	if (lock->owner != (int)self->index)
		scheduler_fail(SNARL_ASSERTION, pc, "%s waits for %s without holding %s",
			self->name, object_name(object), object_name(lock));
	if (deadline)
		self->deadline_ns = time_deadline_ns(deadline);
	mutex_give(self, lock, call, pc); /* only one level of a recursive mutex, as glibc does */
	if (deadline && !self->deadline_ns) {
		woken = false;
		scheduler_step(self, mutex);
	} else if (scheduler_choose(self, spurious)) {
		if (scheduler.tracing)
			trace_fault(self, object->address, "spurious wakeup", call, pc);
		scheduler_step(self, mutex); /* others may run before it has the lock again */
	} else {
		woken = object_wait(self, object, call, pc, deadline);
		if (scheduler.tracing)
			object_traced(self, TRACE_WAKE, object, call, pc);
		if (woken)
			object_acquire(self, object);
	}
	error = mutex_take(self, mutex_at(mutex, pc), call, pc, false);
	return error ? error : woken ? 0 : ETIMEDOUT;
}

int model_wakeup(void *condition, void *mutex, const char *call)
{
	struct actor *self = scheduler.running;
	struct object *lock;
	const void *pc = MODEL_PC;

	if (!self)
		return 0;
	condition_at(condition, pc);
	lock = mutex_at(mutex, pc);
	if (lock->owner == (int)self->index)
		mutex_give(self, lock, call, pc);
	scheduler_step(self, mutex);
	return mutex_take(self, mutex_at(mutex, pc), call, pc, false);
}

int condition_signal(void *condition, bool all, const char *call, const void *pc)
{
	struct actor *self = scheduler.running;
	struct object *object = condition_at(condition, pc);

	if (!self)
		return 0;
	scheduler_step(self, condition);
	spin_break(self);
	object = condition_at(condition, pc);
	if (scheduler.tracing)
		object_traced(self, all ? TRACE_BROADCAST : TRACE_SIGNAL, object, call, pc);
	object_release(self, object);
	object->acquired_at[self->index] = pc;
	if (!object_audience(object)) {
		object->missed_by |= actor_one(self->index);
	} else if (all) {
		object->missed_by = object->passed = 0;
		object_wake(object);
	} else {
		actor_set one = actor_one(scheduler_pick(self, object_audience(object)));

		object->missed_by = 0;
		object->waiters &= ~one;
		object->passed = object->waiters;
		object->skipped_by = actor_one(self->index);
		scheduler_wake(one);
	}
	return 0;
}

int snarl_model_pthread_cond_destroy(pthread_cond_t *condition)
{
	return condition_destroy(condition, MODEL_PC);
}

int snarl_model_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex)
{
	return condition_wait(condition, mutex, NULL, "pthread_cond_wait", MODEL_PC);
}

int snarl_model_pthread_cond_timedwait(
	pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *deadline)
{
	bool monotonic = condition->__data.__wrefs & MONOTONIC;
	struct timespec real =
		time_realtime(monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME, deadline);

	return condition_wait(condition, mutex, &real, "pthread_cond_timedwait", MODEL_PC);
}

int snarl_model_pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
	clockid_t clock, const struct timespec *deadline)
{
	struct timespec real = time_realtime(clock, deadline);

	return condition_wait(condition, mutex, &real, "pthread_cond_clockwait", MODEL_PC);
}

int snarl_model_pthread_cond_signal(pthread_cond_t *condition)
{
	return condition_signal(condition, false, "pthread_cond_signal", MODEL_PC);
}

int snarl_model_pthread_cond_broadcast(pthread_cond_t *condition)
{
	return condition_signal(condition, true, "pthread_cond_broadcast", MODEL_PC);
}

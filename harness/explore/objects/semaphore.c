/* semaphore.c - unnamed POSIX semaphores. */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <time.h>

#include "spin.h"
#include "object.h"
#include "snarl.h"
#include "trace.h"

static struct object *semaphore_at(sem_t *semaphore, const void *pc)
{
	return object_at(semaphore, OBJECT_SEMAPHORE, pc);
}

int snarl_model_sem_init(sem_t *semaphore, int shared, unsigned value);
int snarl_model_sem_destroy(sem_t *semaphore);
int snarl_model_sem_wait(sem_t *semaphore);
int snarl_model_sem_trywait(sem_t *semaphore);
int snarl_model_sem_timedwait(sem_t *semaphore, const struct timespec *deadline);
int snarl_model_sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *deadline);
int snarl_model_sem_post(sem_t *semaphore);
int snarl_model_sem_getvalue(sem_t *semaphore, int *value);

int snarl_model_sem_init(sem_t *semaphore, int shared, unsigned value)
{
	struct object *object;

	if (value > SEM_VALUE_MAX) {
		errno = EINVAL;
		return -1;
	}
	object = object_init(semaphore, OBJECT_SEMAPHORE, MODEL_PC);
	object->value = value;
	object->one_process = !shared;
	return 0;
}

int snarl_model_sem_destroy(sem_t *semaphore)
{
	struct object *object;

	object_write(semaphore, MODEL_PC);
	object = semaphore_at(semaphore, MODEL_PC);
	if (object->waiters)
		scheduler_fail(SNARL_ASSERTION, MODEL_PC, "%s is destroyed while %s waits for it",
			object_name(object), owner_name(actor_first(object->waiters)));
	object_destroy(object);
	return 0;
}

enum how { WAITING, TIMED, TRYING };

static int take(sem_t *semaphore, enum how how, const struct timespec *deadline, const char *call,
	const void *pc)
{
	struct object *object = semaphore_at(semaphore, pc);
	struct actor *self = scheduler.running;

	if (!self && !object->value) {
		errno = how == TRYING  ? EAGAIN
			: how == TIMED ? ETIMEDOUT
				       : host_blocks(object, call, pc);
		return -1;
	}
	if (!self) {
		object->value--;
		return 0;
	}
	scheduler_step(self, semaphore);
	object = semaphore_at(semaphore, pc);
	if (deadline)
		self->deadline_ns = time_deadline_ns(deadline);
	while (!object->value) {
		if (how == TRYING) {
			object_refused(self, object, call, pc);
			errno = EAGAIN;
			return -1;
		}
		if (!object_wait(self, object, call, pc, how == TIMED)) {
			errno = ETIMEDOUT;
			return -1;
		}
	}
	spin_break(self);
	object->value--;
	object->reading[self->index]++;
	object->acquired_at[self->index] = pc;
	if (scheduler.tracing)
		object_traced(self, TRACE_TAKE, object, call, pc);
	object_acquire(self, object);
	return 0;
}

int snarl_model_sem_wait(sem_t *semaphore)
{
	return take(semaphore, WAITING, NULL, "sem_wait", MODEL_PC);
}

int snarl_model_sem_trywait(sem_t *semaphore)
{
	return take(semaphore, TRYING, NULL, "sem_trywait", MODEL_PC);
}

int snarl_model_sem_timedwait(sem_t *semaphore, const struct timespec *deadline)
{
	return take(semaphore, TIMED, deadline, "sem_timedwait", MODEL_PC);
}

int snarl_model_sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *deadline)
{
	struct timespec real = time_realtime(clock, deadline);

	return take(semaphore, TIMED, &real, "sem_clockwait", MODEL_PC);
}

int snarl_model_sem_post(sem_t *semaphore)
{
	struct object *object = semaphore_at(semaphore, MODEL_PC);
	struct actor *self = scheduler.running;

	if (self) {
		scheduler_step(self, semaphore);
		spin_break(self);
		object = semaphore_at(semaphore, MODEL_PC);
		if (scheduler.tracing)
			object_traced(self, TRACE_POST, object, "sem_post", MODEL_PC);
		object->reading[self->index] -= object->reading[self->index] > 0;
		object_release(self, object);
	}
	if (object->value == SEM_VALUE_MAX) {
		errno = EOVERFLOW;
		return -1;
	}
	object->value++;
	object_wake(object);
	return 0;
}

int snarl_model_sem_getvalue(sem_t *semaphore, int *value)
{
	int now;

	if (scheduler.running)
		scheduler_step(scheduler.running, semaphore);
	now = (int)semaphore_at(semaphore, MODEL_PC)->value;
	result_write(value, &now, sizeof now, MODEL_PC);
	return 0;
}

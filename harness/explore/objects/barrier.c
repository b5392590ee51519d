/*
 * barrier.c - barriers. As soon as the last actor has arrived, a barrier may be used again, or
 * destroyed and initialised again: actors that are about to leave do not access it any more.
 */
#include <errno.h>
#include <pthread.h>

#include "spin.h"
#include "object.h"
#include "snarl.h"
#include "trace.h"

int snarl_model_pthread_barrier_init(
	pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes, unsigned count);
int snarl_model_pthread_barrier_destroy(pthread_barrier_t *barrier);
int snarl_model_pthread_barrier_wait(pthread_barrier_t *barrier);

int snarl_model_pthread_barrier_init(
	pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes, unsigned count)
{
	int shared = PTHREAD_PROCESS_PRIVATE;
	struct object *object;

	if (attributes)
		pthread_barrierattr_getpshared(attributes, &shared);
	if (!count)
		return EINVAL;
	object = object_init(barrier, OBJECT_BARRIER, MODEL_PC);
	object->limit = count;
	object->one_process = shared == PTHREAD_PROCESS_PRIVATE;
	return 0;
}

int snarl_model_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	struct object *object;

	object_write(barrier, MODEL_PC);
	object = object_at(barrier, OBJECT_BARRIER, MODEL_PC);
	if (object->waiters)
		scheduler_fail(SNARL_ASSERTION, MODEL_PC, "%s is destroyed while %s waits at it",
			object_name(object), owner_name(actor_first(object->waiters)));
	object_destroy(object);
	return 0;
}

int snarl_model_pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct object *object = object_at(barrier, OBJECT_BARRIER, MODEL_PC);
	struct actor *self = scheduler.running;

	if (!self) {
		if (object->limit > 1)
			host_blocks(object, "pthread_barrier_wait", MODEL_PC);
		return PTHREAD_BARRIER_SERIAL_THREAD;
	}
	scheduler_step(self, barrier);
	spin_break(self);
	object = object_at(barrier, OBJECT_BARRIER, MODEL_PC);
	if (!object->limit)
		scheduler_fail(SNARL_ASSERTION, MODEL_PC, "%s is used before it was initialised",
			object_name(object));
	if (scheduler.tracing)
		object_traced(self, TRACE_ARRIVE, object, "pthread_barrier_wait", MODEL_PC);
	object_release(self, object);
	if (++object->value == object->limit) {
		object->value = 0;
		for (actor_set rest = object->waiters; rest; rest &= rest - 1)
			clock_join(&scheduler.actors[actor_first(rest)].now, &object->clock);
		object_wake(object);
		object_acquire(self, object);
		return PTHREAD_BARRIER_SERIAL_THREAD;
	}
	object_wait(self, object, "pthread_barrier_wait", MODEL_PC, false);
	if (scheduler.tracing) {
		object_traced(self, TRACE_WAKE, object, "pthread_barrier_wait", MODEL_PC);
		trace_acquired(object->released_at);
	}
	return 0;
}

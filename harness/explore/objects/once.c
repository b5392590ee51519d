/* once.c - pthread_once and call_once: a later caller waits for the first. */
#include <pthread.h>
#include <threads.h>

#include "spin.h"
#include "object.h"
#include "trace.h"

enum { NOT_YET, AT_IT, DONE };

int snarl_model_pthread_once(pthread_once_t *once, void (*routine)(void));
void snarl_model_call_once(once_flag *once, void (*routine)(void));

static void once(void *control, void (*routine)(void), const char *call, const void *pc)
{
	struct object *object = object_at(control, OBJECT_ONCE, pc);
	struct actor *self = scheduler.running;

	if (!self) {
		if (object->value == NOT_YET)
			routine();
		object->value = DONE;
		return;
	}
	scheduler_step(self, control);
	while (object->value == AT_IT)
		object_wait(self, object, call, pc, false);
	if (object->value == NOT_YET) {
		object->value = AT_IT;
		object->owner = (int)self->index;
		object->acquired_at[self->index] = pc;
		object->taken_in = scheduler_steps();
		spin_break(self);
		routine();
		object->value = DONE;
		object->owner = NOBODY;
		object_release(self, object);
		object_wake(object);
	}
	if (scheduler.tracing)
		object_traced(self, TRACE_ONCE, object, call, pc);
	object_acquire(self, object);
}

int snarl_model_pthread_once(pthread_once_t *control, void (*routine)(void))
{
	once(control, routine, "pthread_once", MODEL_PC);
	return 0;
}

void snarl_model_call_once(once_flag *control, void (*routine)(void))
{
	once(control, routine, "call_once", MODEL_PC);
}

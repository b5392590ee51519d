/* spinlock.c - spin locks: here they block, as no actor could release one while another spins. */
#include <errno.h>
#include <pthread.h>

#include "object.h"
#include "snarl.h"
#include "trace.h"

static struct object *spinlock_at(pthread_spinlock_t *lock, const void *pc)
{
	return object_at((const void *)lock, OBJECT_SPINLOCK, pc);
}

int snarl_model_pthread_spin_init(pthread_spinlock_t *lock, int shared);
int snarl_model_pthread_spin_destroy(pthread_spinlock_t *lock);
int snarl_model_pthread_spin_lock(pthread_spinlock_t *lock);
int snarl_model_pthread_spin_trylock(pthread_spinlock_t *lock);
int snarl_model_pthread_spin_unlock(pthread_spinlock_t *lock);

int snarl_model_pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	(void)shared;
	object_init((const void *)lock, OBJECT_SPINLOCK, MODEL_PC);
	return 0;
}

int snarl_model_pthread_spin_destroy(pthread_spinlock_t *lock)
{
	struct object *object;

	object_write((const void *)lock, MODEL_PC);
	object = spinlock_at(lock, MODEL_PC);
	if (object->owner != NOBODY)
		scheduler_fail(SNARL_ASSERTION, MODEL_PC, "%s is destroyed while %s holds it",
			object_name(object), owner_name(object->owner));
	object_destroy(object);
	return 0;
}

static int take(pthread_spinlock_t *lock, bool trying, const char *call, const void *pc)
{
	struct actor *self = scheduler.running;
	struct object *object = spinlock_at(lock, pc);

	if (!self && object->owner != NOBODY)
		return trying ? EBUSY : host_blocks(object, call, pc);
	if (!self) {
		object->owner = HOST_OWNER;
		return 0;
	}
	scheduler_step(self, object->address);
	object = spinlock_at(lock, pc);
	if (trying && object->owner != NOBODY) {
		object_refused(self, object, call, pc);
		return EBUSY;
	}
	return mutex_take(self, object, call, pc, false);
}

int snarl_model_pthread_spin_lock(pthread_spinlock_t *lock)
{
	return take(lock, false, "pthread_spin_lock", MODEL_PC);
}

int snarl_model_pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return take(lock, true, "pthread_spin_trylock", MODEL_PC);
}

int snarl_model_pthread_spin_unlock(pthread_spinlock_t *lock)
{
	struct object *object = spinlock_at(lock, MODEL_PC);

	if (!scheduler.running) {
		object->owner = NOBODY;
		return 0;
	}
	scheduler_step(scheduler.running, object->address);
	return mutex_give(scheduler.running, object, "pthread_spin_unlock", MODEL_PC);
}

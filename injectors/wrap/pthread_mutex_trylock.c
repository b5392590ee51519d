/* pthread_mutex_trylock.c - fails with the error number itself, without the lock. */
#include <pthread.h>

#include "wrap.h"

SNARL_POINT_DEFINE(point, "posix/thread/mutex_trylock");

int snarl_wrap_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	int error = inject_call(&point);

	return error ? error : pthread_mutex_trylock(mutex);
}

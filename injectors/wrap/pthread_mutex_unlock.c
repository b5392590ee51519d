/* pthread_mutex_unlock.c - fails with the error number itself, the lock still held. */
#include <pthread.h>

#include "wrap.h"

SNARL_POINT_DEFINE(point, "posix/thread/mutex_unlock");

int snarl_wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	int error = inject_call(&point);

	return error ? error : pthread_mutex_unlock(mutex);
}

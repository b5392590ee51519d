/* c11.c - C11 threads, mutexes and conditions: as pthreads', with other names and results. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <threads.h>
#include <time.h>

#include "object.h"

int snarl_model_mtx_init(mtx_t *mutex, int type);
void snarl_model_mtx_destroy(mtx_t *mutex);
int snarl_model_mtx_lock(mtx_t *mutex);
int snarl_model_mtx_trylock(mtx_t *mutex);
int snarl_model_mtx_timedlock(mtx_t *mutex, const struct timespec *deadline);
int snarl_model_mtx_unlock(mtx_t *mutex);
int snarl_model_cnd_init(cnd_t *condition);
void snarl_model_cnd_destroy(cnd_t *condition);
int snarl_model_cnd_wait(cnd_t *condition, mtx_t *mutex);
int snarl_model_cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *deadline);
int snarl_model_cnd_signal(cnd_t *condition);
int snarl_model_cnd_broadcast(cnd_t *condition);
int snarl_model_thrd_create(thrd_t *thread, thrd_start_t routine, void *argument);
int snarl_model_thrd_join(thrd_t thread, int *result);
int snarl_model_thrd_detach(thrd_t thread);
void snarl_model_thrd_exit(int result) __attribute__((noreturn));

/* C11's result for an error number. */
static int result_of(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
		return thrd_nomem;
	default:
		return thrd_error;
	}
}

int snarl_model_mtx_init(mtx_t *mutex, int type)
{
	object_init(mutex, OBJECT_MUTEX, MODEL_PC);
	return mtx_init(mutex, type);
}

void snarl_model_mtx_destroy(mtx_t *mutex)
{
	mutex_destroy(mutex, MODEL_PC);
}

int snarl_model_mtx_lock(mtx_t *mutex)
{
	return result_of(mutex_lock(mutex, NULL, "mtx_lock", MODEL_PC));
}

int snarl_model_mtx_trylock(mtx_t *mutex)
{
	return result_of(mutex_trylock(mutex, "mtx_trylock", MODEL_PC));
}

int snarl_model_mtx_timedlock(mtx_t *mutex, const struct timespec *deadline)
{
	return result_of(mutex_lock(mutex, deadline, "mtx_timedlock", MODEL_PC));
}

int snarl_model_mtx_unlock(mtx_t *mutex)
{
	return result_of(mutex_unlock(mutex, "mtx_unlock", MODEL_PC));
}

int snarl_model_cnd_init(cnd_t *condition)
{
	object_init(condition, OBJECT_CONDITION, MODEL_PC);
	return cnd_init(condition);
}

void snarl_model_cnd_destroy(cnd_t *condition)
{
	condition_destroy(condition, MODEL_PC);
}

int snarl_model_cnd_wait(cnd_t *condition, mtx_t *mutex)
{
	return result_of(condition_wait(condition, mutex, NULL, "cnd_wait", MODEL_PC));
}

int snarl_model_cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *deadline)
{
	return result_of(condition_wait(condition, mutex, deadline, "cnd_timedwait", MODEL_PC));
}

int snarl_model_cnd_signal(cnd_t *condition)
{
	return result_of(condition_signal(condition, false, "cnd_signal", MODEL_PC));
}

int snarl_model_cnd_broadcast(cnd_t *condition)
{
	return result_of(condition_signal(condition, true, "cnd_broadcast", MODEL_PC));
}

/* glibc's thrd_t is its pthread_t, and glibc calls an int function through such a pointer, too. */
int snarl_model_thrd_create(thrd_t *thread, thrd_start_t routine, void *argument)
{
	return result_of(thread_create(thread, false, (void *(*)(void *))(void (*)(void))routine,
		argument, "thrd_create", MODEL_PC));
}

int snarl_model_thrd_join(thrd_t thread, int *result)
{
	void *value = NULL;
	int error = thread_join(thread, &value, "thrd_join", MODEL_PC);

	if (!error && result) {
		int code = (int)(intptr_t)value;

		result_write(result, &code, sizeof code, MODEL_PC);
	}
	return result_of(error);
}

int snarl_model_thrd_detach(thrd_t thread)
{
	return result_of(thread_detach(thread, MODEL_PC));
}

void snarl_model_thrd_exit(int result)
{
	thread_exit((void *)(intptr_t)result);
}

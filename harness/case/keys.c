/* keys.c - keys that are deleted once the globals that held them begin anew. */
#include "keys.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

static _Atomic bool made[PTHREAD_KEYS_MAX];
static _Atomic bool any;

void key_made(pthread_key_t key)
{
	if (key >= PTHREAD_KEYS_MAX)
		return;
	atomic_store_explicit(&made[key], true, memory_order_relaxed);
	atomic_store_explicit(&any, true, memory_order_relaxed);
}

void key_deleted(pthread_key_t key)
{
	if (key < PTHREAD_KEYS_MAX)
		atomic_store_explicit(&made[key], false, memory_order_relaxed);
}

void keys_keep(void)
{
	for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; key++)
		key_deleted(key);
}

void keys_delete(void)
{
	if (!any)
		return;
	for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; key++)
		if (made[key])
			pthread_key_delete(key);
	keys_keep();
	any = false;
}

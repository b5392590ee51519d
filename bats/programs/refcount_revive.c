/*
 * refcount_revive: a lookup takes a reference to an object whose last reference has gone.
 *
 * The reader has found the object, the owner puts the last reference and destroys it, and the
 * reader increments the count from 0. In the fix a get fails if the count is 0.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static struct session {
	atomic_int references;
	atomic_bool alive;
} session = {1, true};

static struct session *_Atomic registered = &session;

static bool get(struct session *found)
{
#ifdef FIXED
	int seen = found->references;

	do {
		if (seen == 0)
			return false;
	} while (!atomic_compare_exchange_strong(&found->references, &seen, seen + 1));
#else
	atomic_fetch_add(&found->references, 1);
#endif
	return true;
}

static void put(struct session *held)
{
	if (atomic_fetch_sub(&held->references, 1) == 1)
		assert(atomic_exchange(&held->alive, false));
}

static void *reader(void *unused)
{
	struct session *found = registered;

	(void)unused;
	if (found != NULL && get(found)) {
		assert(found->alive);
		put(found);
	}
	return NULL;
}

static void *owner(void *unused)
{
	(void)unused;
	registered = NULL;
	put(&session);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, reader, NULL);
	pthread_create(&threads[1], NULL, owner, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	assert(!session.alive);
	return 0;
}

/*
 * counter: two threads increment a plain counter.
 *
 * Both read the same value, and one increment is lost. The fix makes the counter atomic.
 *
 * Shows: data race, assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { ROUNDS = 2 };

#ifdef FIXED
static atomic_int counter;
#else
static int counter;
#endif

static void *worker(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++)
		counter++;
	return NULL;
}

int main(void)
{
	pthread_t workers[2];

	pthread_create(&workers[0], NULL, worker, NULL);
	pthread_create(&workers[1], NULL, worker, NULL);
	pthread_join(workers[0], NULL);
	pthread_join(workers[1], NULL);
	assert(counter == 2 * ROUNDS);
	return 0;
}

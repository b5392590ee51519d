/*
 * lost_signal: two customers with different orders wait on one condition, and one is signalled.
 *
 * Both wait when the tea is ready. The signal wakes the customer that ordered coffee, which waits
 * again; the one that ordered tea sleeps for ever. The fix wakes both.
 *
 * Shows: deadlock
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum drink { TEA, COFFEE };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t served = PTHREAD_COND_INITIALIZER;
static bool ready[2]; /* by drink */

static void *customer(void *argument)
{
	const bool *mine = argument;

	pthread_mutex_lock(&lock);
	while (!*mine)
		pthread_cond_wait(&served, &lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void serve(enum drink drink)
{
	pthread_mutex_lock(&lock);
	ready[drink] = true;
#ifdef FIXED
	pthread_cond_broadcast(&served);
#else
	pthread_cond_signal(&served);
#endif
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_t customers[2];

	pthread_create(&customers[TEA], NULL, customer, &ready[TEA]);
	pthread_create(&customers[COFFEE], NULL, customer, &ready[COFFEE]);
	serve(TEA);
	pthread_join(customers[TEA], NULL);
	serve(COFFEE);
	pthread_join(customers[COFFEE], NULL);
	return 0;
}

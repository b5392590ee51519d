/*
 * stock_audit: an item moves from the shelf to the sold ones in two critical sections.
 *
 * Each counter has its own lock. The auditor takes both locks between the two sections and misses
 * the item that has left the shelf and is not sold yet. The fix holds both locks for the move.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

enum { STOCK = 2 };

static pthread_mutex_t shelf_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t sold_lock = PTHREAD_MUTEX_INITIALIZER;
static int shelf = STOCK; /* under shelf_lock */
static int sold;	  /* under sold_lock */

static void sell(void)
{
	pthread_mutex_lock(&shelf_lock);
	shelf--;
#ifdef FIXED
	pthread_mutex_lock(&sold_lock);
	sold++;
	pthread_mutex_unlock(&sold_lock);
	pthread_mutex_unlock(&shelf_lock);
#else
	pthread_mutex_unlock(&shelf_lock);
	pthread_mutex_lock(&sold_lock);
	sold++;
	pthread_mutex_unlock(&sold_lock);
#endif
}

static void *seller(void *unused)
{
	(void)unused;
	for (int i = 0; i < STOCK; i++)
		sell();
	return NULL;
}

static void *auditor(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&shelf_lock);
	pthread_mutex_lock(&sold_lock);
	assert(shelf + sold == STOCK);
	pthread_mutex_unlock(&sold_lock);
	pthread_mutex_unlock(&shelf_lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, seller, NULL);
	pthread_create(&threads[1], NULL, auditor, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}

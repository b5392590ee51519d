/*
 * ticket_sale: a clerk checks that a ticket is left and sells it in two critical sections.
 *
 * Both clerks see the last ticket before either sells it, and it is sold twice. The fix keeps the
 * lock from the check to the sale.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { CLERKS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int left = 1, sold;

static void *clerk(void *unused)
{
	bool available;

	(void)unused;
	pthread_mutex_lock(&lock);
	available = left > 0;
#ifndef FIXED
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
#endif
	if (available) {
		left--;
		sold++;
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t clerks[CLERKS];

	for (int i = 0; i < CLERKS; i++)
		pthread_create(&clerks[i], NULL, clerk, NULL);
	for (int i = 0; i < CLERKS; i++)
		pthread_join(clerks[i], NULL);
	assert(sold == 1 && left == 0);
	return 0;
}

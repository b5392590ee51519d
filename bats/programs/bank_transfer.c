/*
 * bank_transfer: a transfer locks the account that pays, then the one that is paid.
 *
 * Two transfers in opposite directions each lock their first account and wait for the other one.
 * The fix locks the account with the lower number first.
 *
 * Shows: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

static struct account {
	pthread_mutex_t lock;
	int balance;
} accounts[2] = {{PTHREAD_MUTEX_INITIALIZER, 100}, {PTHREAD_MUTEX_INITIALIZER, 100}};

static void transfer(int from, int to, int amount)
{
	int first = from, second = to;

#ifdef FIXED
	if (second < first) {
		first = to;
		second = from;
	}
#endif
	pthread_mutex_lock(&accounts[first].lock);
	pthread_mutex_lock(&accounts[second].lock);
	accounts[from].balance -= amount;
	accounts[to].balance += amount;
	pthread_mutex_unlock(&accounts[second].lock);
	pthread_mutex_unlock(&accounts[first].lock);
}

static void *rent(void *unused)
{
	(void)unused;
	transfer(0, 1, 30);
	return NULL;
}

static void *wages(void *unused)
{
	(void)unused;
	transfer(1, 0, 50);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, rent, NULL);
	pthread_create(&threads[1], NULL, wages, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("balances: %d and %d\n", accounts[0].balance, accounts[1].balance);
	assert(accounts[0].balance == 120 && accounts[1].balance == 80);
	return 0;
}

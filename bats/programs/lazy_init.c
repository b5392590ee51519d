/*
 * lazy_init: the first use initialises a table, and nothing makes it the only first use.
 *
 * Two threads both find the table uninitialised, and the second one empties it again after the
 * first has put an entry. The fix uses pthread_once.
 *
 * Shows: data race, assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_int entries;

static void table_init(void)
{
	entries = 0;
}

static void table_need(void)
{
#ifdef FIXED
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, table_init);
#else
	static bool initialised;

	if (!initialised) {
		table_init();
		initialised = true;
	}
#endif
}

static void *user(void *unused)
{
	(void)unused;
	table_need();
	atomic_fetch_add(&entries, 1);
	return NULL;
}

int main(void)
{
	pthread_t users[2];

	pthread_create(&users[0], NULL, user, NULL);
	pthread_create(&users[1], NULL, user, NULL);
	pthread_join(users[0], NULL);
	pthread_join(users[1], NULL);
	assert(entries == 2);
	return 0;
}

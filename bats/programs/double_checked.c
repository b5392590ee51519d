/*
 * double_checked: a singleton is checked without the lock, made under it, and published unfinished.
 *
 * The pointer is stored before the object is filled in, so that the unlocked check of another
 * thread finds an object without its value. The fix fills it in first and makes the pointer atomic.
 *
 * Shows: data race, assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct settings {
	int limit;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
#ifdef FIXED
static struct settings *_Atomic settings;
#else
static struct settings *settings;
#endif

static void settings_make(void)
{
	struct settings *made = calloc(1, sizeof(*made));

#ifdef FIXED
	made->limit = 10;
	settings = made;
#else
	settings = made;
	made->limit = 10;
#endif
}

static struct settings *settings_get(void)
{
	if (settings == NULL) {
		pthread_mutex_lock(&lock);
		if (settings == NULL)
			settings_make();
		pthread_mutex_unlock(&lock);
	}
	return settings;
}

static void *user(void *unused)
{
	(void)unused;
	assert(settings_get()->limit == 10);
	return NULL;
}

int main(void)
{
	pthread_t users[2];

	pthread_create(&users[0], NULL, user, NULL);
	pthread_create(&users[1], NULL, user, NULL);
	pthread_join(users[0], NULL);
	pthread_join(users[1], NULL);
	free(settings);
	return 0;
}

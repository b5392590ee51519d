/*
 * timeout_node: a client that times out leaves its request with the server.
 *
 * The client waits a millisecond, gives up and puts its request back into the pool; the server
 * then answers a request that is not in use. The fix withdraws the request before giving up.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct request {
	bool in_use, answered;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answer = PTHREAD_COND_INITIALIZER;
static struct request pool[1];
static struct request *pending;

static struct timespec in_a_millisecond(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

static void *client(void *unused)
{
	struct timespec deadline = in_a_millisecond();
	struct request *mine = &pool[0];
	int error = 0;

	(void)unused;
	pthread_mutex_lock(&lock);
	mine->in_use = true;
	pending = mine;
	while (!mine->answered && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&answer, &lock, &deadline);
#ifdef FIXED
	pending = NULL;
#endif
	mine->in_use = false;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *server(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	if (pending != NULL) {
		assert(pending->in_use);
		pending->answered = true;
		pending = NULL;
		pthread_cond_signal(&answer);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, client, NULL);
	pthread_create(&threads[1], NULL, server, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}

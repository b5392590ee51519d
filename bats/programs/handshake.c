/*
 * handshake: clients ask in a first stage and answer in a second one, each stage with its own lock.
 *
 * The observer comes when a client has asked and no client has answered yet: it sees the question
 * and then a missing answer. The fix keeps the first lock until the second stage is over, in the
 * clients and in the observer.
 *
 * Shows: assertion
 * Builds: THREADS=20 THREADS=100
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

#ifndef THREADS
#define THREADS 20
#endif

enum { CLIENTS = THREADS - 1 };

static pthread_mutex_t question_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t answer_lock = PTHREAD_MUTEX_INITIALIZER;
static int question; /* under question_lock */
static int answer;   /* under answer_lock */

/* The stages end in the same way for clients and for the observer. */
static void first_stage_ends(void)
{
#ifndef FIXED
	pthread_mutex_unlock(&question_lock);
#endif
}

static void second_stage_ends(void)
{
#ifdef FIXED
	pthread_mutex_unlock(&question_lock);
#endif
}

static void *client(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&question_lock);
	question = 1;
	first_stage_ends();
	pthread_mutex_lock(&answer_lock);
	answer = 2;
	pthread_mutex_unlock(&answer_lock);
	second_stage_ends();
	return NULL;
}

static void *observer(void *unused)
{
	int asked;

	(void)unused;
	pthread_mutex_lock(&question_lock);
	asked = question;
	first_stage_ends();
	pthread_mutex_lock(&answer_lock);
	assert(asked == 0 || answer == asked + 1);
	pthread_mutex_unlock(&answer_lock);
	second_stage_ends();
	return NULL;
}

int main(void)
{
	pthread_t clients[CLIENTS], last;

	for (int i = 0; i < CLIENTS; i++)
		pthread_create(&clients[i], NULL, client, NULL);
	pthread_create(&last, NULL, observer, NULL);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(clients[i], NULL);
	pthread_join(last, NULL);
	return 0;
}

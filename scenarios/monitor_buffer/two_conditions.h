/*
 * two_conditions.h - set-up and teardown of a `struct buffer` with the members `lock`, `not_full`
 * and `not_empty`.
 */
#ifndef SCENARIOS_MONITOR_BUFFER_TWO_CONDITIONS_H
#define SCENARIOS_MONITOR_BUFFER_TWO_CONDITIONS_H

#include <pthread.h>

static void buffer_setup(void *state)
{
	struct buffer *buffer = state;

	pthread_mutex_init(&buffer->lock, NULL);
	pthread_cond_init(&buffer->not_full, NULL);
	pthread_cond_init(&buffer->not_empty, NULL);
}

static void buffer_teardown(void *state)
{
	struct buffer *buffer = state;

	pthread_cond_destroy(&buffer->not_empty);
	pthread_cond_destroy(&buffer->not_full);
	pthread_mutex_destroy(&buffer->lock);
}

#endif

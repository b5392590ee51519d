/*
 * log_rotation: a log in memory is rotated between finding its file and appending a line.
 *
 * The writer has found the current file; it is copied to the archive and another one becomes
 * current; the writer appends its line to the old file, where nothing reads it any more. The fix
 * finds the file and appends to it in one critical section.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

enum { WRITERS = 2, SIZE = 64 };

static const char line[] = "a line\n";

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char files[2][SIZE], archive[SIZE];
static char *current = files[0];

static void *writer(void *unused)
{
	char *file;

	(void)unused;
	pthread_mutex_lock(&lock);
	file = current;
#ifndef FIXED
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
#endif
	strcat(file, line);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *rotator(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	strcpy(archive, current);
	current = files[1];
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t writers[WRITERS], rotation;

	for (int i = 0; i < WRITERS; i++)
		pthread_create(&writers[i], NULL, writer, NULL);
	pthread_create(&rotation, NULL, rotator, NULL);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(writers[i], NULL);
	pthread_join(rotation, NULL);
	assert(strlen(archive) + strlen(current) == WRITERS * strlen(line));
	return 0;
}

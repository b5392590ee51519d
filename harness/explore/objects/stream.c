/*
 * stream.c - the locks of streams. flockfile is a recursive mutex beside the stream; a call that
 * uses a stream waits while another actor has locked it. The C library's own lock is never held
 * between two steps.
 */
#define _GNU_SOURCE
#include "stream.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "event.h"
#include "object.h"

enum { STREAMS_MAX = 16 };

void snarl_model_flockfile(FILE *stream);
int snarl_model_ftrylockfile(FILE *stream);
void snarl_model_funlockfile(FILE *stream);

/* Streams that were ever locked. */
static struct {
	FILE *at[STREAMS_MAX];
	pthread_mutex_t locks[STREAMS_MAX];
	unsigned count;
} streams;

static pthread_mutex_t *lock_of(FILE *stream)
{
	static const pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
	unsigned i = 0;

	while (i < streams.count && streams.at[i] != stream)
		i++;
	if (i == STREAMS_MAX)
		event_fatal("more than %d streams are locked, which is explore's limit: run it on "
			    "the other engines",
			STREAMS_MAX);
	if (i == streams.count) {
		streams.at[i] = stream;
		streams.locks[i] = recursive;
		streams.count++;
	}
	return &streams.locks[i];
}

void snarl_model_flockfile(FILE *stream)
{
	mutex_lock(lock_of(stream), NULL, "flockfile", MODEL_PC);
}

int snarl_model_ftrylockfile(FILE *stream)
{
	return mutex_trylock(lock_of(stream), "ftrylockfile", MODEL_PC);
}

void snarl_model_funlockfile(FILE *stream)
{
	mutex_unlock(lock_of(stream), "funlockfile", MODEL_PC);
}

static void pass(FILE *stream, const char *call, const void *pc)
{
	for (unsigned i = 0; i < streams.count; i++) {
		if (streams.at[i] != stream)
			continue;
		mutex_lock(&streams.locks[i], NULL, call, pc);
		mutex_unlock(&streams.locks[i], call, pc);
	}
}

void streams_pass(const char *call, const uintptr_t *arguments, unsigned count, const void *pc)
{
	if (!streams.count || strstr(call, "unlocked"))
		return;
	for (unsigned i = 0; i < count; i++)
		pass((FILE *)arguments[i], call, pc);
	if (strstr(call, "print") || strncmp(call, "put", 3) == 0)
		pass(stdout, call, pc);
}

bool stream_name(uintptr_t address, char *text, size_t size)
{
	size_t i = (address - (uintptr_t)streams.locks) / sizeof *streams.locks;

	if (address - (uintptr_t)streams.locks >= sizeof streams.locks)
		return false;
	snprintf(text, size, "%s",
		streams.at[i] == stdout	  ? "stdout"
		: streams.at[i] == stderr ? "stderr"
		: streams.at[i] == stdin  ? "stdin"
					  : "a stream");
	return true;
}

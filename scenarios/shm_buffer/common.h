/*
 * common.h - processes share a ring of items in a POSIX shared memory object. Each opens it by its
 * name and maps it for itself. Where semaphores say when, a producer puts and a consumer takes;
 * where a mutex keeps others out, each peer puts one item and takes one, so that the ring is never
 * empty for who takes nor full for who puts, and nobody waits but for the mutex.
 */
#ifndef SCENARIOS_SHM_BUFFER_COMMON_H
#define SCENARIOS_SHM_BUFFER_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ITEMS = 4 /* of each who puts: twice round two slots */ };

/* What both know from the start, as from a command line. */
struct meeting {
	const char *name; /* of the object; r/o after setup */
};

/* The buffer, ready to be used; NULL: the system does not give it. */
static struct buffer *buffer_open(const char *name);

/* Put the actor's next item, or take one; whether that was possible. */
static bool put(struct buffer *buffer, int i, struct snarl_actor *self);
static bool take(struct buffer *buffer, int i, struct snarl_actor *self);

static void produce(void *state, struct snarl_actor *self)
{
	struct meeting *meeting = state;
	struct buffer *buffer = buffer_open(meeting->name);

	for (int i = 0; buffer && i < ITEMS && put(buffer, i, self); i++)
		;
	if (buffer)
		munmap(buffer, sizeof *buffer);
}

static void consume(void *state, struct snarl_actor *self)
{
	struct meeting *meeting = state;
	struct buffer *buffer = buffer_open(meeting->name);

	for (int i = 0; buffer && i < ITEMS && take(buffer, i, self); i++)
		;
	if (buffer)
		munmap(buffer, sizeof *buffer);
}

static void put_and_take(void *state, struct snarl_actor *self)
{
	struct meeting *meeting = state;
	struct buffer *buffer = buffer_open(meeting->name);

	for (int i = 0; buffer && i < ITEMS && put(buffer, i, self) && take(buffer, i, self); i++)
		;
	if (buffer)
		munmap(buffer, sizeof *buffer);
}

/* A variant has those of its actors. */
static void (*const roles[])(void *, struct snarl_actor *)
	__attribute__((unused)) = {produce, consume, put_and_take};

static void meeting_setup(void *state)
{
	struct meeting *meeting = state;

	meeting->name = snarl_name("buffer");
}

static void every_item_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif

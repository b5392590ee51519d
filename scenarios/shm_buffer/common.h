/*
 * common.h - processes share a ring of items in a POSIX shared memory object, which each of them
 * opens by name and maps for itself. In the variants with semaphores, a producer puts items and a
 * consumer takes them. In the variants with a mutex, each peer puts one item and then takes one, so
 * that no take finds the ring empty, no put finds it full, and a peer waits only for the mutex.
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

enum { ITEMS = 4 /* per actor that puts: twice round two slots */ };

/* What both processes know from the start, as from a command line. */
struct meeting {
	const char *name; /* of the object; r/o after setup */
};

/* Map the buffer, ready to be used; NULL if the system refuses. */
static struct buffer *buffer_open(const char *name);

/* Put the actor's next item, or take one; false if that was not possible. */
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

/* A variant uses only those of its actors. */
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

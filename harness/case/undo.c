/* undo.c - SEM_UNDO for emulated processes. */
#define _GNU_SOURCE
#include "undo.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "actor.h"
#include "edge.h"
#include "event.h"
#include "snarl.h"

enum { UNDONE_MAX = 32 /* semaphores of an actor */ };

/* An entry is free if it has no sum. An actor adds to its own; whoever sets values clears others'.
 */
static struct undone {
	_Atomic int sum; /* to add when the actor ends */
	int set;
	unsigned short number;
} undone[SNARL_ACTORS_MAX][UNDONE_MAX];

static struct undone *entry_of(unsigned actor, int set, unsigned short number)
{
	struct undone *unused = NULL;

	for (unsigned i = 0; i < UNDONE_MAX; i++) {
		struct undone *entry = &undone[actor][i];

		if (!atomic_load_explicit(&entry->sum, memory_order_relaxed))
			unused = entry;
		else if (entry->set == set && entry->number == number)
			return entry;
	}
	if (!unused)
		event_fatal("an actor has more than %d System V semaphores to undo: run it on "
			    "stress, where actors are real processes",
			UNDONE_MAX);
	unused->set = set;
	unused->number = number;
	return unused;
}

void undo_note(int set, const struct sembuf *operations, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (operations[i].sem_flg & SEM_UNDO)
			atomic_fetch_sub_explicit(
				&entry_of(actor_self->index, set, operations[i].sem_num)->sum,
				operations[i].sem_op, memory_order_relaxed);
}

void undo_forget(int set, int number)
{
	for (unsigned a = 0; a < SNARL_ACTORS_MAX; a++)
		for (unsigned i = 0; i < UNDONE_MAX; i++)
			if (undone[a][i].set == set &&
				(number < 0 || undone[a][i].number == number))
				atomic_store_explicit(&undone[a][i].sum, 0, memory_order_relaxed);
}

void undo_renew(void)
{
	for (unsigned a = 0; a < SNARL_ACTORS_MAX; a++)
		for (unsigned i = 0; i < UNDONE_MAX; i++)
			atomic_store_explicit(&undone[a][i].sum, 0, memory_order_relaxed);
}

void undo_apply(unsigned actor)
{
	for (unsigned i = 0; i < UNDONE_MAX; i++) {
		struct undone *entry = &undone[actor][i];
		struct sembuf operation = {.sem_num = entry->number, .sem_flg = IPC_NOWAIT};

		operation.sem_op =
			(short)atomic_exchange_explicit(&entry->sum, 0, memory_order_relaxed);
		if (!operation.sem_op)
			continue;
		edge_give(edge_of_system_v(entry->set));
		semop(entry->set, &operation, 1); /* or the set has been removed */
	}
}

/* undo.c - SEM_UNDO for emulated processes. */
#define _GNU_SOURCE
#include "undo.h"

#include <errno.h>
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

bool undo_pending(unsigned actor, int set)
{
	for (unsigned i = 0; i < UNDONE_MAX; i++)
		if (undone[actor][i].set == set &&
			atomic_load_explicit(&undone[actor][i].sum, memory_order_relaxed))
			return true;
	return false;
}

/* Add to a semaphore, or take from it what is there, if that is less. */
static void add(int set, unsigned short number, short sum)
{
	struct sembuf operation = {.sem_num = number, .sem_op = sum, .sem_flg = IPC_NOWAIT};

	if (semop(set, &operation, 1) == 0 || errno != EAGAIN)
		return; /* or the set has been removed */
	operation.sem_op = (short)-semctl(set, number, GETVAL);
	if (operation.sem_op)
		semop(set, &operation, 1);
}

void undo_apply(unsigned actor)
{
	for (unsigned i = 0; i < UNDONE_MAX; i++) {
		struct undone *entry = &undone[actor][i];
		short sum = (short)atomic_exchange_explicit(&entry->sum, 0, memory_order_relaxed);

		if (!sum)
			continue;
		edge_give(edge_of_system_v(entry->set));
		add(entry->set, entry->number, sum);
	}
}

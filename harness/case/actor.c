/* actor.c - the actor that runs on this thread, and how one died. */
#define _GNU_SOURCE
#include "actor.h"

#include <stdatomic.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "prng.h"
#include "program.h"
#include "symbol.h"

enum { ROUTINES_MAX = 64 };

_Thread_local struct snarl_actor *actor_self;
_Thread_local struct actor_ended actor_ended;
struct program_rules program_rules;
_Atomic long actor_threads_unjoined, actor_threads_live;

void actor_killed(struct snarl_actor *actor, int number)
{
	const char *name = sigabbrev_np(number); /* NULL for those that only have a number */

	if (number == SIGABRT)
		snprintf(actor->died, sizeof actor->died, "was aborted (SIGABRT)");
	else if (name)
		snprintf(actor->died, sizeof actor->died, "was killed by SIG%s", name);
	else
		snprintf(actor->died, sizeof actor->died, "was killed by signal %d", number);
}

/*
 * A start routine of a program's threads, counted in an execution. All is relaxed: it orders
 * nothing, and who creates a thread shares cache lines of the system's anyway.
 */
static struct routine {
	_Atomic(const void *) address; /* NULL: the entry is free */
	_Atomic(const char *) name;
	_Atomic unsigned threads;
} routines[ROUTINES_MAX];

static struct routine *routine_of(const void *address)
{
	for (unsigned i = 0; i < ROUTINES_MAX; i++) {
		const void *free_one = NULL;

		if (atomic_compare_exchange_strong_explicit(&routines[i].address, &free_one,
			    address, memory_order_relaxed, memory_order_relaxed))
			atomic_store_explicit(
				&routines[i].name, symbol_name(address), memory_order_relaxed);
		else if (free_one != address)
			continue;
		return &routines[i];
	}
	return NULL;
}

/* Name the thread by its start routine; false: that has no name. */
static bool name_by_routine(struct snarl_actor *thread, const void *address)
{
	struct routine *routine = routine_of(address);
	const char *name =
		routine ? atomic_load_explicit(&routine->name, memory_order_relaxed) : NULL;

	if (!name)
		return false;
	snprintf(thread->thread_name, ACTOR_NAME_MAX, "%.32s %u", name,
		atomic_fetch_add_explicit(&routine->threads, 1, memory_order_relaxed) + 1);
	return true;
}

void actor_threads_renew(void)
{
	for (unsigned i = 0; i < ROUTINES_MAX; i++)
		atomic_store_explicit(&routines[i].threads, 0, memory_order_relaxed);
}

static void name_by_creator(struct snarl_actor *thread, const struct snarl_actor *creator)
{
	if (creator->created == 1)
		snprintf(thread->thread_name, ACTOR_NAME_MAX, "%.24s's thread", creator->name);
	else
		snprintf(thread->thread_name, ACTOR_NAME_MAX, "%.24s's thread %u", creator->name,
			(unsigned)creator->created);
}

void actor_thread_make(struct snarl_actor *thread, struct snarl_actor *creator, const void *routine)
{
	uint64_t execution = creator->execution;

	if (creator->created_in != execution)
		creator->created = 0;
	creator->created_in = execution;
	memset(thread, 0, sizeof *thread);
	thread->root = actor_root(creator);
	thread->index = creator->index;
	thread->lineage = prng_stream(creator->lineage, ++creator->created);
	thread->seed = thread->root->seed ^ thread->lineage;
	thread->execution = execution;
	thread->stream_execution = ~execution;
	thread->name = thread->thread_name;
	if (!program_is() || !name_by_routine(thread, routine))
		name_by_creator(thread, creator);
}

void actor_short_name(const struct snarl_actor *actor, char name[16])
{
	const char *number = strrchr(actor->name, ' ');
	int whole = (int)strlen(actor->name), tail = number ? (int)strlen(number) : 0;

	snprintf(name, 16, "%.*s%s", whole < 16 ? whole - tail : 15 - tail, actor->name,
		number ? number : "");
}

void actor_thread_over(struct snarl_actor *thread)
{
	snprintf(actor_ended.name, ACTOR_NAME_MAX, "%s", thread->name);
	actor_ended.execution = thread->execution;
	for (unsigned i = 0; i < PLAN_RULES_MAX; i++)
		if (thread->fired_total[i])
			atomic_fetch_add_explicit(&thread->root->fired_by_threads[i],
				thread->fired_total[i], memory_order_relaxed);
}

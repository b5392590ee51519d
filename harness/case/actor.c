/* actor.c - the actor that runs on this thread, and how one died. */
#define _GNU_SOURCE
#include "actor.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "prng.h"

_Thread_local struct snarl_actor *actor_self;
_Atomic long actor_threads_unjoined;

void actor_killed(struct snarl_actor *actor, int number)
{
	const char *name = sigabbrev_np(number); /* NULL for those that only have a number */

	if (name)
		snprintf(actor->died, sizeof actor->died, "was killed by SIG%s", name);
	else
		snprintf(actor->died, sizeof actor->died, "was killed by signal %d", number);
}

void actor_thread_make(struct snarl_actor *thread, struct snarl_actor *creator)
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
	if (creator->created == 1)
		snprintf(thread->thread_name, ACTOR_NAME_MAX, "%.24s's thread", creator->name);
	else
		snprintf(thread->thread_name, ACTOR_NAME_MAX, "%.24s's thread %u", creator->name,
			(unsigned)creator->created);
}

void actor_thread_over(struct snarl_actor *thread)
{
	for (unsigned i = 0; i < PLAN_RULES_MAX; i++)
		if (thread->fired_total[i])
			atomic_fetch_add_explicit(&thread->root->fired_by_threads[i],
				thread->fired_total[i], memory_order_relaxed);
}

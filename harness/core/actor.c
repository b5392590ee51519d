/* actor.c - who runs on this thread, and how one died. */
#define _GNU_SOURCE
#include "actor.h"

#include <stdio.h>
#include <string.h>

_Thread_local struct snarl_actor *actor_self;

void actor_killed(struct snarl_actor *actor, int number)
{
	const char *name = sigabbrev_np(number); /* none of those that only have a number */

	if (name)
		snprintf(actor->died, sizeof actor->died, "was killed by SIG%s", name);
	else
		snprintf(actor->died, sizeof actor->died, "was killed by signal %d", number);
}

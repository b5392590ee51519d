/* actor.c - who runs on this thread. */
#include "actor.h"

_Thread_local struct snarl_actor *actor_self;

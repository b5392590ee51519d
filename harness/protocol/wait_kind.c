/* wait_kind.c - the kinds of waits in words. */
#include "wait_kind.h"

#include <stddef.h>

#include "text.h"

const struct wait_kind *wait_kind(const char *name)
{
	static const struct wait_kind kinds[] = {
		{"acquire", "lock ", NULL},
		{"acquire_shared", "a shared lock on ", NULL},
		{"cond_wait", "a signal on ", "signal it"},
		{"sem_wait", "semaphore ", "post it"},
		{"barrier_wait", "the others at ", "arrive"},
		{"once", "the end of ", NULL},
		{"read", "something to read from ", NULL},
		{"write", "room to write to ", NULL},
		{"try", "lock ", NULL},
		{"loop", "a change to ", NULL},
		{"receive", "", "send there"},
		{"send", "", "receive from it"},
		{"accept", "", "connect"},
		{"open", "", "open its other end"},
	};
	static const struct wait_kind unknown = {"", "", NULL};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (is(kinds[i].name, name))
			return &kinds[i];
	return &unknown;
}

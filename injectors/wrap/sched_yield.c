/* sched_yield.c - a wait loop's turn; its failure changes nothing, a delay does. */
#include <errno.h>
#include <sched.h>

#include "wrap.h"

SNARL_POINT_DEFINE(point, "posix/thread/yield");

int snarl_wrap_sched_yield(void)
{
	int error = inject_call(&point);

	if (!error)
		return sched_yield();
	errno = error;
	return -1;
}

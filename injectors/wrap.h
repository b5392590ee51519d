/* wrap.h - what the files that calls.awk makes have in common. */
#ifndef SNARL_INJECTORS_WRAP_H
#define SNARL_INJECTORS_WRAP_H

#include <errno.h>
#include <threads.h>

#include "inject.h"

/* The code of threads.h that comes nearest to an errno; it has no more of them. */
static inline int wrap_thrd(int error)
{
	switch (error) {
	case ENOMEM:
		return thrd_nomem;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	default:
		return thrd_error;
	}
}

#endif

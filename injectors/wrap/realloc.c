/* realloc.c - fails as libc does: NULL and errno, the old block still there. */
#include <errno.h>
#include <stdlib.h>

#include "wrap.h"

SNARL_POINT_DEFINE(point, "libc/mm/realloc");

void *snarl_wrap_realloc(void *block, size_t size)
{
	int error = inject_call(&point);

	if (!error)
		return realloc(block, size);
	errno = error;
	return NULL;
}

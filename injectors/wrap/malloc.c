/* malloc.c - fails as libc does: NULL and errno, without memory. */
#include <errno.h>
#include <stdlib.h>

#include "wrap.h"

SNARL_POINT_DEFINE(point, "libc/mm/malloc");

void *snarl_wrap_malloc(size_t size)
{
	int error = inject_call(&point);

	if (!error)
		return malloc(size);
	errno = error;
	return NULL;
}

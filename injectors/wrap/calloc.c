/* calloc.c - fails as libc does: NULL and errno, without memory. */
#include <errno.h>
#include <stdlib.h>

#include "wrap.h"

SNARL_POINT_DEFINE(point, "libc/mm/calloc");

void *snarl_wrap_calloc(size_t count, size_t size)
{
	int error = inject_call(&point);

	if (!error)
		return calloc(count, size);
	errno = error;
	return NULL;
}

/* edge.c - happens-before edges for ThreadSanitizer. */
#include "edge.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "hash.h"

enum { EDGES = 4096, LOCKED_MAX = 1024 /* descriptors below are remembered */ };

static char of_inodes[EDGES], of_names[EDGES], of_system_v[EDGES], of_sockets;
static atomic_bool any_locked;
static _Thread_local bool locked_by[LOCKED_MAX];

void *edge_of_descriptor(int descriptor)
{
	int error = errno, answer;
	struct stat status;

	if (!__tsan_release)
		return NULL;
	answer = fstat(descriptor, &status);
	errno = error;
	if (answer != 0)
		return NULL;
	return S_ISSOCK(status.st_mode) ? &of_sockets : &of_inodes[status.st_ino % EDGES];
}

void edge_file_locked(int descriptor, bool locked)
{
	if (locked)
		atomic_store_explicit(&any_locked, true, memory_order_relaxed);
	if (descriptor >= 0 && descriptor < LOCKED_MAX)
		locked_by[descriptor] = locked;
}

bool edge_file_is_locked(int descriptor)
{
	return descriptor >= 0 && descriptor < LOCKED_MAX && locked_by[descriptor];
}

void *edge_of_closing(int descriptor)
{
	if (!atomic_load_explicit(&any_locked, memory_order_relaxed))
		return NULL;
	edge_file_locked(descriptor, false);
	return edge_of_descriptor(descriptor);
}

void *edge_of_name(const char *path)
{
	const char *last;

	if (!__tsan_release || !path)
		return NULL;
	last = strrchr(path, '/');
	return &of_names[hash64(last ? last + 1 : path) % EDGES];
}

void *edge_of_system_v(int id)
{
	return &of_system_v[(unsigned)id % EDGES];
}

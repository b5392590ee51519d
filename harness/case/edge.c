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
static _Thread_local unsigned char locked_by[EDGE_LOCKS][LOCKED_MAX / 8];

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

void edge_file_locked(int descriptor, enum edge_lock kind, bool locked)
{
	unsigned char bit = (unsigned char)(1 << (descriptor & 7));

	if (locked)
		atomic_store_explicit(&any_locked, true, memory_order_relaxed);
	if (descriptor < 0 || descriptor >= LOCKED_MAX)
		return;
	if (locked)
		locked_by[kind][descriptor / 8] |= bit;
	else
		locked_by[kind][descriptor / 8] &= (unsigned char)~bit;
}

bool edge_file_is_locked(int descriptor, enum edge_lock kind)
{
	return descriptor >= 0 && descriptor < LOCKED_MAX &&
	       locked_by[kind][descriptor / 8] >> descriptor % 8 & 1;
}

void edge_close(int descriptor)
{
	if (!atomic_load_explicit(&any_locked, memory_order_relaxed) || descriptor < 0)
		return;
	edge_give(edge_of_descriptor(descriptor));
	for (enum edge_lock kind = 0; kind < EDGE_LOCKS; kind++)
		edge_file_locked(descriptor, kind, false);
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

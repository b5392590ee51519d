/*
 * common.h - shared memory that one process updates and another reads. The process that starts both
 * creates it. Each variant defines the `struct store` in it.
 */
#ifndef SCENARIOS_KILLED_MID_UPDATE_COMMON_H
#define SCENARIOS_KILLED_MID_UPDATE_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <snarl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct archive {
	const char *name; /* of the store; r/o after setup */
	int torn;	  /* records whose parts do not belong together; the reader's */
	int beyond;	  /* words written beyond the end of a buffer; the server's */
};

static struct store *store_map(const char *name, int flags)
{
	int file = shm_open(name, O_RDWR | flags, 0600);
	struct store *store = MAP_FAILED;

	if (file >= 0 && (!flags || ftruncate(file, sizeof *store) == 0))
		store = mmap(NULL, sizeof *store, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (file >= 0)
		close(file);
	return store == MAP_FAILED ? NULL : store;
}

/* Create the store, all zero, for the set-up to initialise. */
static struct store *store_create(struct archive *archive)
{
	struct store *store;

	archive->name = snarl_name("store");
	store = store_map(archive->name, O_CREAT | O_EXCL);
	if (!store)
		snarl_skip("no shared memory: %s", strerror(errno));
	return store;
}

#endif

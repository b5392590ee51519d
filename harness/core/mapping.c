/* mapping.c - memory that is mapped shared by actors that only pass for processes. */
#include "mapping.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "event.h"

/*
 * Under `lock`, which is taken where the kernel takes one of its own for the whole process. The
 * harness is not compiled for ThreadSanitizer, which therefore sees no order in it; explore has one
 * thread.
 */
static struct mappings {
	volatile bool lock;
	struct mapping {
		void *address; /* NULL: free */
		size_t length;
		int protection;
		dev_t device;
		ino_t inode;
		off_t offset;
		unsigned users;
	} at[MAPPINGS_MAX];
} mappings;

static void lock(void)
{
	while (__atomic_test_and_set(&mappings.lock, __ATOMIC_ACQUIRE))
		;
}

static void unlock(void)
{
	__atomic_clear(&mappings.lock, __ATOMIC_RELEASE);
}

void *mapping_share(int descriptor, size_t length, int protection, off_t offset)
{
	void *address = NULL;
	struct stat status;

	if (fstat(descriptor, &status) != 0)
		return NULL;
	lock();
	for (unsigned i = 0; i < MAPPINGS_MAX && !address; i++) {
		struct mapping *mapping = &mappings.at[i];

		if (!mapping->address || mapping->inode != status.st_ino ||
			mapping->device != status.st_dev || mapping->offset != offset ||
			mapping->length < length)
			continue;
		if (protection & ~mapping->protection) {
			mapping->protection |= protection;
			mprotect(mapping->address, mapping->length, mapping->protection);
		}
		mapping->users++;
		address = mapping->address;
	}
	unlock();
	return address;
}

void mapping_add(void *address, int descriptor, size_t length, int protection, off_t offset)
{
	struct stat status;
	unsigned i;

	if (fstat(descriptor, &status) != 0)
		return;
	lock();
	for (i = 0; i < MAPPINGS_MAX && mappings.at[i].address; i++)
		;
	if (i < MAPPINGS_MAX)
		mappings.at[i] = (struct mapping){
			address, length, protection, status.st_dev, status.st_ino, offset, 1};
	unlock();
	if (i == MAPPINGS_MAX)
		event_fatal(
			"more than %d pieces of shared memory are mapped at a time", MAPPINGS_MAX);
}

bool mapping_drop(void *address)
{
	bool last = true;

	lock();
	for (unsigned i = 0; i < MAPPINGS_MAX; i++) {
		if (mappings.at[i].address != address)
			continue;
		last = --mappings.at[i].users == 0;
		if (last)
			mappings.at[i].address = NULL;
	}
	unlock();
	return last;
}

void mapping_sweep(void)
{
	for (unsigned i = 0; i < MAPPINGS_MAX; i++) {
		if (mappings.at[i].address)
			munmap(mappings.at[i].address, mappings.at[i].length);
		mappings.at[i].address = NULL;
	}
}

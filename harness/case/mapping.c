/* mapping.c - shared mappings of actors that are emulated processes. */
#define _GNU_SOURCE
#include "mapping.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "event.h"

/*
 * Under `lock`, which is taken where the kernel takes one for the whole process anyway. The harness
 * is not compiled for ThreadSanitizer, which therefore sees no order in it; explore has only one
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

/*
 * Bypass ThreadSanitizer, which treats a new mapping as a write to all of it by the mapping thread:
 * every other actor that shares the memory would race with that. Its own munmap has cleared the
 * shadow.
 */
static void *system_map(
	void *at, size_t length, int protection, int flags, int descriptor, off_t offset)
{
	long answer = syscall(SYS_mmap, at, length, protection, flags, descriptor, offset);

	return answer == -1 ? MAP_FAILED : (void *)answer;
}

/* The address at which this part of the object is already mapped, or NULL. Under lock. */
static void *share(
	const struct stat *status, int descriptor, size_t length, int protection, off_t offset)
{
	for (unsigned i = 0; i < MAPPINGS_MAX; i++) {
		struct mapping *mapping = &mappings.at[i];

		if (!mapping->address || mapping->inode != status->st_ino ||
			mapping->device != status->st_dev || mapping->offset != offset ||
			mapping->length < length)
			continue;
		/* Remap it by this descriptor, which allows the access; the first may not have. */
		if (protection & ~mapping->protection) {
			void *address = system_map(mapping->address, mapping->length,
				protection | mapping->protection, MAP_SHARED | MAP_FIXED,
				descriptor, offset);

			if (address != MAP_FAILED)
				mapping->protection |= protection;
			return address;
		}
		return mapping->address;
	}
	return NULL;
}

void *mapping_make(void *at, size_t length, int protection, int flags, int descriptor, off_t offset)
{
	void *address = NULL;
	struct stat status;
	unsigned i = 0;

	if (fstat(descriptor, &status) != 0)
		return MAP_FAILED;
	lock();
	address = share(&status, descriptor, length, protection, offset);
	if (address)
		goto out;
	while (i < MAPPINGS_MAX && mappings.at[i].address)
		i++;
	if (i == MAPPINGS_MAX)
		goto out;
	address = system_map(at, length, protection, flags, descriptor, offset);
	if (address != MAP_FAILED)
		mappings.at[i] = (struct mapping){
			address, length, protection, status.st_dev, status.st_ino, offset};
out:
	unlock();
	if (!address)
		event_fatal(
			"more than %d regions of shared memory are mapped at a time", MAPPINGS_MAX);
	return address;
}

bool mapping_has(void *address)
{
	bool found = false;

	lock();
	for (unsigned i = 0; i < MAPPINGS_MAX; i++)
		found |= mappings.at[i].address == address;
	unlock();
	return found;
}

void mapping_sweep(void)
{
	for (unsigned i = 0; i < MAPPINGS_MAX; i++) {
		if (mappings.at[i].address)
			munmap(mappings.at[i].address, mappings.at[i].length);
		mappings.at[i].address = NULL;
	}
}

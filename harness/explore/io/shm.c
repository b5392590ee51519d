/*
 * shm.c - mapped memory. Its addresses are the same in every execution and every replay, and it is
 * named after the object that is mapped.
 *
 * An object has the same address in all emulated processes (case/mapping.h). An unmapped page
 * follows each piece. Pieces that an execution leaves mapped are unmapped before the next one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "descriptor.h"
#include "event.h"
#include "spin.h"
#include "mapping.h"

enum { REGIONS_MAX = 64 /* of an execution */ };

static const uintptr_t MAPPED_ADDRESS = 0x180000000000;

static struct regions {
	unsigned count;
	uintptr_t next;
	struct region {
		uintptr_t at;
		size_t length;
		bool mapped;
		char word[NAMES_WORD_MAX];
	} at[REGIONS_MAX];
} regions;

int snarl_model_shm_open(const char *name, int flags, mode_t mode);
int snarl_model_shm_unlink(const char *name);
int snarl_model_memfd_create(const char *name, unsigned flags);
void *snarl_model_mmap(
	void *address, size_t length, int protection, int flags, int descriptor, off_t offset);
int snarl_model_munmap(void *address, size_t length);

void regions_renew(void)
{
	for (unsigned i = 0; i < regions.count; i++)
		if (regions.at[i].mapped)
			munmap((void *)regions.at[i].at, regions.at[i].length);
	regions.count = 0;
	regions.next = MAPPED_ADDRESS;
}

bool region_name(uintptr_t address, char *text, size_t size)
{
	/* Later pieces first: one may be mapped where another was before. */
	for (unsigned i = regions.count; i-- > 0;) {
		const struct region *region = &regions.at[i];

		if (address - region->at >= region->length)
			continue;
		snprintf(text, size, "%s+%zu", region->word, (size_t)(address - region->at));
		return true;
	}
	return false;
}

static size_t pages(size_t length)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (length + page - 1) / page * page;
}

static void region_add(void *address, size_t length, const struct file *file)
{
	struct region *region = &regions.at[regions.count];

	if (regions.count == REGIONS_MAX)
		event_fatal("more than %d memory regions are mapped in one execution", REGIONS_MAX);
	regions.count++;
	*region =
		(struct region){.at = (uintptr_t)address, .length = pages(length), .mapped = true};
	if (file && file->word[0])
		strcpy(region->word, file->word);
	else
		snprintf(region->word, sizeof region->word, "memory %u", regions.count);
}

int snarl_model_shm_open(const char *name, int flags, mode_t mode)
{
	int descriptor;

	names_step();
	descriptor = shm_open(name, flags, mode);
	path_traced("shm_open", MODEL_PC,
		flags & O_CREAT && flags & O_EXCL ? "creates the shared memory"
						  : "opens the shared memory",
		name, descriptor);
	file_opened(descriptor, name, NULL, MODEL_PC);
	return process_opened(descriptor);
}

int snarl_model_shm_unlink(const char *name)
{
	int answer;

	names_step();
	answer = shm_unlink(name);
	path_traced("shm_unlink", MODEL_PC, "unlinks the shared memory", name, answer);
	return answer;
}

int snarl_model_memfd_create(const char *name, unsigned flags)
{
	int descriptor;

	names_step();
	descriptor = memfd_create(name, flags);
	file_opened(descriptor, name, NULL, MODEL_PC);
	return process_opened(descriptor);
}

void *snarl_model_mmap(
	void *address, size_t length, int protection, int flags, int descriptor, off_t offset)
{
	bool shared =
		process_emulated && flags & MAP_SHARED && descriptor >= 0 && !(flags & MAP_FIXED);
	bool placed = (!address || shared) && !(flags & MAP_FIXED);
	void *next, *answer;

	names_step();
	next = (void *)regions.next;
	if (placed)
		flags |= MAP_FIXED_NOREPLACE;
	answer = shared ? mapping_make(next, length, protection, flags, descriptor, offset)
			: mmap(placed ? next : address, length, protection, flags, descriptor,
				  offset);
	if (answer == MAP_FAILED || (shared && answer != next))
		return answer;
	if (placed)
		regions.next += pages(length) + pages(1);
	region_add(answer, length, flags & MAP_ANONYMOUS ? NULL : file_at(descriptor, MODEL_PC));
	return answer;
}

int snarl_model_munmap(void *address, size_t length)
{
	int answer;

	names_step();
	if (process_emulated && mapping_has(address))
		return 0;
	answer = munmap(address, length);
	for (unsigned i = 0; answer == 0 && i < regions.count; i++)
		if (regions.at[i].at == (uintptr_t)address && regions.at[i].length <= pages(length))
			regions.at[i].mapped = false;
	return answer;
}

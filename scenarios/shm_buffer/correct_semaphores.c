/*
 * shm_buffer/correct_semaphores: one process initialises the shared ring before anybody uses it.
 *
 * O_EXCL lets only one of the two processes create the object. The creator initialises the
 * semaphores, shared between processes, and then sets `ready`, for which the other waits. Both set
 * the object's size, since either may be the first to map it: existing bytes stay as they are, and
 * new ones are zero.
 *
 *   producer                            consumer
 *   shm_open O_EXCL: created
 *                                       shm_open O_EXCL: EEXIST; opened
 *                                       ftruncate, mmap; ready? no
 *   ftruncate, mmap
 *   make empty and full, ready = 1
 *   slots[0] = producer#1, post full    ready? yes; wait for full
 *                                       item = slots[0], post empty
 */
#include "semaphores.h"

static struct buffer *buffer_open(const char *name)
{
	int file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	bool created = file >= 0;
	struct buffer *buffer;

	if (!created)
		file = shm_open(name, O_RDWR, 0600);
	if (ftruncate(file, sizeof *buffer) != 0)
		return NULL;
	buffer = mmap(NULL, sizeof *buffer, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (buffer == MAP_FAILED)
		return NULL;
	SNARL_POINT("open/mapped");
	if (created) {
		sem_init(&buffer->empty, 1, SLOTS);
		sem_init(&buffer->full, 1, 0);
		atomic_store(&buffer->ready, true);
	}
	while (!atomic_load(&buffer->ready))
		sched_yield();
	return buffer;
}

const struct snarl_scenario scenario = {
	.summary = "a ring in shared memory, initialised by one process and used by two",
	.refs = "shm_overview(7), sem_overview(7); TLPI 53, 54; UNPv2 10, 13",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
};

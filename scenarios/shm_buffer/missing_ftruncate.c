/*
 * shm_buffer/missing_ftruncate: the object is mapped before it has a size.
 *
 * A new object is empty. mmap succeeds even for more bytes than the object has, and the first
 * process that touches them is killed by SIGBUS.
 *
 *   producer                            consumer
 *   shm_open O_EXCL: created, 0 bytes
 *   mmap 80 bytes: done
 *   make empty: SIGBUS
 */
#include "semaphores.h"

static struct buffer *buffer_open(const char *name)
{
	int file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	bool created = file >= 0;
	struct buffer *buffer;

	if (!created)
		file = shm_open(name, O_RDWR, 0600);
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
	.summary = "a shared memory object that is mapped before it has a size",
	.refs = "shm_open(3), mmap(2); TLPI 49.4.3, 54.2; CWE-665",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
	.expect = {.bug = SNARL_CRASH},
};

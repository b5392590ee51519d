/*
 * shm_buffer/not_process_shared: semaphores in shared memory are initialised for threads only.
 *
 * Sharing the memory of a semaphore does not share the semaphore: a waiter sleeps where the kernel
 * finds waiters of its own process only. The other's post increments the value, which both see, and
 * wakes nobody. As long as nobody has to wait, all goes well.
 *
 *   full  producer                      consumer
 *     0                                 wait for full: 0, sleeps
 *     0   slots[0] = producer#1
 *     1   post full: no waiter found
 *         in this process               (sleeps on, although full is 1)
 *     2   slots[1] = producer#2, post
 *     2   wait for empty: 0, sleeps
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
		sem_init(&buffer->empty, 0, SLOTS);
		sem_init(&buffer->full, 0, 0);
		atomic_store(&buffer->ready, true);
	}
	while (!atomic_load(&buffer->ready))
		sched_yield();
	return buffer;
}

const struct snarl_scenario scenario = {
	.summary = "semaphores in shared memory that are not process-shared",
	.refs = "sem_init(3), futex(2); CERT CON37-C; TLPI 53.4; UNPv2 10.9",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
	.expect = {.bug = SNARL_LOST_WAKEUP | SNARL_DEADLOCK | SNARL_HANG,
		.tsan = SNARL_BLIND(
			"actors are threads of one process there: any semaphore is shared")},
};

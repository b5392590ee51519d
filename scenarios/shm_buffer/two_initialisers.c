/*
 * shm_buffer/two_initialisers: both processes initialise the semaphores.
 *
 * Neither process checks whether it created the object or found it, so both initialise it. The
 * second initialisation resets what the semaphores have counted by then, and the consumer waits for
 * items that were put before.
 *
 *   full  producer                      consumer
 *         shm_open: created
 *         make empty and full           shm_open: found, but not checked
 *     1   slots[0] = producer#1, post
 *     0                                 make empty and full
 *     0                                 wait for full: producer#1 is there, but not counted
 */
#include "semaphores.h"

static struct buffer *buffer_open(const char *name)
{
	int file = shm_open(name, O_RDWR | O_CREAT, 0600);
	struct buffer *buffer;

	if (ftruncate(file, sizeof *buffer) != 0)
		return NULL;
	buffer = mmap(NULL, sizeof *buffer, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (buffer == MAP_FAILED)
		return NULL;
	SNARL_POINT("open/mapped");
	sem_init(&buffer->empty, 1, SLOTS);
	sem_init(&buffer->full, 1, 0);
	atomic_store(&buffer->ready, true);
	while (!atomic_load(&buffer->ready))
		sched_yield();
	return buffer;
}

const struct snarl_scenario scenario = {
	.summary = "shared semaphores that both processes initialise",
	.refs = "shm_open(3), sem_init(3); TLPI 48.4, 54.2; CWE-362, CWE-909",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
	/* initialised again in use, a semaphore may also let an actor pass that has to wait */
	.expect = {.bug = SNARL_DEADLOCK | SNARL_LOST_WAKEUP | SNARL_HANG,
		.explore = {.bug = SNARL_DEADLOCK | SNARL_LOST_WAKEUP | SNARL_HANG |
				   SNARL_OVERWRITE | SNARL_LOST_ITEM | SNARL_DUPLICATE_ITEM |
				   SNARL_STALE_READ | SNARL_OUT_OF_ORDER | SNARL_ASSERTION}},
};

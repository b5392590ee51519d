/*
 * shm_buffer/correct_offset: what is in shared memory says where something is by its distance.
 *
 * Each process has the object at another address. The distance from the object's beginning to the
 * slots is the same everywhere; each adds it to the address where it has the object itself.
 *
 *   producer: buffer at 0x7f10a000      consumer: buffer at 0x7f109000
 *   slots = 72
 *   0x7f10a000 + 72 = producer#1
 *                                       item = what is at 0x7f109000 + 72
 */
#include <sched.h>
#include <semaphore.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { SLOTS = 2 };

struct buffer {
	_Atomic bool ready;	/* set once by who created it; precedes all the rest */
	sem_t empty, full;	/* free slots, and items to take */
	size_t slots;		/* where they are, from here; r/o once ready */
	snarl_item room[SLOTS]; /* the producer's from a wait for empty to a post of full */
};

#include "common.h"

static struct buffer *buffer_open(const char *name)
{
	int file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	bool created = file >= 0;
	struct buffer *buffer;

	if (!created)
		file = shm_open(name, O_RDWR, 0600);
	if (ftruncate(file, sizeof *buffer) != 0)
		return NULL;
	/* Who comes second has more in its memory by then, so that the buffer goes elsewhere. */
	if (!created)
		mmap(NULL, sizeof *buffer, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);
	buffer = mmap(NULL, sizeof *buffer, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (buffer == MAP_FAILED)
		return NULL;
	SNARL_POINT("open/mapped");
	if (created) {
		sem_init(&buffer->empty, 1, SLOTS);
		sem_init(&buffer->full, 1, 0);
		buffer->slots = offsetof(struct buffer, room);
		atomic_store(&buffer->ready, true);
	}
	while (!atomic_load(&buffer->ready))
		sched_yield();
	return buffer;
}

/* Where this process has them. */
static snarl_item *slots_of(struct buffer *buffer)
{
	return (snarl_item *)((char *)buffer + buffer->slots);
}

/* A signal may end the wait before the semaphore was there: then nothing was taken from it. */
static bool down(sem_t *semaphore)
{
	int answer;

	do
		answer = sem_wait(semaphore);
	while (answer != 0 && errno == EINTR);
	return answer == 0;
}

static bool put(struct buffer *buffer, int i, struct snarl_actor *self)
{
	snarl_item item = snarl_item_next(self);

	if (!down(&buffer->empty))
		return false;
	snarl_ledger_put(self, item, i % SLOTS);
	slots_of(buffer)[i % SLOTS] = item;
	SNARL_POINT("put/written");
	return sem_post(&buffer->full) == 0;
}

static bool take(struct buffer *buffer, int i, struct snarl_actor *self)
{
	if (!down(&buffer->full))
		return false;
	snarl_ledger_take(self, slots_of(buffer)[i % SLOTS], i % SLOTS);
	return sem_post(&buffer->empty) == 0;
}

const struct snarl_scenario scenario = {
	.summary = "a ring in shared memory that says where its slots are, as an offset",
	.refs = "shm_overview(7), mmap(2); TLPI 48.6, 49.4; UNPv2 12",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
};

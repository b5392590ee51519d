/*
 * shm_buffer/pointer_in_shared_memory: what is in shared memory says where something is by its
 * address.
 *
 * The address is one of the process that wrote it. The other has the object elsewhere, and at that
 * address something of its own, or nothing at all: it looks for items there, or puts them there.
 *
 *   producer: buffer at 0x7f10a000      consumer: buffer at 0x7f109000
 *   slots = 0x7f10a048
 *   slots[0] = producer#1, post full    wait for full
 *                                       item = what it has itself at 0x7f10a048
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
	snarl_item *slots;	/* where they are; r/o once ready */
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
		buffer->slots = buffer->room;
		atomic_store(&buffer->ready, true);
	}
	while (!atomic_load(&buffer->ready))
		sched_yield();
	return buffer;
}

/* Where this process has them. */
static snarl_item *slots_of(struct buffer *buffer)
{
	return buffer->slots;
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
	.summary = "a ring in shared memory that says where its slots are, as a pointer",
	.refs = "TLPI 48.6, 49.4; UNPv2 12; CWE-822, CWE-825",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = meeting_setup,
	.check = every_item_once,
	.expect = {.bug = SNARL_STALE_READ | SNARL_LOST_ITEM | SNARL_TORN_MESSAGE | SNARL_CRASH,
		.tsan = SNARL_BLIND("shared memory has one address for all actors there"),
		.explore = SNARL_BLIND("shared memory has one address for all actors there")},
};

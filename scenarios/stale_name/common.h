/*
 * common.h - a server and a client meet through the name of a shared memory object, a box for
 * items. The client puts items and the server takes them; in some variants, the server goes down in
 * between and comes up again.
 */
#ifndef SCENARIOS_STALE_NAME_COMMON_H
#define SCENARIOS_STALE_NAME_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ITEMS = 2, RUN_BEFORE = 1, RUN = 2 };

/* What both processes know from the start, as from a command line. */
struct meeting {
	const char *name; /* of the box; r/o after setup */
	int run;	  /* number of this run of the program; r/o after setup */
};

struct box {
	_Atomic int run;	 /* the run that made it; set once, after the rest is made */
	sem_t full;		 /* items to take */
	snarl_item items[ITEMS]; /* each written once, before a post of full */
};

/* Map the object of that name, or a new one as `flags` say; NULL if that fails. */
static struct box *box_map(const char *name, int flags)
{
	int file = shm_open(name, O_RDWR | flags, 0600);
	struct box *box = MAP_FAILED;

	/* Safe for the second process too: existing bytes stay as they are, new ones are zero. */
	if (file >= 0 && ftruncate(file, sizeof *box) == 0)
		box = mmap(NULL, sizeof *box, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (file >= 0)
		close(file);
	return box == MAP_FAILED ? NULL : box;
}

/* Make a new box; NULL if there is an object of that name, or if that fails. */
static struct box *box_create(const char *name, int run)
{
	struct box *box = box_map(name, O_CREAT | O_EXCL);

	if (!box)
		return NULL;
	sem_init(&box->full, 1, 0);
	atomic_store(&box->run, run);
	return box;
}

static void box_close(struct box *box)
{
	if (box)
		munmap(box, sizeof *box);
}

static void put(struct box *box, int i, struct snarl_actor *self)
{
	snarl_item item = snarl_item_next(self);

	snarl_ledger_put(self, item, i);
	box->items[i] = item;
	sem_post(&box->full);
}

static void take(struct box *box, int i, struct snarl_actor *self)
{
	while (sem_wait(&box->full) != 0)
		if (errno != EINTR)
			return;
	snarl_ledger_take(self, box->items[i], i);
}

static void meeting_setup(void *state)
{
	struct meeting *meeting = state;

	meeting->name = snarl_name("box");
	meeting->run = RUN;
}

static void every_item_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif

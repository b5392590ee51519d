/*
 * two_variables/locked_one_by_one: each access is under the lock, but the pair is not.
 *
 * There is no data race: every access is ordered with every other. But the lock is free while the
 * new pointer stands beside the old length, and between the two reads of the reader.
 *
 *   numbers count   writer                    reader
 *     few     4     lock, numbers = few, unlock
 *     few     4                               lock, reads few, unlock
 *     few     4                               lock, reads 4, unlock: few has only 2
 *     few     2     lock, count = 2, unlock
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

enum { MANY = 4, FEW = 2 };

struct shared {
	pthread_mutex_t lock;
	const int *numbers; /* many or few: under lock */
	int count;	    /* of the numbers: under lock */
	int many[MANY], few[FEW];
	bool misfit; /* whether the two did not match; the reader's */
};

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_mutex_init(&shared->lock, NULL);
	shared->numbers = shared->many;
	shared->count = MANY;
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_mutex_destroy(&shared->lock);
}

static void replace(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	pthread_mutex_lock(&shared->lock);
	shared->numbers = shared->few;
	pthread_mutex_unlock(&shared->lock);
	SNARL_POINT("replace/between");
	pthread_mutex_lock(&shared->lock);
	shared->count = FEW;
	pthread_mutex_unlock(&shared->lock);
}

static void look(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	const int *numbers;
	int count;

	(void)self;
	pthread_mutex_lock(&shared->lock);
	numbers = shared->numbers;
	pthread_mutex_unlock(&shared->lock);
	SNARL_POINT("look/between");
	pthread_mutex_lock(&shared->lock);
	count = shared->count;
	pthread_mutex_unlock(&shared->lock);
	/* Only noted: reading that many numbers might read beyond the end. */
	shared->misfit = (numbers == shared->many) != (count == MANY);
}

static void pair_fits(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_ASSERTION, shared->misfit, 0, "misfit");
}

const struct snarl_scenario scenario = {
	.summary = "a pointer and its length, each in a critical section of its own",
	.refs = "CWE-362, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct shared),
	.actors = {{"writer", replace}, {"reader", look}},
	.setup = setup,
	.check = pair_fits,
	.teardown = teardown,
	.observe = {"count", "misfit"},
	.expect = {.bug = SNARL_ASSERTION},
};

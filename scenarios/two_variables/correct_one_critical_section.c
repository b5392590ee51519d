/*
 * two_variables/correct_one_critical_section: pointer and length are changed and read together.
 *
 * The writer holds the lock as long as the two do not match, so that nobody sees them then. The
 * reader holds it from the first read to the second.
 *
 *   numbers count   writer                    reader
 *     many    4     lock
 *     few     4     numbers = few             lock: waits
 *     few     2     count = 2
 *     few     2     unlock
 *     few     2                               reads few and 2, unlock
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
	SNARL_POINT("replace/between");
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
	SNARL_POINT("look/between");
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
	.summary = "a pointer and its length, changed and read in one critical section",
	.refs = "CWE-362, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct shared),
	.actors = {{"writer", replace}, {"reader", look}},
	.setup = setup,
	.check = pair_fits,
	.teardown = teardown,
	.observe = {"count", "misfit"},
	.expect = {.bug = SNARL_NO_BUG},
};

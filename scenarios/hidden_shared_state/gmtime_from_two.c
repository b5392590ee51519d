/*
 * hidden_shared_state/gmtime_from_two: gmtime returns a pointer to a variable of the C library.
 *
 * The process has only one such date, and each call overwrites it, even while another thread still
 * reads the result of an earlier call.
 *
 *   the date   alice                               bob
 *   1970       gmtime(0)
 *   2001                                           gmtime(1000000000)
 *   2001       notes the year of the date: 2001
 *   2001                                           notes the year of the date: 2001
 */
#include <pthread.h>
#include <time.h>
#include <snarl.h>

enum { DATES = 2 /* of each actor */ };

struct shared {
	pthread_mutex_t lock;
	int years[2 * DATES]; /* since 1900, in order of arrival: under lock */
	int count;	      /* of years: under lock */
};

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_mutex_init(&shared->lock, NULL);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_mutex_destroy(&shared->lock);
}

static void note_year(struct shared *shared, time_t moment)
{
	const struct tm *date = gmtime(&moment);

	SNARL_POINT("note/got_date");
	pthread_mutex_lock(&shared->lock);
	shared->years[shared->count++] = date->tm_year;
	pthread_mutex_unlock(&shared->lock);
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	for (int i = 0; i < DATES; i++)
		note_year(state, 0);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	for (int i = 0; i < DATES; i++)
		note_year(state, 1000000000);
}

static void own_years(void *state)
{
	struct shared *shared = state;
	int sum = 0;

	for (int i = 0; i < 2 * DATES; i++)
		sum += shared->years[i];
	snarl_expect_eq(SNARL_OVERWRITE, sum, DATES * (70 + 101), "sum");
}

const struct snarl_scenario scenario = {
	.summary = "two threads convert times with gmtime, which has a static variable",
	.refs = "CWE-663, CERT CON33-C, TLPI 10.2",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = own_years,
	.teardown = teardown,
	.observe = {"years", "count"},
	.expect = {.bug = SNARL_OVERWRITE, .race_in = "note_year"},
};

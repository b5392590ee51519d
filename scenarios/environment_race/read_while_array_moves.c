/*
 * environment_race/read_while_array_moves: an actor reads the environment while another changes it.
 *
 * The environment is an array of pointers, and unsetenv closes the gap that a variable leaves.
 * getenv takes no lock. A variable that moves down past a reader's place in the array is not found,
 * although it is set the whole time.
 *
 *   array                reader                           remover
 *   GOES_1 STAYS_1       looks for STAYS_1
 *   GOES_1 STAYS_1       slot 0: GOES_1, another one
 *   STAYS_1                                               unsetenv(GOES_1): moves STAYS_1 down
 *   STAYS_1              slot 1: the end, not found
 */
#include "neighbours.h"

static bool is_set(struct shared *shared, const char *name)
{
	(void)shared;
	SNARL_POINT("is_set/before");
	return getenv(name);
}

static void drop(struct shared *shared, const char *name)
{
	(void)shared;
	SNARL_POINT("drop/before");
	unsetenv(name);
}

const struct snarl_scenario scenario = {
	.summary = "getenv in one thread while unsetenv in another moves the array of variables",
	.refs = "CWE-820, CERT CON33-C, CERT ENV30-C, TLPI 6.7",
	.state_size = sizeof(struct shared),
	.actors = {{"reader", look_up}, {"remover", drop_all}},
	.setup = setup,
	.check = none_missing,
	.teardown = teardown,
	.observe = {"missing"},
	.expect = {.bug = SNARL_STALE_READ,
		.race_in = "is_set",
		/* no data race: TSan does not see the C library's own accesses */
		.tsan = {.bug = SNARL_STALE_READ}},
};

/*
 * environment_race/correct_one_mutex: an actor checks and sets the variable under one mutex.
 *
 * The C library has no lock that a program could hold from getenv to setenv, so the program needs
 * its own, and every access to the environment has to be under it.
 *
 *   ACCOUNT_OWNER   alice                      bob
 *         -         lock, getenv: NULL
 *         -                                    lock: waits for alice
 *       alice       setenv: she is the owner
 *       alice       unlock
 *       alice                                  getenv: alice, unlock
 */
#include "common.h"

static bool claim(struct shared *shared, const char *name)
{
	bool claimed;

	pthread_mutex_lock(&shared->lock);
	claimed = !getenv(VARIABLE);
	SNARL_POINT("claim/checked");
	if (claimed)
		setenv(VARIABLE, name, 1);
	pthread_mutex_unlock(&shared->lock);
	return claimed;
}

const struct snarl_scenario scenario = {
	.summary = "getenv and setenv by two threads under one mutex",
	.refs = "CWE-362, CERT CON33-C, TLPI 6.7",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = one_owner,
	.teardown = teardown,
	.observe = {"alice", "bob"},
	.expect = {.bug = SNARL_NO_BUG},
};

/*
 * environment_race/check_then_set: an actor sets a variable that it found missing.
 *
 * setenv excludes other calls of setenv, but nothing excludes the other actor between getenv and
 * setenv. Both find the variable missing, both set it, and the second value replaces the first.
 *
 *   ACCOUNT_OWNER   alice                      bob
 *         -         getenv: NULL
 *         -                                    getenv: NULL
 *       alice       setenv: she is the owner
 *        bob                                   setenv: so is he
 */
#include "common.h"

static bool claim(struct shared *shared, const char *name)
{
	(void)shared;
	if (getenv(VARIABLE))
		return false;
	SNARL_POINT("claim/missing");
	return setenv(VARIABLE, name, 1) == 0;
}

const struct snarl_scenario scenario = {
	.summary = "getenv, then setenv, by two threads that both find the variable missing",
	.refs = "CWE-367, CERT ENV30-C, CERT CON33-C, TLPI 6.7",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = one_owner,
	.teardown = teardown,
	.observe = {"alice", "bob"},
	.expect = {.bug = SNARL_DUPLICATE_ITEM},
};

/*
 * NAME.c - two actors deposit into one account, and a check says what must hold afterwards.
 *
 *   snarl run ./NAME.c
 *
 * As it is, the check fails: a deposit is lost. Make it your own in three steps.
 */
#include <snarl.h>

/* 1. What the actors share. It is zero before each execution; use .setup for more. */
struct state {
	long balance;
};

/*
 * 2. What they do, one function each: call your own code here. Every engine runs them at the same
 *    time, and explore tries every order of their steps.
 */
static void deposit(struct state *account, long amount)
{
	long balance = account->balance; /* another actor may deposit between here */

	account->balance = balance + amount; /* and here: then that deposit is lost */
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	deposit(state, 10);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	deposit(state, 5);
}

/* 3. What must hold when all actors are done: call snarl_expect_eq or snarl_fail, see snarl.h. */
static void nothing_is_lost(void *state)
{
	const struct state *account = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, account->balance, 15, "balance");
}

const struct snarl_scenario scenario = {
	.summary = "two deposits into one account",
	.state_size = sizeof(struct state),
	.actors = {{"alice", alice}, {"bob", bob}},
	.check = nothing_is_lost,
	.observe = {"balance"},
};

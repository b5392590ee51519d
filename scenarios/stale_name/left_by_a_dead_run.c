/*
 * stale_name/left_by_a_dead_run: the client uses an old object that has the server's name.
 *
 * A previous run has died and left its object behind, which looks ready to be used. The server
 * removes it and makes another, but a client that came before has the old one. The two hold
 * different objects under the same name.
 *
 *   server                              client
 *                                       shm_open: the old one, and it is ready
 *   shm_unlink, shm_open O_EXCL
 *   make it                             items[0] = client#1, post full
 *   wait for full: forever              (exits)
 */
#include "leftover.h"

static bool is_ours(struct box *box, const struct meeting *meeting)
{
	(void)meeting;
	return atomic_load(&box->run);
}

const struct snarl_scenario scenario = {
	.summary = "a name left by a dead run, and a client that opens the old object",
	.refs = "shm_open(3); TLPI 51.1, 54.4; UNPv2 13.4; CWE-459, CWE-367",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", serve}, {"client", ask}},
	.setup = leftover_setup,
	.check = every_item_once,
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};

/*
 * stale_name/correct_run_number: the client checks which run the object belongs to.
 *
 * A previous run has died and left its object behind, which looks ready to be used. The server
 * removes it and makes another. A client that comes in between finds an object of another run and
 * tries again; it creates none itself.
 *
 *   server                              client
 *                                       shm_open: the old one
 *                                       its run is 1, not 2: tries again
 *   shm_unlink, shm_open O_EXCL
 *   make it, run = 2
 *                                       shm_open: the new one, its run is 2
 *   wait for full                       items[0] = client#1, post full
 */
#include "leftover.h"

static bool is_ours(struct box *box, const struct meeting *meeting)
{
	return atomic_load(&box->run) == meeting->run;
}

const struct snarl_scenario scenario = {
	.summary = "a name left by a dead run, and objects that store the number of their run",
	.refs = "shm_open(3), shm_unlink(3); TLPI 51.1, 54.4; UNPv2 13.4",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", serve}, {"client", ask}},
	.setup = leftover_setup,
	.check = every_item_once,
};

/*
 * inherited_descriptor/closed_and_reused: a descriptor number is reused before it is written to.
 *
 * close frees the number, and the next descriptor that is opened gets it. A thread that still holds
 * the old number notices nothing: the number is valid, and the bytes go to another peer.
 *
 *   announcer                       operator
 *   looks up alice: 6
 *                                   close(6)
 *                                   dup(8): 6, carol's from now on
 *   write(6): carol hears it
 */
#include <snarl.h>

#include "wires.h"

struct exchange {
	int wires[CALLERS][2]; /* reading, writing; r/o after setup */
	int alice;	       /* r/o after setup */
	int carol;	       /* the operator's only */
	char room[ROOM];
};

static void announce(struct exchange *exchange)
{
	int number = exchange->alice;

	SNARL_POINT("announce/looked_up");
	wire_write(number, "alice");
}

static void hang_up(struct exchange *exchange)
{
	close(exchange->alice);
}

#include "actors.h"

const struct snarl_scenario scenario = {
	.summary = "a descriptor closed and reused while another thread still writes to it",
	.refs = "close(2), dup(2); CWE-910, CWE-1341; CERT FIO46-C; TLPI 5.4, 29.1",
	.state_size = sizeof(struct exchange),
	.actors = {{"announcer", announcer},
		{
			"operator",
			operator} },
		.setup = wires_open, .check = nothing_for_carol,
		.expect = {.bug = SNARL_TORN_MESSAGE,
			.race_in = "hang_up",
			.tsan = {.bug = SNARL_DATA_RACE | SNARL_TORN_MESSAGE},
			/* no data race: a descriptor is not memory of the program */
			.explore = {.bug = SNARL_TORN_MESSAGE}},
	};

/* common.h - what the variants have in common: two ports, and the ledger. */
#ifndef SCENARIOS_PORT_MESSAGE_COMMON_H
#define SCENARIOS_PORT_MESSAGE_COMMON_H

#include <snarl.h>

#include "port.h"

enum { MESSAGES = 3 };

struct tasks {
	unsigned long sent[PORTS]; /* messages to each port; written by its one sender only */
};

static void tasks_setup(void *state)
{
	int error = ports_make();

	(void)state;
	if (error)
		snarl_skip("no message queue: %s", strerror(error));
}

static void tasks_teardown(void *state)
{
	(void)state;
	ports_destroy();
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif

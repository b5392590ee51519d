/*
 * mutual.h - two tasks send each other more messages than a port's queue holds. Each variant says
 * when they receive them.
 */
#ifndef SCENARIOS_PORT_MESSAGE_MUTUAL_H
#define SCENARIOS_PORT_MESSAGE_MUTUAL_H

#include <snarl.h>

#include "common.h"
#include "port.h"

enum { ALICE, BOB }; /* ports, each named after its receiver */

struct message {
	struct port_header header;
	snarl_item item;
};

struct task {
	int me;
	struct tasks *tasks;
	struct port_task ports;
	struct snarl_actor *actor;
};

static void exchange(struct task *task);

static void tell(struct task *task)
{
	int to = !task->me;
	struct message message = {{to, PORT_NONE, 0, sizeof message}, snarl_item_next(task->actor)};

	snarl_ledger_put(task->actor, message.item, -1);
	if (port_send(&task->ports, &message.header) == PORT_SUCCESS)
		task->tasks->sent[to]++;
}

static void hear(struct task *task)
{
	struct message message;

	if (port_receive(&task->ports, task->me, &message.header, sizeof message,
		    PORT_DESTROY_LARGE) == PORT_SUCCESS)
		snarl_ledger_take(task->actor, message.item, -1);
}

static void task_run(void *state, int me, struct snarl_actor *self)
{
	struct task task = {.me = me, .tasks = state, .actor = self};

	port_task_begin(&task.ports);
	if (port_insert(&task.ports, me, PORT_RECEIVE) && port_insert(&task.ports, !me, PORT_SEND))
		exchange(&task);
	port_task_end(&task.ports);
}

static void alice(void *state, struct snarl_actor *self)
{
	task_run(state, ALICE, self);
}

static void bob(void *state, struct snarl_actor *self)
{
	task_run(state, BOB, self);
}

#endif

/*
 * request.h - a client sends a server a request and waits for the answer, several times; at last it
 * says goodbye. Each variant says what the client's request contains.
 */
#ifndef SCENARIOS_PORT_MESSAGE_REQUEST_H
#define SCENARIOS_PORT_MESSAGE_REQUEST_H

#include <snarl.h>
#include <stdbool.h>

#include "common.h"
#include "port.h"

enum { SERVICE, CLIENT };      /* ports */
enum { ASK, ANSWER, GOODBYE }; /* ids */

struct request {
	struct port_header header;
	snarl_item item; /* comes back in the answer */
};

static struct request request_make(snarl_item item);

static void ask(void *state, struct snarl_actor *self)
{
	struct request goodbye = {{SERVICE, PORT_NONE, GOODBYE, sizeof goodbye}, 0};
	struct tasks *tasks = state;
	struct port_task task;
	bool ready;

	port_task_begin(&task);
	ready = port_insert(&task, SERVICE, PORT_SEND) && port_insert(&task, CLIENT, PORT_RECEIVE);
	for (int i = 0; ready && i < MESSAGES; i++) {
		struct request request = request_make(snarl_item_next(self));

		snarl_ledger_put(self, request.item, -1);
		tasks->sent[SERVICE]++;
		if (port_send(&task, &request.header) != PORT_SUCCESS ||
			port_receive(&task, CLIENT, &request.header, sizeof request,
				PORT_DESTROY_LARGE) != PORT_SUCCESS)
			break;
		snarl_ledger_take(self, request.item, -1);
	}
	port_send(&task, &goodbye.header);
	port_task_end(&task);
}

static void serve(void *state, struct snarl_actor *self)
{
	struct tasks *tasks = state;
	struct request request;
	struct port_task task;

	(void)self;
	port_task_begin(&task);
	port_insert(&task, SERVICE, PORT_RECEIVE);
	while (port_receive(&task, SERVICE, &request.header, sizeof request, PORT_DESTROY_LARGE) ==
			PORT_SUCCESS &&
		request.header.id == ASK) {
		request.header.destination = request.header.reply;
		request.header.reply = PORT_NONE;
		request.header.id = ANSWER;
		SNARL_POINT("serve/answering");
		/* A failed send is the client's problem, not the server's. */
		if (port_send(&task, &request.header) == PORT_SUCCESS)
			tasks->sent[CLIENT]++;
	}
	port_task_end(&task);
}

#endif

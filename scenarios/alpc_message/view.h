/*
 * view.h - one large message, which the server uses when the client may already be dead. Each
 * variant says where the server has the words by then.
 */
#ifndef SCENARIOS_ALPC_MESSAGE_VIEW_H
#define SCENARIOS_ALPC_MESSAGE_VIEW_H

#include <snarl.h>

#include "common.h"

/* Where the words received can be read later; `own` is the server's own memory. */
static const uint32_t *words_keep(const uint32_t *view, uint32_t own[ALPC_LARGE]);

static void client_run(struct alpc_port *port, struct snarl_actor *self)
{
	struct alpc_message message = {.count = ALPC_LARGE};
	snarl_item item = snarl_item_next(self);
	uint32_t *view;
	int section = alpc_section(&view);

	if (section < 0)
		return;
	words_fill(view, ALPC_LARGE, item);
	snarl_ledger_put(self, item, -1);
	if (alpc_send(port, &message, section)) {
		message.count = 0;
		SNARL_POINT("send/sent");
		if (alpc_send(port, &message, -1))
			alpc_receive(port, &message);
	}
	munmap(view, ALPC_LARGE * sizeof *view);
	close(section);
}

/* The server starts work at the second message, or when the client has gone. */
static void server_run(struct alpc_port *port, struct snarl_actor *self)
{
	struct alpc_message message, go;
	uint32_t own[ALPC_LARGE];
	const uint32_t *words;

	if (!alpc_receive(port, &message) || !port->view)
		return;
	words = words_keep(port->view, own);
	alpc_receive(port, &go);
	SNARL_POINT("serve/working");
	item_take(words, ALPC_LARGE, self);
	alpc_send(port, &message, -1);
}

#endif

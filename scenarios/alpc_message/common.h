/*
 * common.h - a client sends messages of growing length to a server: small ones in the message,
 * large ones in a section. All words of a message are the same item, and the server replies once it
 * has taken it. Each variant says how the client sends and how the server receives.
 */
#ifndef SCENARIOS_ALPC_MESSAGE_COMMON_H
#define SCENARIOS_ALPC_MESSAGE_COMMON_H

#include <snarl.h>

#include "alpc.h"

struct meeting {
	const char *path; /* of the connection port; r/o after setup */
	int connection;	  /* that port, the server's; r/o after setup */
};

/* Lengths in words: at the limit of small ones, just beyond it, and large. */
static const uint32_t lengths[] __attribute__((unused)) = {ALPC_SMALL, ALPC_SMALL + 1, ALPC_LARGE};
enum { MESSAGES = sizeof lengths / sizeof *lengths };

/* The client's and the server's part, over a connected port. */
static void client_run(struct alpc_port *port, struct snarl_actor *self);
static void server_run(struct alpc_port *port, struct snarl_actor *self);

/* A message whose words differ is logged as an item that nobody put. */
static inline void item_take(const uint32_t *words, uint32_t count, struct snarl_actor *self)
{
	snarl_item item = words[0];

	for (uint32_t w = 1; w < count; w++)
		if (words[w] != item)
			item = UINT32_MAX;
	snarl_ledger_take(self, item, -1);
}

static inline void words_fill(uint32_t *words, uint32_t count, snarl_item item)
{
	for (uint32_t w = 0; w < count; w++)
		words[w] = item;
}

static void ask(void *state, struct snarl_actor *self)
{
	struct meeting *meeting = state;
	struct alpc_port port;

	close(meeting->connection);
	if (alpc_connect(&port, meeting->path))
		client_run(&port, self);
	alpc_close(&port);
}

static void serve(void *state, struct snarl_actor *self)
{
	struct meeting *meeting = state;
	struct alpc_port port;

	if (alpc_accept(&port, meeting->connection))
		server_run(&port, self);
	close(meeting->connection);
	alpc_close(&port);
}

static void port_create(void *state)
{
	struct meeting *meeting = state;

	meeting->path = snarl_path("port");
	meeting->connection = alpc_create(meeting->path);
	if (meeting->connection < 0)
		snarl_skip("no socket of packets: %s", strerror(errno));
}

static void port_close(void *state)
{
	struct meeting *meeting = state;

	close(meeting->connection);
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif

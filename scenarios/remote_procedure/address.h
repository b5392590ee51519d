/*
 * address.h - a bank whose address the clients know. Each variant defines its server, and says when
 * a client that got no answer calls again.
 */
#ifndef SCENARIOS_REMOTE_PROCEDURE_ADDRESS_H
#define SCENARIOS_REMOTE_PROCEDURE_ADDRESS_H

#include <pthread.h>
#include <snarl.h>

#include "common.h"

struct bank {
	int socket, clients[2]; /* r/o after setup, as is the address */
	struct sockaddr_in address;
	pthread_mutex_t lock; /* shared between processes */
	int balance;	      /* under lock in correct_locked_state */
};

static const struct timeval again; /* time without an answer after which a client calls again */

static void client(void *state, struct snarl_actor *self)
{
	struct bank *bank = state;
	int socket = RPC_ANYSOCK;
	CLIENT *client;

	close(bank->socket);
	client = clntudp_create(&bank->address, PROGRAM, VERSION, again, &socket);
	if (!client)
		return;
	deposit_all(client, again, self);
	clnt_destroy(client);
}

/* One call wakes both of two servers: the one that comes late must not wait for the next. */
static void bank_open(void *state)
{
	struct bank *bank = state;
	pthread_mutexattr_t attributes;

	if (!socket_bind(&bank->socket, &bank->address) || pipe(bank->clients) != 0 ||
		fcntl(bank->socket, F_SETFL, O_NONBLOCK) != 0)
		snarl_skip("no UDP on 127.0.0.1: %s", strerror(errno));
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&bank->lock, &attributes);
}

static void bank_left_to_actors(void *state)
{
	struct bank *bank = state;

	close(bank->socket);
	close(bank->clients[0]);
	close(bank->clients[1]);
}

static void bank_close(void *state)
{
	struct bank *bank = state;

	pthread_mutex_destroy(&bank->lock);
}

#endif

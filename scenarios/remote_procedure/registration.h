/*
 * registration.h - one client, and a server for whose port it asks the matchmaker. The server had a
 * run before this one, which was killed. Each variant says how the server registers itself.
 */
#ifndef SCENARIOS_REMOTE_PROCEDURE_REGISTRATION_H
#define SCENARIOS_REMOTE_PROCEDURE_REGISTRATION_H

#include "common.h"
#include "matchmaker.h"

struct bank {
	pid_t matchmaker; /* all r/o after setup */
	int clients[2], ready[2];
};

/* Register the port of the server with the matchmaker; return false if that fails. */
static bool server_register(SVCXPRT *transport);

static void deposit(struct server *server, snarl_item item)
{
	snarl_ledger_take(server->self, item, -1);
}

static void server(void *state, struct snarl_actor *self)
{
	struct bank *bank = state;
	struct sockaddr_in address;
	SVCXPRT *transport;
	int socket;

	close(bank->clients[1]);
	if (!matchmaker_enter(bank->matchmaker) || !socket_bind(&socket, &address))
		return;
	transport = svcudp_create(socket);
	server_here = (struct server){bank, self};
	if (!transport || !server_register(transport))
		return;
	close(bank->ready[1]);
	serve(socket, bank->clients[0]);
}

static void client(void *state, struct snarl_actor *self)
{
	struct bank *bank = state;
	struct sockaddr_in address = {.sin_family = AF_INET}; /* port 0: the matchmaker is asked */
	struct timeval again = {.tv_sec = 1};
	int socket = RPC_ANYSOCK;
	CLIENT *client;
	char end;

	close(bank->ready[1]);
	/* Wait until the server is ready: then nobody has the other end any more. */
	while (read(bank->ready[0], &end, 1) < 0 && errno == EINTR)
		;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!matchmaker_enter(bank->matchmaker))
		return;
	client = clntudp_create(&address, PROGRAM, VERSION, again, &socket);
	if (!client)
		return;
	deposit_all(client, again, self);
	clnt_destroy(client);
}

/* The last run of the server: it registers itself, and is killed before it can undo that. */
static bool last_run(void)
{
	struct sockaddr_in address;
	int socket;

	return socket_bind(&socket, &address) &&
	       pmap_set(PROGRAM, VERSION, IPPROTO_UDP, ntohs(address.sin_port));
}

static void bank_open(void *state)
{
	struct bank *bank = state;

	bank->matchmaker = matchmaker_start();
	if (!matchmaker_visit(bank->matchmaker, last_run) || pipe(bank->clients) != 0 ||
		pipe(bank->ready) != 0)
		snarl_skip("no RPC on 127.0.0.1: %s", strerror(errno));
}

static void bank_left_to_actors(void *state)
{
	struct bank *bank = state;

	close(bank->clients[0]);
	close(bank->clients[1]);
	close(bank->ready[0]);
	close(bank->ready[1]);
}

static void every_deposit_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

static void bank_close(void *state)
{
	struct bank *bank = state;

	matchmaker_stop(bank->matchmaker);
}

#endif

/*
 * common.h - clients make deposits at a server by ONC RPC over UDP. The server serves for as long
 * as a client has its end of the pipe `clients`. What the server needs to know of itself is global,
 * because libtirpc passes nothing on to a procedure. Each variant says what a deposit does, and how
 * the server starts.
 */
#ifndef SCENARIOS_REMOTE_PROCEDURE_COMMON_H
#define SCENARIOS_REMOTE_PROCEDURE_COMMON_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <rpc/rpc.h>
#include <rpc/svc_dg.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A program number of our own: the range is left to users. */
enum { PROGRAM = 0x20000aad, VERSION = 1, DEPOSIT = 1, DEPOSITS = 3, BYTES = 400 };

static struct server {
	struct bank *bank;
	struct snarl_actor *self;
} server_here;

/* Run the procedure. */
static void deposit(struct server *server, snarl_item item);

/* An item has 32 bits, and so has u_int wherever there is libtirpc. */
static bool_t item_xdr(XDR *xdr, snarl_item *item)
{
	return xdr_u_int(xdr, item);
}

static void dispatch(struct svc_req *request, SVCXPRT *transport)
{
	snarl_item item;

	if (request->rq_proc == NULLPROC) {
		svc_sendreply(transport, (xdrproc_t)xdr_void, NULL);
	} else if (request->rq_proc != DEPOSIT) {
		svcerr_noproc(transport);
	} else if (!svc_getargs(transport, (xdrproc_t)item_xdr, &item)) {
		svcerr_decode(transport);
	} else {
		deposit(&server_here, item);
		svc_sendreply(transport, (xdrproc_t)xdr_void, NULL);
	}
}

/* Serve the calls that arrive at the socket until no client is left. */
static void serve(int socket, int clients)
{
	struct pollfd polled[] = {{.fd = socket, .events = POLLIN}, {.fd = clients}};

	for (;;) {
		int got = poll(polled, 2, -1);

		if (got < 0 && errno != EINTR)
			return;
		if (got > 0 && polled[0].revents)
			svc_getreq_poll(polled, 1);
		else if (got > 0 && polled[1].revents)
			return;
	}
}

/* Make all deposits, with one call per deposit. */
static void deposit_all(CLIENT *client, struct timeval again, struct snarl_actor *self)
{
	struct timeval patience = {.tv_sec = 10};

	clnt_control(client, CLSET_RETRY_TIMEOUT, (char *)&again);
	for (int d = 0; d < DEPOSITS; d++) {
		snarl_item item = snarl_item_next(self);

		snarl_ledger_put(self, item, -1);
		if (clnt_call(client, DEPOSIT, (xdrproc_t)item_xdr, (char *)&item,
			    (xdrproc_t)xdr_void, NULL, patience) != RPC_SUCCESS)
			return;
	}
}

/* Make a UDP socket on 127.0.0.1, at a port that the system chooses. */
static bool socket_bind(int *descriptor, struct sockaddr_in *address)
{
	socklen_t size = sizeof *address;

	*address = (struct sockaddr_in){.sin_family = AF_INET};
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*descriptor = socket(AF_INET, SOCK_DGRAM, 0);
	return *descriptor >= 0 && bind(*descriptor, (struct sockaddr *)address, size) == 0 &&
	       getsockname(*descriptor, (struct sockaddr *)address, &size) == 0;
}

#endif

/*
 * alpc.h - messages like those of Windows' ALPC (advanced local procedure call), built from what
 * Linux has. ALPC itself does not exist here; this reproduces what matters to its users:
 *
 *   ALPC                                here
 *   connection port with a name         listening SOCK_SEQPACKET socket with a path
 *   pair of communication ports         what accept and connect return
 *   small message, copied through       words in the message, at most ALPC_SMALL: what is sent
 *   the port                            beyond that is cut off, as for a buffer that is too small
 *   data view of a section, passed      memfd, passed with the message by SCM_RIGHTS, mapped by
 *   with a message                      the receiver
 *   views end with the connection       the same: once the peer has gone, the next receive fails
 *                                       and unmaps the view that came through the port
 *
 * Nothing controls which side may use a section at what time: as in ALPC, the two have to agree.
 */
#ifndef SCENARIOS_ALPC_MESSAGE_ALPC_H
#define SCENARIOS_ALPC_MESSAGE_ALPC_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ALPC_SMALL = 4, ALPC_LARGE = 16 }; /* words of a message, and of a section */

struct alpc_message {
	uint32_t count; /* words of the data, wherever they are */
	uint32_t small[ALPC_SMALL];
};

/* A port connected to the peer, with the last view that came through it. */
struct alpc_port {
	int socket;
	uint32_t *view; /* NULL: none */
};

/* Make the connection port; -1: errno says why. */
static inline int alpc_create(const char *path)
{
	int port = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	if (port >= 0 && bind(port, (struct sockaddr *)&address, sizeof address) == 0 &&
		listen(port, 1) == 0)
		return port;
	if (port >= 0)
		close(port);
	return -1;
}

/* Wait for a client; true if one has connected. */
static inline bool alpc_accept(struct alpc_port *port, int connection)
{
	*port = (struct alpc_port){-1, NULL};
	do
		port->socket = accept(connection, NULL, NULL);
	while (port->socket < 0 && (errno == EINTR || errno == ECONNABORTED));
	return port->socket >= 0;
}

static inline bool alpc_connect(struct alpc_port *port, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int answer;

	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	*port = (struct alpc_port){socket(AF_UNIX, SOCK_SEQPACKET, 0), NULL};
	do
		answer = connect(port->socket, (struct sockaddr *)&address, sizeof address);
	while (answer != 0 && errno == EINTR);
	return answer == 0;
}

/* A section of ALPC_LARGE words, mapped at `view`; its descriptor, or -1. */
static inline int alpc_section(uint32_t **view)
{
	size_t size = ALPC_LARGE * sizeof **view;
	int section = memfd_create("section", 0);

	*view = MAP_FAILED;
	if (section >= 0 && ftruncate(section, (off_t)size) == 0)
		*view = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, section, 0);
	if (*view != MAP_FAILED)
		return section;
	if (section >= 0)
		close(section);
	return -1;
}

/* Send a message, with a section unless that is -1; true if it was sent. */
static inline bool alpc_send(struct alpc_port *port, struct alpc_message *message, int section)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof section)] = {0};
	struct iovec part = {message, sizeof *message};
	struct msghdr whole = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t sent;

	if (section >= 0) {
		struct cmsghdr *rights = (struct cmsghdr *)control;

		whole.msg_control = control;
		whole.msg_controllen = sizeof control;
		*rights = (struct cmsghdr){CMSG_LEN(sizeof section), SOL_SOCKET, SCM_RIGHTS};
		memcpy(CMSG_DATA(rights), &section, sizeof section);
	}
	do
		sent = sendmsg(port->socket, &whole, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == sizeof *message;
}

static inline void alpc_view_end(struct alpc_port *port)
{
	if (port->view)
		munmap(port->view, ALPC_LARGE * sizeof *port->view);
	port->view = NULL;
}

/*
 * Receive a message; a section that comes with it is mapped at port->view and replaces the previous
 * one. False: the peer has gone, and the port's view is unmapped.
 */
static inline bool alpc_receive(struct alpc_port *port, struct alpc_message *message)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec part = {message, sizeof *message};
	struct msghdr whole = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control};
	struct cmsghdr *rights;
	ssize_t got;

	do
		got = recvmsg(port->socket, &whole, 0);
	while (got < 0 && errno == EINTR);
	rights = got > 0 ? CMSG_FIRSTHDR(&whole) : NULL;
	if (rights || got <= 0)
		alpc_view_end(port);
	if (rights) {
		size_t size = ALPC_LARGE * sizeof *port->view;
		int section;

		memcpy(&section, CMSG_DATA(rights), sizeof section);
		port->view = mmap(NULL, size, PROT_READ, MAP_SHARED, section, 0);
		close(section);
		if (port->view == MAP_FAILED)
			port->view = NULL;
		return port->view;
	}
	return got == sizeof *message;
}

static inline void alpc_close(struct alpc_port *port)
{
	alpc_view_end(port);
	if (port->socket >= 0)
		close(port->socket);
	port->socket = -1;
}

#endif

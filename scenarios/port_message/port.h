/*
 * port.h - Mach's ports, on Linux. Mach itself is not here: this reproduces the semantics of its
 * messages with POSIX message queues, as far as the mistakes of the variants need them.
 *
 * A port is a queue of messages in the kernel, with a limit. A task needs a right to use it: one
 * task may receive, many may send. A message begins with a header that names the port it goes to
 * and, if an answer is wanted, the port for the answer; the receiver gets the right to send there.
 *
 *   here                       Mach
 *   destination, reply         msgh_remote_port, msgh_local_port
 *   the right with `reply`     MACH_MSG_TYPE_MAKE_SEND
 *   a sender to a full port    is blocked, unless MACH_SEND_TIMEOUT
 *   PORT_NO_RIGHT              MACH_SEND_INVALID_DEST
 *   PORT_TOO_LARGE             MACH_RCV_TOO_LARGE: the message is destroyed
 *   PORT_KEEP_LARGE            MACH_RCV_LARGE: it stays, and the header says how large it is
 *
 * Differences from Mach: a port has the same name in all tasks, nothing checks that only one task
 * asks for the right to receive, and memory is only passed as a copy.
 */
#ifndef SCENARIOS_PORT_MESSAGE_PORT_H
#define SCENARIOS_PORT_MESSAGE_PORT_H

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>

enum { PORT_NONE = -1, PORTS = 2, PORT_LIMIT = 2, PORT_BYTES_MAX = 64 };
enum port_right { PORT_RECEIVE, PORT_SEND, PORT_RIGHTS };
enum port_option { PORT_DESTROY_LARGE, PORT_KEEP_LARGE };
enum port_result { PORT_SUCCESS, PORT_NO_RIGHT, PORT_TOO_LARGE, PORT_FAILED };

struct port_header {
	int destination, reply; /* ports; `reply` may be PORT_NONE */
	int id;			/* kind of message, as the two tasks have agreed */
	unsigned size;		/* bytes, including this header */
};

/* The rights of a task; in its own memory. */
struct port_task {
	mqd_t rights[PORTS][PORT_RIGHTS]; /* -1: not held */
	unsigned kept;			  /* bytes of a message that was too large; 0: none */
	char message[PORT_BYTES_MAX];	  /* the last received */
};

static inline const char *port_name(int port)
{
	return snarl_name(port ? "port-b" : "port-a");
}

/* Make all ports, in the set-up; return 0 or an errno. */
static inline int ports_make(void)
{
	struct mq_attr attributes = {.mq_maxmsg = PORT_LIMIT, .mq_msgsize = PORT_BYTES_MAX};

	for (int port = 0; port < PORTS; port++) {
		mqd_t queue =
			mq_open(port_name(port), O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);

		if (queue < 0)
			return errno;
		mq_close(queue);
	}
	return 0;
}

static inline void ports_destroy(void)
{
	for (int port = 0; port < PORTS; port++)
		mq_unlink(port_name(port));
}

static inline void port_task_begin(struct port_task *task)
{
	*task = (struct port_task){.kept = 0};
	for (int port = 0; port < PORTS; port++)
		task->rights[port][PORT_RECEIVE] = task->rights[port][PORT_SEND] = -1;
}

static inline void port_task_end(struct port_task *task)
{
	for (int port = 0; port < PORTS; port++)
		for (int right = 0; right < PORT_RIGHTS; right++)
			if (task->rights[port][right] >= 0)
				mq_close(task->rights[port][right]);
}

/* Give the task a right; return false if the system refuses. */
static inline bool port_insert(struct port_task *task, int port, enum port_right right)
{
	mqd_t *held = &task->rights[port][right];

	while (*held < 0) {
		*held = mq_open(port_name(port), right == PORT_SEND ? O_WRONLY : O_RDONLY);
		if (*held < 0 && errno != EINTR)
			return false;
	}
	return true;
}

/* Send the message, once there is room for it at its destination. */
static inline enum port_result port_send(struct port_task *task, const struct port_header *message)
{
	int to = message->destination;

	if (to < 0 || to >= PORTS || task->rights[to][PORT_SEND] < 0)
		return PORT_NO_RIGHT;
	while (mq_send(task->rights[to][PORT_SEND], (const char *)message, message->size, 0) != 0)
		if (errno != EINTR)
			return PORT_FAILED;
	return PORT_SUCCESS;
}

/* Receive the next message into `room` bytes, once there is one. */
static inline enum port_result port_receive(struct port_task *task, int port,
	struct port_header *message, size_t room, enum port_option option)
{
	mqd_t queue = task->rights[port][PORT_RECEIVE];
	ssize_t got = task->kept;

	if (queue < 0)
		return PORT_NO_RIGHT;
	while (got <= 0) {
		got = mq_receive(queue, task->message, sizeof task->message, NULL);
		if (got < (ssize_t)sizeof *message && (got >= 0 || errno != EINTR))
			return PORT_FAILED;
	}
	task->kept = 0;
	memcpy(message, task->message, sizeof *message);
	if ((size_t)got > room) {
		task->kept = option == PORT_KEEP_LARGE ? (unsigned)got : 0;
		return PORT_TOO_LARGE;
	}
	memcpy(message, task->message, (size_t)got);
	if (message->reply != PORT_NONE)
		port_insert(task, message->reply, PORT_SEND);
	return PORT_SUCCESS;
}

#endif

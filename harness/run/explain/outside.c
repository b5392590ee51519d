/* outside.c - waits that something other than the case's actors could end. */
#define _GNU_SOURCE
#include "outside.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "names.h"
#include "text.h"

enum { POLLED_MAX = 64, PATH_BYTES = 256 };

static const char elsewhere[] = "a process outside the case";

/* Whether a path is that of an object with a name of this case (case/names.h). */
static bool is_named_here(const char *path)
{
	static const char *const before[] = {"/snarl-", "/dev/shm/snarl-", "/dev/shm/sem.snarl-"};

	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (strncmp(path, before[i], strlen(before[i])) == 0 &&
			!strchr(path + strlen(before[i]), '/'))
			return true;
	return strstr(path, "/" NAMES_FOLDER);
}

static bool has_timeout(int socket, int option)
{
	struct timeval timeout = {0};
	socklen_t size = sizeof timeout;

	return getsockopt(socket, SOL_SOCKET, option, &timeout, &size) != 0 || timeout.tv_sec ||
	       timeout.tv_usec;
}

typedef int name_of(int socket, struct sockaddr *address, socklen_t *size);

/* Whether one end of a Unix socket has a name of this case. */
static bool end_is_named_here(int socket, name_of *get)
{
	struct sockaddr_un address = {0};
	socklen_t size = sizeof address - 1;

	return get(socket, (struct sockaddr *)&address, &size) == 0 &&
	       is_named_here(address.sun_path);
}

/* Whether the process that made the peer of a Unix socket is one of the tree. */
static bool peer_is_here(const struct process_tree *tree, int socket)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       process_tree_has(tree, peer.pid);
}

static const char *socket_ends(const struct process_tree *tree, int socket)
{
	int domain = AF_UNSPEC;
	socklen_t size = sizeof domain;

	if (has_timeout(socket, SO_RCVTIMEO) || has_timeout(socket, SO_SNDTIMEO))
		return "its timeout";
	if (getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_UNIX)
		return elsewhere;
	if (end_is_named_here(socket, getsockname) || end_is_named_here(socket, getpeername) ||
		peer_is_here(tree, socket))
		return NULL;
	return elsewhere;
}

struct same {
	const char *link;
};

static bool is_same(void *context, uint32_t tid, unsigned descriptor)
{
	const struct same *same = context;
	char *link = descriptor_link(tid, descriptor);
	bool equal = link && is(link, same->link);

	free(link);
	return equal;
}

/* What could end a wait at a descriptor whose link in /proc is this. */
static const char *link_ends(
	const struct process_tree *tree, uint32_t tid, unsigned descriptor, const char *link)
{
	struct same same = {link};
	const char *ends;
	int copy;

	if (strncmp(link, "pipe:", 5) == 0) /* one that snarl reads is the case's own events */
		return descriptors_find((uint32_t)getpid(), is_same, &same) ? elsewhere : NULL;
	if (is_named_here(link))
		return NULL;
	if (link[0] == '/')
		return elsewhere;
	if (strncmp(link, "socket:", 7) != 0)
		return "an event of the system";
	copy = descriptor_copy_of(process_tree_pid(tree, tid), descriptor);
	if (copy < 0)
		return elsewhere;
	ends = socket_ends(tree, copy);
	close(copy);
	return ends;
}

static const char *descriptor_ends(
	const struct process_tree *tree, uint32_t tid, unsigned descriptor)
{
	char *link = descriptor_link(tid, descriptor);
	const char *ends = link ? link_ends(tree, tid, descriptor, link) : elsewhere;

	free(link);
	return ends;
}

static bool memory_read(uint32_t tid, uint64_t address, void *to, size_t size)
{
	struct iovec here = {to, size}, there = {(void *)address, size};

	return process_vm_readv((pid_t)tid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

/* The descriptors of a poll; of those of an epoll nothing is known here. */
static const char *poll_ends(const struct process_tree *tree, uint32_t tid)
{
	struct pollfd polled[POLLED_MAX];
	struct system_call call;
	const char *ends = NULL;

	if (!thread_system_call(tid, &call) ||
		(call.number != SYS_ppoll
#ifdef SYS_poll
			&& call.number != SYS_poll
#endif
			) ||
		call.arguments[1] > POLLED_MAX ||
		!memory_read(tid, call.arguments[0], polled, call.arguments[1] * sizeof *polled))
		return "an event of the system";
	for (uint64_t i = 0; !ends && i < call.arguments[1]; i++)
		if (polled[i].fd >= 0)
			ends = descriptor_ends(tree, tid, (unsigned)polled[i].fd);
	return ends;
}

/* A call that opens waits for the other end of a FIFO. */
static const char *open_ends(uint32_t tid)
{
	char path[PATH_BYTES + 1] = "";
	struct system_call call;
	struct iovec here = {path, PATH_BYTES}, there;

	if (!thread_system_call(tid, &call) || call.number != SYS_openat)
		return elsewhere;
	there = (struct iovec){(void *)call.arguments[1], PATH_BYTES};
	if (process_vm_readv((pid_t)tid, &here, 1, &there, 1, 0) <= 0)
		return elsewhere;
	return is_named_here(path) ? NULL : elsewhere;
}

/* An object in memory: only a file under a name of its own is shared with other cases. */
static const char *object_ends(uint32_t tid, uint64_t object)
{
	char *file = mapping_file(tid, object);
	bool here = !file || !*file || is_named_here(file) || strncmp(file, "/memfd:", 7) == 0 ||
		    strncmp(file, "/dev/zero ", 10) == 0;

	free(file);
	return here ? NULL : elsewhere;
}

const char *outside_ends(const struct process_tree *tree, const struct activity_entry *entry,
	const struct activity_call *call)
{
	const char *wait = call->wait;

	if (is(wait, "join") || is(wait, "reap"))
		return NULL;
	if (is(wait, "acquire") || is(wait, "acquire_shared") || is(wait, "cond_wait") ||
		is(wait, "sem_wait") || is(wait, "barrier_wait") || is(wait, "once"))
		return object_ends(entry->tid, entry->object);
	if (is(wait, "send") || is(wait, "receive") || is(wait, "accept"))
		return descriptor_ends(tree, entry->tid, (unsigned)entry->object);
	if (is(wait, "poll"))
		return poll_ends(tree, entry->tid);
	if (is(wait, "open"))
		return open_ends(entry->tid);
	return is(wait, "sigwait") ? "a signal" : "time";
}

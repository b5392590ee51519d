/*
 * socket.c - sockets: pairs, and those of AF_UNIX and of the loopback interface, which are
 * connected by their addresses.
 *
 * Every call asks the system not to wait. Data sent to the loopback interface arrives before the
 * call returns, or soon after: the sender waits for that, so that a replay finds the data there as
 * well.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "address.h"
#include "descriptor.h"
#include "event.h"
#include "spin.h"
#include "custom.h"

enum {
	NS = 1000 * 1000 * 1000,
	US = 1000,
	ABSTRACT_BYTES = 32,
	ARRIVE_LOOKS = 1000,
	CONNECT_MS = 1000
};

int snarl_model_socketpair(int domain, int type, int protocol, int *ends);
int snarl_model_socket(int domain, int type, int protocol);
int snarl_model_bind(int descriptor, const struct sockaddr *address, socklen_t length);
int snarl_model_listen(int descriptor, int backlog);
int snarl_model_accept(int descriptor, struct sockaddr *address, socklen_t *length);
int snarl_model_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
int snarl_model_connect(int descriptor, const struct sockaddr *address, socklen_t length);
int snarl_model_shutdown(int descriptor, int how);
int snarl_model_getsockname(int descriptor, struct sockaddr *address, socklen_t *length);
int snarl_model_getsockopt(int descriptor, int level, int option, void *value, socklen_t *length);
int snarl_model_setsockopt(
	int descriptor, int level, int option, const void *value, socklen_t length);
ssize_t snarl_model_send(int descriptor, const void *bytes, size_t count, int flags);
ssize_t snarl_model_sendto(int descriptor, const void *bytes, size_t count, int flags,
	const struct sockaddr *address, socklen_t length);
ssize_t snarl_model_sendmsg(int descriptor, const struct msghdr *message, int flags);
ssize_t snarl_model_recv(int descriptor, void *bytes, size_t count, int flags);
ssize_t snarl_model_recvfrom(int descriptor, void *bytes, size_t count, int flags,
	struct sockaddr *address, socklen_t *length);
ssize_t snarl_model_recvmsg(int descriptor, struct msghdr *message, int flags);

static int option_of(int descriptor, int option)
{
	int value = 0;
	socklen_t length = sizeof value;

	getsockopt(descriptor, SOL_SOCKET, option, &value, &length);
	return value;
}

static bool is_local(int descriptor)
{
	return option_of(descriptor, SO_DOMAIN) == AF_UNIX;
}

static bool is_stream(int descriptor)
{
	return option_of(descriptor, SO_TYPE) == SOCK_STREAM;
}

static bool is_inet(int family)
{
	return family == AF_INET || family == AF_INET6;
}

/* The descriptors that a message carries; returns how many. */
static size_t rights_of(struct msghdr *message, const unsigned char **descriptors)
{
	struct cmsghdr *part = message->msg_controllen ? CMSG_FIRSTHDR(message) : NULL;

	while (part && (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS))
		part = CMSG_NXTHDR(message, part);
	if (!part || part->cmsg_len < CMSG_LEN(sizeof(int)))
		return 0;
	*descriptors = CMSG_DATA(part);
	return (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
}

/* The transfer just recorded carried descriptors: say of what. */
static void rights_traced(struct msghdr *message)
{
	const unsigned char *descriptors;
	size_t count = rights_of(message, &descriptors);
	int descriptor;

	if (!count || !scheduler.running || !scheduler.tracing)
		return;
	memcpy(&descriptor, descriptors, sizeof descriptor);
	trace_words(count == 1 ? "carries the descriptor of %s"
			       : "carries descriptors, the first of %s",
		descriptor_words(descriptor));
}

static void rights_sent(struct msghdr *message)
{
	const unsigned char *descriptors;
	size_t count = rights_of(message, &descriptors);
	int descriptor;

	for (size_t i = 0; i < count; i++) {
		memcpy(&descriptor, descriptors + i * sizeof descriptor, sizeof descriptor);
		descriptor_sent(descriptor);
	}
}

struct sought {
	const struct sockaddr *address;
	int type;
};

static bool is_sought(const struct file *file, const void *context)
{
	const struct sought *sought = context;
	const struct sockaddr_un *name = (const void *)&file->bound;

	if (file->bound.ss_family != sought->address->sa_family || file->type != sought->type)
		return false;
	/* All sockets are on one machine, which has one of each port. */
	if (is_inet(file->bound.ss_family))
		return ((const struct sockaddr_in *)&file->bound)->sin_port ==
		       ((const struct sockaddr_in *)sought->address)->sin_port;
	return memcmp(name->sun_path, ((const struct sockaddr_un *)sought->address)->sun_path,
		       name->sun_path[0] ? strlen(name->sun_path) + 1 : sizeof name->sun_path) == 0;
}

/* The file that is bound to an address; NULL: no known one. */
static struct file *file_bound(const struct sockaddr *address, socklen_t length, int type)
{
	struct sockaddr_storage whole = {0};
	const struct sought sought = {(const struct sockaddr *)&whole, type};

	memcpy(&whole, address, length < sizeof whole ? length : sizeof whole);
	return whole.ss_family == AF_UNSPEC ? NULL : file_last(is_sought, &sought);
}

/* Record the address that a socket has now, whether the program or the system chose it. */
static void bound_note(int descriptor, struct file *file)
{
	socklen_t length = sizeof file->bound;
	const struct sockaddr_un *name = (const void *)&file->bound;

	memset(&file->bound, 0, sizeof file->bound);
	file->type = option_of(descriptor, SO_TYPE);
	if (getsockname(descriptor, (struct sockaddr *)&file->bound, &length) != 0 ||
		(!is_inet(file->bound.ss_family) && length <= sizeof(sa_family_t)))
		file->bound.ss_family = AF_UNSPEC;
	else if (file->bound.ss_family == AF_UNIX && !file->word[0] && name->sun_path[0])
		word_of(name->sun_path, file->word);
}

/*
 * Let TCP send data at once: it does not wait for more data, or for earlier data to be
 * acknowledged.
 */
static void nagle_off(int descriptor)
{
	int on = 1;

	if (!is_local(descriptor) && is_stream(descriptor))
		setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Wait until the loopback interface has delivered the data: the sender's queue is empty then. */
static void arrived(int descriptor)
{
	int error = errno, waiting = 1;

	if (is_local(descriptor))
		return;
	/* A receiver may acknowledge late what has arrived, so streams count only unsent bytes. */
	for (int i = 0; i < ARRIVE_LOOKS && waiting; i++) {
		if (ioctl(descriptor, is_stream(descriptor) ? SIOCOUTQNSD : SIOCOUTQ, &waiting) !=
			0)
			break;
		if (waiting)
			sched_yield();
	}
	errno = error;
}

/* Set the call's timeout from SO_RCVTIMEO and SO_SNDTIMEO. */
static void timeouts_set(struct io *io)
{
	uint64_t ns = io->file->timeout_ns[io->writes ? FOR_WRITING : FOR_READING];

	if (!ns || !scheduler.running)
		return;
	io->timed = true;
	scheduler.running->deadline_ns = scheduler.now_ns + ns;
}

/* --- receiving ----------------------------------------------------------------------------- */

/* `message` has one part, in the engine's memory. */
static ssize_t receive(const struct io *given, struct msghdr *message, int flags)
{
	struct iovec whole = *message->msg_iov;
	socklen_t name_length = message->msg_namelen;
	size_t control_length = message->msg_controllen, done = 0;
	struct io io = *given;
	ssize_t got;

	io.impatient = flags & MSG_DONTWAIT;
	timeouts_set(&io);
	io_step(&io);
	for (;;) {
		message->msg_iov->iov_base = (char *)whole.iov_base + done;
		message->msg_iov->iov_len = whole.iov_len - done;
		message->msg_namelen = name_length;
		message->msg_controllen = control_length;
		got = recvmsg(io.descriptor, message, (flags & ~MSG_WAITALL) | MSG_DONTWAIT);
		if (got < 0 && errno == EAGAIN && io_waits(&io))
			continue;
		if (got <= 0 || !(flags & MSG_WAITALL) || flags & MSG_PEEK ||
			!is_stream(io.descriptor))
			break;
		/* There is space again: a sender can continue, and must, for the rest to arrive. */
		done += (size_t)got;
		if (done == whole.iov_len)
			break;
		io_received(&io, message->msg_iov->iov_base, got, whole.iov_len);
	}
	*message->msg_iov = whole;
	if (flags & MSG_PEEK) {
		if (got >= 0 && scheduler.running)
			object_acquire(scheduler.running, file_object(io.file, io.pc));
	} else if (!got && !done && whole.iov_len && is_stream(io.descriptor)) {
		io_ended(&io, whole.iov_len);
	} else if (got >= 0) {
		io_received(&io, (char *)whole.iov_base + done - (done ? (size_t)got : 0), got,
			whole.iov_len);
		rights_traced(message);
	}
	return done ? (ssize_t)done : got;
}

/* The number of received bytes that fitted. */
static size_t there(ssize_t got, size_t room)
{
	return got < 0 ? 0 : (size_t)got < room ? (size_t)got : room;
}

ssize_t socket_receive(const struct io *io, void *bytes, size_t count, int flags)
{
	struct iovec part = {bytes, count < BUFFER_BYTES ? count : BUFFER_BYTES};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	return receive(io, &message, flags);
}

ssize_t snarl_model_recv(int descriptor, void *bytes, size_t count, int flags)
{
	struct io io = IO_BEGIN("recv", descriptor);
	unsigned char *here = buffer_here();
	ssize_t got;

	if (!io.file || io.file->kind != FILE_SOCKET)
		return recv(descriptor, bytes, count, flags);
	got = socket_receive(&io, here, count, flags);
	bytes_write(bytes, here, there(got, count), &io);
	return got;
}

ssize_t snarl_model_recvfrom(int descriptor, void *bytes, size_t count, int flags,
	struct sockaddr *address, socklen_t *length)
{
	struct io io = IO_BEGIN("recvfrom", descriptor);
	struct sockaddr_storage from = {0};
	unsigned char *here = buffer_here();
	struct iovec part = {here, count < BUFFER_BYTES ? count : BUFFER_BYTES};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_name = address ? &from : NULL,
		.msg_namelen = address ? sizeof from : 0,
	};
	ssize_t got;

	if (!io.file || io.file->kind != FILE_SOCKET)
		return recvfrom(descriptor, bytes, count, flags, address, length);
	got = receive(&io, &message, flags);
	bytes_write(bytes, here, there(got, count), &io);
	if (got >= 0 && address) {
		bytes_write(address, &from,
			*length < message.msg_namelen ? *length : message.msg_namelen, &io);
		bytes_write(length, &message.msg_namelen, sizeof *length, &io);
	}
	return got;
}

ssize_t snarl_model_recvmsg(int descriptor, struct msghdr *message, int flags)
{
	struct io io = IO_BEGIN("recvmsg", descriptor);
	unsigned char *here = buffer_here();
	struct msghdr ours = *message;
	struct iovec part = {here, parts_size(message->msg_iov, message->msg_iovlen)};
	ssize_t got;

	if (!io.file || io.file->kind != FILE_SOCKET)
		return recvmsg(descriptor, message, flags);
	if (part.iov_len > BUFFER_BYTES)
		part.iov_len = BUFFER_BYTES;
	ours.msg_iov = &part;
	ours.msg_iovlen = 1;
	got = receive(&io, &ours, flags);
	if (got < 0)
		return got;
	parts_write(message->msg_iov, message->msg_iovlen, here, there(got, part.iov_len), &io);
	ours.msg_iov = message->msg_iov;
	ours.msg_iovlen = message->msg_iovlen;
	bytes_write(message, &ours, sizeof ours, &io);
	message_opened(message);
	return got;
}

/* --- sending ------------------------------------------------------------------------------- */

/*
 * A message with an address goes to the channel of the socket bound to it. The sender needs an
 * address, too, so that it can be answered.
 */
static void receiver_find(struct io *io, const struct msghdr *message)
{
	struct file *other;

	if (!message->msg_name || !message->msg_namelen)
		return;
	other = file_bound(
		message->msg_name, message->msg_namelen, option_of(io->descriptor, SO_TYPE));
	io->sender = io->file;
	if (other)
		io->file = other;
}

/* `message` has one part. A stream may send it in pieces, other sockets only as a whole. */
static ssize_t transmit(const struct io *given, const struct msghdr *message, int flags)
{
	struct iovec rest = *message->msg_iov;
	struct msghdr left = *message;
	struct io io = *given;
	size_t done = 0;

	left.msg_iov = &rest;
	io.writes = true;
	io.impatient = flags & MSG_DONTWAIT;
	timeouts_set(&io);
	do {
		ssize_t got;

		io_step(&io);
		do
			got = sendmsg(io.descriptor, &left, flags | MSG_DONTWAIT | MSG_NOSIGNAL);
		while (got < 0 && errno == EAGAIN && io_waits(&io));
		if (got < 0 && errno == EPIPE && !(flags & MSG_NOSIGNAL) &&
			is_stream(io.descriptor)) {
			io_broken(&io);
			raise(SIGPIPE);
			errno = EPIPE;
		}
		if (got < 0)
			return done ? (ssize_t)done : -1;
		arrived(io.descriptor);
		if (io.sender && io.sender->bound.ss_family == AF_UNSPEC)
			bound_note(io.descriptor, io.sender);
		io_sent(&io, rest.iov_base, got, rest.iov_len);
		rights_traced(&left);
		rights_sent(&left);
		done += (size_t)got;
		rest.iov_base = (char *)rest.iov_base + got;
		rest.iov_len -= (size_t)got;
		/* Passed descriptors go with the first byte. */
		left.msg_controllen = 0;
	} while (rest.iov_len);
	return (ssize_t)done;
}

ssize_t socket_send(const struct io *io, const void *bytes, size_t count, int flags)
{
	struct iovec part = {(void *)bytes, count};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	return transmit(io, &message, flags);
}

ssize_t snarl_model_send(int descriptor, const void *bytes, size_t count, int flags)
{
	struct io io = IO_BEGIN("send", descriptor);

	if (!io.file || io.file->kind != FILE_SOCKET)
		return send(descriptor, bytes, count, flags);
	bytes_read(bytes, count, &io);
	return socket_send(&io, bytes, count, flags);
}

ssize_t snarl_model_sendto(int descriptor, const void *bytes, size_t count, int flags,
	const struct sockaddr *address, socklen_t length)
{
	struct io io = IO_BEGIN("sendto", descriptor);
	struct iovec part = {(void *)bytes, count};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_name = (void *)address,
		.msg_namelen = address ? length : 0,
	};

	if (!io.file || io.file->kind != FILE_SOCKET)
		return sendto(descriptor, bytes, count, flags, address, length);
	bytes_read(bytes, count, &io);
	receiver_find(&io, &message);
	return transmit(&io, &message, flags);
}

ssize_t snarl_model_sendmsg(int descriptor, const struct msghdr *message, int flags)
{
	_Alignas(struct cmsghdr) char control[OWN_CONTROL_MAX];
	struct io io = IO_BEGIN("sendmsg", descriptor);
	unsigned char *here = buffer_here();
	struct msghdr copy, ours;
	struct iovec part = {here, parts_size(message->msg_iov, message->msg_iovlen)};

	if (!io.file || io.file->kind != FILE_SOCKET)
		return sendmsg(descriptor, message, flags);
	if (part.iov_len > BUFFER_BYTES) {
		errno = EMSGSIZE;
		return -1;
	}
	parts_read(message->msg_iov, message->msg_iovlen, &io);
	parts_collect(here, message->msg_iov, message->msg_iovlen);
	ours = *message_translate(message, &copy, control);
	ours.msg_iov = &part;
	ours.msg_iovlen = 1;
	receiver_find(&io, &ours);
	return transmit(&io, &ours, flags);
}

/* --- making and finding -------------------------------------------------------------------- */

int snarl_model_socketpair(int domain, int type, int protocol, int *ends)
{
	struct file *left, *right;
	int made[2];

	names_step();
	if (socketpair(domain, type, protocol, made) != 0)
		return -1;
	left = file_opened(made[0], NULL, &ends[0], MODEL_PC);
	right = file_opened(made[1], NULL, &ends[1], MODEL_PC);
	if (left && right) {
		left->peer = right;
		right->peer = left;
	}
	process_opened_pair(made);
	result_write(ends, made, sizeof made, MODEL_PC);
	return 0;
}

int snarl_model_socket(int domain, int type, int protocol)
{
	int descriptor;

	names_step();
	if (domain != AF_UNIX && domain != AF_INET && domain != AF_INET6)
		event_fatal("socket is called with a protocol family that explore does not model: "
			    "run it on the other engines");
	descriptor = socket(domain, type, protocol);
	if (file_opened(descriptor, NULL, NULL, MODEL_PC))
		nagle_off(descriptor);
	return process_opened(descriptor);
}

int snarl_model_bind(int descriptor, const struct sockaddr *address, socklen_t length)
{
	struct file *file = file_at(descriptor, MODEL_PC);
	int answer;

	names_step();
	answer = bind(descriptor, address, length);
	descriptor_traced("bind", MODEL_PC, "binds", descriptor, answer);
	if (answer == 0 && file)
		bound_note(descriptor, file);
	return answer;
}

int snarl_model_listen(int descriptor, int backlog)
{
	struct file *file = file_at(descriptor, MODEL_PC);
	int answer;

	names_step();
	answer = listen(descriptor, backlog);
	descriptor_traced("listen", MODEL_PC, "listens at", descriptor, answer);
	if (answer == 0 && file)
		bound_note(descriptor, file);
	return answer;
}

/* The loopback interface may need a moment to connect. */
static int connect_now(int descriptor, const struct sockaddr *address, socklen_t length)
{
	int flags = fcntl(descriptor, F_GETFL), answer, error;
	struct pollfd one = {.fd = descriptor, .events = POLLOUT};

	fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
	answer = connect(descriptor, address, length);
	error = errno;
	if (answer != 0 && error == EINPROGRESS && poll(&one, 1, CONNECT_MS) == 1) {
		error = option_of(descriptor, SO_ERROR);
		answer = error ? -1 : 0;
	}
	fcntl(descriptor, F_SETFL, flags);
	errno = error;
	return answer;
}

int snarl_model_connect(int descriptor, const struct sockaddr *address, socklen_t length)
{
	struct io io = IO_BEGIN("connect", descriptor);
	struct actor *self = scheduler.running;
	struct file *file = io.file, *other;
	int answer;

	if (!file || file->kind != FILE_SOCKET)
		return connect(descriptor, address, length);
	names_step();
	bytes_read(address, length, &io);
	other = file_bound(address, length, option_of(descriptor, SO_TYPE));
	io.file = other ? other : file;
	io.writes = true;
	do
		answer = connect_now(descriptor, address, length);
	while (answer != 0 && errno == EAGAIN && io_waits(&io));
	if (other && scheduler.tracing && answer == 0)
		trace_did(NULL, "connect", MODEL_PC, "connects %s to %s",
			descriptor_words(descriptor), address_name(other->address));
	else
		descriptor_traced("connect", MODEL_PC, "connects", descriptor, answer);
	if (answer != 0)
		return answer;
	bound_note(descriptor, file);
	if (!other)
		return 0;
	if (option_of(descriptor, SO_TYPE) == SOCK_DGRAM) {
		file->peer = other;
		return 0;
	}
	if (other->pending_count < PENDING_MAX)
		other->pending[other->pending_count++] = file;
	if (self)
		object_release(self, file_object(other, MODEL_PC));
	file_changed(other);
	return 0;
}

/* Connections are accepted in the order in which they were made. */
static struct file *caller_next(struct file *listener)
{
	struct file *first = listener->pending[0];

	if (!listener->pending_count)
		return NULL;
	listener->pending_count--;
	memmove(listener->pending, listener->pending + 1,
		listener->pending_count * sizeof *listener->pending);
	return first;
}

static int accept_one(struct io io, struct sockaddr *address, socklen_t *length, int flags)
{
	struct actor *self = scheduler.running;
	struct file *file, *caller;
	struct sockaddr_storage from = {0};
	struct pollfd one = {.fd = io.descriptor, .events = POLLIN};
	socklen_t from_length;
	int answer;

	if (!io.file || io.file->kind != FILE_SOCKET)
		return accept4(io.descriptor, address, length, flags);
	io_step(&io);
	do {
		from_length = sizeof from;
		/* If a connection is pending, it may still be on its way. */
		if (poll(&one, 1, io.file->pending_count ? CONNECT_MS : 0) == 1) {
			answer = accept4(
				io.descriptor, (struct sockaddr *)&from, &from_length, flags);
		} else {
			answer = -1;
			errno = EAGAIN;
		}
	} while (answer < 0 && errno == EAGAIN && io_waits(&io));
	if (answer < 0)
		return answer;
	descriptor_traced(io.call, io.pc, "accepts a connection at", io.descriptor, answer);
	nagle_off(answer);
	file = file_opened(answer, NULL, NULL, io.pc);
	caller = caller_next(io.file);
	if (file && caller) {
		file->peer = caller;
		caller->peer = file;
		/* The caller's sends so far were released into its own object: it had no peer. */
		object_inherit(file_object(file, io.pc), file_object(caller, io.pc));
	}
	if (self) {
		spin_break(self);
		object_acquire(self, file_object(io.file, io.pc));
	}
	file_changed(io.file);
	if (address) {
		bytes_write(address, &from, *length < from_length ? *length : from_length, &io);
		bytes_write(length, &from_length, sizeof *length, &io);
	}
	return answer;
}

int snarl_model_accept(int descriptor, struct sockaddr *address, socklen_t *length)
{
	return process_opened(
		accept_one((struct io)IO_BEGIN("accept", descriptor), address, length, 0));
}

int snarl_model_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags)
{
	return process_opened(
		accept_one((struct io)IO_BEGIN("accept4", descriptor), address, length, flags));
}

int snarl_model_shutdown(int descriptor, int how)
{
	struct io io = IO_BEGIN("shutdown", descriptor);
	struct actor *self;
	int answer;

	if (!io.file)
		return shutdown(descriptor, how);
	self = io_step(&io);
	answer = shutdown(descriptor, how);
	descriptor_traced("shutdown", MODEL_PC, "shuts down", descriptor, answer);
	if (answer != 0)
		return answer;
	arrived(descriptor);
	if (self) {
		spin_break(self);
		object_release(self, file_object(file_target(io.file), MODEL_PC));
	}
	file_changed(io.file);
	if (io.file->peer)
		file_changed(io.file->peer);
	return 0;
}

int snarl_model_getsockname(int descriptor, struct sockaddr *address, socklen_t *length)
{
	struct io io = IO_BEGIN("getsockname", descriptor);
	struct sockaddr_storage own = {0};
	socklen_t own_length = sizeof own;
	int answer = getsockname(descriptor, (struct sockaddr *)&own, &own_length);

	if (answer != 0)
		return answer;
	bytes_write(address, &own, *length < own_length ? *length : own_length, &io);
	bytes_write(length, &own_length, sizeof *length, &io);
	return 0;
}

int snarl_model_getsockopt(int descriptor, int level, int option, void *value, socklen_t *length)
{
	struct io io = IO_BEGIN("getsockopt", descriptor);

	io_step(&io);
	return getsockopt(descriptor, level, option, value, length);
}

int snarl_model_setsockopt(
	int descriptor, int level, int option, const void *value, socklen_t length)
{
	struct io io = IO_BEGIN("setsockopt", descriptor);
	const struct timeval *span = value;
	bool receives = option == SO_RCVTIMEO;
	int answer;

	io_step(&io);
	answer = setsockopt(descriptor, level, option, value, length);
	if (answer == 0 && io.file && level == SOL_SOCKET && length == sizeof *span &&
		(receives || option == SO_SNDTIMEO))
		io.file->timeout_ns[receives ? FOR_READING : FOR_WRITING] =
			(uint64_t)span->tv_sec * NS + (uint64_t)span->tv_usec * US;
	return answer;
}

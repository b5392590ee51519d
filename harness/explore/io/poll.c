/*
 * poll.c - poll and epoll. An actor that waits for several descriptors is woken by a change of any
 * of them. It then asks the system, which knows what is ready, and which edges it has already
 * reported.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "descriptor.h"
#include "event.h"
#include "spin.h"
#include "custom.h"

enum { NS = 1000 * 1000 * 1000, MS = 1000 * 1000 };

int snarl_model_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int snarl_model_ppoll(
	struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
int snarl_model_select(
	int count, fd_set *reads, fd_set *writes, fd_set *others, struct timeval *timeout);
int snarl_model_pselect(int count, fd_set *reads, fd_set *writes, fd_set *others,
	const struct timespec *timeout, const sigset_t *mask);
int snarl_model_epoll_create(int size);
int snarl_model_epoll_create1(int flags);
int snarl_model_epoll_ctl(int descriptor, int operation, int watched, struct epoll_event *event);
int snarl_model_epoll_wait(int descriptor, struct epoll_event *events, int count, int timeout_ms);

/* A negative timeout is none; with 0 the call does not wait. */
static void timeout_set(struct io *io, int64_t timeout_ns)
{
	io->timed = timeout_ns > 0;
	io->impatient = timeout_ns == 0;
	if (io->timed && scheduler.running)
		scheduler.running->deadline_ns = scheduler.now_ns + (uint64_t)timeout_ns;
}

/*
 * Nothing is ready: wait for a change, if the call may. Returns whether to check again. `files`:
 * the files that may change that; `first`: the one that is recorded.
 */
static bool look_again(const struct io *io, uint64_t files, const struct file *first)
{
	struct actor *self = scheduler.running;

	if (io->impatient) {
		if (self) {
			files_looked(self, files, io);
			scheduler_yield(self);
		}
		return false;
	}
	if (!self || !first) {
		if (!self && first && !io->timed)
			host_blocks(file_object(first, io->pc), io->call, io->pc);
		return false;
	}
	return files_wait(self, files, first, io);
}

static void ready_acquire(uint64_t files, const struct io *io)
{
	for (; scheduler.running && files; files &= files - 1)
		object_acquire(
			scheduler.running, file_numbered((unsigned)__builtin_ctzll(files), io->pc));
}

static int polled_wait(struct pollfd *polled, nfds_t count, int64_t timeout_ns, struct io *io)
{
	struct pollfd here[OWN_POLLED_MAX];
	struct file *first = NULL;
	uint64_t files = 0, ready = 0;
	int answer;

	if (count > OWN_POLLED_MAX)
		event_fatal("%s waits for more than %d descriptors, which explore does not model",
			io->call, OWN_POLLED_MAX);
	bytes_read(polled, count * sizeof *polled, io);
	for (nfds_t i = 0; i < count; i++) {
		struct file *file;

		here[i] = polled[i];
		if (polled[i].fd < 0)
			continue;
		here[i].fd = process_descriptor(polled[i].fd);
		file = file_at(here[i].fd, io->pc);
		if (file)
			files |= file_interest(file);
		if (!first)
			first = file;
	}
	timeout_set(io, timeout_ns);
	if (scheduler.running)
		scheduler_step(scheduler.running, first ? first->address : NULL);
	do
		answer = poll(here, count, 0);
	while (answer == 0 && look_again(io, files, first));
	for (nfds_t i = 0; i < count; i++) {
		struct file *file = here[i].revents ? file_at(here[i].fd, io->pc) : NULL;

		if (file)
			ready |= file_bit(file);
		result_write(&polled[i].revents, &here[i].revents, sizeof here[i].revents, io->pc);
	}
	ready_acquire(ready, io);
	if (answer > 0 && scheduler.running)
		spin_break(scheduler.running);
	return answer;
}

int snarl_model_poll(struct pollfd *polled, nfds_t count, int timeout_ms)
{
	struct io io = {.call = "poll", .pc = MODEL_PC, .sp = MODEL_SP};

	return polled_wait(polled, count, (int64_t)timeout_ms * MS, &io);
}

int snarl_model_ppoll(
	struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	struct io io = {.call = "ppoll", .pc = MODEL_PC, .sp = MODEL_SP};

	if (mask)
		event_fatal("ppoll changes the signal mask, which explore does not model: run it "
			    "on the other engines");
	return polled_wait(polled, count,
		timeout ? (int64_t)timeout->tv_sec * NS + timeout->tv_nsec : -1, &io);
}

/* The descriptors of a set of select that are ready; returns their number. */
static int set_answer(fd_set *set, const struct pollfd *polled, const int *numbers, int count,
	short events, const struct io *io)
{
	fd_set answer;
	int ready = 0;

	if (!set)
		return 0;
	FD_ZERO(&answer);
	for (int i = 0; i < count; i++)
		if (FD_ISSET(numbers[i], set) && polled[i].revents & events) {
			FD_SET(numbers[i], &answer);
			ready++;
		}
	bytes_write(set, &answer, sizeof answer, io);
	return ready;
}

static int selected_wait(
	int count, fd_set *reads, fd_set *writes, fd_set *others, int64_t timeout_ns, struct io *io)
{
	struct pollfd polled[OWN_POLLED_MAX];
	int numbers[OWN_POLLED_MAX], used = 0, answer;

	for (int n = 0; n < count && n < FD_SETSIZE; n++) {
		short events = (short)((reads && FD_ISSET(n, reads) ? POLLIN : 0) |
				       (writes && FD_ISSET(n, writes) ? POLLOUT : 0) |
				       (others && FD_ISSET(n, others) ? POLLPRI : 0));

		if (!events)
			continue;
		if (used == OWN_POLLED_MAX)
			event_fatal("%s waits for more than %d descriptors, which explore does not "
				    "model",
				io->call, OWN_POLLED_MAX);
		numbers[used] = n;
		polled[used++] = (struct pollfd){.fd = n, .events = events};
	}
	answer = polled_wait(polled, (nfds_t)used, timeout_ns, io);
	if (answer < 0)
		return answer;
	for (int i = 0; i < used; i++)
		if (polled[i].revents & POLLNVAL) {
			errno = EBADF;
			return -1;
		}
	/* The end of a channel and its errors make it readable and writable. */
	return set_answer(reads, polled, numbers, used, POLLIN | POLLHUP | POLLERR, io) +
	       set_answer(writes, polled, numbers, used, POLLOUT | POLLERR, io) +
	       set_answer(others, polled, numbers, used, POLLPRI, io);
}

int snarl_model_select(
	int count, fd_set *reads, fd_set *writes, fd_set *others, struct timeval *timeout)
{
	struct io io = {.call = "select", .pc = MODEL_PC, .sp = MODEL_SP};
	int64_t ns = timeout ? (int64_t)timeout->tv_sec * NS + timeout->tv_usec * 1000 : -1;

	return selected_wait(count, reads, writes, others, ns, &io);
}

int snarl_model_pselect(int count, fd_set *reads, fd_set *writes, fd_set *others,
	const struct timespec *timeout, const sigset_t *mask)
{
	struct io io = {.call = "pselect", .pc = MODEL_PC, .sp = MODEL_SP};

	if (mask)
		event_fatal("pselect changes the signal mask, which explore does not model: run it "
			    "on the other engines");
	return selected_wait(count, reads, writes, others,
		timeout ? (int64_t)timeout->tv_sec * NS + timeout->tv_nsec : -1, &io);
}

int snarl_model_epoll_create(int size)
{
	if (size > 0)
		return snarl_model_epoll_create1(0);
	errno = EINVAL;
	return -1;
}

int snarl_model_epoll_create1(int flags)
{
	struct file *file;
	int descriptor;

	names_step();
	descriptor = epoll_create1(flags);
	file = file_opened(descriptor, NULL, NULL, MODEL_PC);
	if (file)
		file->kind = FILE_POLL;
	return process_opened(descriptor);
}

int snarl_model_epoll_ctl(int descriptor, int operation, int watched, struct epoll_event *event)
{
	struct io io = IO_BEGIN("epoll_ctl", descriptor);
	int real = process_descriptor(watched), answer;
	struct file *other = file_at(real, MODEL_PC);

	if (event && operation != EPOLL_CTL_DEL)
		bytes_read(event, sizeof *event, &io);
	io_step(&io);
	answer = epoll_ctl(descriptor, operation, real, event);
	if (answer != 0 || !io.file || !other)
		return answer;
	if (operation == EPOLL_CTL_DEL)
		io.file->watched &= ~file_bit(other);
	else
		io.file->watched |= file_bit(other);
	/* Actors that wait on the epoll now wait for this descriptor as well. */
	file_changed(io.file);
	return answer;
}

int snarl_model_epoll_wait(int descriptor, struct epoll_event *events, int count, int timeout_ms)
{
	struct io io = IO_BEGIN("epoll_wait", descriptor);
	struct epoll_event here[OWN_POLLED_MAX];
	int answer;

	if (!io.file)
		return epoll_wait(descriptor, events, count, 0);
	timeout_set(&io, (int64_t)timeout_ms * MS);
	io_step(&io);
	do
		answer = epoll_wait(
			descriptor, here, count < OWN_POLLED_MAX ? count : OWN_POLLED_MAX, 0);
	while (answer == 0 && look_again(&io, file_interest(io.file), io.file));
	if (answer <= 0)
		return answer;
	if (scheduler.running)
		spin_break(scheduler.running);
	/* The events hold only the caller's data: acquire the releases into all watched files. */
	ready_acquire(io.file->watched, &io);
	bytes_write(events, here, (size_t)answer * sizeof *here, &io);
	return answer;
}

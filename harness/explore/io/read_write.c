/* read_write.c - pipes, eventfd, and read and write on any kind of descriptor. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "descriptor.h"

enum { WRITE_MAX = PIPE_BUF /* more is written in pieces; a writable pipe has so much space */ };

int snarl_model_pipe(int *ends);
int snarl_model_pipe2(int *ends, int flags);
int snarl_model_eventfd(unsigned value, int flags);
ssize_t snarl_model_read(int descriptor, void *bytes, size_t count);
ssize_t snarl_model_readv(int descriptor, const struct iovec *parts, int part_count);
ssize_t snarl_model_write(int descriptor, const void *bytes, size_t count);
ssize_t snarl_model_writev(int descriptor, const struct iovec *parts, int part_count);

static int pipe_open(int *ends, int flags, const void *pc)
{
	int made[2];

	names_step();
	if (pipe2(made, flags) != 0)
		return -1;
	file_opened(made[0], NULL, &ends[0], pc);
	file_opened(made[1], NULL, &ends[1], pc); /* the same file, by its inode */
	process_opened_pair(made);
	result_write(ends, made, sizeof made, pc);
	return 0;
}

int snarl_model_pipe(int *ends)
{
	return pipe_open(ends, 0, MODEL_PC);
}

int snarl_model_pipe2(int *ends, int flags)
{
	return pipe_open(ends, flags, MODEL_PC);
}

int snarl_model_eventfd(unsigned value, int flags)
{
	struct file *file;
	int descriptor;

	names_step();
	descriptor = eventfd(value, flags);
	file = file_opened(descriptor, NULL, NULL, MODEL_PC);
	if (file)
		file->kind = FILE_COUNTER;
	return process_opened(descriptor);
}

/* Read without blocking: if the system would wait, fail with EAGAIN. */
static ssize_t read_now(const struct io *io, void *bytes, size_t count)
{
	if (!io_ready(io->descriptor, POLLIN)) {
		errno = EAGAIN;
		return -1;
	}
	return read(io->descriptor, bytes, count);
}

static ssize_t take(const struct io *io, const struct iovec *parts, size_t part_count)
{
	size_t asked = parts_size(parts, part_count);
	unsigned char *here = buffer_here();
	ssize_t got;

	if (io->file->kind == FILE_SOCKET) {
		got = socket_receive(io, here, asked, 0);
	} else {
		io_step(io);
		do
			got = read_now(io, here, asked < BUFFER_BYTES ? asked : BUFFER_BYTES);
		while (got < 0 && errno == EAGAIN && io_waits(io));
		if (!got && asked)
			io_ended(io, asked);
		else
			io_received(io, here, got, asked);
	}
	if (got > 0)
		parts_write(parts, part_count, here, (size_t)got, io);
	return got;
}

ssize_t snarl_model_read(int descriptor, void *bytes, size_t count)
{
	struct io io = IO_BEGIN("read", descriptor);
	const struct iovec part = {bytes, count};

	return io.file ? take(&io, &part, 1) : read(descriptor, bytes, count);
}

ssize_t snarl_model_readv(int descriptor, const struct iovec *parts, int part_count)
{
	struct io io = IO_BEGIN("readv", descriptor);

	if (!io.file || part_count < 0)
		return readv(descriptor, parts, part_count);
	return take(&io, parts, (size_t)part_count);
}

/*
 * Only the kernel knows what still fits: a writable eventfd can take a 1, but not every number, and
 * a pipe that poll calls full may take bytes into its last page.
 */
static ssize_t write_if_it_fits(const struct io *io, const void *bytes, size_t count)
{
	int flags = fcntl(io->descriptor, F_GETFL), error;
	ssize_t got;

	fcntl(io->descriptor, F_SETFL, flags | O_NONBLOCK);
	got = write(io->descriptor, bytes, count);
	error = errno;
	fcntl(io->descriptor, F_SETFL, flags);
	errno = error;
	return got;
}

static ssize_t write_now(const struct io *io, const void *bytes, size_t count)
{
	if (io_ready(io->descriptor, POLLOUT) & POLLERR)
		io_broken(io);
	return write_if_it_fits(io, bytes, count);
}

static ssize_t put(const struct io *io, const void *bytes, size_t count)
{
	size_t done = 0;

	do {
		bool whole = fcntl(io->descriptor, F_GETFL) & O_NONBLOCK; /* or as much as fits */
		size_t piece = whole || count - done < WRITE_MAX ? count - done : WRITE_MAX;
		const char *at = (const char *)bytes + done;
		ssize_t got;

		io_step(io);
		do
			got = write_now(io, at, piece);
		while (got < 0 && errno == EAGAIN && io_waits(io));
		io_sent(io, at, got, piece);
		if (got < 0)
			return done ? (ssize_t)done : -1;
		done += (size_t)got;
		if ((size_t)got < piece)
			break;
	} while (done < count);
	return (ssize_t)done;
}

ssize_t snarl_model_write(int descriptor, const void *bytes, size_t count)
{
	struct io io = IO_BEGIN("write", descriptor);

	if (!io.file)
		return write(descriptor, bytes, count);
	io.writes = true;
	bytes_read(bytes, count, &io);
	if (io.file->kind == FILE_SOCKET)
		return socket_send(&io, bytes, count, 0);
	return put(&io, bytes, count);
}

ssize_t snarl_model_writev(int descriptor, const struct iovec *parts, int part_count)
{
	struct io io = IO_BEGIN("writev", descriptor);
	unsigned char *here = buffer_here();
	size_t count;

	if (!io.file || part_count < 0)
		return writev(descriptor, parts, part_count);
	io.writes = true;
	count = parts_size(parts, (size_t)part_count);
	if (count > BUFFER_BYTES) {
		errno = EINVAL;
		return -1;
	}
	parts_read(parts, (size_t)part_count, &io);
	parts_collect(here, parts, (size_t)part_count);
	if (io.file->kind == FILE_SOCKET)
		return socket_send(&io, here, count, 0);
	return put(&io, here, count);
}

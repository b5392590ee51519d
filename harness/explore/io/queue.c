/* queue.c - POSIX message queues: the system's own, called with a deadline in the past. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "descriptor.h"

mqd_t snarl_model_mq_open(const char *name, int flags, ...);
int snarl_model_mq_close(mqd_t descriptor);
int snarl_model_mq_unlink(const char *name);
int snarl_model_mq_send(mqd_t descriptor, const char *bytes, size_t count, unsigned priority);
int snarl_model_mq_timedsend(mqd_t descriptor, const char *bytes, size_t count, unsigned priority,
	const struct timespec *until);
ssize_t snarl_model_mq_receive(mqd_t descriptor, char *bytes, size_t count, unsigned *priority);
ssize_t snarl_model_mq_timedreceive(mqd_t descriptor, char *bytes, size_t count, unsigned *priority,
	const struct timespec *until);
int snarl_model_mq_getattr(mqd_t descriptor, struct mq_attr *attributes);
int snarl_model_mq_setattr(
	mqd_t descriptor, const struct mq_attr *attributes, struct mq_attr *before);

/* With this deadline a queue returns ETIMEDOUT instead of blocking its caller. */
static const struct timespec past = {0, 0};

static bool is_to_wait(ssize_t answer)
{
	if (answer >= 0 || (errno != ETIMEDOUT && errno != EAGAIN))
		return false;
	errno = EAGAIN;
	return true;
}

static void deadline_set(struct io *io, const struct timespec *until)
{
	io->late = ETIMEDOUT;
	io->timed = until;
	if (until && scheduler.running)
		scheduler.running->deadline_ns = time_deadline_ns(until);
}

mqd_t snarl_model_mq_open(const char *name, int flags, ...)
{
	struct mq_attr *attributes;
	va_list arguments;
	mqd_t descriptor;
	mode_t mode;

	va_start(arguments, flags);
	mode = (mode_t)va_arg(arguments, int);
	attributes = va_arg(arguments, struct mq_attr *);
	va_end(arguments);
	names_step();
	descriptor =
		flags & O_CREAT ? mq_open(name, flags, mode, attributes) : mq_open(name, flags);
	path_traced("mq_open", MODEL_PC,
		flags & O_CREAT && flags & O_EXCL ? "creates the queue" : "opens the queue", name,
		descriptor);
	file_opened(descriptor, name, NULL, MODEL_PC);
	return process_opened(descriptor);
}

int snarl_model_mq_close(mqd_t descriptor)
{
	return descriptor_close(descriptor, "mq_close", MODEL_PC);
}

int snarl_model_mq_unlink(const char *name)
{
	int answer;

	names_step();
	answer = mq_unlink(name);
	path_traced("mq_unlink", MODEL_PC, "unlinks the queue", name, answer);
	return answer;
}

static int put(struct io *io, const char *bytes, size_t count, unsigned priority,
	const struct timespec *until)
{
	int answer;

	if (!io->file)
		return mq_timedsend(io->descriptor, bytes, count, priority, &past);
	io->writes = true;
	deadline_set(io, until);
	bytes_read(bytes, count, io);
	io_step(io);
	do
		answer = mq_timedsend(io->descriptor, bytes, count, priority, &past);
	while (is_to_wait(answer) && io_waits(io));
	if (answer == 0)
		io_sent(io, bytes, (ssize_t)count, count);
	return answer;
}

int snarl_model_mq_send(mqd_t descriptor, const char *bytes, size_t count, unsigned priority)
{
	struct io io = IO_BEGIN("mq_send", descriptor);

	return put(&io, bytes, count, priority, NULL);
}

int snarl_model_mq_timedsend(mqd_t descriptor, const char *bytes, size_t count, unsigned priority,
	const struct timespec *until)
{
	struct io io = IO_BEGIN("mq_timedsend", descriptor);

	return put(&io, bytes, count, priority, until);
}

static ssize_t take(
	struct io *io, char *bytes, size_t count, unsigned *priority, const struct timespec *until)
{
	char *here = (char *)buffer_here();
	unsigned its_priority;
	ssize_t got;

	if (count > BUFFER_BYTES)
		count = BUFFER_BYTES;
	if (!io->file)
		return mq_timedreceive(io->descriptor, bytes, count, priority, &past);
	deadline_set(io, until);
	io_step(io);
	do
		got = mq_timedreceive(io->descriptor, here, count, &its_priority, &past);
	while (is_to_wait(got) && io_waits(io));
	io_received(io, here, got, count);
	if (got < 0)
		return got;
	bytes_write(bytes, here, (size_t)got, io);
	if (priority)
		bytes_write(priority, &its_priority, sizeof its_priority, io);
	return got;
}

ssize_t snarl_model_mq_receive(mqd_t descriptor, char *bytes, size_t count, unsigned *priority)
{
	struct io io = IO_BEGIN("mq_receive", descriptor);

	return take(&io, bytes, count, priority, NULL);
}

ssize_t snarl_model_mq_timedreceive(mqd_t descriptor, char *bytes, size_t count, unsigned *priority,
	const struct timespec *until)
{
	struct io io = IO_BEGIN("mq_timedreceive", descriptor);

	return take(&io, bytes, count, priority, until);
}

/* The number of messages is state of the queue: asking for it is a read of the queue. */
int snarl_model_mq_getattr(mqd_t descriptor, struct mq_attr *attributes)
{
	struct io io = IO_BEGIN("mq_getattr", descriptor);
	struct mq_attr now;

	io_step(&io);
	if (mq_getattr(descriptor, &now) != 0)
		return -1;
	bytes_write(attributes, &now, sizeof now, &io);
	return 0;
}

int snarl_model_mq_setattr(
	mqd_t descriptor, const struct mq_attr *attributes, struct mq_attr *before)
{
	struct io io = IO_BEGIN("mq_setattr", descriptor);

	io_step(&io);
	return mq_setattr(descriptor, attributes, before);
}

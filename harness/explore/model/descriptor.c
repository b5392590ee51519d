/*
 * descriptor.c - read, write, close and pipe: the transfer itself is the system's, made only when
 * it cannot block the one thread that all actors share. Until then the actor waits in the model.
 *
 * Both ends of a pipe are one object, named after the array that pipe filled. What has no such name
 * is "file 2", the second of the execution: descriptors have other numbers in a replay. What
 * anybody wrote, everybody acquires who reads, whichever bytes it gets. Descriptors 0 to 2 belong
 * to those who started us, and are not modelled.
 *
 * A scenario closes in its teardown what its set-up and actors opened. An execution that ends
 * early, in a deadlock, has no teardown: pipes that it left open are closed when the next begins.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access.h"
#include "heap.h"
#include "lap.h"
#include "model.h"
#include "snarl.h"
#include "trace.h"

enum {
	READ_MAX = 64 << 10,  /* bytes at once: what a pipe holds */
	WRITE_MAX = PIPE_BUF, /* more is not written in one piece; a pipe with room has so much */
};

/* What descriptors lead to. */
static struct files {
	uint32_t execution; /* that the rest is of */
	unsigned count;
	struct file {
		dev_t device;
		ino_t inode;
		const void *address; /* of its object */
		int open[2];	     /* ends that pipe made, until they are closed; else -1 */
	} at[FILES_MAX];
} files;

int snarl_model_pipe(int *ends);
int snarl_model_close(int descriptor);
ssize_t snarl_model_read(int descriptor, void *bytes, size_t count);
ssize_t snarl_model_write(int descriptor, const void *bytes, size_t count);

static struct files *files_here(void)
{
	if (files.execution == world.execution)
		return &files;
	for (unsigned i = 0; i < files.count; i++)
		for (int end = 0; end < 2; end++)
			if (files.at[i].open[end] >= 0)
				close(files.at[i].open[end]);
	files.count = 0;
	files.execution = world.execution;
	return &files;
}

static bool has_name(const void *address)
{
	uintptr_t at = (uintptr_t)address;

	return at - world.state < world.state_size || program_has(at) || heap_has(at);
}

static struct file *file_find(const struct stat *status)
{
	struct files *here = files_here();

	for (unsigned i = 0; i < here->count; i++)
		if (here->at[i].inode == status->st_ino && here->at[i].device == status->st_dev)
			return &here->at[i];
	return NULL;
}

static struct file *file_add(const struct stat *status, const void *address, const void *pc)
{
	struct files *here = files_here();
	struct file *file = &here->at[here->count];

	if (here->count == FILES_MAX) {
		world_fail(SNARL_ASSERTION, pc, "more than %d pipes and files in one execution",
			FILES_MAX);
		return NULL;
	}
	if (!has_name(address))
		address = (const void *)(FILE_ZERO + here->count);
	here->count++;
	*file = (struct file){status->st_dev, status->st_ino, address, {-1, -1}};
	return file;
}

/* NULL: it is not open, or not ours to model. */
static struct file *file_at(int descriptor, const void *pc)
{
	struct file *file;
	struct stat status;

	if (descriptor <= STDERR_FILENO || fstat(descriptor, &status) != 0)
		return NULL;
	file = file_find(&status);
	return file ? file : file_add(&status, NULL, pc);
}

/* NULL as above, or where no actor runs. */
static struct object *object_of(int descriptor, const void *pc)
{
	const struct file *file = file_at(descriptor, pc);

	return file && world.running ? object_at(file->address, OBJECT_DESCRIPTOR, pc) : NULL;
}

static short ready(int descriptor, short events)
{
	struct pollfd one = {.fd = descriptor, .events = events};

	return poll(&one, 1, 0) == 1 ? one.revents : 0;
}

/* Wait until the call would not block, if it is one that would. */
static void wait_ready(struct actor *self, struct object *object, int descriptor, short events,
	const char *call, const void *pc)
{
	while (!ready(descriptor, events) && !(fcntl(descriptor, F_GETFL) & O_NONBLOCK))
		object_wait(self, object, call, pc, false);
}

/*
 * Step by step as the program's own accesses are, and never a waiting loop. `from`: what to put
 * there, NULL to read.
 */
static void bytes_access(
	const void *address, size_t size, const unsigned char *from, const void *pc, const void *sp)
{
	unsigned char *at = (unsigned char *)address;

	for (size_t done = 0; done < size;) {
		size_t word = 8 - ((uintptr_t)(at + done) & 7);

		word = word < size - done ? word : size - done;
		lap_break(world.running);
		access_make(at + done, (unsigned)word, from ? PLACE_WRITE : PLACE_READ, pc, sp);
		if (from)
			memcpy(at + done, from + done, word);
		done += word;
	}
}

/* The other end has gone for good. */
static void write_broken(
	struct actor *self, const struct object *object, int descriptor, const void *pc)
{
	struct sigaction action;

	if (ready(descriptor, POLLOUT) & POLLERR && sigaction(SIGPIPE, NULL, &action) == 0 &&
		action.sa_handler == SIG_DFL)
		world_fail(SNARL_CRASH, pc, "%s dies of SIGPIPE: nobody can read %s any more",
			self->name, object_name(object));
}

/* A loop that asks again and again lets the others go on. */
static void nothing_yet(struct actor *self, const void *pc, const void *sp)
{
	lap_yield(self, pc, sp);
	world_yield(self);
	errno = EAGAIN;
}

/* Tell a transfer and let all who wait look again; errno stays. */
static void transferred(struct actor *self, enum trace_op op, struct object *object,
	const void *bytes, ssize_t got, size_t asked, const char *call, const void *pc)
{
	int error = errno;

	if (got >= 0) {
		if (world.tracing)
			trace_transfer(self, op, object, bytes, (size_t)got, asked, call, pc);
		if (op == TRACE_INPUT)
			object_acquire(self, object);
		else
			object_release(self, object);
		object_wake(object);
	}
	errno = error;
}

int snarl_model_pipe(int *ends)
{
	struct stat status;
	struct file *file;

	if (world.running)
		world_step(world.running, NULL);
	files_here(); /* the numbers of those left open are free again */
	if (pipe(ends) != 0)
		return -1;
	if (fstat(ends[0], &status) != 0)
		return 0;
	file = file_add(&status, ends, MODEL_PC);
	if (!file)
		return 0;
	memcpy(file->open, ends, sizeof file->open);
	object_init(file->address, OBJECT_DESCRIPTOR, MODEL_PC);
	return 0;
}

int snarl_model_close(int descriptor)
{
	struct object *object = object_of(descriptor, MODEL_PC);
	struct actor *self = world.running;
	struct file *file;
	int result;

	if (object) {
		world_step(self, object->address);
		lap_break(self);
	}
	file = file_at(descriptor, MODEL_PC);
	for (int end = 0; file && end < 2; end++)
		if (file->open[end] == descriptor)
			file->open[end] = -1;
	result = close(descriptor);
	if (object)
		transferred(self, TRACE_CLOSE, object, NULL, result, 0, "close", MODEL_PC);
	return result;
}

ssize_t snarl_model_read(int descriptor, void *bytes, size_t count)
{
	struct object *object = object_of(descriptor, MODEL_PC);
	struct actor *self = world.running;
	unsigned char here[READ_MAX];
	ssize_t got;

	if (!object)
		return read(descriptor, bytes, count);
	world_step(self, object->address);
	wait_ready(self, object, descriptor, POLLIN, "read", MODEL_PC);
	got = read(descriptor, here, count < sizeof here ? count : sizeof here);
	if (got < 0 && errno == EAGAIN) {
		nothing_yet(self, MODEL_PC, MODEL_SP);
		return -1;
	}
	lap_break(self);
	transferred(self, TRACE_INPUT, object, here, got, count, "read", MODEL_PC);
	if (got > 0)
		bytes_access(bytes, (size_t)got, here, MODEL_PC, MODEL_SP);
	return got;
}

ssize_t snarl_model_write(int descriptor, const void *bytes, size_t count)
{
	struct object *object = object_of(descriptor, MODEL_PC);
	struct actor *self = world.running;
	size_t done = 0;

	if (!object)
		return write(descriptor, bytes, count);
	bytes_access(bytes, count, NULL, MODEL_PC, MODEL_SP);
	do {
		size_t piece = count - done < WRITE_MAX ? count - done : WRITE_MAX;
		ssize_t got;

		world_step(self, object->address);
		wait_ready(self, object, descriptor, POLLOUT, "write", MODEL_PC);
		write_broken(self, object, descriptor, MODEL_PC);
		got = write(descriptor, (const char *)bytes + done, piece);
		if (got < 0 && errno == EAGAIN && !done)
			nothing_yet(self, MODEL_PC, MODEL_SP);
		else
			lap_break(self);
		transferred(self, TRACE_OUTPUT, object, (const char *)bytes + done, got, piece,
			"write", MODEL_PC);
		if (got < 0)
			return done ? (ssize_t)done : -1;
		done += (size_t)got;
		if ((size_t)got < piece)
			break;
	} while (done < count);
	return (ssize_t)done;
}

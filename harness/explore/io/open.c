/*
 * open.c - files and FIFOs, by their paths.
 *
 * Opening a FIFO to read waits until it is opened to write, and vice versa. The system is always
 * asked not to wait. A reader opens its end at once, so that writers find it. The system refuses a
 * writer before the first reader; the writer waits here, and the first reader opens the writer's
 * end for it, so that the writer gets it even if that reader closes again at once, as with the
 * system.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "unmodelled.h"
#include "spin.h"

enum { NOT_GIVEN = -1 };

int snarl_model_open(const char *path, int flags, ...);
int snarl_model_mkfifo(const char *path, mode_t mode);
int snarl_model_unlink(const char *path);
int snarl_model_ftruncate(int descriptor, off_t length);

/* Writers that wait for the first reader. */
static struct writers {
	uint32_t execution;
	struct writer {
		const struct file *file; /* NULL: it does not wait */
		const char *path;
		int flags;
		int given; /* its descriptor, opened for it; NOT_GIVEN: not yet */
	} at[ACTORS_MAX];
} writers;

/* In an execution that ended early, a writer may not have taken its descriptor: close it. */
static struct writers *writers_here(void)
{
	if (writers.execution == scheduler.execution)
		return &writers;
	for (unsigned i = 0; i < ACTORS_MAX; i++)
		if (writers.at[i].file && writers.at[i].given != NOT_GIVEN)
			close(writers.at[i].given);
	memset(&writers, 0, sizeof writers);
	writers.execution = scheduler.execution;
	return &writers;
}

static int open_now(const char *path, int flags)
{
	return open(path, (flags & ~(O_CREAT | O_EXCL | O_TRUNC)) | O_NONBLOCK);
}

/* Clear O_NONBLOCK again unless the caller asked for it: its reads and writes may wait. */
static int opened(int descriptor, int flags)
{
	if (descriptor >= 0 && !(flags & O_NONBLOCK))
		fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
	return descriptor;
}

/* A reader has opened the FIFO: open their ends for the writers that wait for it. */
static void writers_serve(const struct file *file)
{
	struct writers *here = writers_here();

	for (unsigned i = 0; i < ACTORS_MAX; i++)
		if (here->at[i].file == file && here->at[i].given == NOT_GIVEN)
			here->at[i].given = opened(
				open_now(here->at[i].path, here->at[i].flags), here->at[i].flags);
}

static bool writer_waits(const struct file *file)
{
	struct writers *here = writers_here();

	for (unsigned i = 0; i < ACTORS_MAX; i++)
		if (here->at[i].file == file && here->at[i].given == NOT_GIVEN)
			return true;
	return false;
}

/* Whether the FIFO has data or a writer: reading an empty one without writers returns 0. */
static bool has_writer(int descriptor)
{
	int bytes = 0;
	char byte;

	if (ioctl(descriptor, FIONREAD, &bytes) == 0 && bytes)
		return true;
	return read(descriptor, &byte, 1) < 0;
}

static void come(struct actor *self, struct file *file, bool reads, bool writes, const void *pc)
{
	file->openers[FOR_READING] += reads;
	file->openers[FOR_WRITING] += writes;
	if (self)
		object_release(self, file_object(file, pc));
	file_changed(file);
}

static int open_reader(struct file *file, const char *path, int flags, const struct io *given)
{
	unsigned before = file->openers[FOR_WRITING];
	struct actor *self = scheduler.running;
	int descriptor = open_now(path, flags);
	bool alone;
	struct io io = *given;

	if (descriptor < 0)
		return -1;
	io.descriptor = descriptor;
	alone = !has_writer(descriptor) && !writer_waits(file);
	opened(descriptor, flags);
	file_reopened(descriptor, file);
	writers_serve(file);
	come(self, file, true, false, io.pc);
	while (!(flags & O_NONBLOCK) && alone && file->openers[FOR_WRITING] == before) {
		if (!self) {
			errno = host_blocks(file_object(file, io.pc), "open", io.pc);
			break;
		}
		files_wait(self, file_interest(file), file, &io);
	}
	return descriptor;
}

static int open_writer(struct file *file, const char *path, int flags, const struct io *given)
{
	struct actor *self = scheduler.running;
	int descriptor = opened(open_now(path, flags), flags);
	struct io io = *given;
	struct writer *waiter;

	if (descriptor < 0 && errno == ENXIO && !(flags & O_NONBLOCK) && self) {
		io.writes = true;
		waiter = &writers_here()->at[self->index];
		*waiter = (struct writer){file, path, flags, NOT_GIVEN};
		file->openers[FOR_WRITING]++;
		file_changed(file);
		while (waiter->given == NOT_GIVEN)
			files_wait(self, file_interest(file), file, &io);
		waiter->file = NULL;
		descriptor = waiter->given;
		file_reopened(descriptor, file);
		return descriptor;
	}
	if (descriptor < 0 && errno == ENXIO && !(flags & O_NONBLOCK))
		errno = host_blocks(file_object(file, io.pc), "open", io.pc);
	if (descriptor < 0)
		return -1;
	file_reopened(descriptor, file);
	come(self, file, false, true, io.pc);
	return descriptor;
}

/* "creates" if it certainly does: it fails if the name is there. */
static const char *open_words(int flags)
{
	return flags & O_CREAT && flags & O_EXCL ? "creates"
	       : flags & O_CREAT		 ? "opens or creates"
						 : "opens";
}

static int open_fifo(const struct stat *status, const char *path, int flags, const struct io *io)
{
	struct file *file = file_of(status, path, io->pc);
	struct actor *self = scheduler.running;
	int descriptor;

	if (!file)
		return -1;
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		descriptor = open_reader(file, path, flags, io);
		break;
	case O_WRONLY:
		descriptor = open_writer(file, path, flags, io);
		break;
	default:
		descriptor = open(path, flags & ~(O_CREAT | O_EXCL | O_TRUNC));
		if (descriptor < 0)
			return -1;
		file_reopened(descriptor, file);
		writers_serve(file);
		come(self, file, true, true, io->pc);
		break;
	}
	path_traced("open", io->pc, "opens", path, descriptor);
	if (self && descriptor >= 0)
		object_acquire(self, file_object(file, io->pc));
	return descriptor;
}

int snarl_model_open(const char *path, int flags, ...)
{
	struct io io = {.call = "open", .pc = MODEL_PC, .sp = MODEL_SP};
	struct stat status;
	va_list arguments;
	int descriptor;
	mode_t mode;

	va_start(arguments, flags);
	mode = (mode_t)va_arg(arguments, int);
	va_end(arguments);
	names_ask();
	outside_path(path, "open");
	if (!(flags & O_PATH) && stat(path, &status) == 0 && S_ISFIFO(status.st_mode) &&
		(flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
		return process_opened(open_fifo(&status, path, flags, &io));
	descriptor = open(path, flags, mode);
	path_traced("open", MODEL_PC, open_words(flags), path, descriptor);
	if (descriptor >= 0 && flags & O_CREAT)
		names_changed();
	else
		names_looked(MODEL_PC, MODEL_SP);
	file_opened(descriptor, path, NULL, MODEL_PC);
	return process_opened(descriptor);
}

int snarl_model_mkfifo(const char *path, mode_t mode)
{
	struct stat status;
	int answer;

	names_ask();
	answer = mkfifo(path, mode);
	path_traced("mkfifo", MODEL_PC, "makes the FIFO", path, answer);
	if (answer == 0)
		names_changed();
	else
		names_looked(MODEL_PC, MODEL_SP);
	/* A file system may reuse the inode number of a removed file. */
	if (answer == 0 && stat(path, &status) == 0)
		file_forget(status.st_dev, status.st_ino);
	return answer;
}

int snarl_model_unlink(const char *path)
{
	int answer;

	names_ask();
	answer = unlink(path);
	path_traced("unlink", MODEL_PC, "unlinks", path, answer);
	if (answer == 0)
		names_changed();
	else
		names_looked(MODEL_PC, MODEL_SP);
	return answer;
}

int snarl_model_ftruncate(int descriptor, off_t length)
{
	struct io io = IO_BEGIN("ftruncate", descriptor);

	int answer;

	if (io_step(&io))
		spin_break(scheduler.running);
	answer = ftruncate(descriptor, length);
	descriptor_traced("ftruncate", MODEL_PC, length ? "sets the length of" : "empties",
		descriptor, answer);
	return answer;
}

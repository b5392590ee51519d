/*
 * file_lock.c - flock, fcntl and lockf.
 *
 * A lock of flock belongs to an open file, as do those of fcntl's F_OFD commands: descriptors that
 * are copies of each other share it, and the last one that is closed releases it. The other locks
 * of fcntl, and lockf's, belong to a process: its threads share them, and each descriptor of the
 * file that it closes releases them, whichever one they were taken by.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "custom.h"
#include "descriptor.h"
#include "event.h"
#include "location.h"
#include "lock_table.h"
#include "process.h"
#include "spin.h"

static const off_t END = INT64_MAX; /* of all files */

int snarl_model_flock(int descriptor, int operation);
int snarl_model_lockf(int descriptor, int function, off_t length);
int snarl_model_fcntl(int descriptor, int command, ...);

/*
 * Step before the call. Returns false if the descriptor is not open then: the system says so. The
 * case's own streams and the like have no model.
 */
static bool lock_begin(struct io *io)
{
	if (!io->file && fcntl(io->descriptor, F_GETFD) >= 0)
		event_fatal("%s locks one of the case's own streams, which explore does not model: "
			    "run it on the other engines",
			io->call);
	io_step(io);
	io->file = file_at(io->descriptor, io->pc); /* another thread may have closed it */
	return io->file;
}

/* A lock that the caller wants through its descriptor. */
static struct file_lock lock_of(const struct io *io, enum lock_kind kind, bool of_process)
{
	unsigned opening = descriptor_opening(io->descriptor);

	if (!of_process && !opening)
		event_fatal("%s locks a file of which it is not known who opened it, which explore "
			    "does not model: run it on the other engines",
			io->call);
	return (struct file_lock){.on = &io->file->locks[kind],
		.of_process = of_process,
		.holder = of_process ? descriptors_process() : opening,
		.actor = scheduler.running ? (int)scheduler.running->index : HOST_OWNER,
		.to = END};
}

/* Try again only when something has been released. */
static int refused(const struct io *io, const struct file_lock *wanted)
{
	uint64_t *changes = &wanted->on->changes;
	struct actor *self = scheduler.running;

	if (self) {
		object_refused(self, lock_object(wanted->on, io->pc), io->call, io->pc);
		spin_read(self, location_at((uintptr_t)changes, sizeof *changes),
			(uintptr_t)changes, sizeof *changes, io->pc, io->sp);
	}
	errno = EAGAIN;
	return -1;
}

static void lock_traced(
	struct actor *self, enum trace_op op, const struct io *io, const struct file_lock *lock)
{
	if (self && scheduler.tracing)
		object_traced(self, op, lock_object(lock->on, io->pc), io->call, io->pc);
}

static int taken(const struct io *io, const struct file_lock *wanted)
{
	struct object *object = lock_object(wanted->on, io->pc);
	struct actor *self = scheduler.running;

	lock_take(self, wanted, io->pc);
	if (!self)
		return 0;
	object->acquired_at[self->index] = io->pc;
	object->taken_in = scheduler_steps();
	lock_traced(self, wanted->exclusive ? TRACE_LOCK : TRACE_READ_LOCK, io, wanted);
	object_acquire_as(self, object, wanted->exclusive);
	return 0;
}

/* Take it once nothing keeps it from being taken; `patient`: wait until then. */
static int take(const struct io *io, const struct file_lock *wanted, bool patient)
{
	unsigned opening = descriptor_opening(io->descriptor);
	struct actor *self = scheduler.running;

	while (lock_conflict(wanted)) {
		if (!patient)
			return refused(io, wanted);
		if (!self) {
			errno = host_blocks(lock_object(wanted->on, io->pc), io->call, io->pc);
			return -1;
		}
		if (!lock_wait(self, wanted, io->call, io->pc)) {
			errno = EDEADLK;
			descriptor_traced(
				io->call, io->pc, "does not wait for", io->descriptor, -1);
			return -1;
		}
	}
	/* Another thread has closed it meanwhile: a lock of the open file ends with this call. */
	if (!wanted->of_process && !descriptor_is_open(opening))
		return 0;
	if (wanted->of_process && descriptor_opening(io->descriptor) != opening) {
		errno = EBADF;
		return -1;
	}
	return taken(io, wanted);
}

static int give(const struct io *io, const struct file_lock *range)
{
	if (lock_own(range))
		lock_traced(scheduler.running, TRACE_UNLOCK, io, range);
	else
		descriptor_traced(io->call, io->pc, "has no lock to release of", io->descriptor, 0);
	lock_release(scheduler.running, range, io->pc);
	return 0;
}

/*
 * A lock of the other mode is first released, and then the new one is taken: in between another
 * may take it.
 */
int snarl_model_flock(int descriptor, int operation)
{
	struct io io = IO_BEGIN("flock", descriptor);
	bool patient = !(operation & LOCK_NB);
	const struct file_lock *own;
	struct file_lock wanted;

	operation &= ~LOCK_NB;
	if (!lock_begin(&io) ||
		(operation != LOCK_SH && operation != LOCK_EX && operation != LOCK_UN))
		return flock(descriptor, operation | LOCK_NB);
	wanted = lock_of(&io, LOCK_FILE, false);
	wanted.exclusive = operation == LOCK_EX;
	if (operation == LOCK_UN)
		return give(&io, &wanted);
	own = lock_own(&wanted);
	if (own && own->exclusive != wanted.exclusive) {
		give(&io, &wanted);
		io_step(&io);
	}
	return take(&io, &wanted, patient);
}

/* --- ranges -------------------------------------------------------------------------------- */

/* Where l_start counts from. */
static off_t base_of(const struct io *io, const struct flock *given)
{
	struct stat status;

	switch (given->l_whence) {
	case SEEK_SET:
		return 0;
	case SEEK_CUR:
		return lseek(io->descriptor, 0, SEEK_CUR);
	case SEEK_END:
		return fstat(io->descriptor, &status) == 0 ? status.st_size : -1;
	default:
		return -1;
	}
}

/* Returns false, with errno set, if there are no such bytes. */
static bool range_of(const struct io *io, const struct flock *given, struct file_lock *range)
{
	off_t from = base_of(io, given), last, length = given->l_len;

	errno = EINVAL;
	if (from < 0)
		return false;
	if (__builtin_add_overflow(from, given->l_start, &from) ||
		(length > 0 && __builtin_add_overflow(from, length - 1, &last))) {
		errno = EOVERFLOW;
		return false;
	}
	if (length < 0) {
		last = from - 1;
		if (from < 0 || __builtin_add_overflow(from, length, &from))
			return false;
	}
	range->from = from;
	range->to = length && last < END ? last + 1 : END;
	return from >= 0;
}

/* Whether the descriptor is open for what the lock is about. */
static bool is_open_for(const struct io *io, short type)
{
	int mode = fcntl(io->descriptor, F_GETFL) & O_ACCMODE;

	errno = EBADF;
	return type == F_UNLCK || mode == O_RDWR || mode == (type == F_WRLCK ? O_WRONLY : O_RDONLY);
}

/* The number by which the processes of the case know the holder of a lock. */
static pid_t number_of(const struct file_lock *held)
{
	if (!held->of_process)
		return -1;
	return process_emulated && held->holder < ACTORS_MAX ? custom_pid_of(held->holder)
							     : getpid();
}

/* What keeps the lock from being taken. */
static void conflict_write(const struct io *io, const struct file_lock *wanted, struct flock *to)
{
	const struct file_lock *held = lock_conflict(wanted);
	struct flock found = *to;

	found.l_type = F_UNLCK;
	if (held)
		found = (struct flock){.l_type = held->exclusive ? F_WRLCK : F_RDLCK,
			.l_whence = SEEK_SET,
			.l_start = held->from,
			.l_len = held->to == END ? 0 : held->to - held->from,
			.l_pid = number_of(held)};
	descriptor_traced("fcntl", io->pc, "asks who has locked", io->descriptor, 0);
	bytes_write(to, &found, sizeof found, io);
}

static bool is_valid(const struct flock *given, bool of_process, bool asks)
{
	errno = EINVAL;
	if (!of_process && given->l_pid)
		return false;
	return given->l_type == F_RDLCK || given->l_type == F_WRLCK ||
	       (given->l_type == F_UNLCK && !asks);
}

static int range_lock(struct io *io, int command, struct flock *given)
{
	bool of_process = command == F_SETLK || command == F_SETLKW || command == F_GETLK;
	bool asks = command == F_GETLK || command == F_OFD_GETLK;
	struct file_lock range;

	if (!lock_begin(io)) {
		errno = EBADF;
		return -1;
	}
	range = lock_of(io, LOCK_RANGE, of_process);
	range.exclusive = given->l_type == F_WRLCK;
	if (!is_valid(given, of_process, asks) || !range_of(io, given, &range))
		return -1;
	if (asks) {
		conflict_write(io, &range, given);
		return 0;
	}
	if (!is_open_for(io, given->l_type))
		return -1;
	if (given->l_type == F_UNLCK)
		return give(io, &range);
	return take(io, &range, command == F_SETLKW || command == F_OFD_SETLKW);
}

static bool is_lock(int command)
{
	return command == F_SETLK || command == F_SETLKW || command == F_GETLK ||
	       command == F_OFD_SETLK || command == F_OFD_SETLKW || command == F_OFD_GETLK;
}

int snarl_model_lockf(int descriptor, int function, off_t length)
{
	struct io io = IO_BEGIN("lockf", descriptor);
	struct flock given = {.l_type = function == F_ULOCK ? F_UNLCK : F_WRLCK,
		.l_whence = SEEK_CUR,
		.l_len = length};
	struct file_lock range;

	if (function == F_ULOCK || function == F_LOCK || function == F_TLOCK)
		return range_lock(&io, function == F_LOCK ? F_SETLKW : F_SETLK, &given);
	if (!lock_begin(&io) || function != F_TEST)
		return lockf(descriptor, function, length);
	range = lock_of(&io, LOCK_RANGE, true);
	range.exclusive = true;
	if (!range_of(&io, &given, &range))
		return -1;
	if (!lock_conflict(&range))
		return 0;
	refused(&io, &range);
	errno = EACCES;
	return -1;
}

/* --- fcntl --------------------------------------------------------------------------------- */

static void fcntl_traced(int descriptor, int command, long argument, int answer, const void *pc)
{
	const char *words = command == F_DUPFD || command == F_DUPFD_CLOEXEC ? "duplicates"
			    : command == F_GETFL || command == F_GETFD ? "asks for the flags of"
			    : command == F_SETFD		       ? "sets close-on-exec of"
			    : command != F_SETFL		       ? "calls fcntl on"
			    : argument & O_NONBLOCK		       ? "sets O_NONBLOCK of"
								       : "clears O_NONBLOCK of";

	descriptor_traced("fcntl", pc, words, descriptor, answer);
}

int snarl_model_fcntl(int descriptor, int command, ...)
{
	struct io io = IO_BEGIN("fcntl", descriptor);
	va_list arguments;
	long argument;
	int answer;

	va_start(arguments, command);
	argument = va_arg(arguments, long);
	va_end(arguments);
	if (is_lock(command) && argument) {
		bytes_read((const void *)argument, sizeof(struct flock), &io);
		return range_lock(&io, command, (struct flock *)argument);
	}
	if (scheduler.running)
		scheduler_step(scheduler.running, io.file ? io.file->address : NULL);
	answer = custom_fcntl(descriptor, command, argument);
	fcntl_traced(descriptor, command, argument, answer, MODEL_PC);
	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		file_copied(process_descriptor(answer), io.file, descriptor);
	else if (io.file && answer >= 0 && (command == F_SETFL || command == F_SETPIPE_SZ))
		file_changed(io.file); /* what waits for room may find it */
	return answer;
}

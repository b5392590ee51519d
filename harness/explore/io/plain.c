/*
 * plain.c - calls on names and descriptors that wait for nothing: each is a step at what it
 * touches, and the system itself does it at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "custom.h"
#include "descriptor.h"
#include "event.h"
#include "unmodelled.h"

/* --- names --------------------------------------------------------------------------------- */

/*
 * A change that succeeds orders what follows; one that fails has only looked. The build finds
 * models by their names.
 */
#define CHANGE(model, name, words, path, parameters, arguments)                                    \
	int model parameters;                                                                      \
	int model parameters                                                                       \
	{                                                                                          \
		int answer;                                                                        \
                                                                                                   \
		names_ask();                                                                       \
		outside_path(path, #name);                                                         \
		answer = name arguments;                                                           \
		path_traced(#name, MODEL_PC, words, path, answer);                                 \
		if (answer == 0)                                                                   \
			names_changed();                                                           \
		else                                                                               \
			names_looked(MODEL_PC, MODEL_SP);                                          \
		return answer;                                                                     \
	}

CHANGE(snarl_model_mkdir, mkdir, "makes the folder", name, (const char *name, mode_t mode),
	(name, mode))
CHANGE(snarl_model_rmdir, rmdir, "removes the folder", name, (const char *name), (name))
CHANGE(snarl_model_link, link, "links a name as", name, (const char *path, const char *name),
	(path, name))
CHANGE(snarl_model_symlink, symlink, "makes the symbolic link", name,
	(const char *target, const char *name), (target, name))

int snarl_model_rename(const char *old_name, const char *name);
int snarl_model_access(const char *path, int mode);
int snarl_model_stat(const char *path, struct stat *status);
int snarl_model_lstat(const char *path, struct stat *status);

int snarl_model_rename(const char *old_name, const char *name)
{
	char words[NAMES_WORD_MAX + 16], old[NAMES_WORD_MAX];
	int answer;

	names_ask();
	outside_path(name, "rename");
	answer = rename(old_name, name);
	if (scheduler.tracing) {
		word_of(old_name, old);
		snprintf(words, sizeof words, "renames %s to", old);
		path_traced("rename", MODEL_PC, words, name, answer);
	}
	if (answer == 0)
		names_changed();
	else
		names_looked(MODEL_PC, MODEL_SP);
	return answer;
}

/* A step that only looks at a name. */
static void look(const char *path, const char *call)
{
	names_ask();
	outside_path(path, call);
}

/* What it found. */
static void looked(const char *path, const char *call, int answer, const void *pc, const void *sp)
{
	int error = errno;

	path_traced(call, pc, "looks for", path, answer);
	names_looked(pc, sp);
	errno = error;
}

int snarl_model_access(const char *path, int mode)
{
	int answer;

	look(path, "access");
	answer = access(path, mode);
	looked(path, "access", answer, MODEL_PC, MODEL_SP);
	return answer;
}

int snarl_model_stat(const char *path, struct stat *status)
{
	struct stat found;
	int answer;

	look(path, "stat");
	answer = stat(path, &found);
	looked(path, "stat", answer, MODEL_PC, MODEL_SP);
	if (answer == 0)
		result_write(status, &found, sizeof found, MODEL_PC);
	return answer;
}

int snarl_model_lstat(const char *path, struct stat *status)
{
	struct stat found;
	int answer;

	look(path, "lstat");
	answer = lstat(path, &found);
	looked(path, "lstat", answer, MODEL_PC, MODEL_SP);
	if (answer == 0)
		result_write(status, &found, sizeof found, MODEL_PC);
	return answer;
}

/* --- descriptors --------------------------------------------------------------------------- */

#define PLAIN(type, model, name, parameters, arguments)                                            \
	type model parameters;                                                                     \
	type model parameters                                                                      \
	{                                                                                          \
		struct io io = IO_BEGIN(#name, descriptor);                                        \
                                                                                                   \
		io_step(&io);                                                                      \
		return name arguments;                                                             \
	}

PLAIN(int, snarl_model_fchmod, fchmod, (int descriptor, mode_t mode), (descriptor, mode))
PLAIN(int, snarl_model_fsync, fsync, (int descriptor), (descriptor))
PLAIN(int, snarl_model_fdatasync, fdatasync, (int descriptor), (descriptor))
PLAIN(int, snarl_model_isatty, isatty, (int descriptor), (descriptor))
PLAIN(off_t, snarl_model_lseek, lseek, (int descriptor, off_t offset, int origin),
	(descriptor, offset, origin))

int snarl_model_fstat(int descriptor, struct stat *status);
int snarl_model_getpeername(int descriptor, struct sockaddr *address, socklen_t *length);
int snarl_model_ioctl(int descriptor, unsigned long request, ...);
int snarl_model_creat(const char *path, mode_t mode);
int snarl_model_mkstemp(char *pattern);
int snarl_model_open(const char *path, int flags, ...);
int snarl_model_eventfd_read(int descriptor, eventfd_t *value);
int snarl_model_eventfd_write(int descriptor, eventfd_t value);
ssize_t snarl_model_read(int descriptor, void *bytes, size_t count);
ssize_t snarl_model_write(int descriptor, const void *bytes, size_t count);
ssize_t snarl_model_pread(int descriptor, void *bytes, size_t count, off_t offset);
ssize_t snarl_model_pwrite(int descriptor, const void *bytes, size_t count, off_t offset);
FILE *snarl_model_fopen(const char *name, const char *mode);
int snarl_model_fclose(FILE *stream);
int snarl_model_fileno(FILE *stream);
sighandler_t snarl_model_signal(int number, sighandler_t handler);
int snarl_model_sigaction(int number, const struct sigaction *action, struct sigaction *before);
pid_t snarl_model_getpid(void);
pid_t snarl_model_getppid(void);
pid_t snarl_model_gettid(void);

int snarl_model_fstat(int descriptor, struct stat *status)
{
	struct io io = IO_BEGIN("fstat", descriptor);
	struct stat found;
	int answer;

	io_step(&io);
	answer = fstat(descriptor, &found);
	if (answer == 0)
		bytes_write(status, &found, sizeof found, &io);
	return answer;
}

int snarl_model_getpeername(int descriptor, struct sockaddr *address, socklen_t *length)
{
	struct io io = IO_BEGIN("getpeername", descriptor);
	struct sockaddr_storage peer = {0};
	socklen_t peer_length = sizeof peer;
	int answer;

	io_step(&io);
	answer = getpeername(descriptor, (struct sockaddr *)&peer, &peer_length);
	if (answer != 0)
		return answer;
	bytes_write(address, &peer, *length < peer_length ? *length : peer_length, &io);
	bytes_write(length, &peer_length, sizeof *length, &io);
	return 0;
}

int snarl_model_ioctl(int descriptor, unsigned long request, ...)
{
	struct io io = IO_BEGIN("ioctl", descriptor);
	va_list arguments;
	int *count, there, answer;

	va_start(arguments, request);
	count = va_arg(arguments, int *);
	va_end(arguments);
	if (request != FIONREAD)
		event_fatal("ioctl is called with request 0x%lx, which explore does not model: run "
			    "it on the other engines",
			request);
	io_step(&io);
	if (scheduler.running && io.file)
		files_looked(scheduler.running, file_interest(io.file), &io);
	answer = ioctl(descriptor, request, &there);
	if (answer == 0)
		bytes_write(count, &there, sizeof there, &io);
	return answer;
}

int snarl_model_creat(const char *path, mode_t mode)
{
	return snarl_model_open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* The name is the system's choice, but it is new in any case. */
int snarl_model_mkstemp(char *pattern)
{
	int descriptor;

	names_ask();
	outside_path(pattern, "mkstemp");
	descriptor = mkstemp(pattern);
	path_traced("mkstemp", MODEL_PC, "creates", pattern, descriptor);
	if (descriptor >= 0)
		names_changed();
	file_opened(descriptor, pattern, NULL, MODEL_PC);
	return process_opened(descriptor);
}

int snarl_model_eventfd_read(int descriptor, eventfd_t *value)
{
	return snarl_model_read(descriptor, value, sizeof *value) == sizeof *value ? 0 : -1;
}

int snarl_model_eventfd_write(int descriptor, eventfd_t value)
{
	return snarl_model_write(descriptor, &value, sizeof value) == sizeof value ? 0 : -1;
}

ssize_t snarl_model_pread(int descriptor, void *bytes, size_t count, off_t offset)
{
	struct io io = IO_BEGIN("pread", descriptor);
	unsigned char *here = buffer_here();
	ssize_t got;

	io_step(&io);
	got = pread(descriptor, here, count < BUFFER_BYTES ? count : BUFFER_BYTES, offset);
	if (got > 0)
		bytes_write(bytes, here, (size_t)got, &io);
	return got;
}

ssize_t snarl_model_pwrite(int descriptor, const void *bytes, size_t count, off_t offset)
{
	struct io io = IO_BEGIN("pwrite", descriptor);

	bytes_read(bytes, count, &io);
	io_step(&io);
	return pwrite(descriptor, bytes, count, offset);
}

/* --- streams and processes ------------------------------------------------------------------ */

/* A stream of a FIFO would wait for its other end, and all actors with it. */
FILE *snarl_model_fopen(const char *name, const char *mode)
{
	struct stat status;
	FILE *stream;

	names_ask();
	outside_path(name, "fopen");
	if (stat(name, &status) == 0 && S_ISFIFO(status.st_mode))
		event_fatal("fopen opens a FIFO, which explore models only for open: run it on the "
			    "other engines");
	stream = custom_fopen(name, mode);
	if (stream)
		stream_opened(fileno(stream));
	path_traced("fopen", MODEL_PC, "opens", name, stream ? 0 : -1);
	if (stream && *mode != 'r')
		names_changed();
	else
		names_looked(MODEL_PC, MODEL_SP);
	return stream;
}

int snarl_model_fclose(FILE *stream)
{
	int descriptor = fileno(stream), answer;
	struct file *file;

	names_step();
	file = stream_file(descriptor);
	answer = custom_fclose(stream);
	stream_closed(descriptor, file, MODEL_PC);
	return answer;
}

int snarl_model_fileno(FILE *stream)
{
	return custom_fileno(stream);
}

/* What a signal does is not modelled, but for SIGPIPE, which a write without a reader sends. */
static void disposition_check(int number, const char *call)
{
	if (scheduler.running && number != SIGPIPE)
		event_fatal("%s changes what signal %d does, which explore does not model: run it "
			    "on the other engines",
			call, number);
	names_step();
}

sighandler_t snarl_model_signal(int number, sighandler_t handler)
{
	disposition_check(number, "signal");
	return custom_signal(number, handler);
}

int snarl_model_sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
	disposition_check(number, "sigaction");
	return custom_sigaction(number, action, before);
}

/* Numbers of emulated processes, which do not change. */
pid_t snarl_model_getpid(void)
{
	return custom_getpid();
}

pid_t snarl_model_getppid(void)
{
	return custom_getppid();
}

pid_t snarl_model_gettid(void)
{
	return custom_gettid();
}

/*
 * descriptor.c - common to all calls on descriptors.
 *
 * A file is found by its inode, which all descriptors of one pipe or queue share, and by its
 * descriptor. Its descriptor may differ in a replay, so its name is the variable that pipe filled,
 * or the word that it was opened by; a file that has neither is "file 2", the second of the
 * execution.
 *
 * A scenario closes in its teardown what its set-up and actors opened. An execution that ends
 * early, in a deadlock, has no teardown: descriptors that it left open are closed when the next
 * begins, here or, for emulated processes, by process_sweep.
 */
#define _GNU_SOURCE
#include "descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access.h"
#include "address.h"
#include "actor.h"
#include "event.h"
#include "heap.h"
#include "image.h"
#include "spin.h"
#include "custom.h"
#include "snarl.h"

enum { NUMBERS_MAX = 1024 /* descriptors below are remembered; others are looked up */ };

static struct files {
	uint32_t execution; /* that the other members belong to */
	unsigned count;
	unsigned opened; /* times that a file was opened */
	unsigned sent_count;
	unsigned sent[FILES_MAX]; /* openings whose descriptors were sent in messages */
	int highest;		  /* descriptor that is remembered */
	struct file at[FILES_MAX];
	struct number {
		uint32_t execution; /* 0: nothing is known about it */
		bool ours;	    /* to close after the execution */
		unsigned opened;    /* which opening of a file it is a copy of; 0: not known */
		struct file *file;
		const int *variable; /* in the state, where the set-up stored it; NULL: none */
	} numbers[NUMBERS_MAX];
} files = {.highest = -1};

static unsigned char buffers[ACTORS_MAX + 1][BUFFER_BYTES];

void descriptors_renew(uint32_t execution)
{
	for (int i = 0; i <= files.highest; i++) {
		if (files.numbers[i].execution == files.execution && files.numbers[i].ours)
			close(i);
		files.numbers[i].execution = 0;
	}
	files.highest = -1;
	files.count = 0;
	files.opened = files.sent_count = 0;
	files.execution = execution;
	locks_renew();
}

static void number_note(int descriptor, struct file *file, bool ours, unsigned opened)
{
	if (descriptor < 0 || descriptor >= NUMBERS_MAX)
		return;
	files.numbers[descriptor] = (struct number){files.execution, ours, opened, file, NULL};
	if (descriptor > files.highest)
		files.highest = descriptor;
}

/* An actor's own copy of a descriptor that the set-up opened. */
static void number_copy(int descriptor, int from)
{
	const struct number *known = &files.numbers[from];

	number_note(descriptor, known->file, false, known->opened);
	if (descriptor >= 0 && descriptor < NUMBERS_MAX)
		files.numbers[descriptor].variable = known->variable;
}

static void number_forget(int descriptor)
{
	if (descriptor >= 0 && descriptor < NUMBERS_MAX)
		files.numbers[descriptor].execution = 0;
}

static bool is_noted(int descriptor)
{
	return descriptor >= 0 && descriptor < NUMBERS_MAX &&
	       files.numbers[descriptor].execution == files.execution;
}

static struct file *number_known(int descriptor)
{
	return is_noted(descriptor) ? files.numbers[descriptor].file : NULL;
}

unsigned descriptor_opening(int descriptor)
{
	return is_noted(descriptor) ? files.numbers[descriptor].opened : 0;
}

static const int *variable_of(int descriptor)
{
	return number_known(descriptor) ? files.numbers[descriptor].variable : NULL;
}

/* --- names --------------------------------------------------------------------------------- */

static bool has_name(const void *address)
{
	uintptr_t at = (uintptr_t)address;

	return at - scheduler.state < scheduler.state_size || program_has(at) || heap_has(at);
}

/* "requests" for "/snarl-x7Yk2p-requests" and for "/tmp/snarl-case-x7Yk2p/requests". */
void word_of(const char *path, char word[NAMES_WORD_MAX])
{
	static const char ours[] = "snarl-XXXXXX-";
	const char *last = strrchr(path, '/');

	last = last ? last + 1 : path;
	if (strncmp(last, ours, 6) == 0 && strlen(last) >= sizeof ours &&
		last[sizeof ours - 2] == '-')
		last += sizeof ours - 1;
	snprintf(word, NAMES_WORD_MAX, "%s", last);
}

bool descriptor_name(uintptr_t address, char *text, size_t size)
{
	size_t at = address - FILE_ZERO;

	if (address - (uintptr_t)files.at < sizeof files.at) {
		const struct file *file =
			&files.at[(address - (uintptr_t)files.at) / sizeof *files.at];

		/* The change counter that a polling loop reads has the name of its file. */
		if ((uintptr_t)file->address != FILE_ZERO + (size_t)(file - files.at)) {
			snprintf(text, size, "%s", address_name(file->address));
			return true;
		}
		at = (size_t)(file - files.at);
	}
	if (at >= FILES_MAX)
		return false;
	if (files.at[at].variable)
		snprintf(text, size, "%s", address_name(files.at[at].variable));
	else if (files.at[at].word[0])
		snprintf(text, size, "%s", files.at[at].word);
	else
		snprintf(text, size, "%s %zu",
			files.at[at].kind == FILE_SOCKET    ? "socket"
			: files.at[at].kind == FILE_COUNTER ? "eventfd"
			: files.at[at].kind == FILE_POLL    ? "epoll"
							    : "file",
			at + 1);
	return true;
}

/* --- files --------------------------------------------------------------------------------- */

static struct file *file_find(const struct stat *status)
{
	for (unsigned i = 0; i < files.count; i++)
		if (files.at[i].inode && files.at[i].inode == status->st_ino &&
			files.at[i].device == status->st_dev)
			return &files.at[i];
	return NULL;
}

static struct file *file_add(
	const struct stat *status, const char *path, const void *address, const void *pc)
{
	struct file *file = &files.at[files.count];
	bool nameless = !(status->st_mode & S_IFMT); /* one inode for all of its kind */

	if (files.count == FILES_MAX) {
		event_fatal(
			"more than %d pipes and files in one execution, which is explore's limit: "
			"run it on the other engines",
			FILES_MAX);
	}
	if (!has_name(address))
		address = (const void *)(FILE_ZERO + files.count);
	files.count++;
	memset(file, 0, sizeof *file);
	file->device = status->st_dev;
	file->inode = nameless ? 0 : status->st_ino;
	file->kind = S_ISSOCK(status->st_mode) ? FILE_SOCKET : FILE_OTHER;
	file->address = address;
	if (path)
		word_of(path, file->word);
	object_init(address, OBJECT_DESCRIPTOR, pc);
	return file;
}

struct file *file_of(const struct stat *status, const char *path, const void *pc)
{
	struct file *file = file_find(status);

	return file ? file : file_add(status, path, NULL, pc);
}

/* The path that a descriptor was opened by; NULL: it has none, or not any more. */
static const char *path_of(int descriptor, char path[PATH_MAX])
{
	char link[32];
	ssize_t length;

	snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
	length = readlink(link, path, PATH_MAX - 1);
	path[length > 0 ? length : 0] = '\0';
	return *path == '/' && access(path, F_OK) == 0 ? path : NULL;
}

struct file *file_at(int descriptor, const void *pc)
{
	struct file *file = number_known(descriptor);
	char path[PATH_MAX];
	struct stat status;

	if (file || descriptor <= STDERR_FILENO || event_goes_to(descriptor) ||
		fstat(descriptor, &status) != 0)
		return file;
	file = file_of(&status, path_of(descriptor, path), pc);
	number_note(descriptor, file, false, descriptor_opening(descriptor));
	return file;
}

struct file *file_opened(int descriptor, const char *path, const void *address, const void *pc)
{
	struct file *file;
	struct stat status;

	if (descriptor < 0)
		return NULL;
	if (scheduler.running)
		spin_break(scheduler.running);
	file = fstat(descriptor, &status) == 0 ? file_find(&status) : NULL;
	if (!file)
		file = file_add(&status, path, address, pc);
	number_note(descriptor, file, !process_emulated, ++files.opened);
	if (has_name(address) && number_known(descriptor))
		files.numbers[descriptor].variable = address;
	return file;
}

void file_reopened(int descriptor, struct file *file)
{
	if (scheduler.running)
		spin_break(scheduler.running);
	if (file)
		number_note(descriptor, file, !process_emulated, ++files.opened);
}

/* Its file is added only when something is done with it. */
void stream_opened(int descriptor)
{
	number_note(descriptor, NULL, false, ++files.opened);
}

void file_copied(int copy, struct file *file, int descriptor)
{
	if (scheduler.running)
		spin_break(scheduler.running);
	if (file)
		number_note(copy, file, !process_emulated, descriptor_opening(descriptor));
}

void file_forget(dev_t device, ino_t inode)
{
	for (unsigned i = 0; i < files.count; i++)
		if (files.at[i].inode == inode && files.at[i].device == device)
			files.at[i].inode = 0;
}

struct object *file_object(const struct file *file, const void *pc)
{
	return object_at(file->address, OBJECT_DESCRIPTOR, pc);
}

struct file *file_target(struct file *file)
{
	return file->peer ? file->peer : file;
}

uint64_t file_bit(const struct file *file)
{
	return 1ull << (file - files.at);
}

struct object *file_numbered(unsigned bit, const void *pc)
{
	return file_object(&files.at[bit], pc);
}

struct file *file_last(
	bool (*is)(const struct file *file, const void *context), const void *context)
{
	for (unsigned i = files.count; i-- > 0;)
		if (is(&files.at[i], context))
			return &files.at[i];
	return NULL;
}

uint64_t file_interest(const struct file *file)
{
	uint64_t watched = file->watched, all = file_bit(file) | watched;

	if (file->peer)
		all |= file_bit(file->peer);
	for (; watched; watched &= watched - 1) {
		const struct file *peer = files.at[__builtin_ctzll(watched)].peer;

		if (peer)
			all |= file_bit(peer);
	}
	return all;
}

void file_changed(struct file *file)
{
	file->changes++;
	if (scheduler.parked)
		access_unpark(location_at((uintptr_t)&file->changes, sizeof file->changes));
	object_wake(file_object(file, NULL));
}

/* --- waiting ------------------------------------------------------------------------------- */

bool files_wait(struct actor *self, uint64_t all, const struct file *main, const struct io *io)
{
	struct object *object = file_object(main, io->pc);
	actor_set me = actor_one(self->index);
	bool woken;

	for (uint64_t rest = all; rest; rest &= rest - 1)
		file_object(&files.at[__builtin_ctzll(rest)], io->pc)->waiters |= me;
	if (io->writes)
		object->writers |= me;
	self->end = variable_of(io->descriptor);
	woken = object_wait(self, object, io->call, io->pc, io->timed);
	self->end = NULL;
	object->writers &= ~me;
	for (uint64_t rest = all; rest; rest &= rest - 1)
		file_object(&files.at[__builtin_ctzll(rest)], io->pc)->waiters &= ~me;
	return woken;
}

void files_looked(struct actor *self, uint64_t all, const struct io *io)
{
	for (; all; all &= all - 1) {
		const uint64_t *changes = &files.at[__builtin_ctzll(all)].changes;

		spin_read(self, location_at((uintptr_t)changes, sizeof *changes),
			(uintptr_t)changes, sizeof *changes, io->pc, io->sp);
	}
}

struct actor *io_step(const struct io *io)
{
	if (scheduler.running && io->file)
		scheduler_step(scheduler.running, file_target(io->file)->address);
	return scheduler.running;
}

bool io_waits(const struct io *io)
{
	struct actor *self = scheduler.running;
	struct file *file = io->writes ? file_target(io->file) : io->file;
	bool patient = !io->impatient && !(fcntl(io->descriptor, F_GETFL) & O_NONBLOCK);

	if (!self && patient) {
		errno = host_blocks(file_object(file, io->pc), io->call, io->pc);
		return false;
	}
	if (!patient) {
		if (self) {
			files_looked(self, file_interest(file), io);
			scheduler_yield(self);
		}
		errno = EAGAIN;
		return false;
	}
	if (files_wait(self, file_interest(io->file), file, io))
		return true;
	errno = io->late;
	return false;
}

short io_ready(int descriptor, short events)
{
	struct pollfd one = {.fd = descriptor, .events = events};

	return poll(&one, 1, 0) == 1 ? one.revents : 0;
}

const char *descriptor_lack(const struct actor *waiter)
{
	const struct object *object = waiter->waits_for;
	bool writes = object->writers & actor_one(waiter->index);
	const char *call = waiter->call;

	if (strcmp(call, "open") == 0)
		return writes ? "which nobody has opened for reading"
			      : "which nobody has opened for writing";
	if (strcmp(call, "accept") == 0)
		return "to which nobody connects";
	if (strstr(call, "poll"))
		return "which has no events";
	if (strcmp(call, "msgrcv") == 0)
		return "which has no such message";
	if (strcmp(call, "semop") == 0 || strcmp(call, "semtimedop") == 0)
		return "whose values do not allow it";
	return writes ? "which is full" : "which is empty";
}

/* --- memory -------------------------------------------------------------------------------- */

unsigned char *buffer_here(void)
{
	return buffers[scheduler.running ? scheduler.running->index : ACTORS_MAX];
}

/* `from`: bytes to write there; NULL to read. */
static void bytes_access(
	const void *address, size_t size, const unsigned char *from, const struct io *io)
{
	unsigned char *at = (unsigned char *)address;

	if (!scheduler.running) {
		if (from)
			memcpy(at, from, size);
		return;
	}
	for (size_t done = 0; done < size;) {
		size_t word = 8 - ((uintptr_t)(at + done) & 7);

		word = word < size - done ? word : size - done;
		spin_break(scheduler.running);
		access_make(at + done, (unsigned)word, from ? LOCATION_WRITE : LOCATION_READ,
			io->pc, io->sp);
		if (from)
			memcpy(at + done, from + done, word);
		done += word;
	}
}

void bytes_read(const void *address, size_t size, const struct io *io)
{
	bytes_access(address, size, NULL, io);
}

void bytes_write(void *address, const void *from, size_t size, const struct io *io)
{
	bytes_access(address, size, from, io);
}

size_t parts_size(const struct iovec *parts, size_t part_count)
{
	size_t size = 0;

	for (size_t i = 0; i < part_count; i++)
		size += parts[i].iov_len;
	return size;
}

void parts_read(const struct iovec *parts, size_t part_count, const struct io *io)
{
	for (size_t i = 0; i < part_count; i++)
		bytes_read(parts[i].iov_base, parts[i].iov_len, io);
}

void parts_collect(void *to, const struct iovec *parts, size_t part_count)
{
	for (size_t i = 0; i < part_count; i++) {
		memcpy(to, parts[i].iov_base, parts[i].iov_len);
		to = (char *)to + parts[i].iov_len;
	}
}

void parts_write(const struct iovec *parts, size_t part_count, const void *from, size_t count,
	const struct io *io)
{
	for (size_t i = 0; i < part_count && count; i++) {
		size_t piece = parts[i].iov_len < count ? parts[i].iov_len : count;

		bytes_write(parts[i].iov_base, from, piece, io);
		from = (const char *)from + piece;
		count -= piece;
	}
}

/* --- what has happened --------------------------------------------------------------------- */

static void transfer_trace(const struct io *io, enum trace_op op, struct object *object,
	const void *bytes, size_t count, size_t asked)
{
	struct actor *self = scheduler.running;

	if (!scheduler.tracing)
		return;
	self->end = variable_of(io->descriptor);
	trace_transfer(self, op, object->address, bytes, count, asked, io->call, io->pc);
	self->end = NULL;
}

void io_received(const struct io *io, const void *bytes, ssize_t got, size_t asked)
{
	struct actor *self = scheduler.running;
	struct object *object;
	int error = errno;

	if (got < 0 || !self)
		return;
	spin_break(self);
	object = file_object(io->file, io->pc);
	transfer_trace(io, TRACE_INPUT, object, bytes, (size_t)got, asked);
	object_acquire(self, object);
	file_changed(io->file);
	errno = error;
}

void io_ended(const struct io *io, size_t asked)
{
	struct actor *self = scheduler.running;
	struct object *object;

	if (!self)
		return;
	object = file_object(io->file, io->pc);
	transfer_trace(io, TRACE_INPUT, object, "", 0, asked);
	object_acquire(self, object);
	files_looked(self, file_interest(io->file), io);
}

void io_sent(const struct io *io, const void *bytes, ssize_t got, size_t asked)
{
	struct file *target = file_target(io->file);
	struct actor *self = scheduler.running;
	struct object *object;
	int error = errno;

	if (got < 0 || !self)
		return;
	spin_break(self);
	object = file_object(target, io->pc);
	transfer_trace(io, TRACE_OUTPUT, object, bytes, (size_t)got, asked);
	object_release(self, object);
	file_changed(target);
	errno = error;
}

void io_broken(const struct io *io)
{
	struct sigaction action;
	int error = errno;

	if (scheduler.running && !process_pipe_ignored() &&
		sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
		scheduler_fail(SNARL_CRASH, io->pc,
			"%s is killed by SIGPIPE: nobody can read %s any more",
			scheduler.running->name, address_name(file_target(io->file)->address));
	errno = error;
}

struct actor *names_step(void)
{
	names_ask();
	if (scheduler.running)
		spin_break(scheduler.running);
	return scheduler.running;
}

void names_ask(void)
{
	if (scheduler.running)
		scheduler_step(scheduler.running, &files);
}

/* Changes of names so far; for spin.c, a polling loop reads this counter. */
static uint64_t names_changes;

static struct object *names_object(void)
{
	return object_at(&names_changes, OBJECT_DESCRIPTOR, NULL);
}

void names_changed(void)
{
	if (!scheduler.running)
		return;
	spin_break(scheduler.running);
	object_acquire(scheduler.running, names_object());
	object_release(scheduler.running, names_object());
	names_changes++;
	if (scheduler.parked)
		access_unpark(location_at((uintptr_t)&names_changes, sizeof names_changes));
}

void names_looked(const void *pc, const void *sp)
{
	struct actor *self = scheduler.running;

	if (!self)
		return;
	object_acquire(self, names_object());
	spin_read(self, location_at((uintptr_t)&names_changes, sizeof names_changes),
		(uintptr_t)&names_changes, sizeof names_changes, pc, sp);
}

/* --- words --------------------------------------------------------------------------------- */

const char *descriptor_words(int descriptor)
{
	const struct file *file = number_known(descriptor);
	const int *variable = variable_of(descriptor);
	struct stat status;

	/* One that was just received has no number yet. Nothing is added: it only gets a name. */
	if (!file && fstat(descriptor, &status) == 0)
		file = file_find(&status);
	return variable ? address_name(variable)
	       : file	? address_name(file->address)
			: "a descriptor";
}

/* ": fails, ENOENT", or "". */
static const char *failure_words(int answer, char *words, size_t size)
{
	const char *name = answer < 0 ? strerrorname_np(errno) : NULL;

	snprintf(words, size, name ? ": fails, %s" : "%s", name ? name : "");
	return words;
}

void path_traced(const char *call, const void *pc, const char *words, const char *path, int answer)
{
	char word[NAMES_WORD_MAX], failure[32];

	if (!scheduler.tracing)
		return;
	word_of(path, word);
	trace_did(NULL, call, pc, "%s %s%s", words, word,
		failure_words(answer, failure, sizeof failure));
}

void descriptor_traced(
	const char *call, const void *pc, const char *words, int descriptor, int answer)
{
	char failure[32];

	if (scheduler.tracing)
		trace_did(NULL, call, pc, "%s %s%s", words, descriptor_words(descriptor),
			failure_words(answer, failure, sizeof failure));
}

/* --- calls --------------------------------------------------------------------------------- */

int snarl_model_close(int descriptor);
int snarl_model_dup(int descriptor);
int snarl_model_dup2(int descriptor, int target);

bool descriptor_is_open(unsigned opening)
{
	for (int i = 0; i <= files.highest; i++)
		if (descriptor_opening(i) == opening)
			return true;
	return false;
}

unsigned descriptors_process(void)
{
	if (!process_emulated)
		return 0;
	return scheduler.running ? scheduler.running->process : ACTORS_MAX;
}

static bool is_sent(unsigned opening)
{
	for (unsigned i = 0; i < files.sent_count; i++)
		if (files.sent[i] == opening)
			return true;
	return false;
}

void descriptor_sent(int descriptor)
{
	unsigned opening = descriptor_opening(descriptor);

	if (!opening || is_sent(opening))
		return;
	if (files.sent_count == FILES_MAX)
		event_fatal("more than %d files are sent in messages in one execution, which is "
			    "explore's limit: run it on the other engines",
			FILES_MAX);
	files.sent[files.sent_count++] = opening;
}

/*
 * A process loses its locks on a file when it closes any descriptor of it; an open file its own
 * when the last one is closed.
 */
static bool lock_is_over(const struct file_lock *lock, const void *process)
{
	if (lock->of_process)
		return lock->holder == *(const unsigned *)process;
	if (descriptor_is_open(lock->holder))
		return false;
	/* How long it stays open where it was sent to is not known. */
	if (is_sent(lock->holder))
		event_fatal("a file is locked, and its descriptor sent in a message, which explore "
			    "does not model: run it on the other engines");
	return true;
}

/* A descriptor of the file was closed: waiters at either end may have to wake. */
static void file_left(struct actor *self, struct file *file, const char *call, const void *pc)
{
	struct file *target = file_target(file);
	unsigned process = descriptors_process();

	for (enum lock_kind kind = 0; kind < LOCK_KINDS; kind++)
		locks_release(self, &file->locks[kind], call, pc, lock_is_over, &process);
	if (!self)
		return;
	object_release(self, file_object(target, pc));
	file_changed(target);
	if (target != file)
		file_changed(file);
}

static bool is_open(const struct file *file)
{
	for (int i = 0; i <= files.highest; i++)
		if (number_known(i) == file)
			return true;
	return false;
}

/*
 * Let closing a connection whose other end is closed drop it at once. Otherwise the system would
 * keep it for a minute, and use up the ports after some ten thousand executions.
 */
static void connection_forget(int descriptor, const struct file *file)
{
	static const struct linger forget = {.l_onoff = 1, .l_linger = 0};

	if (file && file->kind == FILE_SOCKET && file->peer && !is_open(file->peer))
		setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &forget, sizeof forget);
}

int descriptor_close(int descriptor, const char *call, const void *pc)
{
	struct file *file = file_at(descriptor, pc);
	struct actor *self = scheduler.running;
	const int *variable = variable_of(descriptor);
	int result, error;

	if (self && file) {
		scheduler_step(self, file->address);
		spin_break(self);
	}
	connection_forget(descriptor, file);
	result = close(descriptor);
	error = errno;
	number_forget(descriptor);
	if (file && result == 0) {
		if (self && scheduler.tracing) {
			self->end = variable;
			object_traced(self, TRACE_CLOSE, file_object(file, pc), call, pc);
			self->end = NULL;
		}
		file_left(self, file, call, pc);
	}
	errno = error;
	return result;
}

struct file *stream_file(int descriptor)
{
	struct file *file = number_known(descriptor);
	struct stat status;

	return file || fstat(descriptor, &status) != 0 ? file : file_find(&status);
}

void stream_closed(int descriptor, struct file *file, const void *pc)
{
	number_forget(descriptor);
	if (file)
		file_left(scheduler.running, file, "fclose", pc);
}

int snarl_model_close(int descriptor)
{
	return descriptor_close(descriptor, "close", MODEL_PC);
}

int snarl_model_dup(int descriptor)
{
	struct file *file = file_at(descriptor, MODEL_PC);
	int copy;

	names_step();
	copy = dup(descriptor);
	descriptor_traced("dup", MODEL_PC, "duplicates", descriptor, copy);
	file_copied(copy, file, descriptor);
	return process_opened(copy);
}

int snarl_model_dup2(int descriptor, int target)
{
	struct file *file = file_at(descriptor, MODEL_PC);
	struct file *before = file_at(process_descriptor(target), MODEL_PC);
	struct actor *self = names_step();
	int real = process_descriptor(target), answer;
	unsigned opening = descriptor_opening(descriptor);

	answer = custom_dup2(descriptor, target);
	if (scheduler.tracing && answer >= 0)
		trace_did(NULL, "dup2", MODEL_PC, "makes %s refer to what %s does",
			before ? descriptor_words(real) : "another descriptor",
			descriptor_words(descriptor));
	if (answer < 0 || real == descriptor)
		return answer;
	number_forget(real);
	if (before)
		file_left(self, before, "dup2", MODEL_PC);
	if (file)
		number_note(process_descriptor(target), file, !process_emulated, opening);
	return answer;
}

/* --- processes ----------------------------------------------------------------------------- */

void descriptors_set_up(const void *state, size_t size)
{
	const int *numbers = state;

	for (size_t i = 0; files.count && i < size / sizeof *numbers; i++) {
		int descriptor = process_descriptor(numbers[i]);
		struct file *file = number_known(descriptor);

		if (!file || file->word[0] || files.numbers[descriptor].variable)
			continue;
		files.numbers[descriptor].variable = &numbers[i];
		if (!file->variable)
			file->variable = &numbers[i];
	}
}

void descriptors_forked(struct snarl_actor *const *actors, unsigned count)
{
	struct snarl_actor *before = actor_self;

	for (int n = 0; n < PROCESS_FILES_MAX; n++) {
		int number = process_descriptor(n);
		struct file *file = number_known(number);

		for (unsigned a = 0; file && a < count; a++) {
			actor_self = actors[a];
			number_copy(process_descriptor(n), number);
		}
		actor_self = before;
	}
}

/* The files that the calling process has open. */
static uint64_t files_here(void)
{
	uint64_t here = 0;

	for (int n = 0; n < PROCESS_FILES_MAX; n++) {
		struct file *file = number_known(process_descriptor(n));

		here |= file ? file_bit(file) : 0;
	}
	return here;
}

void descriptors_process_over(struct actor *self)
{
	uint64_t left;

	/* After the last thing that it did, others may still find them open, and locked. */
	if (files_here() && !self->died)
		scheduler_step(self, &files);
	left = files_here();
	for (int n = 0; n < PROCESS_FILES_MAX; n++) {
		int descriptor = process_descriptor(n);

		if (!number_known(descriptor))
			continue;
		connection_forget(descriptor, number_known(descriptor));
		number_forget(descriptor);
	}
	process_end(self->process);
	for (; left; left &= left - 1)
		file_left(self, &files.at[__builtin_ctzll(left)], NULL, NULL);
}

/* custom.c - wrapped calls that do more than make the call. */
#define _GNU_SOURCE
#include "custom.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "activity.h"
#include "clock.h"
#include "edge.h"
#include "engine.h"
#include "event.h"
#include "exit.h"
#include "keys.h"
#include "mapping.h"
#include "process.h"
#include "program.h"
#include "undo.h"
#include "wrap.h"

/* --- what ThreadSanitizer has to know ------------------------------------------------------ */

void __tsan_read1_pc(void *address, void *pc) __attribute__((weak));
void AnnotateIgnoreReadsBegin(const char *file, int line) __attribute__((weak));
void AnnotateIgnoreReadsEnd(const char *file, int line) __attribute__((weak));
size_t __sanitizer_get_allocated_size(const volatile void *block) __attribute__((weak));

static char edge_of_polls, edge_of_deaths;

void wrap_channel_publish(int descriptor)
{
	edge_give(edge_of_descriptor(descriptor));
	edge_give(&edge_of_polls);
}

void wrap_death_publish(void)
{
	edge_give(&edge_of_deaths);
}

void wrap_death_subscribe(void)
{
	edge_take(&edge_of_deaths);
}

/*
 * TSan takes the wait's last look at the barrier for an access of the caller's, although a barrier
 * may be destroyed as soon as one thread has left it: destroying it waits for the others. So only
 * the first look counts, which the barrier itself orders before what follows it.
 */
int custom_pthread_barrier_wait(pthread_barrier_t *barrier)
{
	int answer;

	if (!__tsan_read1_pc)
		return pthread_barrier_wait(barrier);
	__tsan_read1_pc(barrier, __builtin_return_address(0));
	AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
	answer = pthread_barrier_wait(barrier);
	AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
	return answer;
}

static _Atomic bool any_robust;

int custom_pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust)
{
	any_robust = true;
	return pthread_mutexattr_setrobust(attr, robust);
}

bool custom_any_robust(void)
{
	return any_robust;
}

/* --- descriptors --------------------------------------------------------------------------- */

/* Make the calling actor's `target` stand for a copy of the descriptor. */
static int number_replace(int descriptor, int target)
{
	int copy, before;

	if (target >= PROCESS_FILES_MAX)
		event_fatal("a descriptor is copied to %d, but below %d are all that an emulated "
			    "process can have: run it on stress",
			target, PROCESS_FILES_MAX);
	copy = target < 0 ? wrap_errno(EBADF) : dup(descriptor);
	if (copy < 0)
		return -1;
	before = process_became(target, copy);
	if (before >= 0) {
		edge_close(before);
		close(before);
	}
	return copy;
}

int custom_dup2(int descriptor, int target)
{
	if (!process_emulated) {
		if (descriptor != target)
			edge_close(target);
		return dup2(descriptor, target);
	}
	if (process_descriptor(target) == descriptor && fcntl(descriptor, F_GETFD) >= 0)
		return target;
	return number_replace(descriptor, target) < 0 ? -1 : target;
}

int custom_dup3(int descriptor, int target, int flags)
{
	int copy;

	if (!process_emulated)
		return dup3(descriptor, target, flags);
	if (flags & ~O_CLOEXEC || process_descriptor(target) == descriptor)
		return wrap_errno(EINVAL);
	copy = number_replace(descriptor, target);
	if (copy >= 0 && flags)
		fcntl(copy, F_SETFD, FD_CLOEXEC);
	return copy < 0 ? -1 : target;
}

/* A copy is made by dup, so that ThreadSanitizer knows what comes through it. */
static int number_copy(int descriptor, int command, long lowest)
{
	int copy;

	if (lowest < 0 || lowest >= PROCESS_FILES_MAX)
		return wrap_errno(EINVAL);
	copy = dup(descriptor);
	if (copy >= 0 && command == F_DUPFD_CLOEXEC)
		fcntl(copy, F_SETFD, FD_CLOEXEC);
	return process_opened_from(copy, (int)lowest);
}

/* Locks of an open file, which threads that stand for processes can have, too. */
static void lock_begin(int descriptor, enum edge_lock kind, bool unlocks)
{
	if (unlocks || edge_file_is_locked(descriptor, kind))
		edge_give(edge_of_descriptor(descriptor));
}

static int lock_end(int descriptor, enum edge_lock kind)
{
	edge_file_locked(descriptor, kind, true);
	edge_take(edge_of_descriptor(descriptor));
	return 0;
}

/* It may still have other parts of the file when it has unlocked one. */
static int file_lock(int descriptor, int command, long argument)
{
	bool unlocks = ((const struct flock *)argument)->l_type == F_UNLCK;
	int answer;

	lock_begin(descriptor, EDGE_RANGE, unlocks);
	answer = fcntl(descriptor, command, argument);
	return answer != 0 || unlocks ? answer : lock_end(descriptor, EDGE_RANGE);
}

/* It releases a lock of the other mode first: if it fails, none is left. */
int custom_flock(int descriptor, int operation)
{
	int answer;

	lock_begin(descriptor, EDGE_FILE, operation & LOCK_UN);
	answer = flock(descriptor, operation);
	if (answer == 0 && !(operation & LOCK_UN))
		return lock_end(descriptor, EDGE_FILE);
	edge_file_locked(descriptor, EDGE_FILE, false);
	return answer;
}

/* They belong to processes, which emulated ones are not to the system. */
#define LOCKS_OF_PROCESSES                                                                         \
	"%s locks a file for its process, and here threads stand for processes: run it on the "    \
	"other engines"

int custom_lockf(int descriptor, int function, off_t length)
{
	if (process_emulated)
		event_fatal(LOCKS_OF_PROCESSES, "lockf");
	return lockf(descriptor, function, length);
}

int custom_fcntl(int descriptor, int command, long argument)
{
	if (command == F_OFD_SETLK || command == F_OFD_SETLKW)
		return file_lock(descriptor, command, argument);
	if (!process_emulated)
		return fcntl(descriptor, command, argument);
	if (command == F_SETLK || command == F_SETLKW)
		event_fatal(LOCKS_OF_PROCESSES, "fcntl");
	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		return number_copy(descriptor, command, argument);
	return fcntl(descriptor, command, argument);
}

static struct cmsghdr *rights_first(struct msghdr *message)
{
	struct cmsghdr *part = CMSG_FIRSTHDR(message);

	while (part && (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS))
		part = CMSG_NXTHDR(message, part);
	return part;
}

static unsigned rights_count(const struct cmsghdr *part)
{
	return (unsigned)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
}

const struct msghdr *message_translate(
	const struct msghdr *message, struct msghdr *copy, char control[OWN_CONTROL_MAX])
{
	struct cmsghdr *part;

	if (!process_emulated || !message->msg_controllen)
		return message;
	if (message->msg_controllen > OWN_CONTROL_MAX)
		event_fatal("a message has more than %d bytes of control data: run it on stress, "
			    "where actors are real processes",
			OWN_CONTROL_MAX);
	*copy = *message;
	copy->msg_control = memcpy(control, message->msg_control, message->msg_controllen);
	part = rights_first(copy);
	for (unsigned i = 0; part && i < rights_count(part); i++) {
		int descriptor;

		memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
		descriptor = process_descriptor(descriptor);
		memcpy(CMSG_DATA(part) + i * sizeof(int), &descriptor, sizeof descriptor);
	}
	return copy;
}

void message_opened(struct msghdr *message)
{
	struct cmsghdr *part = message->msg_controllen ? rights_first(message) : NULL;

	for (unsigned i = 0; part && i < rights_count(part); i++) {
		int descriptor;

		memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
		descriptor = process_opened(descriptor);
		memcpy(CMSG_DATA(part) + i * sizeof(int), &descriptor, sizeof descriptor);
	}
}

ssize_t custom_sendmsg(int descriptor, const struct msghdr *message, int flags)
{
	_Alignas(struct cmsghdr) char control[OWN_CONTROL_MAX];
	struct msghdr copy;

	return sendmsg(descriptor, message_translate(message, &copy, control), flags);
}

ssize_t custom_recvmsg(int descriptor, struct msghdr *message, int flags)
{
	ssize_t answer = recvmsg(descriptor, message, flags);

	if (answer >= 0)
		message_opened(message);
	return answer;
}

/* --- polls --------------------------------------------------------------------------------- */

/* More than fit can be polled only if descriptors are not translated. */
static bool polled_fit(nfds_t count)
{
	if (count > OWN_POLLED_MAX && process_emulated)
		event_fatal(
			"a poll has more than %d descriptors: run it on stress, where actors are "
			"real processes",
			OWN_POLLED_MAX);
	return count <= OWN_POLLED_MAX;
}

static void polled_translate(struct pollfd *to, const struct pollfd *from, nfds_t count)
{
	for (nfds_t i = 0; i < count; i++) {
		to[i] = from[i];
		if (from[i].fd >= 0)
			to[i].fd = process_descriptor(from[i].fd);
	}
}

static void polled_answer(struct pollfd *to, const struct pollfd *from, nfds_t count)
{
	for (nfds_t i = 0; i < count; i++) {
		to[i].revents = from[i].revents;
		if (from[i].revents && __tsan_acquire)
			edge_take(edge_of_descriptor(from[i].fd));
	}
}

int custom_poll(struct pollfd *polled, nfds_t count, int timeout_ms)
{
	struct pollfd here[OWN_POLLED_MAX];
	int answer;

	if (!polled_fit(count))
		return poll(polled, count, timeout_ms);
	polled_translate(here, polled, count);
	answer = poll(here, count, timeout_ms);
	polled_answer(polled, here, count);
	return answer;
}

int custom_ppoll(
	struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	struct pollfd here[OWN_POLLED_MAX];
	int answer;

	if (!polled_fit(count))
		return ppoll(polled, count, timeout, mask);
	polled_translate(here, polled, count);
	answer = ppoll(here, count, timeout, mask);
	polled_answer(polled, here, count);
	return answer;
}

int custom_epoll_ctl(int descriptor, int operation, int watched, struct epoll_event *event)
{
	return epoll_ctl(descriptor, operation, process_descriptor(watched), event);
}

/* Only the caller knows what became ready there, so all that was sent happens before. */
int custom_epoll_wait(int descriptor, struct epoll_event *events, int count, int timeout_ms)
{
	int answer = epoll_wait(descriptor, events, count, timeout_ms);

	if (answer > 0)
		edge_take(&edge_of_polls);
	return answer;
}

int custom_epoll_pwait(
	int descriptor, struct epoll_event *events, int count, int timeout_ms, const sigset_t *mask)
{
	int answer = epoll_pwait(descriptor, events, count, timeout_ms, mask);

	if (answer > 0)
		edge_take(&edge_of_polls);
	return answer;
}

/* Move the members below `count` from the caller's numbers to real ones. Returns the new count. */
static int set_translate(fd_set *to, const fd_set *from, int count)
{
	int highest = -1;

	FD_ZERO(to);
	for (int n = 0; from && n < count; n++) {
		int descriptor = FD_ISSET(n, from) ? process_descriptor(n) : -1;

		if (!FD_ISSET(n, from))
			continue;
		if (descriptor < 0 || descriptor >= FD_SETSIZE)
			return wrap_errno(EBADF);
		FD_SET(descriptor, to);
		highest = descriptor > highest ? descriptor : highest;
	}
	return highest + 1;
}

static void set_answer(fd_set *to, const fd_set *from, int count)
{
	for (int n = 0; to && n < count; n++) {
		int descriptor = FD_ISSET(n, to) ? process_descriptor(n) : -1;

		if (descriptor < 0)
			continue;
		if (FD_ISSET(descriptor, from))
			edge_take(edge_of_descriptor(descriptor));
		else
			FD_CLR(n, to);
	}
}

int custom_pselect(int count, fd_set *reads, fd_set *writes, fd_set *others,
	const struct timespec *timeout, const sigset_t *mask)
{
	fd_set *sets[3] = {reads, writes, others}, here[3];
	int highest = 0, answer;

	if (!process_emulated)
		return pselect(count, reads, writes, others, timeout, mask);
	for (int i = 0; i < 3; i++) {
		int real = set_translate(&here[i], sets[i], count);

		if (real < 0)
			return -1;
		highest = real > highest ? real : highest;
	}
	answer = pselect(highest, &here[0], &here[1], &here[2], timeout, mask);
	for (int i = 0; answer >= 0 && i < 3; i++)
		set_answer(sets[i], &here[i], count);
	return answer;
}

int custom_select(int count, fd_set *reads, fd_set *writes, fd_set *others, struct timeval *timeout)
{
	struct timespec length;

	if (!process_emulated)
		return select(count, reads, writes, others, timeout);
	if (timeout)
		length = (struct timespec){timeout->tv_sec, timeout->tv_usec * 1000};
	return custom_pselect(count, reads, writes, others, timeout ? &length : NULL, NULL);
}

/* Some requests take or make descriptors, so only those are made that are known not to. */
int custom_ioctl(int descriptor, unsigned long request, long argument)
{
	static const unsigned long known[] = {FIONREAD, FIONBIO, FIOASYNC, FIOCLEX, FIONCLEX,
		TIOCOUTQ, TIOCGWINSZ, TCGETS, SIOCATMARK};

	for (size_t i = 0; process_emulated && i < sizeof known / sizeof *known; i++)
		if (request == known[i])
			return ioctl(descriptor, request, argument);
	if (process_emulated)
		event_fatal("ioctl is called with request 0x%lx, which is not known to work for "
			    "emulated processes: run it on stress",
			request);
	return ioctl(descriptor, request, argument);
}

/* --- streams ------------------------------------------------------------------------------- */

/*
 * A stream's number is the real descriptor's, so that it works unchanged. The table has the actor's
 * number for it.
 */
static FILE *stream_opened(FILE *stream)
{
	if (stream)
		process_opened(fileno(stream));
	return stream;
}

FILE *custom_fopen(const char *name, const char *mode)
{
	return stream_opened(fopen(name, mode));
}

/* `descriptor` stays the caller's number: closing the stream closes it. */
FILE *custom_fdopen(int descriptor, const char *mode)
{
	return fdopen(descriptor, mode);
}

/* The number of a stream that the caller may use: one that it has opened. */
static int stream_number(FILE *stream, const char *call)
{
	int number = process_number(fileno(stream));

	if (number < 0 && fileno(stream) >= 0)
		event_fatal("%s is called for a stream that another process opened: run it on "
			    "stress, where actors are real processes",
			call);
	return number;
}

int custom_fileno(FILE *stream)
{
	return process_emulated ? stream_number(stream, "fileno") : fileno(stream);
}

int custom_fclose(FILE *stream)
{
	if (process_emulated) {
		int number = stream_number(stream, "fclose");

		/* The case's own standard streams stay open, and the actor's number does not. */
		if (number <= STDERR_FILENO && number == fileno(stream)) {
			close(process_closing(number));
			return fflush(stream);
		}
		process_closing(number);
	}
	edge_close(fileno(stream));
	return fclose(stream);
}

/* --- System V ------------------------------------------------------------------------------ */

int custom_msgget(key_t key, int flags)
{
	struct {
		long type;
	} message = {1};
	int queue = msgget(key, flags);

	if (key == IPC_PRIVATE && queue >= 0 && msgsnd(queue, &message, 0, IPC_NOWAIT) == 0)
		msgrcv(queue, &message, 0, 0, IPC_NOWAIT);
	return queue;
}

int custom_semget(key_t key, int count, int flags)
{
	int set = semget(key, count, flags);

	if (key == IPC_PRIVATE && set >= 0)
		semctl(set, 0, SETVAL, 0); /* as it is */
	return set;
}

int custom_msgsnd(int queue, const void *message, size_t count, int flags)
{
	edge_give(edge_of_system_v(queue));
	return msgsnd(queue, message, count, flags);
}

ssize_t custom_msgrcv(int queue, void *message, size_t count, long type, int flags)
{
	ssize_t answer = msgrcv(queue, message, count, type, flags);

	if (answer >= 0)
		edge_take(edge_of_system_v(queue));
	return answer;
}

enum { OPERATIONS_MAX = 64 };

/* What the kernel would undo when this process ends is undone when the emulated one does. */
int custom_semtimedop(
	int set, struct sembuf *operations, size_t count, const struct timespec *timeout)
{
	struct sembuf here[OPERATIONS_MAX];
	bool undoes =
		process_emulated && actor_self && !process_is_child() && count <= OPERATIONS_MAX;
	int answer;

	for (size_t i = 0; undoes && i < count; i++) {
		here[i] = operations[i];
		here[i].sem_flg &= (short)~SEM_UNDO;
	}
	if (count == 1)
		activity_descriptor(operations->sem_num);
	edge_give(edge_of_system_v(set));
	answer = semtimedop(set, undoes ? here : operations, count, timeout);
	activity_descriptor(0);
	if (answer != 0)
		return answer;
	edge_take(edge_of_system_v(set));
	if (undoes)
		undo_note(set, operations, count);
	return 0;
}

int custom_semop(int set, struct sembuf *operations, size_t count)
{
	return custom_semtimedop(set, operations, count, NULL);
}

int custom_semctl(int set, int number, int command, long argument)
{
	int answer;

	if (process_emulated && command == GETPID)
		event_fatal("semctl is asked which process was the last, which is not available "
			    "where actors only emulate processes: run it on stress");
	edge_give(edge_of_system_v(set));
	answer = semctl(set, number, command, argument);
	if (answer >= 0)
		edge_take(edge_of_system_v(set));
	if (process_emulated && answer >= 0 &&
		(command == SETVAL || command == SETALL || command == IPC_RMID))
		undo_forget(set, command == SETVAL ? number : -1);
	return answer;
}

/* --- the heap ------------------------------------------------------------------------------ */

enum {
	FREED = 0xa5,
	FREED_FROM = 16, /* glibc keeps its own words before that, by which it sees a double free */
	FREED_TO = 4096,
};

/* A read after the free gets what no one has written, and a pointer there leads nowhere. */
static void block_spoil(char *block)
{
	size_t size = malloc_usable_size(block);

	if (size > FREED_TO)
		size = FREED_TO;
	if (size > FREED_FROM)
		memset(block + FREED_FROM, FREED, size - FREED_FROM);
	__asm__ volatile("" : : "r"(block) : "memory"); /* or the memset is removed */
}

/* TSan reports a read after a free, but its heap accepts a double free. */
void custom_free(void *block)
{
	if (block && !__sanitizer_get_allocated_size)
		block_spoil(block);
	if (block && __sanitizer_get_allocated_size && !__sanitizer_get_allocated_size(block)) {
		fputs("free(): double free or invalid pointer\n", stderr);
		abort();
	}
	free(block);
}

/*
 * glibc frees the array of the environment when a setter moves it, and a lookup takes no lock. TSan
 * does not see what the C library reads, but knows what is freed. The array that the case was
 * started with is not on the heap.
 */
char *custom_getenv(const char *name)
{
	char **array = environ, *value;
	/* ASan's function of that name does not take other memory. */
	bool on_heap = array && __tsan_acquire && __sanitizer_get_allocated_size &&
		       __sanitizer_get_allocated_size(array);

	value = getenv(name);
	if (on_heap && !__sanitizer_get_allocated_size(array)) {
		fputs("getenv(): the environment was freed during the lookup\n", stderr);
		abort();
	}
	return value;
}

/* --- locks that TSan does not know ---------------------------------------------------------- */

enum { SECOND_NS = 1000 * 1000 * 1000, NAP_NS = 100 * 1000, ROBUST = 16 /* in glibc's __kind */ };

/* `until` on the clock of the calls that TSan knows; NULL: not needed, or there is no such clock.
 */
static const struct timespec *realtime_of(
	clockid_t clock, const struct timespec *until, struct timespec *realtime)
{
	struct timespec now;

	if (!__tsan_acquire || (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC))
		return NULL;
	if (clock == CLOCK_REALTIME || until->tv_nsec < 0 || until->tv_nsec >= SECOND_NS)
		return until;
	clock_gettime(CLOCK_MONOTONIC, &now);
	clock_gettime(CLOCK_REALTIME, realtime);
	realtime->tv_sec += until->tv_sec - now.tv_sec;
	realtime->tv_nsec += until->tv_nsec - now.tv_nsec;
	if (realtime->tv_nsec < 0) {
		realtime->tv_nsec += SECOND_NS;
		realtime->tv_sec--;
	} else if (realtime->tv_nsec >= SECOND_NS) {
		realtime->tv_nsec -= SECOND_NS;
		realtime->tv_sec++;
	}
	return realtime;
}

static bool is_over(const struct timespec *until)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec > until->tv_sec ||
	       (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}

/* TSan sees in pthread_mutex_trylock that an owner has died, not in pthread_mutex_timedlock. */
int custom_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	int error;

	if (!__tsan_acquire || !(mutex->__data.__kind & ROBUST))
		return pthread_mutex_timedlock(mutex, until);
	while ((error = pthread_mutex_trylock(mutex)) == EBUSY && !is_over(until))
		clock_sleep_ns(NAP_NS);
	return error == EBUSY ? ETIMEDOUT : error;
}

int custom_pthread_mutex_clocklock(
	pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
	struct timespec buffer;
	const struct timespec *realtime = realtime_of(clock, until, &buffer);

	return realtime ? custom_pthread_mutex_timedlock(mutex, realtime)
			: pthread_mutex_clocklock(mutex, clock, until);
}

int custom_pthread_rwlock_clockrdlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
	struct timespec buffer;
	const struct timespec *realtime = realtime_of(clock, until, &buffer);

	return realtime ? pthread_rwlock_timedrdlock(lock, realtime)
			: pthread_rwlock_clockrdlock(lock, clock, until);
}

int custom_pthread_rwlock_clockwrlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
	struct timespec buffer;
	const struct timespec *realtime = realtime_of(clock, until, &buffer);

	return realtime ? pthread_rwlock_timedwrlock(lock, realtime)
			: pthread_rwlock_clockwrlock(lock, clock, until);
}

/* In the C library a once_flag is what pthread_once takes. */
void custom_call_once(once_flag *once, void (*run)(void))
{
	if (__tsan_acquire)
		pthread_once((pthread_once_t *)once, run);
	else
		call_once(once, run);
}

/* --- keys ---------------------------------------------------------------------------------- */

int custom_pthread_key_create(pthread_key_t *key, void (*destroy)(void *))
{
	int error = pthread_key_create(key, destroy);

	if (!error)
		key_made(*key);
	return error;
}

int custom_pthread_key_delete(pthread_key_t key)
{
	key_deleted(key);
	return pthread_key_delete(key);
}

int custom_tss_create(tss_t *key, tss_dtor_t destroy)
{
	int answer = tss_create(key, destroy);

	if (answer == thrd_success)
		key_made(*key);
	return answer;
}

void custom_tss_delete(tss_t key)
{
	key_deleted(key);
	tss_delete(key);
}

/* --- memory and processes ------------------------------------------------------------------ */

void *custom_mmap(
	void *address, size_t length, int protection, int flags, int descriptor, off_t offset)
{
	if (process_emulated && flags & MAP_SHARED && descriptor >= 0 && !(flags & MAP_FIXED))
		return mapping_make(NULL, length, protection, flags, descriptor, offset);
	return mmap(address, length, protection, flags, descriptor, offset);
}

int custom_munmap(void *address, size_t length)
{
	return process_emulated && mapping_has(address) ? 0 : munmap(address, length);
}

/* The child dies with its parent, and has its own entry in the activity table. */
pid_t custom_fork(void)
{
	pid_t parent = getpid(), child = fork();

	if (child > 0) {
		activity_created((uint64_t)child);
		process_forks_note();
	}
	if (child != 0)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_NOT_STARTED);
	process_forked();
	activity_forked(NULL);
	wrap_signal_forked();
	return 0;
}

/*
 * No real process has a number that an emulated one has. An actor's parent is the process of the
 * set-up; that of its child is the actor.
 */
enum { PROCESSES_FROM = 1 << 22 };

pid_t custom_pid_of(unsigned actor)
{
	return PROCESSES_FROM + (pid_t)actor + 1;
}

static pid_t process_of_actor(void)
{
	return custom_pid_of(actor_self->index);
}

static bool is_emulated_here(void)
{
	return process_emulated && actor_self && !process_is_child();
}

pid_t custom_getpid(void)
{
	return is_emulated_here() ? process_of_actor() : getpid();
}

pid_t custom_getppid(void)
{
	if (is_emulated_here())
		return getpid();
	return process_emulated && process_is_first_child() ? process_of_actor() : getppid();
}

/* A process's first thread has its number. */
pid_t custom_gettid(void)
{
	return is_emulated_here() && !actor_self->root ? process_of_actor() : gettid();
}

/* Children of all emulated processes are children of one. */
pid_t custom_waitpid(pid_t process, int *status, int options)
{
	if (is_emulated_here() && process <= 0 && process_forks_mixed())
		event_fatal("waitpid waits for any child, and several actors have some: run it on "
			    "stress, where actors are real processes");
	return waitpid(process, status, options);
}

/*
 * The action of a signal belongs to the process. Only SIGPIPE can be ignored by one actor and kill
 * another one: it arrives at the thread that writes, so an actor that ignores it blocks it.
 */
static void pipe_ignore(bool ignored)
{
	const struct timespec now = {0};
	sigset_t set;

	process_pipe_ignore(ignored);
	if (!__tsan_release) /* explore's models ask whether it is ignored */
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	while (!ignored && sigtimedwait(&set, NULL, &now) == SIGPIPE)
		;
	pthread_sigmask(ignored ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static void action_known(int number, void (*handler)(int))
{
	struct sigaction now;

	if (number == SIGPIPE && handler == SIG_IGN)
		return;
	if (number == SIGPIPE && handler == SIG_DFL && sigaction(SIGPIPE, NULL, &now) == 0 &&
		now.sa_handler != SIG_IGN)
		return;
	event_fatal("an actor changes the action of signal %d, which actors share where they only "
		    "emulate processes: run it on stress",
		number);
}

int custom_sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
	bool ignored = process_pipe_ignored();
	int answer;

	if (!is_emulated_here())
		return sigaction(number, action, before);
	if (action)
		action_known(number, action->sa_flags & SA_SIGINFO ? SIG_ERR : action->sa_handler);
	answer = sigaction(number, NULL, before);
	if (before && number == SIGPIPE && ignored)
		before->sa_handler = SIG_IGN;
	if (action)
		pipe_ignore(action->sa_handler == SIG_IGN);
	return answer;
}

sighandler_t custom_signal(int number, sighandler_t handler)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before;

	if (!is_emulated_here())
		return signal(number, handler);
	return custom_sigaction(number, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}

/* TSan crashes in a thread that the C library makes for itself. */
static void threads_refuse(const char *call, const struct sigevent *event)
{
	if (__tsan_acquire && event && event->sigev_notify == SIGEV_THREAD)
		event_fatal("%s with SIGEV_THREAD makes threads of which ThreadSanitizer does not "
			    "know: run it on stress",
			call);
}

int custom_timer_create(clockid_t clock, struct sigevent *event, timer_t *timer)
{
	threads_refuse("timer_create", event);
	return timer_create(clock, event, timer);
}

int custom_mq_notify(mqd_t queue, const struct sigevent *event)
{
	threads_refuse("mq_notify", event);
	return mq_notify(queue, event);
}

/* What a thread that an actor creates needs to know when it starts; it frees this. */
struct beginning {
	struct snarl_actor self;
	void *(*run)(void *);
	thrd_start_t run_c11;
	void *argument;
};

static struct beginning *beginning_make(void *(*run)(void *), thrd_start_t run_c11, void *argument)
{
	struct beginning *beginning = aligned_alloc(_Alignof(struct beginning), sizeof *beginning);

	if (!beginning)
		return NULL;
	actor_thread_make(&beginning->self, actor_self,
		run ? (const void *)(uintptr_t)run : (const void *)(uintptr_t)run_c11);
	beginning->run = run;
	beginning->run_c11 = run_c11;
	beginning->argument = argument;
	atomic_fetch_add_explicit(&actor_threads_live, 1, memory_order_relaxed);
	return beginning;
}

static void beginning_free(struct beginning *beginning)
{
	if (!beginning)
		return;
	free(beginning);
	edge_give((void *)&actor_threads_live);
	atomic_fetch_sub_explicit(&actor_threads_live, 1, memory_order_relaxed);
}

/* Called however the thread ends. */
static void beginning_over(void *argument)
{
	struct beginning *beginning = argument;

	if (any_robust)
		wrap_death_publish();
	inject_actor_over();
	actor_self = NULL;
	actor_thread_over(&beginning->self);
	beginning_free(beginning);
}

/* The calling thread begins. A program's has a name of its own, which detectors show too. */
static void beginning_live(struct beginning *beginning)
{
	char name[ACTIVITY_NAME_MAX];

	actor_self = &beginning->self;
	if (!program_is())
		return;
	actor_short_name(actor_self, name);
	pthread_setname_np(pthread_self(), name);
	activity_named(name);
}

static void *thread_main(void *argument)
{
	struct beginning *beginning = argument;
	void *result;

	beginning_live(beginning);
	pthread_cleanup_push(beginning_over, beginning);
	result = beginning->run(beginning->argument);
	pthread_cleanup_pop(1);
	return result;
}

static int thread_main_c11(void *argument)
{
	struct beginning *beginning = argument;
	int result;

	beginning_live(beginning);
	pthread_cleanup_push(beginning_over, beginning);
	result = beginning->run_c11(beginning->argument);
	pthread_cleanup_pop(1);
	return result;
}

/* TSan ends the program at 8128 threads that are not joined; the system has a limit too. */
enum { UNJOINED_LIMIT = 8000 };

static bool unjoined_too_many(void)
{
	return __tsan_acquire && actor_threads_unjoined >= UNJOINED_LIMIT;
}

static void unjoined_add(long count)
{
	atomic_fetch_add_explicit(&actor_threads_unjoined, count, memory_order_relaxed);
}

/* Rules also fire in threads that actors create, not in those that the set-up creates. */
int custom_pthread_create(
	pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument)
{
	struct beginning *beginning = NULL;
	int error, state = PTHREAD_CREATE_JOINABLE;

	if (unjoined_too_many())
		return EAGAIN;
	if (attr)
		pthread_attr_getdetachstate(attr, &state);
	if (!actor_self)
		error = pthread_create(thread, attr, run, argument);
	else if ((beginning = beginning_make(run, NULL, argument)))
		error = pthread_create(thread, attr, thread_main, beginning);
	else
		error = EAGAIN;
	if (error)
		beginning_free(beginning);
	else
		unjoined_add(state == PTHREAD_CREATE_JOINABLE);
	return error;
}

/*
 * TSan crashes in a thread whose creation it did not see, and it sees none of threads.h. Those of
 * POSIX are the same: of what the start routine returns, the join takes the lower half.
 */
static int thread_create_seen(thrd_t *thread, thrd_start_t run, void *argument)
{
	void *(*seen)(void *) = (void *(*)(void *))(uintptr_t)run;

	return custom_pthread_create(thread, NULL, seen, argument) == 0 ? thrd_success : thrd_nomem;
}

int custom_thrd_create(thrd_t *thread, thrd_start_t run, void *argument)
{
	struct beginning *beginning = NULL;
	int answer;

	if (__tsan_acquire)
		return thread_create_seen(thread, run, argument);
	if (!actor_self)
		answer = thrd_create(thread, run, argument);
	else if ((beginning = beginning_make(NULL, run, argument)))
		answer = thrd_create(thread, thread_main_c11, beginning);
	else
		answer = thrd_nomem;
	if (answer != thrd_success)
		beginning_free(beginning);
	else
		unjoined_add(1);
	return answer;
}

/* 0, which is thrd_success too: the thread is gone, or will go by itself. */
static int joined(int answer)
{
	if (answer == 0)
		unjoined_add(-1);
	return answer;
}

int custom_pthread_join(pthread_t thread, void **result)
{
	return joined(pthread_join(thread, result));
}

int custom_pthread_tryjoin_np(pthread_t thread, void **result)
{
	return joined(pthread_tryjoin_np(thread, result));
}

int custom_pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until)
{
	return joined(pthread_timedjoin_np(thread, result, until));
}

int custom_pthread_detach(pthread_t thread)
{
	return joined(pthread_detach(thread));
}

int custom_thrd_join(thrd_t thread, int *result)
{
	void *returned;

	if (!__tsan_acquire)
		return joined(thrd_join(thread, result));
	if (custom_pthread_join(thread, &returned) != 0)
		return thrd_error;
	if (result)
		*result = (int)(uintptr_t)returned;
	return thrd_success;
}

int custom_thrd_detach(thrd_t thread)
{
	if (__tsan_acquire)
		return custom_pthread_detach(thread) == 0 ? thrd_success : thrd_error;
	return joined(thrd_detach(thread));
}

/* An actor that is an emulated process ends here, and the others continue. */
static void process_leave(int code)
{
	if (!process_emulated || !actor_self || actor_self->root || process_is_child())
		return;
	snprintf(actor_self->died, sizeof actor_self->died,
		code ? "exited with %d" : "exited with %d before its end", code);
	inject_actor_over();
	pthread_exit(NULL);
}

void custom_exit(int code)
{
	if (program_is())
		engine.leave(code);
	process_leave(code);
	exit(code);
}

void custom__exit(int code)
{
	process_leave(code);
	_exit(code);
}

void custom__Exit(int code)
{
	custom__exit(code);
}

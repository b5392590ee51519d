/* custom.c - wrapped calls that do more than make the call. */
#define _GNU_SOURCE
#include "custom.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actor.h"
#include "activity.h"
#include "event.h"
#include "exit.h"
#include "mapping.h"
#include "process.h"
#include "wrap.h"

/* --- what ThreadSanitizer has to know ------------------------------------------------------ */

enum { EDGES = 4096 };

/*
 * One edge per channel, by its inode, which both ends of a pipe and all openers of a queue have in
 * common. The ends of sockets do not: all sockets share one edge. An extra happens-before edge may
 * hide a race; a missing one would report a false race.
 */
static char edges[EDGES];
static char edge_of_sockets, edge_of_polls, edge_of_deaths;

static void *edge_of(int descriptor)
{
	struct stat status;

	if (fstat(descriptor, &status) != 0)
		return NULL;
	return S_ISSOCK(status.st_mode) ? &edge_of_sockets : &edges[status.st_ino % EDGES];
}

void wrap_channel_publish(int descriptor)
{
	int error = errno;
	void *edge = edge_of(descriptor);

	if (edge)
		__tsan_release(edge);
	__tsan_release(&edge_of_polls);
	errno = error;
}

void wrap_channel_subscribe(int descriptor)
{
	int error = errno;
	void *edge = edge_of(descriptor);

	if (edge)
		__tsan_acquire(edge);
	errno = error;
}

void wrap_death_publish(void)
{
	if (__tsan_release)
		__tsan_release(&edge_of_deaths);
}

void wrap_death_subscribe(void)
{
	__tsan_acquire(&edge_of_deaths);
}

static void polled_subscribe(int descriptor)
{
	void *edge = __tsan_acquire ? edge_of(descriptor) : NULL;

	if (edge)
		__tsan_acquire(edge);
}

/* --- descriptors --------------------------------------------------------------------------- */

int custom_dup2(int descriptor, int target)
{
	int answer, real;

	/* Descriptors that are not translated are passed to the kernel unchanged. */
	if (!process_emulated || process_has(target)) {
		answer = dup2(descriptor, target);
		process_opened(answer);
		return answer;
	}
	answer = dup(descriptor);
	if (answer < 0)
		return -1;
	real = process_closing(target);
	/* Numbers that no actor opened, and those of the standard streams, are shared by all. */
	if (real > STDERR_FILENO && real != target)
		close(real);
	process_became(target, answer);
	return target;
}

int custom_fcntl(int descriptor, int command, long argument)
{
	int answer;

	if (process_emulated && (command == F_SETLK || command == F_SETLKW))
		event_fatal("fcntl locks are not available in tsan, where actors only emulate "
			    "processes: run it on stress");
	answer = fcntl(descriptor, command, argument);
	if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
		process_opened(answer);
	return answer;
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
		process_opened(descriptor);
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
		if (from[i].revents)
			polled_subscribe(from[i].fd);
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

	if (answer > 0 && __tsan_acquire)
		__tsan_acquire(&edge_of_polls);
	return answer;
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

	if (child > 0)
		activity_created((uint64_t)child);
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

/* The kernel sends these to a process, and would send them to the thread of any actor. */
static bool is_for_process(int number)
{
	return number == SIGCHLD || number == SIGALRM || number == SIGVTALRM || number == SIGPROF ||
	       number == SIGIO;
}

int custom_sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
	if (process_emulated && actor_self && !process_is_child() && action &&
		is_for_process(number) && action->sa_handler != SIG_IGN &&
		action->sa_handler != SIG_DFL)
		event_fatal("a handler of SIG%s is not available in tsan, where actors only "
			    "emulate processes: run it on stress",
			sigabbrev_np(number));
	return sigaction(number, action, before);
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
	actor_thread_make(&beginning->self, actor_self);
	beginning->run = run;
	beginning->run_c11 = run_c11;
	beginning->argument = argument;
	return beginning;
}

/* Called however the thread ends. */
static void beginning_over(void *argument)
{
	struct beginning *beginning = argument;

	inject_actor_over();
	actor_self = NULL;
	actor_thread_over(&beginning->self);
	free(beginning);
}

static void *thread_main(void *argument)
{
	struct beginning *beginning = argument;
	void *result;

	actor_self = &beginning->self;
	pthread_cleanup_push(beginning_over, beginning);
	result = beginning->run(beginning->argument);
	pthread_cleanup_pop(1);
	return result;
}

static int thread_main_c11(void *argument)
{
	struct beginning *beginning = argument;
	int result;

	actor_self = &beginning->self;
	pthread_cleanup_push(beginning_over, beginning);
	result = beginning->run_c11(beginning->argument);
	pthread_cleanup_pop(1);
	return result;
}

/* Rules also fire in threads that actors create, not in those that the set-up creates. */
int custom_pthread_create(
	pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument)
{
	struct beginning *beginning;
	int error;

	if (!actor_self)
		return pthread_create(thread, attr, run, argument);
	beginning = beginning_make(run, NULL, argument);
	error = beginning ? pthread_create(thread, attr, thread_main, beginning) : EAGAIN;
	if (error)
		free(beginning);
	return error;
}

int custom_thrd_create(thrd_t *thread, thrd_start_t run, void *argument)
{
	struct beginning *beginning;
	int answer;

	if (!actor_self)
		return thrd_create(thread, run, argument);
	beginning = beginning_make(NULL, run, argument);
	answer = beginning ? thrd_create(thread, thread_main_c11, beginning) : thrd_nomem;
	if (answer != thrd_success)
		free(beginning);
	return answer;
}

/* An actor that is an emulated process ends here, and the others continue. */
static void process_leave(int code)
{
	if (!process_emulated || !actor_self || actor_self->root || process_is_child())
		return;
	if (code)
		snprintf(actor_self->died, sizeof actor_self->died, "exited with %d", code);
	inject_actor_over();
	pthread_exit(NULL);
}

void custom_exit(int code)
{
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

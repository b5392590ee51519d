/*
 * own.h - wrapped calls that are more than the call: where descriptors stand in what is pointed to,
 * and where mapped memory has to have one address.
 */
#ifndef SNARL_INJECTORS_OWN_H
#define SNARL_INJECTORS_OWN_H

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <threads.h>

/* With the parameters and results of the calls; `descriptor` stands for itself by now. */
int own_dup2(int descriptor, int target);
int own_fcntl(int descriptor, int command, long argument);
ssize_t own_sendmsg(int descriptor, const struct msghdr *message, int flags);
ssize_t own_recvmsg(int descriptor, struct msghdr *message, int flags);
int own_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int own_ppoll(
	struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
int own_epoll_ctl(int descriptor, int operation, int watched, struct epoll_event *event);
int own_epoll_wait(int descriptor, struct epoll_event *events, int count, int timeout_ms);
void *own_mmap(
	void *address, size_t length, int protection, int flags, int descriptor, off_t offset);
int own_munmap(void *address, size_t length);
pid_t own_fork(void);
int own_pthread_create(
	pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument);
int own_thrd_create(thrd_t *thread, thrd_start_t run, void *argument);

/* Where the build points a variant's calls to for ThreadSanitizer. */
void own_exit(int code) __attribute__((noreturn));
void own__exit(int code) __attribute__((noreturn));
void own__Exit(int code) __attribute__((noreturn));

/* For these calls and for explore's models of them. */

enum {
	OWN_POLLED_MAX = 64,   /* descriptors of one poll */
	OWN_CONTROL_MAX = 512, /* bytes of a message's control data */
};

/*
 * A message whose descriptors are what they stand for: itself where it hands over none, else the
 * copy, with `control` for its control data.
 */
const struct msghdr *message_translate(
	const struct msghdr *message, struct msghdr *copy, char control[OWN_CONTROL_MAX]);

/* Descriptors that came with a message are the receiver's. */
void message_opened(struct msghdr *message);

#endif

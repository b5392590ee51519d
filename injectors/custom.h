/*
 * custom.h - wrapped calls that do more than make the call, because an argument points to
 * descriptors, or because mapped memory has to have one address.
 */
#ifndef SNARL_INJECTORS_CUSTOM_H
#define SNARL_INJECTORS_CUSTOM_H

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <threads.h>

/* Parameters and results are those of the calls; `descriptor` has been translated already. */
int custom_dup2(int descriptor, int target);
int custom_fcntl(int descriptor, int command, long argument);
int custom_sigaction(int number, const struct sigaction *action, struct sigaction *before);
ssize_t custom_sendmsg(int descriptor, const struct msghdr *message, int flags);
ssize_t custom_recvmsg(int descriptor, struct msghdr *message, int flags);
int custom_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int custom_ppoll(
	struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
int custom_epoll_ctl(int descriptor, int operation, int watched, struct epoll_event *event);
int custom_epoll_wait(int descriptor, struct epoll_event *events, int count, int timeout_ms);
void *custom_mmap(
	void *address, size_t length, int protection, int flags, int descriptor, off_t offset);
int custom_munmap(void *address, size_t length);
pid_t custom_fork(void);
int custom_pthread_create(
	pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument);
int custom_thrd_create(thrd_t *thread, thrd_start_t run, void *argument);

/* The build redirects a variant's calls to these for ThreadSanitizer. */
void custom_exit(int code) __attribute__((noreturn));
void custom__exit(int code) __attribute__((noreturn));
void custom__Exit(int code) __attribute__((noreturn));

/* For these calls and for explore's models of them. */

enum {
	OWN_POLLED_MAX = 64,   /* descriptors of one poll */
	OWN_CONTROL_MAX = 512, /* bytes of a message's control data */
};

/*
 * A message with its descriptors translated: itself if it hands over none, otherwise the copy, with
 * `control` for its control data.
 */
const struct msghdr *message_translate(
	const struct msghdr *message, struct msghdr *copy, char control[OWN_CONTROL_MAX]);

/* Make the descriptors that came with a message the receiver's. */
void message_opened(struct msghdr *message);

#endif

/*
 * custom.h - wrapped calls that do more than make the call, because an argument points to
 * descriptors, or because mapped memory has to have one address.
 */
#ifndef SNARL_INJECTORS_CUSTOM_H
#define SNARL_INJECTORS_CUSTOM_H

#include <poll.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <stdbool.h>
#include <threads.h>
#include <time.h>

/* Parameters and results are those of the calls; `descriptor` has been translated already. */
int custom_dup2(int descriptor, int target);
int custom_dup3(int descriptor, int target, int flags);
int custom_fcntl(int descriptor, int command, long argument);
ssize_t custom_sendmsg(int descriptor, const struct msghdr *message, int flags);
ssize_t custom_recvmsg(int descriptor, struct msghdr *message, int flags);
int custom_poll(struct pollfd *polled, nfds_t count, int timeout_ms);
int custom_ppoll(
	struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask);
int custom_epoll_ctl(int descriptor, int operation, int watched, struct epoll_event *event);
int custom_epoll_wait(int descriptor, struct epoll_event *events, int count, int timeout_ms);
int custom_epoll_pwait(int descriptor, struct epoll_event *events, int count, int timeout_ms,
	const sigset_t *mask);
int custom_select(
	int count, fd_set *reads, fd_set *writes, fd_set *others, struct timeval *timeout);
int custom_pselect(int count, fd_set *reads, fd_set *writes, fd_set *others,
	const struct timespec *timeout, const sigset_t *mask);
int custom_ioctl(int descriptor, unsigned long request, long argument);
int custom_flock(int descriptor, int operation);
int custom_lockf(int descriptor, int function, off_t length);
FILE *custom_fopen(const char *name, const char *mode);
FILE *custom_fdopen(int descriptor, const char *mode);
int custom_fclose(FILE *stream);
int custom_fileno(FILE *stream);
int custom_msgsnd(int queue, const void *message, size_t count, int flags);
ssize_t custom_msgrcv(int queue, void *message, size_t count, long type, int flags);
int custom_semop(int set, struct sembuf *operations, size_t count);
int custom_semtimedop(
	int set, struct sembuf *operations, size_t count, const struct timespec *timeout);
int custom_semctl(int set, int number, int command, long argument);
void *custom_mmap(
	void *address, size_t length, int protection, int flags, int descriptor, off_t offset);
int custom_munmap(void *address, size_t length);
pid_t custom_fork(void);
pid_t custom_getpid(void);
pid_t custom_pid_of(unsigned actor); /* that stands for a process */
pid_t custom_getppid(void);
pid_t custom_gettid(void);
pid_t custom_waitpid(pid_t process, int *status, int options);
int custom_sigaction(int number, const struct sigaction *action, struct sigaction *before);
sighandler_t custom_signal(int number, sighandler_t handler);
int custom_pthread_key_create(pthread_key_t *key, void (*destroy)(void *));
int custom_pthread_key_delete(pthread_key_t key);
int custom_tss_create(tss_t *key, tss_dtor_t destroy);
void custom_tss_delete(tss_t key);
int custom_pthread_create(
	pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument);
int custom_timer_create(clockid_t clock, struct sigevent *event, timer_t *timer);
int custom_mq_notify(mqd_t queue, const struct sigevent *event);
int custom_thrd_create(thrd_t *thread, thrd_start_t run, void *argument);
int custom_pthread_join(pthread_t thread, void **result);
int custom_pthread_tryjoin_np(pthread_t thread, void **result);
int custom_pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *until);
int custom_pthread_detach(pthread_t thread);
int custom_thrd_join(thrd_t thread, int *result);
int custom_thrd_detach(thrd_t thread);
int custom_pthread_barrier_wait(pthread_barrier_t *barrier);
int custom_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until);
int custom_pthread_mutex_clocklock(
	pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until);
int custom_pthread_rwlock_clockrdlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until);
int custom_pthread_rwlock_clockwrlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until);
void custom_call_once(once_flag *once, void (*run)(void));
void custom_free(void *block);
char *custom_getenv(const char *name);

/*
 * The build redirects a variant's calls to these: the kernel does not record which process makes a
 * queue or a set without a key, only which one uses it last, and the case's are removed by that.
 */
int custom_msgget(key_t key, int flags);
int custom_semget(key_t key, int count, int flags);

/* The build redirects a variant's calls to these for ThreadSanitizer. */
void custom_exit(int code) __attribute__((noreturn));
void custom__exit(int code) __attribute__((noreturn));
void custom__Exit(int code) __attribute__((noreturn));
int custom_pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust);

/* Whether there may be robust mutexes, whose owner may end an execution. */
bool custom_any_robust(void);

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

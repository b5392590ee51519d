/*
 * matchmaker.h - rpcbind, which knows the port at which a program is served, as a process of our
 * own. It has a network, a /run and a user of its own, so that it needs no rights and leaves an
 * rpcbind of the machine alone. A process that enters its namespaces finds it at its usual address.
 */
#ifndef SCENARIOS_REMOTE_PROCEDURE_MATCHMAKER_H
#define SCENARIOS_REMOTE_PROCEDURE_MATCHMAKER_H

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <rpc/pmap_clnt.h>
#include <sched.h>
#include <signal.h>
#include <snarl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MATCHMAKER_SPACES = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS, MATCHMAKER_TRIES = 2000 };

#define MATCHMAKER_TEXT_OF(word) #word
#define MATCHMAKER_TEXT(word) MATCHMAKER_TEXT_OF(word)

static bool matchmaker_write(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	bool written = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);

	if (file >= 0)
		close(file);
	return written;
}

static bool matchmaker_network(void)
{
	struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = any >= 0 && ioctl(any, SIOCSIFFLAGS, &loopback) == 0;

	if (any >= 0)
		close(any);
	return up;
}

/* rpcbind runs as `_rpc` or `rpc`, depending on the distribution; here both names mean root. */
static bool matchmaker_files(void)
{
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", "/run", "tmpfs", 0, NULL) == 0 && mkdir("/run/rpcbind", 0755) == 0 &&
	       matchmaker_write("/run/passwd", "_rpc:x:0:0::/:/\nrpc:x:0:0::/:/\n") &&
	       mount("/run/passwd", "/etc/passwd", NULL, MS_BIND, NULL) == 0;
}

/* rpcbind drops its groups, which the namespace forbids: setgroups succeeds without being run. */
static bool matchmaker_groups(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_setgroups, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Become the matchmaker, or write to `told` what prevents that. */
static void matchmaker_become(int told)
{
	static const char *const places[] = {MATCHMAKER_TEXT(RPCBIND_FOLDER) "/rpcbind",
		"/sbin/rpcbind", "/usr/sbin/rpcbind", "/usr/bin/rpcbind"};
	unsigned user = getuid(), group = getgid();
	char users[32], groups[32];

	snprintf(users, sizeof users, "0 %u 1", user);
	snprintf(groups, sizeof groups, "0 %u 1", group);
	setenv("LD_LIBRARY_PATH", MATCHMAKER_TEXT(RPCBIND_FOLDER), 1);
	if (unshare(MATCHMAKER_SPACES) != 0)
		dprintf(told, "no namespaces: %s", strerror(errno));
	else if (!matchmaker_write("/proc/self/setgroups", "deny") ||
		 !matchmaker_write("/proc/self/uid_map", users) ||
		 !matchmaker_write("/proc/self/gid_map", groups))
		dprintf(told, "no user in a namespace: %s", strerror(errno));
	else if (!matchmaker_network())
		dprintf(told, "no network in a namespace: %s", strerror(errno));
	else if (!matchmaker_files())
		dprintf(told, "no files in a namespace: %s", strerror(errno));
	else if (!matchmaker_groups())
		dprintf(told, "no filter for setgroups: %s", strerror(errno));
	else if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0)
		for (size_t p = 0; p < sizeof places / sizeof *places; p++)
			execl(places[p], "rpcbind", "-f", "-w", (char *)NULL);
	dprintf(told, "rpcbind is not installed");
}

/* Move the calling process, which has one thread, into the matchmaker's namespaces. */
static bool matchmaker_enter(pid_t matchmaker)
{
	int process = (int)syscall(SYS_pidfd_open, matchmaker, 0);
	bool entered = process >= 0 && setns(process, MATCHMAKER_SPACES) == 0;

	if (process >= 0)
		close(process);
	return entered;
}

/* Return whether `act` succeeds in a process of its own, in the matchmaker's namespaces. */
static bool matchmaker_visit(pid_t matchmaker, bool (*act)(void))
{
	pid_t visitor = fork();
	int status = 1;

	if (visitor == 0)
		_exit(matchmaker_enter(matchmaker) && act() ? 0 : 1);
	while (visitor > 0 && waitpid(visitor, &status, 0) < 0 && errno == EINTR)
		;
	return visitor > 0 && status == 0;
}

/* Wait until the matchmaker listens, and ask for its entries: it lists at least itself. */
static bool matchmaker_answers(void)
{
	struct timespec nap = {.tv_nsec = 1000000};
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(PMAPPORT)};

	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int t = 0; t < MATCHMAKER_TRIES; t++) {
		int any = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool there = connect(any, (struct sockaddr *)&here, sizeof here) == 0;

		close(any);
		if (there)
			return pmap_getmaps(&here);
		nanosleep(&nap, NULL);
	}
	return false;
}

static void matchmaker_stop(pid_t matchmaker)
{
	kill(matchmaker, SIGKILL);
	while (waitpid(matchmaker, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Called from set-up only: skips the case if there can be no matchmaker. */
static pid_t matchmaker_start(void)
{
	char reason[128];
	ssize_t length;
	pid_t matchmaker;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		snarl_skip("no pipe: %s", strerror(errno));
	matchmaker = fork();
	if (matchmaker < 0)
		snarl_skip("no process: %s", strerror(errno));
	if (matchmaker == 0) {
		matchmaker_become(ends[1]);
		_exit(1);
	}
	close(ends[1]);
	length = read(ends[0], reason, sizeof reason);
	close(ends[0]);
	if (length == 0 && matchmaker_visit(matchmaker, matchmaker_answers))
		return matchmaker;
	matchmaker_stop(matchmaker);
	if (length > 0)
		snarl_skip("no matchmaker of our own: %.*s", (int)length, reason);
	snarl_skip("rpcbind does not answer in a namespace of its own");
}

#endif

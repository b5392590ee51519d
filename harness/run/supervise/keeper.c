/* keeper.c - the process between snarl and a case. */
#define _GNU_SOURCE
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "exit.h"
#include "procfs.h"
#include "sweep.h"
#include "unnamed.h"

/* In the environment of all processes of a case: the mark of its snarl. */
#define MARK "SNARL_CASE"

enum {
	ENDING_MS = 1000, /* after which a process that was killed counts as one that cannot die */
	MARK_MAX = 128,
};

/* A process ID comes again; together with the time of its start and its namespace it does not. */
static void mark_make(char mark[MARK_MAX], pid_t snarl)
{
	char namespace[64] = "";

	if (readlink("/proc/self/ns/pid", namespace, sizeof namespace - 1) < 0)
		strcpy(namespace, "unknown");
	snprintf(mark, MARK_MAX, "%d %llu %s", (int)snarl,
		(unsigned long long)process_started(snarl), namespace);
}

/* A mark that differs from that of the living process with its number is that of a dead one. */
static bool mark_is_dead(const char *mark)
{
	const char *namespace = strrchr(mark, ' ');
	char living[MARK_MAX];

	mark_make(living, (pid_t)atoi(mark));
	return namespace && strcmp(namespace, strrchr(living, ' ')) == 0 &&
	       strcmp(mark, living) != 0;
}

static void marked_end(void *context, pid_t pid)
{
	char *mark = pid == getpid() ? NULL : process_variable(pid, MARK);

	(void)context;
	if (mark && mark_is_dead(mark))
		kill(pid, SIGKILL);
	free(mark);
}

void keeper_sweep(void)
{
	processes_each(marked_end, NULL);
}

/* A child that can be reaped; 0: none yet, -1: no child is left. */
static pid_t child_ended(void)
{
	siginfo_t info = {0};

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0 ? info.si_pid
										  : -1;
}

/*
 * All are looked at, not each by its number: a thread that asked to be traced by its parent has to
 * be waited for before the process that it belongs to.
 */
bool children_reap(const struct children *children)
{
	pid_t pid;
	int status;

	while ((pid = child_ended()) > 0) {
		if (children->ended)
			children->ended(children->context, pid);
		if (waitpid(pid, &status, WNOHANG | __WALL) != pid)
			return true;
		children->reaped(children->context, pid, status);
	}
	return pid == 0;
}

static bool child_end(void *context, pid_t pid)
{
	const struct children *children = context;

	return !children->spared(children->context, pid) && kill(pid, SIGKILL) == 0;
}

void children_end(const struct children *children)
{
	uint64_t until = clock_ns() + (uint64_t)ENDING_MS * 1000000;

	while (children_reap(children) && process_children(getpid(), child_end, (void *)children) &&
		clock_ns() < until)
		clock_sleep_ns(1000000);
}

struct kept {
	pid_t pid;
	bool ended;
	int status;
	struct makers makers;
};

static bool none_spared(const void *context, pid_t pid)
{
	(void)context;
	(void)pid;
	return false;
}

static void kept_ended(void *context, pid_t pid)
{
	struct kept *kept = context;

	maker_add(&kept->makers, pid);
}

static void kept_reaped(void *context, pid_t pid, int status)
{
	struct kept *kept = context;

	if (pid != kept->pid)
		return;
	kept->ended = true;
	kept->status = status;
}

/* What comes through the pipe: first from the case's process, before it becomes the case. */
struct report {
	pid_t kept; /* or a negative errno */
	int status;
};

static void report(int reports, pid_t kept, int status)
{
	const struct report report = {kept, status};

	if (write(reports, &report, sizeof report) != sizeof report)
		_exit(EXIT_NOT_STARTED);
}

static void kept_main(int reports, const sigset_t *mask, const char *mark,
	void (*become)(void *context), void *context)
{
	report(reports, getpid(), 0); /* itself, because the case may stop its keeper at once */
	sigprocmask(SIG_SETMASK, mask, NULL);
	setenv(MARK, mark, 1);
	become(context);
}

/*
 * Keep a case until it or snarl is dead. All signals are blocked, so that the case cannot end its
 * keeper by any but SIGKILL; those that matter are noticed by what has changed.
 */
static void keeper_main(
	pid_t snarl, int reports, const char *mark, void (*become)(void *context), void *context)
{
	struct kept kept = {.makers.began = time(NULL)};
	const struct children children = {&kept, none_spared, kept_ended, kept_reaped};
	sigset_t all, before;

	setpgid(0, 0);
	prctl(PR_SET_NAME, "snarl-keeper");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	signal(SIGCHLD, SIG_DFL); /* it may be ignored, and then nothing could be waited for */
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	kept.pid = fork();
	if (kept.pid < 0) {
		report(reports, -errno, 0);
		_exit(EXIT_NOT_STARTED);
	}
	if (kept.pid == 0)
		kept_main(reports, &before, mark, become, context);
	if (reports)
		close_range(0, (unsigned)reports - 1, 0);
	close_range((unsigned)reports + 1, ~0u, 0);
	while (children_reap(&children) && !kept.ended && getppid() == snarl)
		sigwaitinfo(&all, NULL);
	if (!kept.ended)
		makers_add_tree(&kept.makers, kept.pid);
	kill(-kept.pid, SIGKILL);
	children_end(&children);
	unnamed_sweep(&kept.makers);
	if (getppid() == snarl)
		report(reports, kept.pid, kept.status);
	else
		sweep();
	_exit(EXIT_AS_EXPECTED);
}

int keeper_start(struct keeper *keeper, void (*become)(void *context), void *context)
{
	struct report begun = {-ESRCH, 0};
	pid_t snarl = getpid();
	char mark[MARK_MAX];
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return -errno;
	mark_make(mark, snarl);
	keeper->pid = fork();
	if (keeper->pid == 0)
		keeper_main(snarl, pipes[1], mark, become, context);
	if (keeper->pid < 0)
		begun.kept = -errno;
	close(pipes[1]);
	while (read(pipes[0], &begun, sizeof begun) < 0 && errno == EINTR)
		;
	if (begun.kept < 0) {
		close(pipes[0]);
		return begun.kept;
	}
	keeper->kept = begun.kept;
	keeper->reports = pipes[0];
	fcntl(keeper->reports, F_SETFL, O_NONBLOCK);
	return 0;
}

bool keeper_reported(struct keeper *keeper, int *status)
{
	struct report ended;
	ssize_t got = keeper->reports < 0 ? -1 : read(keeper->reports, &ended, sizeof ended);

	if (got == 0) {
		close(keeper->reports);
		keeper->reports = -1;
	}
	if (got != sizeof ended)
		return false;
	*status = ended.status;
	return true;
}

/* child.c - a running case. */
#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "collector.h"
#include "exit.h"
#include "fiu_tools.h"
#include "postmortem.h"
#include "text.h"
#include "ulimits.h"

enum {
	READS_MAX = 64,
};

struct becoming {
	const char *program, *plan;
	const char *key;	      /* of its events */
	int events, output, activity; /* descriptors; activity: -1, there is none */
};

/* In the child, between fork and exec. */
static void child_become(void *context)
{
	const struct becoming *becoming = context;
	pid_t parent = getppid();
	struct rlimit none = {0, 0}, bytes = {OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX};
	char events_text[16 + EVENT_KEY_MAX], activity_text[16];
	char *const arguments[] = {(char *)becoming->program, "--plan", (char *)becoming->plan,
		"--events", events_text, becoming->activity < 0 ? NULL : "--activity",
		activity_text, NULL};

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_NOT_STARTED); /* the parent died before the request above */
	/* The same addresses in every run; and clang before 18 fails if vm.mmap_rnd_bits is 32. */
	personality(ADDR_NO_RANDOMIZE);
	setrlimit(RLIMIT_CORE, &none);
	unsetenv("TSAN_OPTIONS");
	fiu_environment();
	signal(SIGPIPE, SIG_DFL);
	/* What is printed beyond our own limit is lost; that of the environment ends the case. */
	signal(SIGXFSZ, limit_of(RLIMIT_FSIZE) < OUTPUT_BYTES_MAX ? SIG_DFL : SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &bytes);
	close(STDIN_FILENO);
	open("/dev/null", O_RDONLY);
	dup2(becoming->output, STDOUT_FILENO);
	dup2(becoming->output, STDERR_FILENO);
	snprintf(events_text, sizeof events_text, "%d:%s", becoming->events, becoming->key);
	snprintf(activity_text, sizeof activity_text, "%d", becoming->activity);
	/* A case does not inherit what snarl was started with (a test runner's streams, say). */
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	fcntl(becoming->events, F_SETFD, 0);
	fcntl(becoming->activity, F_SETFD, 0);
	execv(becoming->program, arguments);
	_exit(EXIT_NOT_STARTED);
}

static int child_spawn(struct child *child, const char *program, const char *plan)
{
	struct becoming becoming = {program, plan, child->collector.key, -1, -1, -1};
	int pipes[2], error;

	child->activity = activity_make(&child->activity_fd);
	child->output = memfd_create("snarl-output", MFD_CLOEXEC);
	if (child->output < 0 || pipe2(pipes, O_CLOEXEC) != 0)
		return -errno;
	becoming.events = pipes[1];
	becoming.output = child->output;
	becoming.activity = child->activity ? child->activity_fd : -1;
	error = keeper_start(&child->keeper, child_become, &becoming);
	close(pipes[1]);
	if (error) {
		close(pipes[0]);
		return error;
	}
	child->pid = child->keeper.kept;
	child->events = pipes[0];
	fcntl(child->events, F_SETFL, O_NONBLOCK);
	return 0;
}

/* A key that the case's scenario cannot guess. */
static void key_make(char key[EVENT_KEY_MAX])
{
	uint64_t number;

	if (getrandom(&number, sizeof number, 0) != sizeof number)
		die(EXIT_COULD_NOT_RUN, "the system gives no random numbers");
	snprintf(key, EVENT_KEY_MAX, "%016" PRIx64, number);
}

int child_start(struct child *child, const struct catalog *catalog, const struct subject *subject,
	const struct plan *plan)
{
	char *program = case_program(catalog, subject, plan->engine);
	char *line = plan_encode(plan), key[EVENT_KEY_MAX];
	int error;

	if (!line)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	key_make(key);
	collector_begin(&child->collector, subject, plan, key);
	child->began_ns = child->heard_ns = clock_ns();
	child->makers.began = time(NULL);
	error = child_spawn(child, program, line);
	free(program);
	free(line);
	if (error) {
		result_free(&child->collector.result);
		collector_end(&child->collector);
	}
	return error;
}

void child_read(struct child *child)
{
	for (int reads = 0; reads < READS_MAX && !child->closed_ns; reads++) {
		size_t size;
		char *space = collector_space(&child->collector, &size);
		ssize_t got = read(child->events, space, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return;
		if (got > 0 && !collector_took(&child->collector, (size_t)got))
			continue; /* garbage is no sign of life */
		/* A process that outlives the case may keep its end of the pipe open. */
		if (got == 0 || child->collector.ended)
			child->closed_ns = clock_ns();
		child->heard_ns = clock_ns();
		child->looks = 0;
		child->silence_cpu_ms = 0;
		child->progress.noted_ns = 0;
	}
}

void child_kill(struct child *child)
{
	child->killed_ns = clock_ns();
	if (!child->ended) { /* or its number may be another process's */
		makers_add_tree(&child->makers, child->pid);
		kill(-child->pid, SIGKILL);
		kill(child->pid, SIGKILL);
	}
	if (child->keeper.pid)
		kill(child->keeper.pid, SIGCONT); /* the case may have stopped it */
}

void child_let_go(struct child *child)
{
	close(child->events);
	close(child->output);
	if (child->keeper.reports >= 0)
		close(child->keeper.reports);
	fiu_pipes_remove(child->pid);
	if (child->activity)
		activity_unmake(child->activity);
	close(child->activity_fd);
}

void child_free(struct child *child)
{
	child_let_go(child);
	if (child->stopped) {
		result_free(&child->stopped->result);
		collector_end(child->stopped);
		free(child->stopped);
	}
	collector_end(&child->collector);
	free(child);
}

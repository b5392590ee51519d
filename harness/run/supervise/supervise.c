/* supervise.c - running cases as children. */
#define _GNU_SOURCE
#include "supervise.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "postmortem.h"
#include "procfs.h"
#include "clock.h"
#include "event.h"
#include "field.h"
#include "fiu_tools.h"
#include "collector.h"
#include "kind.h"
#include "rule.h"
#include "sweep.h"
#include "text.h"

enum {
	OVERRUN_MS = 10000,	    /* beyond twice its budget a case that still moves is stopped */
	LEAVE_MS = 1000,	    /* from the end of the events to the end of the process */
	OUTPUT_READ_MAX = 64 << 10, /* of what a child printed: its end */
	OUTPUT_KEPT_MAX = 4 << 10,
	OUTPUT_BYTES_MAX = 256 << 20,
	POLL_LEAVING_MS = 1,	 /* when a child has told its end and only has to go */
	POLL_SILENT_MS = 5,	 /* when a child's silence may soon be proof */
	SILENCE_NOTED_MS = 20,	 /* from here on a silence's CPU time is counted */
	AGAIN_MS = HISTOGRAM_MS, /* how long to keep running after a standstill */
	AGAIN_SILENCE_MS = 60,	 /* after which it ends, whatever this silence is */
	PROOF_MS = 10,		 /* that all have to stay where they are, to be stuck for good */
	PROGRESS_MS = 200,	 /* after which it is looked anew who has moved */
	BUSY_MS = 750,		 /* of processor time without progress: it runs in circles */
	STARVED_MS_MAX = 5000,	 /* of silence, whatever the machine is busy with */
	READS_MAX = 64,
	FOREIGN_MAX = 64,
	DELAYS_IN_EXECUTION = 10, /* of the longest length, before silence counts as a hang */
	STALLED_LOOKS = 24, /* silence counts only if we ourselves were awake so often meanwhile */
};

struct child {
	struct collector collector;
	pid_t pid;
	int events, output;
	struct activity *activity; /* NULL: there is none */
	int activity_fd;
	struct progress progress;  /* of its threads when its silence was noted */
	struct collector *stopped; /* what was told before it was stopped, and began anew; NULL */
	uint64_t began_ns, heard_ns, closed_ns; /* closed: when its events ended; 0: not yet */
	unsigned looks;				/* since it was heard */
	uint64_t silence_cpu_ms; /* used when the silence was noted, plus 1; 0: no silence */
	bool killed;		 /* by us */
	bool told;		 /* that it listens */
};

struct supervisor {
	const struct catalog *catalog;
	pid_t foreign[FOREIGN_MAX]; /* children that were there before us */
	unsigned foreign_count;
	unsigned running;
	struct child *children[SUPERVISE_JOBS_MAX];
};

static volatile sig_atomic_t interrupted;

static void note_signal(int number)
{
	(void)number;
	interrupted = 1;
}

bool supervisor_interrupted(void)
{
	return interrupted;
}

/* Somebody else's child, that came with us through an exec. */
static bool foreign_note(void *context, pid_t pid)
{
	struct supervisor *supervisor = context;

	if (supervisor->foreign_count < FOREIGN_MAX)
		supervisor->foreign[supervisor->foreign_count++] = pid;
	return true;
}

struct supervisor *supervisor_open(const struct catalog *catalog)
{
	struct supervisor *supervisor = calloc(1, sizeof *supervisor);
	struct sigaction action = {.sa_handler = note_signal};
	const int ending[] = {SIGINT, SIGTERM, SIGHUP};

	if (!supervisor)
		die(3, "out of memory");
	supervisor->catalog = catalog;
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		sigaction(ending[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A child's orphans become ours, so that they can be found and ended. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	process_children(getpid(), foreign_note, supervisor);
	sweep();
	return supervisor;
}

unsigned supervisor_running(const struct supervisor *supervisor)
{
	return supervisor->running;
}

struct supervised supervisor_look(const struct supervisor *supervisor, unsigned index)
{
	const struct child *child = supervisor->children[index];

	return (struct supervised){child->collector.subject, child->collector.result.plan.engine,
		collector_executions(&child->collector),
		(double)(clock_ns() - child->began_ns) * 1e-9};
}

bool supervisor_listening(struct supervisor *supervisor, struct supervised *now, pid_t *pid)
{
	for (unsigned i = 0; i < supervisor->running; i++) {
		struct child *child = supervisor->children[i];

		if (!child->collector.listens || child->told)
			continue;
		child->told = true;
		*now = supervisor_look(supervisor, i);
		*pid = child->pid;
		return true;
	}
	return false;
}

/* In the child, between fork and exec. */
static void child_become(
	pid_t parent, const char *program, const char *plan, int events, int output, int activity)
{
	struct rlimit none = {0, 0}, bytes = {OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX};
	char events_text[16], activity_text[16];
	char *const arguments[] = {(char *)program, "--plan", (char *)plan, "--events", events_text,
		activity < 0 ? NULL : "--activity", activity_text, NULL};

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127); /* it died before we asked to die with it */
	/* The same addresses in every run; and clang before 18 dies where vm.mmap_rnd_bits is 32.
	 */
	personality(ADDR_NO_RANDOMIZE);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_FSIZE, &bytes);
	unsetenv("TSAN_OPTIONS");
	fiu_environment();
	signal(SIGPIPE, SIG_DFL);
	close(STDIN_FILENO);
	open("/dev/null", O_RDONLY);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	snprintf(events_text, sizeof events_text, "%d", events);
	snprintf(activity_text, sizeof activity_text, "%d", activity);
	/* Whatever snarl was started with (a test runner's streams, say) is no business of a case.
	 */
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	fcntl(events, F_SETFD, 0);
	fcntl(activity, F_SETFD, 0);
	execv(program, arguments);
	_exit(127);
}

static int child_spawn(struct child *child, const char *program, const char *plan)
{
	pid_t parent = getpid();
	int pipes[2];

	child->activity = activity_make(&child->activity_fd);
	child->output = memfd_create("snarl-output", MFD_CLOEXEC);
	if (child->output < 0 || pipe2(pipes, O_CLOEXEC) != 0)
		return -errno;
	child->pid = fork();
	if (child->pid < 0)
		return -errno;
	if (child->pid == 0)
		child_become(parent, program, plan, pipes[1], child->output,
			child->activity ? child->activity_fd : -1);
	setpgid(child->pid, child->pid); /* in both: whoever comes first */
	close(pipes[1]);
	child->events = pipes[0];
	fcntl(child->events, F_SETFL, O_NONBLOCK);
	return 0;
}

/* Run the child's plan; 0 or a negative errno. */
static int child_start(const struct supervisor *supervisor, struct child *child,
	const struct subject *subject, const struct plan *plan)
{
	char *program = case_program(supervisor->catalog, subject, plan->engine);
	char *line = plan_encode(plan);
	int error;

	if (!line)
		die(3, "out of memory");
	collector_begin(&child->collector, subject, plan);
	child->began_ns = child->heard_ns = clock_ns();
	error = child_spawn(child, program, line);
	free(program);
	free(line);
	if (error) {
		result_free(&child->collector.result);
		collector_end(&child->collector);
	}
	return error;
}

int supervisor_start(
	struct supervisor *supervisor, const struct subject *subject, const struct plan *plan)
{
	struct child *child = calloc(1, sizeof *child);
	int error;

	if (!child)
		die(3, "out of memory");
	error = child_start(supervisor, child, subject, plan);
	if (error) {
		free(child);
		return error;
	}
	supervisor->children[supervisor->running++] = child;
	return 0;
}

/* A few reads at a time: a case that floods the stream must not keep us from the clock. */
static void events_read(struct child *child)
{
	for (int reads = 0; reads < READS_MAX && !child->closed_ns; reads++) {
		size_t size;
		char *room = collector_room(&child->collector, &size);
		ssize_t got = read(child->events, room, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return;
		if (got == 0)
			child->closed_ns = clock_ns();
		else if (!collector_took(&child->collector, (size_t)got))
			continue; /* garbage is no sign of life */
		child->heard_ns = clock_ns();
		child->looks = 0;
		child->silence_cpu_ms = 0;
		child->progress.noted_ns = 0;
	}
}

/* End the child and whatever it started; leaves it to be waited for. */
static void child_kill(struct child *child)
{
	child->killed = true;
	kill(-child->pid, SIGKILL);
	kill(child->pid, SIGKILL);
}

/*
 * Silence that is too long: injected delays are no hang, nor are several in one execution; and a
 * child that looks for hangs itself is given the time to say what it found.
 */
static unsigned silence_limit_ms(const struct collector *collector)
{
	const struct plan *plan = &collector->result.plan;
	char why[RULE_ERROR_MAX];
	struct rule rule;
	unsigned longest_us = 0;

	for (unsigned i = 0; i < plan->rule_count; i++)
		if (rule_parse(plan->rules[i], &rule, why) == 0 && rule.delay_us_max > longest_us)
			longest_us = rule.delay_us_max;
	return SUPERVISE_SILENCE_MS + DELAYS_IN_EXECUTION * longest_us / 1000 +
	       collector->patience_ms;
}

/* Whether an actor is still in the execution where it was last seen. */
static bool actor_stuck(const struct collector *collector, size_t actor)
{
	return !json_is_true(json_array_get(collector->waiting, actor));
}

/* Name the actors that are stuck, and the execution. */
static char *silence_sentence(const struct collector *collector)
{
	json_t *actors = json_object_get(collector->subject->json, "actors"), *at;
	char *names = format("%s", ""), *sentence;
	uint64_t execution = 0;
	bool all = true;
	size_t i;

	json_array_foreach(collector->at, i, at) {
		char *more;

		if (!actor_stuck(collector, i)) {
			all = false;
			continue;
		}
		execution = (uint64_t)json_integer_value(at);
		more = format("%s%s%s", names, *names ? " and " : "",
			json_string_value(json_array_get(actors, i)));
		free(names);
		names = more;
	}
	if (!json_array_size(collector->at))
		sentence = format(
			"the case showed no sign of life for %d s", SUPERVISE_START_MS / 1000);
	else
		sentence = format("no progress for %.1f s: %s did not finish execution %llu%s",
			silence_limit_ms(collector) / 1000.0,
			*names ? names : "the set-up or the check", (unsigned long long)execution,
			all ? "" : ", the others did");
	free(names);
	return sentence;
}

/*
 * Whether the silence is the machine's fault: threads want to run, and did not get to for as long
 * as would show that they get nowhere.
 */
static bool child_starved(struct child *child, uint64_t silent_ms)
{
	bool runnable;
	uint64_t cpu_ms = process_cpu_ms(child->pid, &runnable);

	if (silent_ms >= STARVED_MS_MAX || !runnable)
		return false;
	if (!child->silence_cpu_ms)
		child->silence_cpu_ms = cpu_ms + 1; /* of the first look in this silence */
	return cpu_ms + 1 - child->silence_cpu_ms < BUSY_MS;
}

static struct attendance attendance_of(const struct collector *collector)
{
	return (struct attendance){json_object_get(collector->subject->json, "actors"),
		collector->at, collector->waiting};
}

/* Whether its threads' progress was noted, and so long ago. */
static bool noted_before(const struct child *child, unsigned ms)
{
	return child->activity && child->progress.noted_ns &&
	       clock_ns() - child->progress.noted_ns >= (uint64_t)ms * 1000000;
}

/* Whether what the actors sit in, all of them for a while now, is proof that they will for ever. */
static bool silence_proven(const struct child *child)
{
	const struct collector *collector = &child->collector;
	struct attendance attendance = attendance_of(collector);

	return noted_before(child, PROOF_MS) && !collector->patience_ms && collector->counted &&
	       postmortem_proves(child->pid, child->activity, &child->progress, &attendance);
}

/* Who sleeps, or waits with a deadline, may come back: it has time as long as the case has. */
static bool child_sleeps(const struct child *child, uint64_t since_ms)
{
	struct attendance attendance = attendance_of(&child->collector);

	return since_ms < child->collector.result.plan.budget_ms && child->activity &&
	       postmortem_sleeps(child->pid, child->activity, &attendance);
}

/* What is to be seen of it before it is killed. */
static void silence_explain(struct child *child)
{
	struct collector *collector = &child->collector;
	struct attendance attendance = attendance_of(collector);
	int64_t execution = postmortem_execution(&attendance);

	if (child->activity && child->progress.noted_ns && !collector->stuck)
		collector->stuck =
			postmortem(child->pid, child->activity, &child->progress, &attendance);
	if (execution < 0)
		execution =
			(int64_t)(collector_executions(collector) + collector->result.plan.first);
	collector->result.verdict = SNARL_HANG;
	collector->result.executions = collector_executions(collector);
	collector->result.first_failure_execution = execution;
}

/*
 * A case that went on after a standstill falls silent again. It ends with what it had counted:
 * explaining the second standstill takes longer than the count is worth. It is counted as a hang,
 * if it is one.
 */
static void again_end(struct child *child, bool stuck)
{
	struct result *result = &child->collector.result;

	events_read(child);
	if (!child->looks)
		return; /* it spoke after all */
	/* Executions whose outcomes were not sent in time are not counted either. */
	if (json_array_size(result_part(result, "outcomes")))
		result->executions = collector_executions(&child->collector);
	if (stuck) {
		result->verdict = SNARL_HANG;
		collector_say(&child->collector, format("nobody could go on, this time too"));
	} else {
		child->collector.ended = true;
	}
	child_kill(child);
}

static void silence_judge(struct child *child)
{
	uint64_t now = clock_ns(), silent_ms = (now - child->heard_ns) / 1000000;
	uint64_t since_ms = (now - child->began_ns) / 1000000;
	unsigned limit =
		child->collector.at ? silence_limit_ms(&child->collector) : SUPERVISE_START_MS;
	bool runnable;

	child->looks++;
	if (child->closed_ns || child->killed)
		return;
	if (silent_ms >= SILENCE_NOTED_MS && !child->silence_cpu_ms) {
		child->silence_cpu_ms = process_cpu_ms(child->pid, &runnable) + 1;
		if (child->activity)
			progress_note(&child->progress, child->activity);
	}
	/*
	 * A single step since the first look means the thread was slow, not that it is making
	 * progress.
	 */
	if (noted_before(child, PROGRESS_MS) && progress_made(&child->progress, child->activity))
		progress_note(&child->progress, child->activity);
	if (child->stopped && silent_ms >= SILENCE_NOTED_MS) {
		bool stuck = silence_proven(child);

		if (stuck || silent_ms >= AGAIN_SILENCE_MS)
			again_end(child, stuck);
		return;
	}
	if (silent_ms >= SILENCE_NOTED_MS && silence_proven(child)) {
		events_read(child);
		if (!child->looks)
			return; /* it spoke after all */
	} else if (silent_ms >= limit && child->looks >= STALLED_LOOKS) {
		events_read(child);
		if (!child->looks || (child->activity && !noted_before(child, PROOF_MS)) ||
			child_starved(child, silent_ms) || child_sleeps(child, since_ms))
			return; /* it spoke after all, or could not, or not yet */
	} else if (since_ms > 2 * (uint64_t)child->collector.result.plan.budget_ms + OVERRUN_MS) {
		collector_say(&child->collector, format("still running %llu ms after its start",
							 (unsigned long long)since_ms));
		silent_ms = 0;
	} else {
		return;
	}
	if (silent_ms)
		collector_say(&child->collector, silence_sentence(&child->collector));
	silence_explain(child);
	child->collector.result.seconds = (double)(clock_ns() - child->began_ns) * 1e-9;
	child_kill(child);
}

/*
 * Take ThreadSanitizer's text out of what was printed: its reports came as events, with names that
 * the text lacks. A report stands between two lines of '='.
 */
static void output_cut_reports(char *text)
{
	static const char fence[] = "==================\n", last[] = "ThreadSanitizer: reported ";
	char *report, *end;

	while ((report = strstr(text, fence)) && (end = strstr(report + strlen(fence), fence))) {
		end += strlen(fence);
		memmove(report, end, strlen(end) + 1);
	}
	report = strstr(text, last);
	if (report && (end = strchr(report, '\n')))
		memmove(report, end + 1, strlen(end + 1) + 1);
}

static void output_keep(struct child *child)
{
	struct result *result = &child->collector.result;
	off_t size = lseek(child->output, 0, SEEK_END);
	off_t from = size > OUTPUT_READ_MAX ? size - OUTPUT_READ_MAX : 0;
	char *text = calloc(1, OUTPUT_READ_MAX + 1);
	size_t length;

	if (!text || pread(child->output, text, OUTPUT_READ_MAX, from) < 0) {
		free(text);
		return;
	}
	if (json_array_size(result_part(result, "races")))
		output_cut_reports(text);
	length = strlen(text);
	result_put(result, "output",
		event_text(text + (length > OUTPUT_KEPT_MAX ? length - OUTPUT_KEPT_MAX : 0)));
	free(text);
}

/* A process that ended without telling its end. */
static void death_judge(struct child *child, int status)
{
	static const char detector_failed[] = "ThreadSanitizer: CHECK failed:";
	struct result *result = &child->collector.result;
	const char *gave_up;

	if (child->collector.ended || result->failed_to_run || result->skipped ||
		result->verdict & KINDS_OF_STANDSTILL)
		return;
	result->verdict = SNARL_CRASH;
	result->executions = collector_executions(&child->collector);
	result->seconds = (double)(clock_ns() - child->began_ns) * 1e-9;
	if (child->collector.crashed)
		return; /* it said why itself */
	if (child->killed)
		collector_say(&child->collector,
			format("the events ended while the case went on: did it close "
			       "descriptors that are not its own?"));
	else if (WIFSIGNALED(status))
		collector_say(
			&child->collector, format("killed by %s", strsignal(WTERMSIG(status))));
	else if (WEXITSTATUS(status) == 127 && !child->collector.at) {
		result->verdict = SNARL_NO_BUG;
		result->failed_to_run = true;
		collector_say(&child->collector,
			format("its program could not be started: rebuild with make"));
	} else if ((gave_up = strstr(field_text(result->detail, "output"), detector_failed)))
		collector_say(&child->collector,
			format("ThreadSanitizer gave up over what the scenario did:%.*s",
				(int)strcspn(gave_up + strlen(detector_failed), "\n"),
				gave_up + strlen(detector_failed)));
	else
		collector_say(&child->collector,
			format("exited with %d before its end", WEXITSTATUS(status)));
}

/* Let go of the process, which is gone; the result stays. */
static void child_let_go(struct child *child)
{
	close(child->events);
	close(child->output);
	fiu_pipes_remove(child->pid);
	if (child->activity)
		activity_unmake(child->activity);
	close(child->activity_fd);
}

static void child_free(struct child *child)
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

static void group_reap(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(-group, NULL, 0) > 0 || errno == EINTR)
		errno = 0;
}

/* A daemon that left its case's group is ours once its parent is dead. */
static bool orphan_end(void *context, pid_t pid)
{
	const struct supervisor *supervisor = context;

	for (unsigned i = 0; i < supervisor->foreign_count; i++)
		if (supervisor->foreign[i] == pid)
			return false;
	kill(pid, SIGKILL);
	return waitpid(pid, NULL, 0) == pid;
}

/* Until none is found: an orphan's own children become ours in turn. */
static void orphans_end(struct supervisor *supervisor)
{
	while (process_children(getpid(), orphan_end, supervisor))
		;
}

static bool child_over(struct child *child, int *status)
{
	pid_t reaped = waitpid(child->pid, status, WNOHANG);

	if (reaped == child->pid)
		return true;
	/* The events are over, the process is not: give it a moment, unless it was killed already.
	 */
	if (child->closed_ns && !child->killed &&
		clock_ns() - child->closed_ns > (uint64_t)LEAVE_MS * 1000000)
		child_kill(child);
	return false;
}

/*
 * After a standstill go on with the next execution, once: for as long as stress goes on after any
 * first bug, so that it is known how often the others come to their end. False if that is not
 * possible, or not worth the time: a second livelock could not be told from a slow execution.
 */
static bool child_again(const struct supervisor *supervisor, struct child *child)
{
	const struct result *result = &child->collector.result;
	uint64_t since_ms = (clock_ns() - child->began_ns) / 1000000;
	struct plan plan = result->plan;
	struct collector *stopped;

	if (child->stopped || child->collector.patience_ms || child->collector.ended ||
		!(result->verdict & KINDS_OF_STANDSTILL & ~(SNARL_LIVELOCK | SNARL_HANG)) ||
		!json_object_size(result_part(result, "waits")) || since_ms >= plan.budget_ms)
		return false;
	plan.first = (uint64_t)result->first_failure_execution + 1;
	if (plan.executions && plan.executions <= plan.first - result->plan.first)
		return false;
	plan.executions -= plan.executions ? plan.first - result->plan.first : 0;
	plan.budget_ms = AGAIN_MS < plan.budget_ms - since_ms ? AGAIN_MS
							      : plan.budget_ms - (unsigned)since_ms;
	stopped = malloc(sizeof *stopped);
	if (!stopped)
		die(3, "out of memory");
	*stopped = child->collector;
	child_let_go(child);
	*child = (struct child){.stopped = stopped};
	if (child_start(supervisor, child, stopped->subject, &plan) != 0)
		die(3, "cannot start a process: %s", strerror(errno));
	return true;
}

/* Put together what was told before the standstill and after it: the bug is the first one's. */
static void child_join(struct child *child)
{
	struct collector later = child->collector;

	child->collector = *child->stopped;
	result_join(&child->collector.result, &later.result);
	result_free(&later.result);
	collector_end(&later);
	free(child->stopped);
	child->stopped = NULL;
}

/* The child is dead; returns whether that was all of the case. */
static bool child_finish(
	struct supervisor *supervisor, unsigned index, int status, struct result *result)
{
	struct child *child = supervisor->children[index];

	group_reap(child->pid);
	if (child->collector.subject->processes)
		sweep();
	events_read(child);
	output_keep(child);
	death_judge(child, status);
	collector_symbolise(&child->collector, supervisor->catalog);
	/* An engine that notices by itself has counted it. */
	if (child->collector.result.verdict & KINDS_OF_STANDSTILL && !child->collector.ended)
		result_stop(&child->collector.result);
	if (child_again(supervisor, child))
		return false;
	if (child->stopped)
		child_join(child);
	*result = child->collector.result;
	supervisor->children[index] = supervisor->children[--supervisor->running];
	child_free(child);
	if (!supervisor->running) /* with others running, it may be one of theirs */
		orphans_end(supervisor);
	return true;
}

/* How long a child may be left alone: until its silence is to be looked at. */
static int poll_ms(const struct child *child)
{
	uint64_t silent_ms = (clock_ns() - child->heard_ns) / 1000000;

	if (child->closed_ns)
		return POLL_LEAVING_MS;
	return silent_ms < SILENCE_NOTED_MS ? (int)(SILENCE_NOTED_MS - silent_ms) : POLL_SILENT_MS;
}

bool supervisor_wait(struct supervisor *supervisor, int wait_ms, struct result *result,
	const struct subject **subject)
{
	struct pollfd polls[SUPERVISE_JOBS_MAX];
	uint64_t until = clock_ns() + (uint64_t)wait_ms * 1000000;
	int status;

	while (clock_ns() < until && !interrupted) {
		int timeout = wait_ms;

		for (unsigned i = 0; i < supervisor->running; i++) {
			const struct child *child = supervisor->children[i];

			polls[i] =
				(struct pollfd){child->closed_ns ? -1 : child->events, POLLIN, 0};
			timeout = poll_ms(child) < timeout ? poll_ms(child) : timeout;
		}
		poll(polls, supervisor->running, timeout);
		for (unsigned i = 0; i < supervisor->running; i++) {
			struct child *child = supervisor->children[i];

			if (polls[i].revents)
				events_read(child);
			*subject = child->collector.subject;
			if (child_over(child, &status) &&
				child_finish(supervisor, i, status, result))
				return true;
			silence_judge(child);
		}
	}
	return false;
}

void supervisor_close(struct supervisor *supervisor)
{
	while (supervisor->running) {
		struct child *child = supervisor->children[--supervisor->running];

		child_kill(child);
		waitpid(child->pid, NULL, 0);
		group_reap(child->pid);
		result_free(&child->collector.result);
		child_free(child);
	}
	orphans_end(supervisor);
	sweep(); /* an orphan keeps its case's folder locked */
	free(supervisor);
}

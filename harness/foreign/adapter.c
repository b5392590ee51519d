/*
 * adapter.c - a foreign detector as an engine: runs this program again under the tool, and writes
 * the tool's reports as events.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "event.h"
#include "foreign.h"
#include "plan.h"
#include "snarl.h"

enum {
	LINE_MAX_BYTES = 4096,
	QUIET_MS = 30,		 /* a tool writes the reports of one moment within this time */
	BEAT_MS = 1000,		 /* how often snarl hears of us */
	PATIENCE_MS = 10 * 1000, /* how long it waits for that, on a busy machine */
};

struct adapter {
	const struct foreign_tool *tool;
	struct plan plan;
	char program[PATH_MAX];
	struct foreign_page *page;
	struct foreign_report report;
	pid_t pid;
	int reports; /* our end of the pipe */
	uint64_t began_ns;
	int64_t found;	   /* execution of the first report; -1: none */
	uint64_t until_ms; /* when to stop */
	bool over;	   /* the runner has ended by itself */
	char line[LINE_MAX_BYTES];
	size_t used;
};

/* In the child: become the runner under the tool. */
static void runner_become(const struct adapter *adapter, int reports, int page)
{
	const char *arguments[FOREIGN_COMMAND_MAX + 3];
	size_t count = 0;

	while (adapter->tool->command[count]) {
		arguments[count] = adapter->tool->command[count];
		count++;
	}
	arguments[count] = adapter->program;
	arguments[count + 1] = "--foreign-run";
	arguments[count + 2] = NULL;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(reports, FOREIGN_REPORTS_FD);
	dup2(page, FOREIGN_PAGE_FD);
	if (!*adapter->tool->command)
		dup2(reports, STDERR_FILENO); /* where sanitizers write */
	execvp(arguments[0], (char *const *)arguments);
	_exit(127);
}

/* The same file above the numbers that it will get in the runner. */
static int fd_high(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FOREIGN_PAGE_FD + 1);

	close(fd);
	return high;
}

static void runner_start(struct adapter *adapter)
{
	int page = memfd_create("snarl-page", 0), pipes[2];

	if (page < 0 || ftruncate(page, sizeof *adapter->page) != 0 || pipe(pipes) != 0)
		event_fatal("cannot prepare for the runner: %s", strerror(errno));
	adapter->page =
		mmap(NULL, sizeof *adapter->page, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
	if (adapter->page == MAP_FAILED)
		event_fatal("cannot map the runner's page: %s", strerror(errno));
	page = fd_high(page);
	adapter->reports = fd_high(pipes[0]);
	pipes[1] = fd_high(pipes[1]);
	adapter->pid = fork();
	if (adapter->pid < 0)
		event_fatal("cannot start the runner: %s", strerror(errno));
	if (adapter->pid == 0)
		runner_become(adapter, pipes[1], page);
	close(pipes[1]);
	fcntl(adapter->reports, F_SETFL, O_NONBLOCK);
}

static uint64_t elapsed_ms(const struct adapter *adapter)
{
	return (clock_ns() - adapter->began_ns) / 1000000;
}

/* Once what the variant declares may be among the reports, the others of that moment are enough. */
static void race_write(void *context, json_t *race)
{
	struct adapter *adapter = context;
	bool declared = !adapter->report.function || adapter->report.seen ||
			json_array_size(json_object_get(race, "accesses")) == 1;
	uint64_t soon = elapsed_ms(adapter) + QUIET_MS;

	if (adapter->found < 0)
		adapter->found = (int64_t)adapter->page->executions;
	if (declared && soon < adapter->until_ms)
		adapter->until_ms = soon;
	event_write("race", race);
}

static void lines_read(struct adapter *adapter, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] != '\n') {
			if (adapter->used < LINE_MAX_BYTES - 1)
				adapter->line[adapter->used++] = bytes[i];
			continue;
		}
		adapter->line[adapter->used] = '\0';
		adapter->used = 0;
		adapter->tool->line(&adapter->report, adapter->line);
	}
}

/* Our silence is no hang. */
static void patience_write(void)
{
	event_write("patience", json_pack("{s:i}", "ms", PATIENCE_MS));
}

static void reports_read(struct adapter *adapter)
{
	char bytes[1 << 16];

	for (uint64_t now; (now = elapsed_ms(adapter)) < adapter->until_ms && !adapter->over;) {
		struct pollfd events = {adapter->reports, POLLIN, 0};
		uint64_t left = adapter->until_ms - now;
		ssize_t got;

		if (poll(&events, 1, left < BEAT_MS ? (int)left : BEAT_MS) <= 0) {
			patience_write();
			continue;
		}
		got = read(adapter->reports, bytes, sizeof bytes);
		adapter->over = got == 0;
		if (got > 0)
			lines_read(adapter, bytes, (size_t)got);
	}
}

static void engine_write(const struct adapter *adapter)
{
	event_write("engine",
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:[]}", "name", adapter->tool->name,
			"replays", "nothing", "witness", "tsan", "order", "none", "memory_model",
			"hardware", "shares_cores", 0, "strategies"));
	patience_write();
}

static void end_write(const struct adapter *adapter)
{
	uint64_t executions = adapter->page->executions + 1; /* the one that was stopped */

	/* Nothing is counted beyond the first report. */
	if (adapter->found >= 0)
		executions = (uint64_t)adapter->found + 1;
	event_write("end", json_pack("{s:I, s:i, s:f}", "executions", (json_int_t)executions,
				   "failures", adapter->found >= 0, "seconds",
				   (double)(clock_ns() - adapter->began_ns) * 1e-9));
}

int adapter_run(const char *plan, const char *events)
{
	static struct adapter adapter;
	const char *key = strchr(events, ':');
	int status = 0;

	event_open(atoi(events), key ? key + 1 : "");
	if (plan_decode(plan, &adapter.plan) != 0 ||
		readlink("/proc/self/exe", adapter.program, sizeof adapter.program - 1) < 0)
		event_fatal("the plan cannot be read: %s", plan);
	adapter.tool = foreign_find(adapter.plan.engine);
	if (!adapter.tool)
		event_fatal("there is no foreign detector '%s'", adapter.plan.engine);
	adapter.found = -1;
	adapter.began_ns = clock_ns();
	adapter.until_ms = adapter.plan.budget_ms;
	engine_write(&adapter);
	runner_start(&adapter);
	adapter.report = (struct foreign_report){.program = adapter.program,
		.page = adapter.page,
		.function = scenario.expect.race_in,
		.emit = race_write,
		.context = &adapter};
	reports_read(&adapter);
	kill(adapter.pid, SIGKILL);
	waitpid(adapter.pid, &status, 0);
	if (adapter.over && !adapter.page->executions && !adapter.page->skipped &&
		adapter.found < 0)
		event_fatal("%s ended before the first execution did (status %d)",
			adapter.tool->name, status);
	if (adapter.page->skipped)
		event_write("skip", json_pack("{s:s}", "reason", (const char *)adapter.page->why));
	else
		end_write(&adapter);
	return 0;
}

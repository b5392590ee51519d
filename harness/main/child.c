/*
 * child.c - the program that every case runs: one variant, one engine.
 *
 *   VARIANT --describe        print the scenario as JSON
 *   VARIANT --engine          print the engine as JSON
 *   VARIANT --plan JSON --events FD [--activity FD]
 *                             run, and write events to the first descriptor (-1: nowhere), and the
 *                             activity table to the memory behind the second
 *
 * Its parent is `snarl`, which keeps the time and survives whatever happens here.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"
#include "activity.h"
#include "describe.h"
#include "engine.h"
#include "event.h"
#include "exit.h"
#include "inject.h"
#include "process.h"
#include "text.h"

enum {
	SIGNAL_STACK = 64 << 10,
	PATH_MAX_HERE = 4096,
	STATE_MAX = 1 << 30, /* bytes: a set-up that writes more takes as long as a hang */
};

/* The last two components of this program's own path. */
static void names_of_self(
	char path[PATH_MAX_HERE], const char **scenario_name, const char **variant_name)
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX_HERE - 1);
	char *slash;

	path[length > 0 ? length : 0] = '\0';
	slash = strrchr(path, '/');
	*variant_name = slash ? slash + 1 : path;
	if (slash)
		*slash = '\0';
	slash = strrchr(path, '/');
	*scenario_name = slash ? slash + 1 : "";
}

static int crash_fd = -1; /* where the crash handler writes; set before any actor runs */

/*
 * Write which actor crashed, then die of the signal after all. snprintf is not guaranteed to be
 * safe here; with integers and short strings glibc's is.
 */
static void crash_report(int number, siginfo_t *info, void *context)
{
	bool at_address = number == SIGSEGV || number == SIGBUS;
	char line[256], address[32] = "null";
	int length;

	(void)context;
	if (process_is_child()) { /* its parent may wait for it; it is no crash of the case */
		signal(number, SIG_DFL);
		raise(number);
		return;
	}
	/* If the actor is a real process, the worker that waits for it reports its death. */
	if (actor_self && scenario.isolation == SNARL_PROCESSES && !process_emulated) {
		struct snarl_actor *process = actor_root(actor_self);

		actor_killed(process, number);
		length = (int)strlen(process->died);
		if (at_address)
			snprintf(process->died + length, sizeof process->died - (size_t)length,
				" at address 0x%llx", (unsigned long long)(uintptr_t)info->si_addr);
		signal(number, SIG_DFL);
		raise(number);
		return;
	}
	if (at_address)
		snprintf(address, sizeof address, "%llu",
			(unsigned long long)(uintptr_t)info->si_addr);
	length = snprintf(line, sizeof line,
		"{\"v\":%d,\"type\":\"crash\",\"signal\":%d,\"actor\":%s%s%s,\"execution\":%llu,"
		"\"address\":%s}\n",
		EVENT_VERSION, number, actor_self ? "\"" : "",
		actor_self ? actor_self->name : "null", actor_self ? "\"" : "",
		actor_self ? (unsigned long long)actor_self->execution : 0, address);

	actor_self = NULL; /* so that no command of libfiu's makes the write fail */
	if (length > 0 && write(crash_fd, line, (size_t)length) < 0)
		_exit(EXIT_COULD_NOT_RUN);
	signal(number, SIG_DFL);
	raise(number);
}

static void crash_watch(int fd)
{
	static char stack[SIGNAL_STACK];
	const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPIPE};
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND};

	crash_fd = fd;
	action.sa_sigaction = crash_report;
	sigaltstack(&alternate, NULL);
	/* The explore engine checks itself whether SIGPIPE is handled, and reports more. */
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		if (deadly[i] != SIGPIPE || !engine.choose)
			sigaction(deadly[i], &action, NULL);
}

static int print(json_t *object)
{
	int error = json_dumpf(object, stdout, JSON_COMPACT);

	json_decref(object);
	return error || puts("") < 0 || fflush(stdout) ? EXIT_COULD_NOT_RUN : EXIT_AS_EXPECTED;
}

static int usage(const char *self)
{
	fprintf(stderr,
		"usage: %s --describe | --engine | --plan JSON --events FD [--activity FD]\n"
		"This is one case of snarl; run it with: snarl run SCENARIO/VARIANT --engine %s\n",
		self, engine.name);
	return 2;
}

int main(int argc, char **argv)
{
	char path[PATH_MAX_HERE];
	const char *scenario_name, *variant_name;
	char size[TEXT_NUMBER_MAX], most[TEXT_NUMBER_MAX];
	struct plan plan;
	int events;

	names_of_self(path, &scenario_name, &variant_name);
	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return print(describe(scenario_name, variant_name));
	if (argc == 2 && strcmp(argv[1], "--engine") == 0)
		return print(describe_engine());
	if ((argc != 5 && argc != 7) || strcmp(argv[1], "--plan") != 0 ||
		strcmp(argv[3], "--events") != 0 ||
		(argc == 7 && strcmp(argv[5], "--activity") != 0))
		return usage(argv[0]);
	events = atoi(argv[4]);
	if (events < 0)
		events = open("/dev/null", O_WRONLY);
	event_open(events);
	crash_watch(events);
	if (plan_decode(argv[2], &plan) != 0)
		event_fatal("the plan cannot be read: %s", argv[2]);
	if (argc == 7 && !engine.choose && activity_open(atoi(argv[6])) != 0)
		event_fatal("the activity table cannot be mapped");
	event_write("engine", describe_engine());
	if (scenario.state_size > STATE_MAX)
		event_fatal("the state takes %s, and at most %s can be set up in time",
			text_size(scenario.state_size, size), text_size(STATE_MAX, most));
	inject_enable(&plan);
	engine.run(&plan);
	return 0;
}

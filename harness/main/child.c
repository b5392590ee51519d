/*
 * child.c - the program that every case runs: one variant, one engine.
 *
 *   VARIANT --describe        print the scenario as JSON
 *   VARIANT --engine          print the engine as JSON
 *   VARIANT --plan JSON --events FD[:KEY] [--activity FD]
 *                             run, and write events with that key to the first descriptor (-1:
 *                             nowhere), and the activity table to the memory behind the second
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
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "actor.h"
#include "activity.h"
#include "declaration.h"
#include "describe.h"
#include "engine.h"
#include "event.h"
#include "exit.h"
#include "inject.h"
#include "process.h"
#include "program.h"
#include "symbol.h"
#include "text.h"

enum {
	SIGNAL_STACK = 64 << 10,
	PATH_MAX_HERE = 4096,
	FINDINGS_MS = 100,
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

/* Die of the signal after all: its action is the default again, and it waits until this returns. */
static void die_of(int number)
{
	syscall(SYS_tgkill, getpid(), gettid(), number);
}

/* What led to the crash is written before it. The main thread may be stuck, so this wait ends. */
static void findings_await(void)
{
	const struct timespec moment = {0, 1000 * 1000};

	for (int i = 0; i < FINDINGS_MS && engine.unwritten && engine.unwritten(); i++)
		syscall(SYS_nanosleep, &moment, NULL);
}

/*
 * Write which actor crashed, then die of the signal. Only raw system calls: the crash may lie in
 * the C library or in TSan's runtime, whose locks are then held, and which intercepts the C
 * library's calls.
 */
static void crash_report(int number, siginfo_t *info, void *context)
{
	bool at_address = number == SIGSEGV || number == SIGBUS;
	const struct snarl_actor *self = actor_self;

	(void)context;
	activity_leave(); /* the call that it crashed in is not what this thread waits for */
	/* A forked child's parent may wait for it; it is no crash of the case. */
	if (process_is_child()) {
		die_of(number);
		return;
	}
	/* If the actor is a real process, the worker that waits for it reports its death. */
	if (actor_self && scenario.isolation == SNARL_PROCESSES && !process_emulated) {
		struct snarl_actor *process = actor_root(actor_self);
		size_t length;

		actor_killed(process, number);
		length = strlen(process->died);
		if (at_address)
			snprintf(process->died + length, sizeof process->died - length,
				" at address 0x%llx", (unsigned long long)(uintptr_t)info->si_addr);
		die_of(number);
		return;
	}
	findings_await();
	actor_self = NULL; /* so that no command of libfiu's makes the write fail */
	event_crash(&(struct event_crash){.actor = self		       ? self->name
						   : *actor_ended.name ? actor_ended.name
								       : NULL,
		.execution = self		 ? (int64_t)self->execution
			     : *actor_ended.name ? (int64_t)actor_ended.execution
						 : -1,
		.signal = number,
		.address = info->si_addr,
		.at_address = at_address});
	die_of(number);
}

static void crash_watch(void)
{
	static char stack[SIGNAL_STACK];
	const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPIPE};
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND};

	action.sa_sigaction = crash_report;
	sigaltstack(&alternate, NULL);
	/* The explore engine checks itself whether SIGPIPE is handled, and reports more. */
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		if (deadly[i] != SIGPIPE || !engine.choose)
			sigaction(deadly[i], &action, NULL);
}

/*
 * Open the events to "FD[:KEY]". The key is removed from the command line, where the scenario could
 * read it.
 */
static void events_open(char *argument)
{
	char *key = strchr(argument, ':');
	int fd = atoi(argument);

	event_open(fd < 0 ? open("/dev/null", O_WRONLY) : fd, key ? key + 1 : "");
	if (key)
		memset(key, 0, strlen(key));
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
		"usage: %s --describe | --engine | --plan JSON --events FD[:KEY] [--activity FD]\n"
		"This is one case of snarl; run it with: snarl run SCENARIO/VARIANT --engine %s\n",
		self, engine.name);
	return 2;
}

int main(int argc, char **argv)
{
	char path[PATH_MAX_HERE];
	const char *scenario_name, *variant_name, *misuse;
	char size[TEXT_NUMBER_MAX], most[TEXT_NUMBER_MAX];
	struct plan plan;

	names_of_self(path, &scenario_name, &variant_name);
	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return print(describe(scenario_name, variant_name));
	if (argc == 2 && strcmp(argv[1], "--engine") == 0)
		return print(describe_engine());
	if ((argc != 5 && argc != 7) || strcmp(argv[1], "--plan") != 0 ||
		strcmp(argv[3], "--events") != 0 ||
		(argc == 7 && strcmp(argv[5], "--activity") != 0))
		return usage(argv[0]);
	events_open(argv[4]);
	crash_watch();
	if (plan_decode(argv[2], &plan) != 0)
		event_fatal("the plan cannot be read: %s", argv[2]);
	if (argc == 7 && !engine.choose && activity_open(atoi(argv[6])) != 0)
		event_fatal("the activity table cannot be mapped");
	event_write("engine", describe_engine());
	misuse = declaration_misuse();
	if (misuse)
		event_misuse(NULL, "%s", misuse);
	if (scenario.state_size > STATE_MAX)
		event_fatal("the state takes %s, and at most %s can be set up in time",
			text_size(scenario.state_size, size), text_size(STATE_MAX, most));
	program_rules = (struct program_rules){plan.status_matters, plan.leaks_matter, plan.args};
	if (program_is())
		symbol_open();
	inject_enable(&plan);
	engine.run(&plan);
	return 0;
}

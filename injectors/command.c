/*
 * command.c - libfiu's own commands in a case.
 *
 * The pipes are served here, by fiu-ctrl's protocol, and not by libfiu's fiu_rc_fifo, because that
 * makes new pipes and a thread in every process that the case forks, and a process that is killed
 * leaves its pipes behind. What a command means is left to libfiu.
 */
#define _GNU_SOURCE
#define FIU_ENABLE
#include "command.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fiu-control.h>
#include <fiu.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actor.h"
#include "event.h"

enum {
	COMMAND_MAX = 512, /* bytes; libfiu reads no more of it */
	NAMES_MAX = 256,   /* of points that are counted */
};

/* How often commands made a point fail. */
struct fired {
	_Atomic(const char *) name; /* NULL: this entry is free, and all after it */
	_Atomic uint64_t count;
};

static struct {
	bool expected, preloaded;      /* r/o once actors run, as are the pipes' paths */
	int (*fail)(const char *name); /* libfiu's own */
	char in[PATH_MAX], out[PATH_MAX];
	pthread_mutex_t applying; /* held while libfiu applies a command, or a process forks */
	struct fired *fired;	  /* of NAMES_MAX; shared with the processes that are forked */
} commands = {.applying = PTHREAD_MUTEX_INITIALIZER};

/* The call of this thread that libfiu let pass: its preloaded version need not ask again. */
static _Thread_local const char *answered;

bool command_expected(void)
{
	return commands.expected;
}

int command_fail(const char *name)
{
	return commands.fail(name);
}

static void fired_count(const char *name)
{
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		const char *there = NULL;

		if (atomic_compare_exchange_strong(&commands.fired[i].name, &there, name) ||
			strcmp(there, name) == 0) {
			atomic_fetch_add(&commands.fired[i].count, 1);
			return;
		}
	}
}

/*
 * libfiu's preloaded calls use this function and not libfiu's own, because the program's symbols
 * are found first. The preloaded calls replace those of the harness too, which must not fail.
 */
int fiu_fail(const char *name)
{
	int failed;

	if (!actor_self || !commands.expected)
		return 0;
	if (answered && strcmp(answered, name) == 0) {
		answered = NULL;
		return 0;
	}
	failed = commands.fail(name);
	if (failed)
		fired_count(name);
	return failed;
}

const char *command_rules_name(const char *point, char name[COMMAND_NAME_MAX])
{
	if (!commands.expected)
		return point;
	snprintf(name, COMMAND_NAME_MAX, "snarl/%s", point);
	return name;
}

bool command_fires(const char *point, long *info)
{
	if (!commands.fail(point)) {
		answered = commands.preloaded ? point : NULL;
		return false;
	}
	*info = (long)fiu_failinfo();
	fired_count(point);
	return true;
}

void command_emit(void)
{
	for (unsigned i = 0; commands.expected && i < NAMES_MAX; i++) {
		const char *name = atomic_load(&commands.fired[i].name);
		char rule[COMMAND_NAME_MAX];

		if (!name)
			return;
		snprintf(rule, sizeof rule, "%s:libfiu", name);
		event_write(
			"injection", json_pack("{s:o, s:I}", "rule", event_text(rule), "count",
					     (json_int_t)atomic_load(&commands.fired[i].count)));
	}
}

/* libfiu assumes that each parameter has a value, and that there is a name. */
static bool is_whole(const char *command)
{
	char copy[COMMAND_MAX], *rest = copy, *part;
	bool named = false;

	if (strlen(command) >= sizeof copy)
		return false;
	strcpy(copy, command);
	strsep(&rest, " \t");
	while (rest && (part = strsep(&rest, " \t,"))) {
		named |= strncmp(part, "name=", 5) == 0 && part[5];
		if (*part && !strchr(part, '=') && strcmp(part, "onetime") != 0)
			return false;
	}
	return named;
}

/* 0, or -1 with the reason in `why`. */
static int command_apply(const char *command, char **why)
{
	int error;

	*why = "it is not of the form 'enable name=NAME,failinfo=ERRNO'";
	if (!is_whole(command))
		return -1;
	*why = "libfiu refuses it";
	pthread_mutex_lock(&commands.applying);
	error = fiu_rc_string(command, why);
	pthread_mutex_unlock(&commands.applying);
	return error;
}

/* As fiu-run does, but an invalid command is not ignored. */
static void commands_apply(const char *text)
{
	char *copy = strdup(text), *rest = copy, *command, *why;

	if (!copy)
		event_fatal("out of memory for the commands");
	while ((command = strsep(&rest, "\n"))) {
		command += strspn(command, " \t");
		if (*command && command_apply(command, &why) != 0)
			event_fatal("fiu-run's command '%s': %s", command, why);
	}
	free(copy);
}

/* The sender of the command reads until no process has the pipe open any more. */
static void answer(int error)
{
	int out = open(commands.out, O_WRONLY | O_CLOEXEC);

	if (out < 0)
		return;
	if (dprintf(out, "%d\n", error) < 0)
		fprintf(stderr, "cannot answer fiu-ctrl: %s\n", strerror(errno));
	close(out);
}

static void *commands_serve(void *file)
{
	char line[COMMAND_MAX], *why;

	pthread_setname_np(pthread_self(), "fiu-ctrl");
	while (fgets(line, sizeof line, file)) {
		line[strcspn(line, "\n")] = '\0';
		answer(command_apply(line, &why));
	}
	return NULL;
}

static void applying_lock(void)
{
	pthread_mutex_lock(&commands.applying);
}

static void applying_unlock(void)
{
	pthread_mutex_unlock(&commands.applying);
}

/* A pipe that exists already is a dead process's; or another user's, and then it stays. */
static void pipe_make(const char *path)
{
	unlink(path);
	if (mkfifo(path, 0600) != 0)
		event_fatal("cannot make a pipe for fiu-ctrl: %s: %s", path, strerror(errno));
}

/* The parent removes the pipes, since this process may die in any way. */
static void pipes_open(const char *prefix)
{
	int in, error;
	FILE *file;
	pthread_t thread;
	sigset_t all, before;

	snprintf(commands.in, sizeof commands.in, "%s-%d.in", prefix, (int)getpid());
	snprintf(commands.out, sizeof commands.out, "%s-%d.out", prefix, (int)getpid());
	pipe_make(commands.in);
	pipe_make(commands.out);
	/* Opened for writing too, so that reading never ends, whichever senders come and go. */
	in = open(commands.in, O_RDWR | O_CLOEXEC);
	file = in < 0 ? NULL : fdopen(in, "r");
	if (!file)
		event_fatal(
			"cannot make a pipe for fiu-ctrl: %s: %s", commands.in, strerror(errno));
	pthread_atfork(applying_lock, applying_unlock, applying_unlock);
	sigfillset(&all); /* a scenario's signals are for its actors */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, NULL, commands_serve, file);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error)
		event_fatal("cannot start a thread for fiu-ctrl: %s", strerror(error));
	event_write("control", json_pack("{s:b}", "open", true));
}

void command_open(const struct plan *plan)
{
	const char *enable = getenv("FIU_ENABLE"), *prefix = getenv("FIU_CTRL_FIFO");

	*(void **)&commands.fail = dlsym(RTLD_NEXT, "fiu_fail"); /* the first is in this file */
	if (!commands.fail || fiu_init(0) != 0)
		event_fatal("libfiu could not be initialised");
	if (!plan->commands)
		return;
	commands.fired = mmap(NULL, NAMES_MAX * sizeof *commands.fired, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (commands.fired == MAP_FAILED)
		event_fatal("out of memory for the commands");
	commands.expected = true;
	commands.preloaded = getenv("LD_PRELOAD");
	if (enable)
		commands_apply(enable);
	if (prefix && *prefix)
		pipes_open(prefix);
}

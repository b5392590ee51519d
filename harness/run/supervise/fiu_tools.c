/* fiu_tools.c - what fiu-run asked for, and the pipes of fiu-ctrl. */
#define _GNU_SOURCE
#include "fiu_tools.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit.h"
#include "text.h"

/* fiu-run's LD_PRELOAD, under a name that means nothing to the loader. */
#define LIBRARIES "SNARL_FIU_LIBRARIES"

static struct {
	bool wanted;
	char *prefix;	 /* of the pipes' paths; NULL: there are none */
	char *libraries; /* to preload; NULL: none */
} fiu;

bool fiu_run_given(void)
{
	return getenv(LIBRARIES);
}

static char *pipe_path(pid_t pid, const char *end)
{
	return format("%s-%d.%s", fiu.prefix, (int)pid, end);
}

void fiu_pipes_remove(pid_t pid)
{
	char *in, *out;

	if (!fiu.prefix)
		return;
	in = pipe_path(pid, "in");
	out = pipe_path(pid, "out");
	unlink(in);
	unlink(out);
	free(in);
	free(out);
}

/*
 * Whether the process is alive, or one in another container still reads from the pipe. A process
 * that nobody has waited for yet has no program any more, and is not alive.
 */
static bool pipe_in_use(pid_t pid)
{
	char *program = format("/proc/%d/exe", (int)pid), *in = pipe_path(pid, "in"), path[1];
	bool alive = readlink(program, path, sizeof path) >= 0 || errno != ENOENT;
	int end = alive ? -1 : open(in, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	free(program);
	free(in);
	if (end >= 0)
		close(end);
	return alive || end >= 0;
}

/* Remove this user's pipes of processes that are dead. */
static void pipes_sweep(void)
{
	char *folder = strdup(fiu.prefix), *name = strdup(fiu.prefix);
	DIR *pipes = folder && name ? opendir(dirname(folder)) : NULL;
	const char *base = name ? basename(name) : "";
	size_t length = strlen(base);
	struct dirent *pipe;
	struct stat status;

	while (pipes && (pipe = readdir(pipes))) {
		int pid, end = 0;

		if (strncmp(pipe->d_name, base, length) != 0 ||
			sscanf(pipe->d_name + length, "-%d.%n", &pid, &end) != 1 || !end ||
			(strcmp(pipe->d_name + length + end, "in") != 0 &&
				strcmp(pipe->d_name + length + end, "out") != 0) ||
			fstatat(dirfd(pipes), pipe->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (S_ISFIFO(status.st_mode) && status.st_uid == geteuid() && !pipe_in_use(pid))
			unlinkat(dirfd(pipes), pipe->d_name, 0);
	}
	if (pipes)
		closedir(pipes);
	free(folder);
	free(name);
}

/*
 * Those of fiu-run's libraries that wrap calls. Its commands need no library: the case applies them
 * itself.
 */
static char *libraries_of(const char *text)
{
	char *copy = strdup(text), *rest = copy, *libraries = NULL, *library;

	while (copy && (library = strsep(&rest, " :"))) {
		char *more;

		if (!*library || strstr(library, "fiu_run_preload"))
			continue;
		more = format("%s%s%s", libraries ? libraries : "", libraries ? " " : "", library);
		free(libraries);
		libraries = more;
	}
	free(copy);
	return libraries;
}

/*
 * Keep what fiu-run asked for, once this program has left it, and remove the pipes that it made for
 * this program.
 */
static void fiu_run_take(void)
{
	const char *prefix = getenv("FIU_CTRL_FIFO");

	if (!fiu_run_given())
		return;
	fiu.libraries = libraries_of(getenv(LIBRARIES));
	if (!prefix || !*prefix)
		return;
	fiu.prefix = format("%s", prefix);
	fiu_pipes_remove(getpid());
}

/* Nothing may be allocated before the exec: malloc is one of the calls that may already fail. */
void fiu_run_leave(char **argv)
{
	static const char variable[] = "LD_PRELOAD=";
	const char *libraries = getenv("LD_PRELOAD");
	size_t count = 0;

	if (!libraries || !strstr(libraries, "fiu_run_preload")) {
		fiu_run_take();
		return;
	}
	while (environ[count])
		count++;
	{
		char moved[sizeof LIBRARIES "=" + strlen(libraries)], *environment[count + 1];

		stpcpy(stpcpy(moved, LIBRARIES "="), libraries);
		for (size_t i = 0; i <= count; i++)
			environment[i] =
				environ[i] && strncmp(environ[i], variable, strlen(variable)) == 0
					? moved
					: environ[i];
		execve("/proc/self/exe", argv, environment);
	}
	die(EXIT_COULD_NOT_RUN, "cannot leave fiu-run: %s", strerror(errno));
}

static char *prefix_default(void)
{
	const char *folder = getenv("TMPDIR");

	return format("%s/fiu-ctrl", folder && *folder ? folder : "/tmp");
}

void fiu_open(bool control)
{
	fiu.wanted = control || fiu_run_given();
	if (control && !fiu.prefix)
		fiu.prefix = prefix_default();
	if (fiu.prefix)
		pipes_sweep();
}

bool fiu_wanted(void)
{
	return fiu.wanted;
}

static void variable_put(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

void fiu_environment(void)
{
	if (!fiu.wanted)
		return;
	if (!fiu_run_given())
		unsetenv("FIU_ENABLE");
	else
		variable_put("LD_PRELOAD", fiu.libraries);
	variable_put("FIU_CTRL_FIFO", fiu.prefix);
	unsetenv(LIBRARIES);
}

char *fiu_control_option(void)
{
	char *usual = prefix_default();
	bool same = strcmp(usual, fiu.prefix) == 0;

	free(usual);
	return same ? format("%s", "") : format("-f %s ", fiu.prefix);
}

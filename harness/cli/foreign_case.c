/* foreign_case.c - builds cases for foreign detectors. */
#define _GNU_SOURCE
#include "foreign_case.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "text.h"

enum { ARGUMENTS_MAX = 32 };

const struct foreign_tool *foreign_find(const char *engine)
{
	for (const struct foreign_tool *tool = foreign_tools; tool->name; tool++)
		if (is(tool->name, engine))
			return tool;
	return NULL;
}

/* Whether a program of that name is on the path. */
static bool on_path(const char *name)
{
	char *path = format("%s", getenv("PATH") ? getenv("PATH") : ""), *rest = path, *folder;
	bool found = false;

	while (!found && (folder = strsep(&rest, ":"))) {
		char *program = format("%s/%s", folder, name);

		found = access(program, X_OK) == 0;
		free(program);
	}
	free(path);
	return found;
}

bool foreign_installed(const struct foreign_tool *tool)
{
	return on_path(tool->compiler) && (!*tool->command || on_path(*tool->command));
}

/* Make the folders of a program's path. */
static void folders_make(const char *program)
{
	char *path = format("%s", program);

	for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(path, 0777); /* if that fails, so does the compiler */
		*at = '/';
	}
	free(path);
}

/* Run a command without its output; returns whether it succeeded. */
static bool command_run(char *const arguments[])
{
	pid_t pid = fork();
	int status, null;

	if (pid == 0) {
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(arguments[0], arguments);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

char *foreign_build(const struct catalog *catalog, const struct subject *subject,
	const struct foreign_tool *tool)
{
	char *program = case_program(catalog, subject, tool->name);
	char *file = format("%s.c", subject->name), *source = source_path(catalog, subject, file);
	char *path = format("%s/%s", catalog->root, source);
	char *include = format("-I%s", catalog->kit);
	char *library = format("%s/foreign.a", catalog->kit);
	char *flags = format("%s", tool->flags), *rest = flags, *flag, *why = NULL;
	char *arguments[ARGUMENTS_MAX] = {(char *)tool->compiler, "-std=gnu11", include};
	size_t count = 3;

	while ((flag = strsep(&rest, " ")))
		arguments[count++] = flag;
	arguments[count++] = path;
	arguments[count++] = library;
	arguments[count++] = "-o";
	arguments[count++] = program;
	arguments[count++] = "-ljansson";
	arguments[count++] = "-pthread";
	folders_make(program);
	if (!command_run(arguments))
		why = format("%s does not build it with %s", tool->compiler, tool->flags);
	free(program);
	free(file);
	free(source);
	free(path);
	free(include);
	free(library);
	free(flags);
	return why;
}

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

enum {
	ARGUMENTS_MAX = 32,
	CLANG_OLDEST = 11, /* versions that are looked for */
	CLANG_NEWEST = 99,
};

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

/* The first line that a program prints, to be freed; "": none. */
static char *line_printed(const char *program, const char *argument)
{
	char *command = format("%s %s 2>/dev/null", program, argument), *line = NULL;
	FILE *out = popen(command, "re");
	size_t room = 0;

	if (!out || getline(&line, &room, out) <= 0) {
		free(line);
		line = format("%s", "");
	}
	if (out)
		pclose(out);
	free(command);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* Whether ThreadSanitizer's runtime, which may be a package of its own, is there for a clang. */
static bool has_runtime(const char *clang)
{
	static const char *const files[] = {
		"libclang_rt.tsan-x86_64.a", "libclang_rt.tsan-aarch64.a", "libclang_rt.tsan.a"};
	bool found = false;

	for (size_t i = 0; i < sizeof files / sizeof *files && !found; i++) {
		char *option = format("-print-file-name=%s", files[i]);
		char *path = line_printed(clang, option);

		found = *path == '/' && access(path, R_OK) == 0;
		free(path);
		free(option);
	}
	return found;
}

/* The newest clang with ThreadSanitizer besides that of the engine tsan; 0: there is none. */
static int clang_other(void)
{
	const char *own = getenv("CLANG");
	char *version = line_printed(own && *own ? own : "clang", "-dumpversion");
	int used = atoi(version), newest = CLANG_NEWEST;

	free(version);
	for (; newest >= CLANG_OLDEST; newest--) {
		char *clang = format("clang-%d", newest);
		bool fits = newest != used && on_path(clang) && has_runtime(clang);

		free(clang);
		if (fits)
			return newest;
	}
	return 0;
}

/* What compiles for an engine: "clang-19" for "clang-19-tsan". */
static char *compiler_of(const struct foreign_tool *tool, const char *engine)
{
	return is(tool->name, engine)
		       ? format("%s", tool->compiler)
		       : format("%.*s", (int)(strrchr(engine, '-') - engine), engine);
}

char *foreign_engine(const struct foreign_tool *tool)
{
	int other = is(tool->compiler, "clang") ? clang_other() : 0;

	if (other)
		return format("clang-%d-tsan", other);
	return on_path(tool->compiler) && (!*tool->command || on_path(*tool->command))
		       ? format("%s", tool->name)
		       : NULL;
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

char *foreign_build(
	const struct catalog *catalog, const struct subject *subject, const char *engine)
{
	const struct foreign_tool *tool = foreign_find(engine);
	char *compiler = compiler_of(tool, engine);
	char *program = case_program(catalog, subject, engine);
	char *file = format("%s.c", subject->name), *source = source_path(catalog, subject, file);
	char *path = format("%s/%s", catalog->root, source);
	char *include = format("-I%s", catalog->kit);
	char *library = format("%s/foreign.a", catalog->kit);
	char *flags = format("%s", tool->flags), *rest = flags, *flag, *why = NULL;
	char *arguments[ARGUMENTS_MAX] = {compiler, "-std=gnu11", include};
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
		why = format("%s does not build it with %s", compiler, tool->flags);
	free(program);
	free(file);
	free(source);
	free(path);
	free(include);
	free(library);
	free(compiler);
	free(flags);
	return why;
}

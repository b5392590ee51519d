/* environment.c - the environment of a run: commit, compiler, machine. */
#define _GNU_SOURCE
#include "environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cpus.h"
#include "text.h"

/* First line of a file, or of what follows `key` in it; "" if there is none. To be freed. */
static char *line_of(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	char *line = NULL, *found = NULL;
	size_t capacity = 0;

	while (file && !found && getline(&line, &capacity, file) > 0) {
		const char *value = strchr(line, ':');

		line[strcspn(line, "\n")] = '\0';
		if (!key)
			found = format("%s", line);
		else if (value && strncmp(line, key, strlen(key)) == 0)
			found = format("%s", value + 1 + strspn(value + 1, " \t"));
	}
	if (file)
		fclose(file);
	free(line);
	return found ? found : format("%s", "");
}

/* The commit that is checked out, read from git's own files: no git is needed to run. */
static char *commit_of(const char *root)
{
	char *head = format("%s/.git/HEAD", root), *line = line_of(head, NULL), *commit;

	if (strncmp(line, "ref: ", 5) == 0) {
		char *path = format("%s/.git/%s", root, line + 5);

		commit = line_of(path, NULL);
		free(path);
	} else {
		commit = format("%s", line);
	}
	commit[strlen(commit) > 12 ? 12 : strlen(commit)] = '\0';
	free(head);
	free(line);
	return commit;
}

json_t *environment_json(const struct catalog *catalog)
{
	char *commit = commit_of(catalog->root), *cpu = line_of("/proc/cpuinfo", "model name");
	json_t *flags = json_object(), *environment;
	struct utsname system;

	uname(&system);
	for (const char **engine = catalog->engines; *engine; engine++) {
		char *path = format("%s/%s.flags", catalog->kit, *engine);
		char *text = line_of(path, NULL);

		json_object_set_new(flags, *engine, json_string(text));
		free(text);
		free(path);
	}
	environment = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:o}", "commit", commit, "clang",
		__VERSION__, "kernel", system.release, "machine", system.machine, "cpu", cpu,
		"cpus", (int)cpu_count(), "flags", flags);
	free(commit);
	free(cpu);
	return environment;
}

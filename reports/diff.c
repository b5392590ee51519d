/*
 * diff.c - the difference of two texts, by diffutils, which knows better than we how to make a
 * small one. The texts are in memory files that diff opens by descriptor: a kill leaves nothing to
 * clean up, and a full disk cannot cut them short.
 */
#define _GNU_SOURCE
#include "diff.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "text.h"

extern char **environ;

/* A descriptor that diff inherits, holding the text; -1 on failure. */
static int text_file(const char *text)
{
	size_t size = strlen(text);
	int fd = memfd_create("source", 0);

	while (fd >= 0 && size) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			close(fd);
			return -1;
		}
		text += written;
		size -= (size_t)written;
	}
	return fd;
}

static char *read_all(int fd)
{
	size_t used = 0, capacity = 4096;
	char *text = malloc(capacity);

	while (text) {
		ssize_t got = read(fd, text + used, capacity - used - 1);
		char *more;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
		if (capacity - used > 1)
			continue;
		capacity *= 2;
		more = realloc(text, capacity);
		if (!more)
			free(text);
		text = more;
	}
	if (text)
		text[used] = '\0';
	return text;
}

static int status_of(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *diff_run(char *const arguments[])
{
	posix_spawn_file_actions_t actions;
	char *text = NULL;
	pid_t child;
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return NULL;
	error = posix_spawn_file_actions_init(&actions);
	if (!error) {
		error = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
		if (!error)
			error = posix_spawnp(
				&child, arguments[0], &actions, NULL, arguments, environ);
		posix_spawn_file_actions_destroy(&actions);
	}
	close(ends[1]);
	if (!error) {
		text = read_all(ends[0]);
		close(ends[0]);
		/* 1 means that they differ; anything above is an error, which diff has printed. */
		if ((unsigned)status_of(child) > 1) {
			free(text);
			text = NULL;
		}
		return text;
	}
	close(ends[0]);
	return NULL;
}

static size_t count_changed(const char *diff)
{
	size_t changed = 0;

	for (; *diff; diff += *diff == '\n') {
		changed += (*diff == '+' && strncmp(diff, "+++", 3) != 0) ||
			   (*diff == '-' && strncmp(diff, "---", 3) != 0);
		diff = strchrnul(diff, '\n');
	}
	return changed;
}

char *diff_unified(const char *before_name, const char *before, const char *after_name,
	const char *after, size_t *changed)
{
	int from = text_file(before), to = text_file(after);
	char *from_path = format("/dev/fd/%d", from), *to_path = format("/dev/fd/%d", to);
	char *from_label = format("--label=%s", before_name),
	     *to_label = format("--label=%s", after_name);
	char *const arguments[] = {
		"diff", "-a", "-u", from_label, to_label, from_path, to_path, NULL};
	char *text = from >= 0 && to >= 0 ? diff_run(arguments) : NULL;

	*changed = text ? count_changed(text) : 0;
	free(from_path);
	free(to_path);
	free(from_label);
	free(to_label);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return text;
}

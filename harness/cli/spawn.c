/* spawn.c - programs that a command runs and waits for. */
#define _GNU_SOURCE
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "exit.h"
#include "text.h"

static volatile sig_atomic_t noted, running;

static void signal_note(int number)
{
	(void)number;
	noted = 1;
	if (running)
		kill(running, SIGINT);
}

void interruption_note(void)
{
	struct sigaction action = {.sa_handler = signal_note};
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &action, NULL);
}

bool interrupted(void)
{
	return noted;
}

void interruption_sleep(unsigned ms)
{
	struct timespec span = {ms / 1000, (long)(ms % 1000) * 1000000};

	if (!noted)
		nanosleep(&span, NULL);
}

static void become(
	const struct string_list *words, const char *folder, const int ends[2], pid_t parent)
{
	const char *list[WORDS_MAX + 1] = {0};

	memcpy(list, words->word, words->count * sizeof *list);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(EXIT_NOT_STARTED);
	if (ends)
		dup2(ends[1], STDOUT_FILENO);
	if (!folder || chdir(folder) == 0)
		execvp(list[0], (char **)list);
	fprintf(stderr, "snarl: cannot run %s: %s\n", list[0], strerror(errno));
	_exit(SPAWN_NONE);
}

/* All that comes until the writers have closed their end. */
static char *output_read(int fd)
{
	char chunk[4096], *text = NULL;
	size_t size;
	FILE *into = open_memstream(&text, &size);
	ssize_t got;

	if (!into)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	while ((got = read(fd, chunk, sizeof chunk)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			fwrite(chunk, 1, (size_t)got, into);
	fclose(into);
	close(fd);
	return text;
}

int spawn(const struct string_list *words, const char *folder, char **output)
{
	pid_t parent = getpid(), pid;
	int ends[2] = {-1, -1}, status;

	fflush(NULL);
	if (output && pipe2(ends, O_CLOEXEC) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot make a pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		die(EXIT_COULD_NOT_RUN, "cannot start a process: %s", strerror(errno));
	if (pid == 0)
		become(words, folder, output ? ends : NULL, parent);
	running = pid;
	if (noted)
		kill(pid, SIGINT);
	if (output) {
		close(ends[1]);
		*output = output_read(ends[0]);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	running = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

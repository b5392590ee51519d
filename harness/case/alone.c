/* alone.c - a failure, in a process of its own. */
#define _GNU_SOURCE
#include "alone.h"

#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "exit.h"

enum { DEADLINE_MS = 3000, LOOK_NS = 1000 * 1000 };

const char alone_sentence[] =
	"in a new process it did not fail again: executions may influence each other "
	"(.isolation = SNARL_FRESH_PROCESS keeps them apart)";

/* The process's status; below 0: it did not end in time. */
static int status_await(pid_t pid)
{
	uint64_t until = clock_ns() + DEADLINE_MS * 1000000ull;
	int status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (clock_ns() > until) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1;
		}
		clock_sleep_ns(LOOK_NS);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_UNEXPECTED;
}

enum alone alone_try(const struct plan *plan)
{
	struct plan again = *plan;
	char *line, *arguments[] = {"alone", "--plan", NULL, "--events", "-1", NULL};
	posix_spawnattr_t attributes;
	sigset_t all, none;
	pid_t pid;
	int error, status;

	again.alone = true;
	arguments[2] = line = plan_encode(&again);
	if (!line)
		return ALONE_UNKNOWN;
	/* What is ignored or blocked is so in a new program as well. */
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	error = posix_spawn(&pid, "/proc/self/exe", NULL, &attributes, arguments, environ);
	posix_spawnattr_destroy(&attributes);
	free(line);
	status = error ? -1 : status_await(pid);
	return status == EXIT_AS_EXPECTED  ? ALONE_PASSES
	       : status == EXIT_UNEXPECTED ? ALONE_FAILS
					   : ALONE_UNKNOWN;
}

static time_t began;

__attribute__((constructor)) static void began_note(void)
{
	began = time(NULL);
}

/*
 * Remove the segments without a key that this process has made. The case's parent, which removes
 * those of the case, does not know it.
 */
static void segments_remove(void)
{
	struct shm_info info;
	struct shmid_ds segment;
	int last = shmctl(0, SHM_INFO, (struct shmid_ds *)&info);

	for (int i = 0; i <= last; i++) {
		int id = shmctl(i, SHM_STAT, &segment);

		if (id >= 0 && segment.shm_perm.__key == IPC_PRIVATE &&
			segment.shm_cpid == getpid() && segment.shm_ctime >= began)
			shmctl(id, IPC_RMID, NULL);
	}
}

void alone_end(bool failed)
{
	segments_remove();
	_exit(failed ? EXIT_UNEXPECTED : EXIT_AS_EXPECTED);
}

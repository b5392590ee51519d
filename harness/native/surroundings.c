/* surroundings.c - keeping and restoring what belongs to the process. */
#define _GNU_SOURCE
#include "surroundings.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event.h"

enum {
	MEMORY_LOOKS = 1024,	 /* calls for one look */
	MEMORY_MAX = 1024 << 20, /* bytes resident */
};

/* Names of calls, made by injectors/process_wide.awk; "": there are none. */
extern const char __start_snarl_process_wide[] __attribute__((weak));
extern const char __stop_snarl_process_wide[] __attribute__((weak));

static struct {
	char **environment, **copy; /* the C library writes to the array that it is given */
	size_t bytes;
	int directory;
	mode_t mask;
} kept;

bool surroundings_change(void)
{
	return __start_snarl_process_wide && __start_snarl_process_wide[0];
}

void surroundings_keep(void)
{
	size_t count = 0;

	while (environ && environ[count])
		count++;
	kept.bytes = (count + 1) * sizeof *environ;
	kept.environment = calloc(count + 1, sizeof *environ);
	kept.copy = malloc(kept.bytes);
	if (!kept.environment || !kept.copy)
		event_fatal("out of memory");
	for (size_t i = 0; i < count; i++)
		kept.environment[i] = environ[i];
	kept.directory = open(".", O_PATH | O_CLOEXEC);
	kept.mask = umask(0);
	umask(kept.mask);
}

void surroundings_restore(void)
{
	environ = memcpy(kept.copy, kept.environment, kept.bytes);
	if (kept.directory < 0 || fchdir(kept.directory) != 0)
		event_fatal("the working directory cannot be restored");
	umask(kept.mask);
	setlocale(LC_ALL, "C");
}

bool surroundings_memory_spent(void)
{
	static unsigned calls;
	unsigned long size, resident = 0;
	FILE *file;

	if (calls++ % MEMORY_LOOKS)
		return false;
	file = fopen("/proc/self/statm", "r");
	if (file && fscanf(file, "%lu %lu", &size, &resident) != 2)
		resident = 0;
	if (file)
		fclose(file);
	return resident * (unsigned long)sysconf(_SC_PAGESIZE) > MEMORY_MAX;
}

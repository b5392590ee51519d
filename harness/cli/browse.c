/* browse.c - pages in a browser. */
#include "browse.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

void page_open(const char *path)
{
	const char *browser = getenv("BROWSER");
	const char *program = browser && *browser ? browser : "xdg-open";
	char *arguments[] = {(char *)program, (char *)path, NULL};
	pid_t pid; /* nobody waits for it: a browser may stay open */
	int error = posix_spawnp(&pid, program, NULL, NULL, arguments, environ);

	if (error)
		fprintf(stderr,
			"snarl: cannot start %s (%s): set BROWSER to a program that shows %s\n",
			program, strerror(error), path);
}

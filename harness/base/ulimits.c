/* ulimits.c - limits of the environment. */
#include "ulimits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static const struct limit {
	int error; /* that it leads to */
	int resource;
	const char *name;
} limits[] = {
	{EFBIG, RLIMIT_FSIZE, "file size, ulimit -f"},
	{ENOMEM, RLIMIT_AS, "memory, ulimit -v"},
	{ENOMEM, RLIMIT_DATA, "memory, ulimit -d"},
	{EAGAIN, RLIMIT_NPROC, "processes, ulimit -u"},
	{EMFILE, RLIMIT_NOFILE, "open files, ulimit -n"},
	{ETIME, RLIMIT_CPU, "CPU time, ulimit -t"},
};

uint64_t limit_of(int resource)
{
	struct rlimit limit;

	return getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX
										   : limit.rlim_cur;
}

const char *limits_for(int error)
{
	static char text[128];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		if (limits[i].error != error || limit_of(limits[i].resource) == UINT64_MAX)
			continue;
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
			length ? "; " : " (limited here: ", limits[i].name);
	}
	if (length)
		strcat(text, ")");
	return text;
}

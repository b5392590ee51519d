/* channel.c - what all mechanisms share: finding them, beginning and ending, names and failures. */
#define _GNU_SOURCE
#include "channel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_HEAD "snarl-bench-"

enum { MECHANISMS_MAX = 32 };

extern const struct mechanism *const __start_snarl_mechanisms[];
extern const struct mechanism *const __stop_snarl_mechanisms[];

static int mechanism_compare(const void *left, const void *right)
{
	const struct mechanism *a = *(const struct mechanism *const *)left;
	const struct mechanism *b = *(const struct mechanism *const *)right;

	return a->family != b->family ? (int)a->family - (int)b->family : strcmp(a->name, b->name);
}

const struct mechanism *const *mechanisms_all(size_t *count)
{
	static const struct mechanism *sorted[MECHANISMS_MAX];
	size_t all = (size_t)(__stop_snarl_mechanisms - __start_snarl_mechanisms);

	*count = all < MECHANISMS_MAX ? all : MECHANISMS_MAX;
	memcpy(sorted, __start_snarl_mechanisms, *count * sizeof *sorted);
	qsort(sorted, *count, sizeof *sorted, mechanism_compare);
	return sorted;
}

int channel_open(struct channel *channel, const struct mechanism *mechanism)
{
	int error;

	*channel = (struct channel){
		.mechanism = mechanism, .there = {-1, -1}, .back = {-1, -1}, .in = -1, .out = -1};
	snprintf(channel->name, sizeof channel->name, NAME_HEAD "%ld", (long)getpid());
	error = mechanism->open(channel);
	if (error)
		channel_close(channel);
	return error;
}

void channel_close(struct channel *channel)
{
	for (int side = 0; side < SIDES; side++) {
		if (channel->there[side] >= 0)
			close(channel->there[side]);
		if (channel->back[side] >= 0)
			close(channel->back[side]);
		channel->there[side] = channel->back[side] = -1;
	}
	if (channel->mechanism->forget)
		channel->mechanism->forget(channel);
}

static void folder_sweep(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder))) {
		long owner;

		if (strncmp(entry->d_name, NAME_HEAD, strlen(NAME_HEAD)) != 0)
			continue;
		owner = strtol(entry->d_name + strlen(NAME_HEAD), NULL, 10);
		if (owner > 0 && kill((pid_t)owner, 0) != 0 && errno == ESRCH)
			unlinkat(dirfd(folder), entry->d_name, 0);
	}
	closedir(folder);
}

void channels_sweep(void)
{
	size_t count;
	const struct mechanism *const *all = mechanisms_all(&count);

	for (size_t i = 0; i < count; i++)
		if (all[i]->names)
			folder_sweep(all[i]->names);
}

int channel_refuse(struct channel *channel, int error, const char *why)
{
	snprintf(channel->why, sizeof channel->why, "%s", why);
	return error;
}

int channel_failed(struct channel *channel, const char *call)
{
	int error = errno ? errno : EIO;

	snprintf(channel->why, sizeof channel->why, "%s: %s", call, strerror(error));
	return -error;
}

/*
 * common.h - a courier puts files into a folder. A clerk is to notice each file once: those that
 * are there and those that come. Each variant says in which order the clerk scans the folder and
 * adds an inotify watch, and whether it remembers what it has noticed.
 */
#ifndef SCENARIOS_WATCHED_FOLDER_COMMON_H
#define SCENARIOS_WATCHED_FOLDER_COMMON_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <snarl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES = 8, PATH_SIZE = 128 };

struct inbox {
	int departure[2];   /* reading, writing; ends when the courier leaves; r/o after setup */
	int noticed[FILES]; /* how often; the clerk's */
};

/* Scan the folder and add a watch, in the order of the variant; return the watch. */
static int folder_begin(struct inbox *inbox);

/* A file was found by the scan or reported by the watch. */
static void file_notice(struct inbox *inbox, int file);

static void courier(void *state, struct snarl_actor *self)
{
	struct inbox *inbox = state;
	char path[PATH_SIZE];
	int file;

	(void)self;
	close(inbox->departure[0]);
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof path, "%s/%c", snarl_path("inbox"), 'a' + i);
		do
			file = open(path, O_CREAT | O_WRONLY, 0600);
		while (file < 0 && errno == EINTR);
		close(file);
	}
	close(inbox->departure[1]);
}

/* Names of files are "a", "b" and so on; "." and ".." are none. */
static void name_notice(struct inbox *inbox, const char *name)
{
	int file = name[0] - 'a';

	if (file >= 0 && file < FILES)
		file_notice(inbox, file);
}

static void folder_scan(struct inbox *inbox)
{
	DIR *folder = opendir(snarl_path("inbox"));
	const struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		name_notice(inbox, entry->d_name);
	if (folder)
		closedir(folder);
}

static int folder_watch(void)
{
	int watch = inotify_init1(IN_NONBLOCK);

	inotify_add_watch(watch, snarl_path("inbox"), IN_CREATE);
	return watch;
}

static void reports_read(struct inbox *inbox, int watch)
{
	char bytes[512] __attribute__((aligned(8)));
	ssize_t got;

	while ((got = read(watch, bytes, sizeof bytes)) > 0 || (got < 0 && errno == EINTR))
		for (ssize_t at = 0; at < got;) {
			const struct inotify_event *event = (void *)(bytes + at);

			if (event->len)
				name_notice(inbox, event->name);
			at += (ssize_t)(sizeof *event + event->len);
		}
}

/* The clerk reads the reports when the courier has left, so that it knows when it has all. */
static void clerk(void *state, struct snarl_actor *self)
{
	struct inbox *inbox = state;
	int watch;
	char end;

	(void)self;
	close(inbox->departure[1]);
	watch = folder_begin(inbox);
	while (read(inbox->departure[0], &end, 1) < 0 && errno == EINTR)
		;
	reports_read(inbox, watch);
	close(watch);
	close(inbox->departure[0]);
}

static void inbox_make(void *state)
{
	struct inbox *inbox = state;

	if (mkdir(snarl_path("inbox"), 0700) != 0 || pipe(inbox->departure) != 0)
		snarl_skip("no folder or pipe: %s", strerror(errno));
}

static void inbox_close(void *state)
{
	struct inbox *inbox = state;

	close(inbox->departure[0]);
	close(inbox->departure[1]);
}

static void every_file_once(void *state)
{
	const struct inbox *inbox = state;

	for (int i = 0; i < FILES; i++)
		if (inbox->noticed[i] != 1)
			snarl_fail(inbox->noticed[i] ? SNARL_DUPLICATE_ITEM : SNARL_LOST_ITEM,
				"file %c was noticed %d times", 'a' + i, inbox->noticed[i]);
}

#endif

/*
 * watched_folder/scanned_then_watched: a file comes after the scan and before the watch.
 *
 * The scan finds the files that are there, and the watch reports those that come. What comes
 * between the two is neither: the scan is over, and nobody watches yet.
 *
 *   courier                         clerk
 *                                   scans the folder: nothing
 *   creates a
 *                                   inotify_add_watch
 *   creates b
 *                                   the watch reports: b
 */
#include <snarl.h>

#include "common.h"

static void file_notice(struct inbox *inbox, int file)
{
	inbox->noticed[file]++;
}

static int folder_begin(struct inbox *inbox)
{
	folder_scan(inbox);
	SNARL_POINT("folder_begin/scanned");
	return folder_watch();
}

const struct snarl_scenario scenario = {
	.summary = "an inotify watch that is added after the folder was scanned",
	.refs = "inotify(7); CWE-367; TLPI 19.1",
	.state_size = sizeof(struct inbox),
	.isolation = SNARL_PROCESSES,
	.actors = {{"courier", courier}, {"clerk", clerk}},
	.setup = inbox_make,
	.started = inbox_close,
	.check = every_file_once,
	.observe = {"noticed"},
	.expect = {.bug = SNARL_LOST_ITEM, .explore = SNARL_SKIPPED("inotify is not modelled")},
};

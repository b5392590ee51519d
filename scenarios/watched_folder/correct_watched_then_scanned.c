/*
 * watched_folder/correct_watched_then_scanned: the watch comes first, and each file counts once.
 *
 * A file that comes after the watch was added is reported, and a file that came before it is found
 * by the scan. The clerk remembers what it has noticed, because a file may be both.
 *
 *   courier                         clerk
 *                                   inotify_add_watch
 *   creates a
 *                                   scans the folder: a
 *   creates b
 *                                   the watch reports: a, known; b
 */
#include <snarl.h>

#include "common.h"

static void file_notice(struct inbox *inbox, int file)
{
	inbox->noticed[file] = 1;
}

static int folder_begin(struct inbox *inbox)
{
	int watch = folder_watch();

	SNARL_POINT("folder_begin/watched");
	folder_scan(inbox);
	return watch;
}

const struct snarl_scenario scenario = {
	.summary = "an inotify watch that is added before the folder is scanned",
	.refs = "inotify(7); TLPI 19.1",
	.state_size = sizeof(struct inbox),
	.isolation = SNARL_PROCESSES,
	.actors = {{"courier", courier}, {"clerk", clerk}},
	.setup = inbox_make,
	.started = inbox_close,
	.check = every_file_once,
	.observe = {"noticed"},
	.expect = {.bug = SNARL_NO_BUG, .explore = SNARL_SKIPPED("inotify is not modelled")},
};

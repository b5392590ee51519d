/*
 * watched_folder/scanned_and_reported: a file that comes between watch and scan is noticed twice.
 *
 * The watch is added first, so that no file is missed. But a file that comes before the scan has
 * ended may be both found by the scan and reported by the watch.
 *
 *   courier                         clerk
 *                                   inotify_add_watch
 *   creates a
 *                                   scans the folder: a
 *   creates b
 *                                   the watch reports: a, b
 */
#include <snarl.h>

#include "common.h"

static void file_notice(struct inbox *inbox, int file)
{
	inbox->noticed[file]++;
}

static int folder_begin(struct inbox *inbox)
{
	int watch = folder_watch();

	SNARL_POINT("folder_begin/watched");
	folder_scan(inbox);
	return watch;
}

const struct snarl_scenario scenario = {
	.summary = "a file that a scan finds and an inotify watch reports as well",
	.refs = "inotify(7); CWE-675; TLPI 19.1",
	.state_size = sizeof(struct inbox),
	.isolation = SNARL_PROCESSES,
	.actors = {{"courier", courier}, {"clerk", clerk}},
	.setup = inbox_make,
	.started = inbox_close,
	.check = every_file_once,
	.observe = {"noticed"},
	.expect = {.bug = SNARL_DUPLICATE_ITEM,
		.explore = SNARL_SKIPPED("inotify is not modelled")},
};

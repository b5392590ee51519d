/* exit.h - the command's exit codes: a contract, shown in help and README. */
#ifndef SNARL_BASE_EXIT_H
#define SNARL_BASE_EXIT_H

enum {
	EXIT_AS_EXPECTED = 0,
	EXIT_UNEXPECTED = 1, /* MISSED, FALSE ALARM; for replay: the failure was seen again */
	EXIT_USAGE = 2,
	EXIT_COULD_NOT_RUN = 3,
	EXIT_NOTHING_SELECTED = 4,
	EXIT_ALL_SKIPPED = 77,
	EXIT_EVENTS_LOST = 126, /* of a case that could not write its events */
	EXIT_NOT_STARTED =
		127, /* of a child whose program could not be run, or whose parent is gone */
	EXIT_INTERRUPTED = 130,
};

#endif

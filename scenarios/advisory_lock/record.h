/* record.h - the till's lock as one of fcntl, and a function that reads the till's file. */
#ifndef SCENARIOS_ADVISORY_LOCK_RECORD_H
#define SCENARIOS_ADVISORY_LOCK_RECORD_H

#include "common.h"

static void till_change(const struct till *till, short type)
{
	struct flock lock = {.l_type = type, .l_whence = SEEK_SET};

	while (fcntl(till->file, F_SETLKW, &lock) != 0)
		;
}

static void till_lock(const struct till *till)
{
	till_change(till, F_WRLCK);
}

static void till_unlock(const struct till *till)
{
	till_change(till, F_UNLCK);
}

/* Anything that opens the file, and closes it again. */
static void receipt_print(void)
{
	int file = open(snarl_path("till"), O_RDONLY);

	close(file);
}

#endif

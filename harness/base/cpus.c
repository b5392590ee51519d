/* cpus.c - the processors that this process may use. */
#define _GNU_SOURCE
#include "cpus.h"

#include <sched.h>

unsigned cpu_count(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

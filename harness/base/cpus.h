/* cpus.h - the processors that this process may use. */
#ifndef SNARL_BASE_CPUS_H
#define SNARL_BASE_CPUS_H

/* How many, 1 where that is not known. */
unsigned cpu_count(void);

#endif

/* cpus.h - the processors that this process may use. */
#ifndef SNARL_BASE_CPUS_H
#define SNARL_BASE_CPUS_H

/* Their number; 1 if it is not known. */
unsigned cpu_count(void);

#endif

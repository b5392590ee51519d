/*
 * report.h - what ThreadSanitizer reports, through its own functions and never by parsing text.
 *
 * __tsan_on_report and __tsan_get_report_* have no public header; their signatures are those of
 * compiler-rt/lib/tsan/rtl/tsan_debugging.cpp, unchanged from LLVM 14 to 19.
 */
#ifndef SNARL_TSAN_REPORT_H
#define SNARL_TSAN_REPORT_H

#include <stdbool.h>

/* Before any actor runs: make room for reports. */
void report_open(void);

/* Number of different reports so far. May be read between batches. */
unsigned report_count(void);

/* How many of them are inversions of the order of locks. */
unsigned report_inversions(void);

/* Whether there are some that report_emit has yet to write. As safe in a handler as a load is. */
bool report_unwritten(void);

/* Write a "race" event for each report that was not written yet. Main thread only. */
void report_emit(void);

#endif

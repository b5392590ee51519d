/*
 * foreign.h - detectors of others: valgrind's helgrind and DRD, ThreadSanitizer of gcc and of
 * clang.
 *
 * A foreign case is one program, as every case is: the variant as the tool's compiler makes it, a
 * runner that runs the actors on plain threads over and over, and an adapter. Started as a case is,
 * the program is the adapter: it starts itself again as the runner, under the tool, reads the
 * tool's reports, and writes them as events.
 */
#ifndef SNARL_FOREIGN_FOREIGN_H
#define SNARL_FOREIGN_FOREIGN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FOREIGN_REPORTS_FD = 3, /* in the runner's process: where the tool writes its reports */
	FOREIGN_PAGE_FD = 4,	/* and the page that it shares with the adapter */
	FOREIGN_WHY_MAX = 200,
	FOREIGN_COMMAND_MAX = 12, /* words */
};

/* Written by the runner, read by the adapter; nothing waits for it. */
struct foreign_page {
	volatile uint64_t executions; /* that have ended */
	volatile uintptr_t base, end; /* of the program in memory */
	volatile uintptr_t state;     /* of the actors, */
	volatile size_t state_size;   /* and its bytes */
	volatile bool skipped;	      /* the runner cannot run it, because: */
	volatile char why[FOREIGN_WHY_MAX];
};

/* A report while its lines are read. */
struct foreign_report {
	const char *program; /* path of the case, whose frames become offsets */
	const struct foreign_page *page;
	const char *function; /* of interest, or NULL; */
	bool seen;	      /* it is in a stack of the report */
	/* Called with each whole event "race"; takes the reference. */
	void (*emit)(void *context, json_t *race);
	void *context;

	/* The parser's: what has been read of the report. */
	json_t *race;		  /* NULL: the lines are of no report */
	json_t *stack;		  /* that the next frames belong to, NULL: none */
	char ip[32], object[512]; /* of a frame in XML */
};

/* Begin a report; a data race has "race" in its description, an inversion "lock-order". */
void report_begin(struct foreign_report *report, const char *description);

/* Add an access by a thread; the frames that follow are its stack. */
void report_access(struct foreign_report *report, const char *actor, bool write, bool atomic,
	unsigned size, uintptr_t address);

/* Add a stack that belongs to no access. */
void report_stack(struct foreign_report *report);

/* Add a frame: an offset into the program, or else the name of a function. */
void report_frame(struct foreign_report *report, bool own, uintptr_t offset, const char *function);

/* The report is whole; without an access or a stack it is dropped. */
void report_end(struct foreign_report *report);

struct foreign_tool {
	const char *name;			  /* of the engine in results: "gcc-tsan", also */
						  /* with a version: "clang-19-tsan" */
	const char *compiler, *flags;		  /* that make the variant's program */
	const char *command[FOREIGN_COMMAND_MAX]; /* in front of the program; empty: none */
	/* Read a line of what the tool writes, without its end. */
	void (*line)(struct foreign_report *report, const char *line);
};

/* All tools; the last one has no name. */
extern const struct foreign_tool foreign_tools[];

/* The foreign detector of that name; NULL: the name is not one's. */
const struct foreign_tool *foreign_find(const char *engine);

void valgrind_line(struct foreign_report *report, const char *line);
void sanitizer_line(struct foreign_report *report, const char *line);

/* In a case: be the adapter; see runner.c. Returns the exit status. */
int adapter_run(const char *plan, const char *events);

#endif

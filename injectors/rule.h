/*
 * rule.h - rules on points: POINTS:ACTION[:key=value,...]
 *
 *   put/after_check:delay:p=0.2,us=1..50     posix/thread/mutex_lock:errno=EAGAIN:nth=3
 *   posix/io/rw/read:short:p=0.3             posix/thread/cond_wait:wakeup:p=0.1
 *   posix/io/net/send*:drop:p=0.1            take/holding:pause:us=100..1000
 *
 * POINTS is a point's name or a glob over the names. The keys:
 *   p=0..1     probability at each time the point is reached; default 1
 *   us=A..B    length of a delay or pause in microseconds, drawn uniformly; us=A is always A
 *   nth=N      only the Nth time that an actor reaches the rule's points in an execution
 *   once       at most once per actor and execution
 */
#ifndef SNARL_INJECTORS_RULE_H
#define SNARL_INJECTORS_RULE_H

#include <stdbool.h>
#include <stdint.h>

enum { RULE_POINTS_MAX = 96, RULE_ERROR_MAX = 240, RULE_DELAY_US_MAX = 1000000 };

enum rule_action {
	RULE_DELAY,
	RULE_YIELD,
	RULE_ERRNO,
	RULE_SHORT,
	RULE_WAKEUP, /* a wait returns without a signal */
	RULE_SIGNAL, /* a signal interrupts the call */
	RULE_CRASH,  /* the case dies */
	RULE_PAUSE,  /* the whole actor stops */
	/* What happens to a message that its sender sees as sent: */
	RULE_DROP,
	RULE_DUPLICATE,
	RULE_REORDER, /* it comes late, after the next one */
	RULE_TRUNCATE,
};

struct rule {
	char points[RULE_POINTS_MAX];
	enum rule_action action;
	int error; /* RULE_ERRNO: the errno value */
	double probability;
	uint32_t delay_us_min, delay_us_max; /* RULE_DELAY, RULE_PAUSE */
	uint32_t nth;			     /* 0: any */
	bool once;
};

/* Parse a rule. 0, or -EINVAL with a sentence that names what is valid in `why`. */
int rule_parse(const char *text, struct rule *rule, char why[RULE_ERROR_MAX]);

/* Whether the rule names this point. A wildcard matches only points that allow its action. */
bool rule_names(const struct rule *rule, const char *point);

/*
 * Whether the action can be done at the point: an errno is for wrapped calls that can fail, short
 * for those that transfer bytes, wakeup for waits, signal for calls that a signal can interrupt,
 * faults of messages for calls that send them.
 */
bool action_fits(enum rule_action action, const char *point);

/* The points of those calls, ended by NULL; made from `calls`. */
extern const char *const calls_that_fail[], *const calls_that_transfer[];
extern const char *const calls_that_wake[], *const calls_that_signals_interrupt[];
extern const char *const calls_that_send[];

#endif

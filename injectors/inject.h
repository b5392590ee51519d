/*
 * inject.h - points at run time: libfiu decides, we act.
 *
 * Every point that a rule names is enabled in libfiu by its exact name, with a callback that draws
 * from the stream of the actor that reached it. A point without a rule is not known to libfiu.
 */
#ifndef SNARL_INJECTORS_INJECT_H
#define SNARL_INJECTORS_INJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "plan.h"
#include "rule.h"
#include "snarl.h"

/* All points of the linked variant, in the order of linking: `for (p = begin; p < end; p++)`. */
struct snarl_point *const *point_begin(void);
struct snarl_point *const *point_end(void);

/*
 * Enable the plan's rules in libfiu and arm the points that they name, before any actor runs. Ends
 * the child on a bad rule.
 */
void inject_enable(const struct plan *plan);

/* Faults of a call other than an errno. */
enum {
	INJECT_WAKEUP = -1, /* it returns without having been signalled */
	INJECT_SIGNAL = -2, /* it is made, and a signal comes in meanwhile */
	/* It sends a message, which is lost, duplicated, late or cut off: see message.h. */
	INJECT_DROP = -3,
	INJECT_DUPLICATE = -4,
	INJECT_REORDER = -5,
	INJECT_TRUNCATE = -6,
};

/*
 * The errno that a call is to fail with, one of the above, or 0; and the bytes that it is to
 * transfer. Returned by value, because in explore a wrapper ends in a tail call, which the compiler
 * cannot make if the address of a local has escaped.
 */
struct injected {
	size_t length;
	int error;
};

/*
 * Act on the point's rules. `pc`: where the point, or the wrapped call, was reached from. `length`:
 * bytes that the call is to transfer; 0: it transfers none. `descriptor`: that of the call, on
 * which it depends what the system may answer; -1: none.
 */
struct injected inject_fire(
	const struct snarl_point *point, size_t length, int descriptor, const void *pc);

/* For wrapped calls: one branch while nothing is armed. */
static inline __attribute__((always_inline)) int inject_call(const struct snarl_point *point)
{
	return __builtin_expect(point->armed, 0)
		       ? inject_fire(point, 0, -1, __builtin_return_address(0)).error
		       : 0;
}

/* For calls on a descriptor; `length` becomes what is left of it. */
static inline __attribute__((always_inline)) int inject_io(
	const struct snarl_point *point, size_t *length, int descriptor)
{
	struct injected injected;

	if (__builtin_expect(!point->armed, 1))
		return 0;
	injected = inject_fire(point, *length, descriptor, __builtin_return_address(0));
	*length = injected.length;
	return injected.error;
}

/* The message that the actor on this thread keeps for later, or NULL; see message.h. */
extern _Thread_local struct message *message_kept;
void message_let_go(int but);
enum { MESSAGE_ALL = -1 };

/* The run of the actor on this thread has ended: send the message that it keeps. */
static inline void inject_actor_over(void)
{
	if (__builtin_expect(message_kept != NULL, 0))
		message_let_go(MESSAGE_ALL);
}

/* An empty function, called at every injection: a place for a breakpoint. */
void snarl_injection(const char *point);

#endif

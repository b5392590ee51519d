/*
 * saved.c - the registers that a function keeps across its calls, by the unwind tables: callees may
 * have saved them anywhere.
 */
#include <unwind.h>

#include "machine.h"

/* In DWARF's numbers. */
static const int saved[MACHINE_SAVED_MAX] = {
#ifdef __x86_64__
	3, 6, 12, 13, 14, 15 /* rbx, rbp, r12 to r15 */
#else
	19, 20, 21, 22, 23, 24, 25, 26, 27, 28 /* x19 to x28 */
#endif
};

struct frame {
	uintptr_t sp;
	uintptr_t *values;
	bool found;
};

static _Unwind_Reason_Code frame_look(struct _Unwind_Context *context, void *argument)
{
	struct frame *frame = argument;

	if (_Unwind_GetCFA(context) < frame->sp)
		return _URC_NO_REASON;
	frame->found = _Unwind_GetCFA(context) == frame->sp;
	for (unsigned i = 0; i < MACHINE_SAVED_MAX && saved[i]; i++)
		frame->values[i] = _Unwind_GetGR(context, saved[i]);
	return _URC_NORMAL_STOP;
}

bool machine_saved(uintptr_t sp, uintptr_t values[MACHINE_SAVED_MAX])
{
	struct frame frame = {sp, values, false};

	for (unsigned i = 0; i < MACHINE_SAVED_MAX; i++)
		values[i] = 0;
	_Unwind_Backtrace(frame_look, &frame);
	return frame.found;
}

/* trace.c - an execution step by step. */
#define _GNU_SOURCE
#include "trace.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "recording.h"

enum {
	TRACED_MAX = 200 * 1000, /* steps; the rest of a longer execution is dropped */
	COPIES_BYTES = 256 << 20,
	TEXTS_BYTES = 16 << 20,
	TEXT_MAX = 240, /* bytes of words about a step, with the NUL */
};

struct trace trace;

static void *map(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

void trace_ledger(struct snarl_actor *const *actors)
{
	trace.loggers = actors;
}

__attribute__((noinline)) void snarl_step_reached(uint64_t step)
{
	__asm__ volatile("" : : "r"(step));
}

/* Through the kernel: the access that is being traced may be one that crashes. */
uint64_t trace_value(uintptr_t address, unsigned size)
{
	uint64_t value = 0;
	struct iovec here = {&value, size < sizeof value ? size : sizeof value};
	struct iovec there = {(void *)address, here.iov_len};

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) < 0 ? 0 : value;
}

/* Record the values that the last step left, which are visible only now. */
static void settle(void)
{
	size_t bytes = recording_state_bytes();

	if (trace.settled < trace.count) {
		struct step *step = &trace.steps[++trace.settled];

		if (step->op <= TRACE_UPDATE)
			step->after = trace_value(step->address, step->size);
		if (!bytes || (trace.copy_count + 1) * bytes > COPIES_BYTES)
			return;
		if (!trace.copy_count || memcmp(recording_copy(trace.copy_count),
						 (const void *)scheduler.state, bytes) != 0) {
			memcpy(trace.copies + trace.copy_count * bytes,
				(const void *)scheduler.state, bytes);
			step->state = ++trace.copy_count;
		}
	}
}

/* The rest is not recorded; this step is the last. */
static void cut(void)
{
	scheduler.tracing = NULL;
	for (unsigned i = 0; i < ACTORS_MAX; i++)
		trace.counts[i] = i < scheduler.actor_count ? scheduler.actors[i].count : 0;
}

static struct step *step_add(struct actor *self, enum trace_op op, const char *call, const void *pc)
{
	const struct ledger_log *log = recording_ledger((unsigned)self->index);
	struct step *step;
	unsigned depth = self->depth < FRAMES_MAX ? self->depth : FRAMES_MAX;

	settle();
	trace.cut = trace.count + 1 == TRACED_MAX;
	trace.count += !trace.cut;
	if (trace.cut)
		cut();
	trace.settled = trace.count - 1;
	step = &trace.steps[trace.count];
	memset(step, 0, offsetof(struct step, frames));
	step->actor = (uint8_t)self->index;
	step->op = (uint8_t)op;
	step->preempted = trace.preempted;
	step->holder = step->other = NOBODY;
	step->runnable = scheduler.ready;
	step->pc = pc;
	step->call = call;
	clock_copy(&step->now, &self->now);
	if (log) {
		step->puts = log->puts;
		step->takes = log->takes;
	}
	/* The outermost frame is the harness's. */
	while (step->depth < STACK_TOLD_MAX && depth > 1)
		step->frames[step->depth++] = self->frames[--depth];
	trace.preempted = NOBODY;
	if (trace.count == trace.stop_at)
		snarl_step_reached(trace.count);
	return step;
}

static void turn_seen(const struct actor *from, const struct actor *to, enum reason reason)
{
	trace.preempted = reason == DECIDE_STEP && from != to ? (int8_t)from->index : NOBODY;
}

void trace_access(struct actor *self, const struct location *location, uintptr_t address,
	unsigned size, bool write, bool atomic, bool raced, const void *pc)
{
	struct step *step = step_add(self, write ? TRACE_WRITE : TRACE_READ, NULL, pc);

	step->address = address;
	step->size = (uint8_t)size;
	step->before = trace_value(address, size);
	step->atomic = atomic;
	step->write = write;
	step->raced = raced;
	step->location = location;
}

void trace_update(void)
{
	trace.steps[trace.count].op = TRACE_UPDATE;
}

void trace_sync(struct actor *self, enum trace_op op, const void *address, int holder,
	const char *call, const void *pc)
{
	struct step *step = step_add(self, op, call, pc);

	step->address = (uintptr_t)address;
	step->end = self->end;
	step->holder = (int8_t)holder;
}

void trace_fault(
	struct actor *self, const void *address, const char *what, const char *call, const void *pc)
{
	struct step *step = step_add(self, TRACE_FAULT, call, pc);

	step->address = (uintptr_t)address;
	step->what = what;
}

void trace_thread(struct actor *self, enum trace_op op, const struct actor *other, const char *call,
	const void *pc)
{
	step_add(self, op, call, pc)->other = (int8_t)other->index;
}

void trace_memory(struct actor *self, enum trace_op op, const void *block, size_t size,
	const char *call, const void *pc)
{
	struct step *step = step_add(self, op, call, pc);

	step->address = (uintptr_t)block;
	step->before = size;
}

/*
 * The step that put the preceding bytes into the channel, if it belongs to the same call: another
 * call would have read its own bytes first, which is a step, whether shown or not.
 */
static uint32_t piece_before(const struct step *step)
{
	for (const struct step *at = step - 1; at > trace.steps; at--) {
		if (at->actor != step->actor || at->op == TRACE_WAIT || at->op == TRACE_WAKE)
			continue;
		if (at->op != TRACE_OUTPUT || at->address != step->address || at->pc != step->pc ||
			(const char *)at->source + at->before != step->source)
			return 0;
		return (uint32_t)(at - trace.steps);
	}
	return 0;
}

void trace_transfer(struct actor *self, enum trace_op op, const void *address, const void *bytes,
	size_t count, size_t asked, const char *call, const void *pc)
{
	struct step *step = step_add(self, op, call, pc);

	step->address = (uintptr_t)address;
	step->end = self->end;
	step->before = count;
	step->after = asked;
	step->byte_count = (uint8_t)(!bytes ? 0 : count < BYTES_TOLD_MAX ? count : BYTES_TOLD_MAX);
	step->source = bytes;
	step->continues = op == TRACE_OUTPUT ? piece_before(step) : 0;
	if (step->byte_count)
		memcpy(step->bytes, bytes, step->byte_count);
}

void trace_call(struct actor *self, enum trace_op op, const char *call, const void *pc)
{
	step_add(self, op, call, pc);
}

void trace_fence(struct actor *self, const void *pc)
{
	step_add(self, TRACE_FENCE, "atomic_thread_fence", pc);
}

static void words_set(const char *format, va_list arguments)
{
	char *text = trace.texts + trace.text_bytes;
	int length;

	if (trace.text_bytes + TEXT_MAX > TEXTS_BYTES)
		return;
	length = vsnprintf(text, TEXT_MAX, format, arguments);
	trace.text_bytes += (size_t)(length < TEXT_MAX ? length : TEXT_MAX - 1) + 1;
	trace.steps[trace.count].what = text;
}

void trace_did(const void *address, const char *call, const void *pc, const char *format, ...)
{
	struct actor *self = scheduler.running;
	int error = errno;
	va_list arguments;

	if (!self || !scheduler.tracing)
		return;
	step_add(self, TRACE_CALL, call, pc)->address = (uintptr_t)address;
	va_start(arguments, format);
	words_set(format, arguments);
	va_end(arguments);
	errno = error;
}

void trace_words(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	words_set(format, arguments);
	va_end(arguments);
}

static void failure_seen(const struct scheduler_failure *failure)
{
	if (failure->actor != NOBODY)
		step_add(&scheduler.actors[failure->actor], TRACE_FAILURE, NULL, failure->pc)
			->what = failure->message;
}

static const struct observer observer = {turn_seen, failure_seen};

void trace_begin(uint64_t stop_at)
{
	if (!trace.steps) {
		trace.steps = map(TRACED_MAX * sizeof *trace.steps);
		trace.copies = map(COPIES_BYTES);
		trace.texts = map(TEXTS_BYTES);
	}
	trace.count = trace.settled = trace.copy_count = 0;
	trace.text_bytes = 0;
	trace.cut = false;
	trace.preempted = NOBODY;
	trace.stop_at = stop_at;
	scheduler.tracing = &observer;
}

bool trace_cut(void)
{
	return trace.cut;
}

void trace_acquired(uint32_t cause)
{
	struct step *step = &trace.steps[trace.count];

	if (!trace.count || !cause || trace.steps[cause].actor == step->actor ||
		step->cause_count == CAUSES_MAX)
		return;
	for (unsigned i = 0; i < step->cause_count; i++)
		if (step->causes[i] == cause)
			return;
	step->causes[step->cause_count++] = cause;
}

void trace_released(uint32_t *at)
{
	*at = trace.count;
}

void trace_end(void)
{
	scheduler.tracing = NULL;
	settle();
}

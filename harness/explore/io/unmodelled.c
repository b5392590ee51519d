/*
 * unmodelled.c - calls that leave what the engine sees.
 *
 * What a call touches besides its arguments is its class in injectors/libc. Functions of a class
 * share one object: each call is a step at it, and happens before the next one. A call whose class
 * is not listed here, or an argument that points to memory that actors share, is unknown: the call
 * is made, as a step, but how it interleaves inside is not explored, nor is its state put back
 * before the next execution.
 */
#define _GNU_SOURCE
#include "unmodelled.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "access.h"
#include "descriptor.h"
#include "heap.h"
#include "image.h"
#include "names.h"
#include "object.h"
#include "spin.h"
#include "stream.h"

enum { NUMBERS_MAX = 65536 /* no address is lower */ };
enum { ARGUMENTS = 6 /* that are passed in registers */, UNKNOWN_MAX = 8, UNKNOWN_BYTES = 160 };

enum effect {
	NOTHING,       /* besides its arguments */
	NAMES_READ,    /* of files */
	NAMES_CHANGED, /* likewise */
	KNOWN,	       /* changes its class's object, and needs not be put back */
	UNKNOWN,
};

static const struct class
{
	const char *name;
	enum effect effect;
} classes[] = {
	{"pure", NOTHING},
	{"locale", NOTHING}, /* what changes the locale is unknown */
	{"identity", NOTHING},
	{"timezone", NOTHING}, /* the C library's: setenv changes only the model's environment */
	{"memory", NOTHING},   /* of the C library's heap, whose locks no actor can find held */
	{"jumps", NOTHING},    /* within the actor's own stack */
	{"output", KNOWN},     /* what a stream has taken so far, no function of this class shows */
	{"filesystem-reader", NAMES_READ},
	{"filesystem", NAMES_CHANGED},
};
static const struct class unknown = {"what is not modelled", UNKNOWN};

/* A call of the variant, as injectors/outside.awk writes it. */
struct outside_call {
	const char *name, *class;
	void (*target)(void);
};

void outside_called(const struct outside_call *call, const uintptr_t arguments[ARGUMENTS],
	const void *pc, const void *sp) __attribute__((used));

static struct {
	const char *calls[UNKNOWN_MAX]; /* their names */
	unsigned count;
	char text[UNKNOWN_BYTES];
} seen;

/* Marks of injectors/outside.awk. */
extern const char snarl_leaves_model __attribute__((weak));
extern const char snarl_has_assembly __attribute__((weak));

bool outside_possible(void)
{
	return &snarl_leaves_model;
}

void outside_forget(void)
{
	seen.count = 0;
}

const char *outside_unknown(void)
{
	if (&snarl_has_assembly)
		return "inline assembly";
	if (!seen.count)
		return NULL;
	*seen.text = '\0';
	for (unsigned i = 0; i < seen.count; i++) {
		size_t used = strlen(seen.text);

		snprintf(seen.text + used, sizeof seen.text - used, "%s%s", i ? ", " : "",
			seen.calls[i]);
	}
	return seen.text;
}

static void unknown_note(const char *call)
{
	for (unsigned i = 0; i < seen.count; i++)
		if (strcmp(seen.calls[i], call) == 0)
			return;
	if (seen.count < UNKNOWN_MAX)
		seen.calls[seen.count++] = call;
}

static const struct class *class_of(const struct outside_call *call)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (strcmp(classes[i].name, call->class) == 0)
			return &classes[i];
	return &unknown;
}

static bool is_memory(uintptr_t address)
{
	return address - scheduler.state < scheduler.state_size || heap_has(address) ||
	       program_varies(address);
}

/*
 * Whether an argument points to memory that actors share: the call uses it, which is a step. How
 * many arguments the call has is not known: an old value in a register may count as well.
 */
static bool arguments_shared(struct actor *self, const uintptr_t arguments[ARGUMENTS])
{
	bool shared = false;

	for (unsigned i = 0; i < ARGUMENTS; i++) {
		struct location *location;

		if (!is_memory(arguments[i]))
			continue;
		location = location_at(arguments[i], 1);
		access_step(self, location, arguments[i], LOCATION_READ, NULL);
		shared |= location->shared;
	}
	return shared;
}

static bool is_number(uintptr_t argument)
{
	return argument < NUMBERS_MAX || (int)argument == AT_FDCWD;
}

void outside_path(const char *path, const char *call)
{
	if (scheduler.running && !names_own(path))
		unknown_note(call);
}

/* Names outside the case's folder are not put back before the next execution. */
static void path_check(const struct outside_call *call, const uintptr_t arguments[ARGUMENTS])
{
	/* A descriptor may come first: of the file itself, or of a folder. */
	uintptr_t path = arguments[is_number(arguments[0])];
	int error = errno;

	/* A call without a path leaves an old value here: only the kernel may look at it. */
	if (!is_number(path) && ((access((const char *)path, F_OK) != 0 && errno == EFAULT) ||
					!names_own((const char *)path)))
		unknown_note(call->name);
	errno = error;
}

void outside_called(const struct outside_call *call, const uintptr_t arguments[ARGUMENTS],
	const void *pc, const void *sp)
{
	struct actor *self = scheduler.running;
	const struct class *class;

	if (!self)
		return;
	class = class_of(call);
	if (class->effect == UNKNOWN || arguments_shared(self, arguments))
		unknown_note(call->name);
	switch (class->effect) {
	case NOTHING:
		return;
	case NAMES_READ:
	case NAMES_CHANGED:
		path_check(call, arguments);
		names_ask();
		if (class->effect == NAMES_READ)
			names_looked(pc, sp);
		else
			names_changed();
		break;
	default:
		streams_pass(call->name, arguments, ARGUMENTS, pc);
		scheduler_step(self, class);
		spin_break(self);
		self->outside_at = self->count;
	}
}

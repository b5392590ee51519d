/*
 * event.h - the child's side of the event stream: JSON Lines on a descriptor the parent handed
 * over. Each object carries "v":1 and a "type". Only one thread writes at a time.
 */
#ifndef SNARL_PROTOCOL_EVENT_H
#define SNARL_PROTOCOL_EVENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	EVENT_VERSION = 1,
	EVENT_BYTES_MAX = 128 << 10,
	EVENT_KEY_MAX = 32,    /* bytes of a key, with the NUL */
	EVENT_PREFIX_MAX = 48, /* bytes of a prefix, with the NUL */
};

/* What every line begins with: a JSON object with the key; only "{" if the key is empty. */
void event_prefix(char prefix[EVENT_PREFIX_MAX], const char *key);

/*
 * Name the descriptor that events go to, and the key that each of them carries: the scenario, which
 * does not know it, cannot write an event.
 */
void event_open(int fd, const char *key);

/* Whether the descriptor is that of the events. */
bool event_goes_to(int fd);

/*
 * A text that may come from a scenario, as JSON: bytes that are not UTF-8 become question marks.
 * Returns a new reference.
 */
json_t *event_text(const char *text);

/* Bytes in hexadecimal, null if there are more than a line should hold. Returns a new reference. */
json_t *event_bytes(const void *bytes, size_t size);

/* Append a return address to a stack, as an offset into the program that is loaded at `base`. */
void event_stack_add(json_t *stack, const void *pc, uintptr_t base);

/* Write one event and release `object`. Ends the child if the parent is gone. */
void event_write(const char *type, json_t *object);

struct event_crash {
	const char *actor;   /* NULL: the set-up or the check */
	int64_t execution;   /* -1: in none */
	const char *point;   /* at which a rule made it crash; NULL: a signal did */
	int signal;	     /* 0: it was the rule */
	const void *address; /* of a bad access */
	bool at_address;     /* it was one */
};

/*
 * Write a crash. It is one write(), so that any thread may make it at any time. It may be called by
 * a signal handler: snprintf is not guaranteed to be safe there; with integers and short strings
 * glibc's is.
 */
void event_crash(const struct event_crash *crash);

/* Write why the case cannot run, in one sentence, and exit with 3. */
void event_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/*
 * Likewise for a scenario that misuses snarl.h; the sentence has the remedy. `pc`: the return
 * address of the call that does it; NULL: its declaration does.
 */
void event_misuse(const void *pc, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

#endif

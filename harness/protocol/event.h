/*
 * event.h - the child's side of the event stream: JSON Lines on a descriptor the parent handed
 * over. Each object carries "v":1 and a "type". Only one thread writes at a time.
 */
#ifndef SNARL_PROTOCOL_EVENT_H
#define SNARL_PROTOCOL_EVENT_H

#include <jansson.h>
#include <stdint.h>

enum { EVENT_VERSION = 1, EVENT_BYTES_MAX = 128 << 10 };

/* Name the descriptor that events go to. */
void event_open(int fd);

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

/*
 * Write that a rule made an actor crash at a point. It is one write(), so that any thread may make
 * it at any time.
 */
void event_crash(const char *actor, const char *point, uint64_t execution);

/* Write why the case cannot run, in one sentence, and exit with 3. */
void event_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif

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
 * A text that may come from a scenario, as JSON: bytes that are no UTF-8 become question marks. A
 * new reference.
 */
json_t *event_text(const char *text);

/* Bytes in hexadecimal, null where they are more than a line should hold; a new reference. */
json_t *event_bytes(const void *bytes, size_t size);

/* Append a return address to a stack, as an offset into the program that is loaded at `base`. */
void event_stack_add(json_t *stack, const void *pc, uintptr_t base);

/* Write one event and release `object`. A parent that is gone ends the child. */
void event_write(const char *type, json_t *object);

/*
 * Write that an actor crashed on purpose, at a point. In one write, so that it may come from any
 * thread at any time.
 */
void event_crash(const char *actor, const char *point, uint64_t execution);

/* Say in one sentence why the case cannot run, and exit with 3. */
void event_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif

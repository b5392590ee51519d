/* event_check.h - whether an event is one that harness/protocol/events describes. */
#ifndef SNARL_PROTOCOL_EVENT_CHECK_H
#define SNARL_PROTOCOL_EVENT_CHECK_H

#include <jansson.h>

/* A line of the table, which is made from harness/protocol/events; the last one is empty. */
struct event_field {
	const char *type, *field, *kind;
};

extern const struct event_field event_fields[];

/* What is wrong with an event, a sentence to be freed; NULL: nothing. */
char *event_problem(const json_t *event);

#endif

/*
 * wires.h - wires of one process to its callers: all its threads share the numbers of descriptors.
 */
#ifndef SCENARIOS_INHERITED_DESCRIPTOR_WIRES_H
#define SCENARIOS_INHERITED_DESCRIPTOR_WIRES_H

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	ALICE,
	CAROL,
	CALLERS,
	ROOM = 64 << 10, /* unused bytes: large states are few, so few pipes are open at once */
};

static void wire_write(int wire, const char *text)
{
	while (write(wire, text, strlen(text)) < 0 && errno == EINTR)
		;
}

#endif

/*
 * wires.h - wires of one process to its callers: the numbers of descriptors are all its threads'.
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
	ROOM = 64 << 10, /* bytes that nobody needs: large states are few, and so are open pipes */
};

static void wire_write(int wire, const char *text)
{
	while (write(wire, text, strlen(text)) < 0 && errno == EINTR)
		;
}

#endif

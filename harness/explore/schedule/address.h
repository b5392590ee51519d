/*
 * address.h - what lies at an address, by name.
 *
 * The state's and the program's variables have theirs in the debug information, which the parent
 * reads. Whatever else has names provides them here.
 */
#ifndef SNARL_EXPLORE_ADDRESS_H
#define SNARL_EXPLORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_NAME_MAX = 48 /* bytes of a name, with the NUL */ };

/* Writes the name of what lies there: "requests", "buffer+16". False if nothing of its own does. */
typedef bool address_provider(uintptr_t address, char *text, size_t size);

/* Ask this provider, too, after those that were there before it. */
void address_provide(address_provider *provider);

/* The name that a provider has for it; false if none has one. */
bool address_provided(uintptr_t address, char *text, size_t size);

/*
 * An address as a message names it: "<state+16>", "<program+4096>", for the parent to put a
 * variable's name there. Valid until the fourth call after.
 */
const char *address_name(const void *address);

#endif

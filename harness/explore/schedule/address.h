/*
 * address.h - what lies at an address, by name.
 *
 * Variables of the state and of the program get their names from the debug information, which the
 * parent reads. Providers name everything else.
 */
#ifndef SNARL_EXPLORE_ADDRESS_H
#define SNARL_EXPLORE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_NAME_MAX = 48 /* bytes of a name, with the NUL */ };

/* Writes the name of what lies there: "requests", "buffer+16". False if the provider has none. */
typedef bool address_provider(uintptr_t address, char *text, size_t size);

/* Add a provider; it is asked after those added before. */
void address_provide(address_provider *provider);

/* The name that a provider has for it; false if none has one. */
bool address_provided(uintptr_t address, char *text, size_t size);

/*
 * An address as messages show it: "<state+16>", "<program+4096>". The parent replaces it by a
 * variable's name. Valid until the fourth call after this one.
 */
const char *address_name(const void *address);

#endif

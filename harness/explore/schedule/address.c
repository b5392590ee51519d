/* address.c - what lies at an address. */
#include "address.h"

#include <stdio.h>

#include "image.h"
#include "scheduler.h"

enum { NAMES = 4, PROVIDERS_MAX = 4 };

static struct providers {
	unsigned count;
	address_provider *at[PROVIDERS_MAX];
} providers;

void address_provide(address_provider *provider)
{
	for (unsigned i = 0; i < providers.count; i++)
		if (providers.at[i] == provider)
			return;
	if (providers.count < PROVIDERS_MAX)
		providers.at[providers.count++] = provider;
}

bool address_provided(uintptr_t address, char *text, size_t size)
{
	for (unsigned i = 0; i < providers.count; i++)
		if (providers.at[i](address, text, size))
			return true;
	return false;
}

const char *address_name(const void *address)
{
	static char names[NAMES][ADDRESS_NAME_MAX];
	static unsigned next;
	char *name = names[next++ % NAMES];
	uintptr_t at = (uintptr_t)address;

	if (at - scheduler.state < scheduler.state_size)
		snprintf(name, ADDRESS_NAME_MAX, "<state+%zu>", (size_t)(at - scheduler.state));
	else if (address_provided(at, name, ADDRESS_NAME_MAX))
		return name;
	else if (program_has(at))
		snprintf(name, ADDRESS_NAME_MAX, "<program+%zu>", (size_t)(at - program_base()));
	else
		snprintf(name, ADDRESS_NAME_MAX, "<memory at 0x%zx>", (size_t)at);
	return name;
}

/* image.c - the program's own image in memory. */
#include "image.h"

#include "globals.h"

extern char __executable_start, _end; /* from the linker */

bool program_varies(uintptr_t address)
{
	return address - (uintptr_t)__start_snarl_data <
		       (uintptr_t)(__stop_snarl_data - __start_snarl_data) ||
	       address - (uintptr_t)__start_snarl_bss <
		       (uintptr_t)(__stop_snarl_bss - __start_snarl_bss);
}

bool program_has(uintptr_t address)
{
	return address >= (uintptr_t)&__executable_start && address < (uintptr_t)&_end;
}

uintptr_t program_base(void)
{
	return (uintptr_t)&__executable_start;
}

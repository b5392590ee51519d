/* stacks.c - the stacks of a live process's threads. */
#include "stacks.h"

#include <elfutils/libdwfl.h>
#include <string.h>

enum { FRAMES_MAX = 48 };

static const char wrapper_prefix[] = "snarl_wrap_";

/* Symbols of the program are looked up later (symbols.h), and no network is asked for any. */
static int no_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
	const char *file, const char *link, GElf_Word crc, char **found)
{
	(void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc;
	(void)found;
	return -1;
}

struct Dwfl *stacks_open(pid_t pid)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = no_debuginfo,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);

	if (dwfl && dwfl_linux_proc_report(dwfl, pid) == 0 &&
		dwfl_report_end(dwfl, NULL, NULL) == 0 &&
		dwfl_linux_proc_attach(dwfl, pid, false) == 0)
		return dwfl;
	if (dwfl)
		dwfl_end(dwfl);
	return NULL;
}

void stacks_close(struct Dwfl *stacks)
{
	if (stacks)
		dwfl_end(stacks);
}

struct walk {
	uint64_t base;
	json_t *stack;
};

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static int frame_take(Dwfl_Frame *frame, void *context)
{
	struct walk *walk = context;
	Dwarf_Addr pc;
	bool exact;
	Dwfl_Module *module;
	const char *name, *file = NULL;

	if (!dwfl_frame_pc(frame, &pc, &exact) || json_array_size(walk->stack) == FRAMES_MAX)
		return DWARF_CB_ABORT;
	module = dwfl_addrmodule(dwfl_thread_dwfl(dwfl_frame_thread(frame)), pc - !exact);
	name = module ? dwfl_module_addrname(module, pc - !exact) : NULL;
	if (module)
		dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, &file, NULL);
	/* To its caller, everything inside the wrapped call is that call. */
	if (name && has_prefix(name, wrapper_prefix)) {
		json_array_clear(walk->stack);
		json_array_append_new(walk->stack, json_string(name + strlen(wrapper_prefix)));
	} else if (module && pc - walk->base < UINT32_MAX && file && !strstr(file, ".so")) {
		json_array_append_new(
			walk->stack, json_integer((json_int_t)(pc + exact - walk->base)));
	} else {
		json_array_append_new(walk->stack, json_string(name ? name : "?"));
	}
	return DWARF_CB_OK;
}

json_t *stack_read(struct Dwfl *stacks, uint32_t tid, uint64_t base)
{
	struct walk walk = {base, json_array()};

	if (stacks)
		dwfl_getthread_frames(stacks, (pid_t)tid, frame_take, &walk);
	return walk.stack;
}

/* tools.c - the table of foreign detectors. */
#include "foreign.h"

#include <string.h>

/*
 * Optimised little, as their manuals advise, so that accesses and frames stay. clang-tsan is
 * another clang than that of the engine tsan, if one is installed; else the same runtime, without
 * what the harness does for it.
 */
const struct foreign_tool foreign_tools[] = {
	{"helgrind", "gcc", "-O1 -g",
		{"valgrind", "--tool=helgrind", "--vgdb=no", "--xml=yes", "--xml-fd=3"},
		valgrind_line},
	{"drd", "gcc", "-O1 -g", {"valgrind", "--tool=drd", "--vgdb=no", "--xml=yes", "--xml-fd=3"},
		valgrind_line},
	{"gcc-tsan", "gcc", "-O1 -g -fsanitize=thread", {0}, sanitizer_line},
	{"clang-tsan", "clang", "-O1 -g -fsanitize=thread", {0}, sanitizer_line},
	{0},
};

/* "clang-tsan" for "clang-19-tsan". */
static bool is_version_of(const char *engine, const char *name)
{
	size_t stem = strcspn(name, "-") + 1, digits;

	if (strncmp(engine, name, stem) != 0)
		return false;
	digits = strspn(engine + stem, "0123456789");
	return digits && engine[stem + digits] == '-' &&
	       strcmp(engine + stem + digits + 1, name + stem) == 0;
}

const struct foreign_tool *foreign_find(const char *engine)
{
	for (const struct foreign_tool *tool = foreign_tools; tool->name; tool++)
		if (strcmp(tool->name, engine) == 0 || is_version_of(engine, tool->name))
			return tool;
	return NULL;
}

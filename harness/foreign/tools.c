/* tools.c - the table of foreign detectors. */
#include "foreign.h"

/*
 * Optimised little, as their manuals advise, so that accesses and frames stay. clang-tsan is the
 * same runtime as the engine tsan, without what the harness does for it.
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

/* foreign_case.h - cases for foreign detectors, which are built when they are needed. */
#ifndef SNARL_CLI_FOREIGN_CASE_H
#define SNARL_CLI_FOREIGN_CASE_H

#include "catalog.h"
#include "foreign.h"

/*
 * The name of the tool as an engine, to be freed; NULL: its programs are not installed. That of
 * clang-tsan has a version, "clang-19-tsan", if there is another clang than the engine tsan's.
 */
char *foreign_engine(const struct foreign_tool *tool);

/*
 * Build the case that case_program names for the engine. NULL, or why there is none: a sentence to
 * be freed.
 */
char *foreign_build(
	const struct catalog *catalog, const struct subject *subject, const char *engine);

#endif

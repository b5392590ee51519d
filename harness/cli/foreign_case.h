/* foreign_case.h - cases for foreign detectors, which are built when they are needed. */
#ifndef SNARL_CLI_FOREIGN_CASE_H
#define SNARL_CLI_FOREIGN_CASE_H

#include <stdbool.h>

#include "catalog.h"
#include "foreign.h"

/* The foreign detector of that name; NULL: the name is not one's. */
const struct foreign_tool *foreign_find(const char *engine);

/* Whether its programs are installed. */
bool foreign_installed(const struct foreign_tool *tool);

/* Build the case that case_program names. NULL, or why there is none: a sentence to be freed. */
char *foreign_build(const struct catalog *catalog, const struct subject *subject,
	const struct foreign_tool *tool);

#endif

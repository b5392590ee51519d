/* matrix.h - the variants of a scenario x the engines. */
#ifndef SNARL_REPORTS_MATRIX_H
#define SNARL_REPORTS_MATRIX_H

#include "kinds.h"
#include "page.h"

/*
 * Write the cases from `from` to before `to`, all of one scenario, as a table; with `linked`, a
 * variant's name leads to its anchor on the same page, "v-" and its name_id.
 */
void matrix_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct engines *engines, bool linked);

#endif

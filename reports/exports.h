/* exports.h - results as files for other tools: a writer for each format. */
#ifndef SNARL_REPORTS_EXPORTS_H
#define SNARL_REPORTS_EXPORTS_H

#include <jansson.h>
#include <stdio.h>

#include "store.h"

/* Write cases, as store_cases returns them. An error shows in ferror(file). */
typedef void export_writer(struct store *store, const json_t *cases, FILE *file);

struct export_format {
	const char *name;
	export_writer *write;
};

/* All formats; the last one has no name. */
extern const struct export_format export_formats[];

/* The writers. A case has a SARIF result if it saw something, and a chrome trace if it has steps.
 */
export_writer sarif_write, junit_write, chrome_write, jsonl_write;

/* Where the finding of a case is, or else its variant: a physicalLocation of SARIF, to be freed. */
json_t *sarif_place(struct store *store, const json_t *one);

#endif

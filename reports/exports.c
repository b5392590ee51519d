/* exports.c - the table of formats. */
#include "exports.h"

const struct export_format export_formats[] = {
	{"sarif", sarif_write},
	{"junit", junit_write},
	{"chrome", chrome_write},
	{"jsonl", jsonl_write},
	{0},
};

/* detection.c - the results of snarl bench detection. */
#include "detection.h"

#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "field.h"
#include "text.h"

struct detection detection_of(const json_t *cell)
{
	double seen[DETECTION_RUNS_MAX];
	struct detection detection = {
		.scenario = field_text(cell, "scenario"),
		.variant = field_text(cell, "variant"),
		.engine = field_text(cell, "engine"),
		.setting = field_text(cell, "setting"),
		.skipped = field_text(cell, "skipped"),
		.budget_s = (double)field_integer(cell, "budget_ms", 0) / 1000,
	};
	const json_t *time;
	size_t i;

	json_array_foreach(field_array(cell, "times"), i, time) {
		if (detection.runs == DETECTION_RUNS_MAX)
			break;
		detection.runs++;
		if (json_is_number(time))
			seen[detection.seen++] = json_number_value(time);
	}
	if (detection.seen)
		detection.median_s = spread_of(seen, detection.seen).median;
	return detection;
}

char *detection_path(const char *db)
{
	const char *slash = strrchr(db, '/');

	return format("%.*sbench-detection.json", slash ? (int)(slash - db + 1) : 0, db);
}

json_t *detection_load(const char *path)
{
	json_t *all = json_load_file(path, 0, NULL);

	if (all && field_integer(all, "v", 0) == 1 && field_array(all, "cells"))
		return all;
	json_decref(all);
	return NULL;
}

static bool same_cell(const json_t *one, const json_t *other)
{
	static const char *const names[] = {"scenario", "variant", "engine", "setting"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!is(field_text(one, names[i]), field_text(other, names[i])))
			return false;
	return true;
}

void detection_put(json_t *all, json_t *cell)
{
	json_t *cells = field_array(all, "cells"), *other;
	size_t i;

	json_array_foreach(cells, i, other) {
		if (same_cell(other, cell)) {
			json_array_set_new(cells, i, cell);
			return;
		}
	}
	json_array_append_new(cells, cell);
}

const char *detection_time(char text[16], double seconds)
{
	if (seconds < 0.01)
		snprintf(text, 16, "%.1f ms", seconds * 1000);
	else if (seconds < 1)
		snprintf(text, 16, "%.0f ms", seconds * 1000);
	else
		snprintf(text, 16, "%.1f s", seconds);
	return text;
}

/*
 * detection.h - what snarl bench detection measured: in how many runs each engine saw each bug, and
 * how soon. A run has a time limit, and ends when the bug is seen.
 *
 * A file beside the store:
 *   {"v":1, "type":"bench-detection", "began", "environment", "cells": [
 *     {"scenario", "variant", "engine", "setting": "none" or a profile's name, "budget_ms",
 *      "times": [seconds from the start of each run until it saw the bug, null: it did not],
 *      "skipped": why, or absent}]}
 */
#ifndef SNARL_BENCH_DETECTION_H
#define SNARL_BENCH_DETECTION_H

#include <jansson.h>

enum { DETECTION_RUNS_MAX = 1000 };

/* One cell in figures. */
struct detection {
	const char *scenario, *variant, *engine, *setting;
	const char *skipped; /* "": it was measured */
	double budget_s;
	unsigned runs, seen;
	double median_s; /* until the bug was seen, of the runs that saw it; 0: none did */
};

struct detection detection_of(const json_t *cell);

/* The path of the results beside a store, to be freed. */
char *detection_path(const char *db);

/* The results there, a new reference; NULL: none, or of another version. */
json_t *detection_load(const char *path);

/* Put a cell among them, in place of an earlier one of the same names; takes the reference. */
void detection_put(json_t *all, json_t *cell);

/* Seconds as text: "12 ms", "1.5 s". Returns `text`. */
const char *detection_time(char text[16], double seconds);

#endif

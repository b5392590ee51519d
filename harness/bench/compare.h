/* compare.h - what measured figures say when they are held against each other. */
#ifndef SNARL_BENCH_COMPARE_H
#define SNARL_BENCH_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

/* The middle half of a sample: a quarter of it lies below `low`, a quarter above `high`. */
struct spread {
	double low, median, high;
};

/* The spread of at least one value; sorts the values, and interpolates between two of them. */
struct spread spread_of(double *values, size_t count);

/*
 * Where one line runs clearly below another: where the middle halves of both samples do not
 * overlap. If they overlap, the difference may be chance, and the two are even.
 */
enum crossing_kind {
	CROSSING_NOTHING, /* they have no size in common */
	CROSSING_ALWAYS,
	CROSSING_NEVER,
	CROSSING_FROM,	/* from a size on, and not before */
	CROSSING_UP_TO, /* up to a size, and not after */
	CROSSING_AT,	/* at some sizes */
};

struct crossing {
	enum crossing_kind kind;
	size_t first, last;	   /* the first and the last size where it is below */
	size_t below, even, above; /* numbers of sizes; together, those that both have */
};

/* `a` against `b`, at `count` sizes; a median of 0 means that there is none. */
struct crossing crossing_find(const struct spread *a, const struct spread *b, size_t count);

/*
 * The number of messages after which the one that costs more to set up has cost no more in all: 0
 * if it costs no more to begin with, -1 if never. All four arguments are in the same unit, whatever
 * it is.
 */
double messages_until_repaid(
	double setup, double message, double other_setup, double other_message);

#endif

/*
 * subject.h - what is tested, and what is declared about it. One kind of subject is a scenario's
 * variant; another is a question, about which nothing is declared: any bug that is seen in it is a
 * finding.
 */
#ifndef SNARL_PROTOCOL_SUBJECT_H
#define SNARL_PROTOCOL_SUBJECT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "args.h"
#include "snarl.h"

/* What a subject declares about itself. */
struct declaration {
	unsigned bug;	     /* kinds; SNARL_NO_BUG: it is correct */
	const char *race_in; /* NULL: no race is expected */
	const char *cycle;   /* of its deadlock, see snarl.h; NULL: any */
};

/* All texts belong to `json`. */
struct subject {
	const char *scenario, *name; /* "counter", "unsynchronised" */
	const char *summary;
	const char *refs;		       /* "" if none */
	size_t state_size;		       /* bytes that its actors share; 0: not known */
	bool processes;			       /* isolation */
	const struct declaration *declaration; /* NULL: it is a question */
	json_t *json;			       /* the whole line of the catalogue */
};

/* What an engine is expected to see in a subject. */
struct expectation {
	enum snarl_detection detection;
	unsigned bug;
	const char *why; /* "" if the engine must see */
};

/*
 * Read a line of the catalogue, which the subject keeps. Only in a corpus does the name of a file
 * declare something: that correct_* is correct. Returns whether the line is valid.
 */
bool subject_read(struct subject *subject, json_t *line, bool corpus);

/* Whether it declares that it has no bug. */
bool subject_is_correct(const struct subject *subject);

/* What its snarl.conf gives its main, if it is a program. */
struct args subject_args(const struct subject *subject);

/* What the engine is expected to see. If nothing is declared, it may see anything. */
struct expectation subject_expectation(const struct subject *subject, const char *engine);

/* Whether one of the kinds is declared, as the subject's bug or as what the engine sees. */
bool subject_declares(const struct subject *subject, const char *engine, unsigned kinds);

/* Whether `name` is "SCENARIO" or "SCENARIO/NAME" of this subject. */
bool subject_matches(const struct subject *subject, const char *name);

#endif

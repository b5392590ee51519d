/*
 * catalog.h - what the build found: every variant with its description, read from catalog.jsonl.
 */
#ifndef SNARL_RUN_CATALOG_H
#define SNARL_RUN_CATALOG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "subject.h"

struct catalog {
	char *build;  /* folder of the build: <build>/<engine>/<scenario>/<variant> */
	char *kit;    /* of what cases are made with; profiles are there too */
	char *root;   /* of the source tree that it was made from; paths in reports start there */
	bool corpus;  /* its variants declare what engines see; otherwise they may be questions */
	char *folder; /* of the scenarios, relative to root: "scenarios" */
	size_t count;
	struct subject *subjects;
	uint32_t place;	      /* of sources anywhere, see plan.h */
	const char **engines; /* that cases were built for, NULL-terminated */
	json_t *traits;	      /* of each of them, see engine_traits() */
};

/*
 * Load the catalogue of a build; NULL: of the one that this program belongs to, or of $SNARL_BUILD.
 * If there is none, ends the program with a message and exit status 3.
 */
struct catalog *catalog_load(const char *build);

/* The kit that this program came with, to be freed. */
char *kit_folder(void);

const struct subject *catalog_find(
	const struct catalog *catalog, const char *scenario, const char *variant);

/*
 * The traits of an engine (what its findings are worth), as in the event "engine"; NULL: no such
 * engine.
 */
const json_t *engine_traits(const struct catalog *catalog, const char *engine);

/* Path of a case's program, to be freed; and whether the build made that program. */
char *case_program(
	const struct catalog *catalog, const struct subject *subject, const char *engine);
bool case_exists(const struct catalog *catalog, const struct subject *subject, const char *engine);

/* The folder of a subject's own source, and a file there, relative to the root; to be freed. */
char *source_folder(const struct catalog *catalog, const struct subject *subject);
char *source_path(const struct catalog *catalog, const struct subject *subject, const char *file);

#endif

/* catalog.c - what the build found. */
#define _GNU_SOURCE
#include "catalog.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exit.h"
#include "field.h"
#include "path.h"
#include "text.h"

/* The folder that this program lies in. */
static char *own_folder(void)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

	if (length <= 0)
		die(EXIT_COULD_NOT_RUN, "cannot read /proc/self/exe: is /proc mounted?");
	path[length] = '\0';
	*strrchr(path, '/') = '\0';
	return format("%s", path);
}

/* $SNARL_BUILD, or the folder that this program lies in. */
static char *build_folder(void)
{
	const char *given = getenv("SNARL_BUILD");

	return given && *given ? format("%s", given) : own_folder();
}

/* A build's program has the kit beside it, an installed one in ../lib/snarl. */
static bool is_installed(void)
{
	char *own = own_folder(), *kit = format("%s/kit/case.sh", own);
	bool beside = access(kit, F_OK) == 0;

	free(kit);
	free(own);
	return !beside;
}

char *kit_folder(void)
{
	char *own = own_folder();
	char *kit = format("%s/%s", own, is_installed() ? "../lib/snarl" : "kit");

	free(own);
	return kit;
}

/* Engines that share cores come last: cases are run and shown in the order of the engines. */
static void engines_load(struct catalog *catalog, json_t *engines)
{
	size_t count = 0, i;
	json_t *engine;

	catalog->traits = json_incref(engines);
	catalog->engines = calloc(json_array_size(engines) + 1, sizeof *catalog->engines);
	for (int shares = 0; catalog->engines && shares < 2; shares++)
		json_array_foreach(engines, i, engine) {
			if (field_true(engine, "shares_cores") == shares)
				catalog->engines[count++] = field_text(engine, "name");
		}
}

struct catalog *catalog_load(const char *build)
{
	struct catalog *catalog = calloc(1, sizeof *catalog);
	const char *root, *folder;
	json_t *engines;
	char *path, *line = NULL;
	size_t capacity = 0;
	FILE *file;

	if (!catalog)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	catalog->build = build ? format("%s", build) : build_folder();
	catalog->kit = kit_folder();
	path = format("%s/catalog.jsonl", catalog->build);
	file = fopen(path, "r");
	if (!file && is_installed() && !getenv("SNARL_BUILD"))
		die(EXIT_COULD_NOT_RUN, "an installed snarl has no scenarios of its own: name the "
					"file of yours, as in 'snarl run ./queue.c'");
	if (!file)
		die(EXIT_COULD_NOT_RUN, "no catalogue of scenarios at %s (%s): build it with make",
			path, strerror(errno));
	while (getline(&line, &capacity, file) > 0) {
		json_t *object = json_loads(line, 0, NULL);
		struct subject *more = realloc(
			catalog->subjects, (catalog->count + 1) * sizeof *catalog->subjects);

		if (!more)
			die(EXIT_COULD_NOT_RUN, "out of memory");
		catalog->subjects = more;
		if (json_unpack(object, "{s:s, s:s, s:o}", "root", &root, "folder", &folder,
			    "engines", &engines) == 0) {
			catalog->root = format("%s", root);
			catalog->folder = format("%s", folder);
			catalog->corpus = !json_is_false(json_object_get(object, "corpus"));
			catalog->place = (uint32_t)field_integer(object, "place", 0);
			engines_load(catalog, engines);
			json_decref(object);
			continue;
		}
		if (!subject_read(&more[catalog->count++], object, catalog->corpus))
			die(EXIT_COULD_NOT_RUN, "%s cannot be read: rebuild with make", path);
	}
	if (!catalog->count || !catalog->root)
		die(EXIT_COULD_NOT_RUN, "%s is empty: rebuild with make", path);
	free(line);
	free(path);
	fclose(file);
	return catalog;
}

const struct subject *catalog_find(
	const struct catalog *catalog, const char *scenario, const char *variant)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (strcmp(catalog->subjects[i].scenario, scenario) == 0 &&
			strcmp(catalog->subjects[i].name, variant) == 0)
			return &catalog->subjects[i];
	return NULL;
}

const json_t *engine_traits(const struct catalog *catalog, const char *engine)
{
	const json_t *traits;
	size_t i;

	json_array_foreach(catalog->traits, i, traits) {
		if (field_is(traits, "name", engine))
			return traits;
	}
	return NULL;
}

char *case_program(const struct catalog *catalog, const struct subject *subject, const char *engine)
{
	return format("%s/%s/%s/%s", catalog->build, engine, subject->scenario, subject->name);
}

bool case_exists(const struct catalog *catalog, const struct subject *subject, const char *engine)
{
	char *program = case_program(catalog, subject, engine);
	bool exists = access(program, X_OK) == 0;

	free(program);
	return exists;
}

char *source_folder(const struct catalog *catalog, const struct subject *subject)
{
	const char *own = field_text(subject->json, "folder");

	return *own ? format("%s", path_below(catalog->root, own))
		    : format("%s/%s", catalog->folder, subject->scenario);
}

char *source_path(const struct catalog *catalog, const struct subject *subject, const char *file)
{
	char *folder = source_folder(catalog, subject), *path;

	path = is(folder, ".") ? format("%s", file) : format("%s/%s", folder, file);
	free(folder);
	return path;
}

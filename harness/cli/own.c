/*
 * own.c - sources anywhere become cases in the user's cache: one run of the kit's case.sh for each
 * case, as many at a time as there are CPUs.
 */
#define _GNU_SOURCE
#include "own.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf.h"
#include "cpus.h"
#include "exit.h"
#include "field.h"
#include "hash.h"
#include "path.h"
#include "plan.h"
#include "refuse.h"
#include "text.h"

enum { ENGINES_MAX = 8, ARGUMENTS_FIXED = 5 };

/* One source, which becomes a case of each engine. */
struct own {
	char *path, *folder; /* absolute */
	char *scenario, *name;
	char *in;		      /* the compiler's working directory */
	struct string_list arguments; /* of case.sh, from the source on */
	struct args args;	      /* of main, if it has one */
	json_t *line;		      /* of the catalogue; NULL: no case was built */
	struct attempt {
		pid_t pid;
		int said; /* what it wrote to stderr */
		bool failed;
	} attempts[ENGINES_MAX];
};

static struct {
	char *kit, *build, *root;
	uint32_t place; /* see plan.h */
	unsigned known_count, engine_count;
	char *known[ENGINES_MAX], *engines[ENGINES_MAX]; /* of the kit; that are asked for */
	size_t count;
	struct own *subjects;
} own;

bool own_is_path(const char *word)
{
	size_t length = strlen(word);
	struct stat status;

	return *word == '/' || *word == '.' || (length > 2 && is(word + length - 2, ".c")) ||
	       (stat(word, &status) == 0 && S_ISDIR(status.st_mode) && word[length - 1] == '/');
}

/* --- places -------------------------------------------------------------------------------- */

static char *cache_folder(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		return format("%s/snarl", cache);
	if (!home || *home != '/')
		die(EXIT_COULD_NOT_RUN, "there is no place for what is built: set XDG_CACHE_HOME");
	return format("%s/.cache/snarl", home);
}

static void folders_make(const char *path)
{
	char *copy = format("%s", path);

	for (char *slash = copy + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(copy, 0777);
		*slash = '/';
	}
	if (mkdir(copy, 0777) != 0 && errno != EEXIST)
		die(EXIT_COULD_NOT_RUN, "cannot make the folder %s: %s", copy, strerror(errno));
	free(copy);
}

/* A name that tokens and events can hold. */
static char *name_made(const char *text, size_t length)
{
	char *name =
		format("%.*s", (int)(length < PLAN_NAME_MAX ? length : PLAN_NAME_MAX - 1), text);

	for (char *at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && *at != '-')
			*at = '_';
	return name;
}

/* --- what is asked for --------------------------------------------------------------------- */

static int words_compare(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* The names of the engines that the kit has, sorted. */
static void engines_find(void)
{
	DIR *kit = opendir(own.kit);
	struct dirent *entry;

	while (kit && (entry = readdir(kit))) {
		char *dot = strrchr(entry->d_name, '.');

		if (dot && is(dot, ".link") && own.known_count < ENGINES_MAX)
			own.known[own.known_count++] =
				format("%.*s", (int)(dot - entry->d_name), entry->d_name);
	}
	if (kit)
		closedir(kit);
	if (!own.known_count)
		die(EXIT_COULD_NOT_RUN, "%s has no engines: build snarl with make", own.kit);
	qsort(own.known, own.known_count, sizeof *own.known, words_compare);
}

struct string_list own_engines(void)
{
	struct string_list engines = {0};

	own.kit = kit_folder();
	engines_find();
	for (unsigned e = 0; e < own.known_count; e++)
		word_add(&engines, own.known[e]);
	return engines;
}

/* Take those that are asked for, or all. */
static void engines_choose(const struct string_list *asked)
{
	struct string_list valid = own_engines();

	for (unsigned i = 0; i < asked->count; i++)
		word_check("engine", asked->word[i], &valid);
	for (unsigned e = 0; e < own.known_count; e++) {
		bool wanted = !asked->count;

		for (unsigned i = 0; i < asked->count; i++)
			wanted |= is(asked->word[i], own.known[e]);
		if (wanted)
			own.engines[own.engine_count++] = own.known[e];
	}
}

static void arguments_add(struct string_list *into, const struct string_list *from)
{
	for (unsigned i = 0; i < from->count; i++)
		word_add(into, from->word[i]);
}

/* With a snarl.conf, the compiler runs in its folder, where the user's own words mean other files.
 */
static const char *moved(const char *word)
{
	char path[PATH_MAX];
	bool folder = strncmp(word, "-I", 2) == 0 || strncmp(word, "-L", 2) == 0;

	if (!realpath(folder ? word + 2 : word, path))
		return word;
	return format("%.*s%s", folder ? 2 : 0, word, path);
}

/* Whether the two words are sources, and the same file, as seen from the folder. */
static bool same_source(const char *folder, const char *word, const char *other)
{
	char real[2][PATH_MAX];
	const char *words[] = {word, other};

	for (int i = 0; i < 2; i++) {
		size_t length = strlen(words[i]);
		char *path = *words[i] == '/' ? format("%s", words[i])
					      : format("%s/%s", folder, words[i]);
		bool is_source =
			length > 2 && is(words[i] + length - 2, ".c") && realpath(path, real[i]);

		free(path);
		if (!is_source)
			return false;
	}
	return is(real[0], real[1]);
}

/* What both snarl.conf and the command line name is compiled once. */
static void sources_unite(struct own *one)
{
	struct string_list *words = &one->arguments;
	unsigned kept = 0;

	for (unsigned i = 0; i < words->count; i++) {
		bool again = false;

		for (unsigned k = 0; k < kept; k++)
			again |= same_source(one->in, words->word[k], words->word[i]);
		if (!again)
			words->word[kept++] = words->word[i];
	}
	words->count = kept;
}

static void source_add(const char *path, const struct string_list *arguments)
{
	struct own *one;

	for (size_t i = 0; i < own.count; i++)
		if (is(own.subjects[i].path, path))
			return;
	if (own.count == WORDS_MAX)
		die(EXIT_USAGE, "more than %d sources are given", WORDS_MAX);
	own.subjects = realloc(own.subjects, (own.count + 1) * sizeof *own.subjects);
	if (!own.subjects)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	one = &own.subjects[own.count++];
	memset(one, 0, sizeof *one);
	one->path = format("%s", path);
	one->folder = format("%.*s", (int)(strrchr(path, '/') - path), path);
	if (!*one->folder)
		one->folder = format("/");
	one->scenario = name_made(strrchr(one->folder, '/') + 1, PATH_MAX);
	if (!*one->scenario)
		one->scenario = format("root");
	one->name = name_made(strrchr(path, '/') + 1, strlen(strrchr(path, '/') + 1) - 2);
	for (size_t i = 0; i + 1 < own.count; i++)
		if (is(own.subjects[i].scenario, one->scenario) &&
			is(own.subjects[i].name, one->name))
			die(EXIT_USAGE, "%s and %s would both be called %s/%s: run them one by one",
				own.subjects[i].path, path, one->scenario, one->name);
	one->arguments.word[one->arguments.count++] = NULL; /* the source, see below */
	if (conf_read(one->folder, strrchr(path, '/') + 1, &one->arguments, &one->args)) {
		one->in = one->folder;
		for (unsigned i = 0; i < arguments->count; i++)
			word_add(&one->arguments, moved(arguments->word[i]));
	} else {
		one->in = get_current_dir_name();
		arguments_add(&one->arguments, arguments);
	}
	one->arguments.word[0] = path_below(one->in, one->path);
	sources_unite(one);
}

/* Whether the folder's snarl.conf says that the file is a source of others. */
static bool is_part(const struct string_list *parts, const char *folder, const char *path)
{
	char real[PATH_MAX];

	for (unsigned i = 0; i < parts->count; i++) {
		char *part = format("%s%s%s", *parts->word[i] == '/' ? "" : folder,
			*parts->word[i] == '/' ? "" : "/", parts->word[i]);
		bool same = realpath(part, real) && is(real, path);

		free(part);
		if (same)
			return true;
	}
	return false;
}

static int is_c(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return *entry->d_name != '.' && length > 2 && is(entry->d_name + length - 2, ".c");
}

static void folder_add(const char *folder, const struct string_list *arguments)
{
	struct string_list parts = {0};
	struct dirent **files;
	size_t before = own.count;
	int count = scandir(folder, &files, is_c, alphasort);

	conf_read(folder, NULL, &parts, NULL);
	for (int i = 0; i < count; i++) {
		char *path = format("%s/%s", is(folder, "/") ? "" : folder, files[i]->d_name);

		if (!is_part(&parts, folder, path))
			source_add(path, arguments);
		free(path);
		free(files[i]);
	}
	if (count >= 0)
		free(files);
	if (own.count == before)
		die(EXIT_USAGE, "%s has no .c file to run", folder);
}

static void path_add(const char *word, const struct string_list *arguments)
{
	char path[PATH_MAX];
	struct stat status;

	if (!realpath(word, path) || stat(path, &status) != 0)
		die(EXIT_USAGE, "%s cannot be read: %s", word, strerror(errno));
	if (S_ISDIR(status.st_mode))
		folder_add(path, arguments);
	else if (strlen(path) > 2 && is(path + strlen(path) - 2, ".c"))
		source_add(path, arguments);
	else
		die(EXIT_USAGE, "%s is neither a folder nor a .c file", word);
}

/* --- building ------------------------------------------------------------------------------ */

static void attempt_become(const struct own *one, const char *engine, int said)
{
	const char *words[ARGUMENTS_FIXED + WORDS_MAX] = {0};
	char *script = format("%s/case.sh", own.kit), *name;
	unsigned count = 0;

	name = format("%s/%s", one->scenario, one->name);
	words[count++] = script;
	words[count++] = engine;
	words[count++] = own.build;
	words[count++] = name;
	for (unsigned i = 0; i < one->arguments.count; i++)
		words[count++] = one->arguments.word[i];
	dup2(said, STDERR_FILENO);
	dup2(said, STDOUT_FILENO);
	if (chdir(one->in) == 0)
		execv(script, (char **)words);
	dprintf(said, "snarl: %s cannot be run in %s: %s\n", script, one->in, strerror(errno));
	_exit(EXIT_COULD_NOT_RUN);
}

static void attempt_start(struct own *one, unsigned engine)
{
	struct attempt *attempt = &one->attempts[engine];

	attempt->said = memfd_create("snarl-build", MFD_CLOEXEC);
	attempt->pid = attempt->said < 0 ? -1 : fork();
	if (attempt->pid < 0)
		die(EXIT_COULD_NOT_RUN, "cannot start a process: %s", strerror(errno));
	if (attempt->pid == 0)
		attempt_become(one, own.engines[engine], attempt->said);
}

static void attempt_await(void)
{
	int status;
	pid_t pid;

	do
		pid = wait(&status);
	while (pid < 0 && errno == EINTR);
	for (size_t i = 0; i < own.count; i++)
		for (unsigned e = 0; e < own.engine_count; e++)
			if (own.subjects[i].attempts[e].pid == pid)
				own.subjects[i].attempts[e].failed = status != 0;
}

static void all_build(void)
{
	unsigned running = 0;

	for (size_t i = 0; i < own.count; i++)
		for (unsigned e = 0; e < own.engine_count; e++) {
			if (running == cpu_count()) {
				attempt_await();
				running--;
			}
			attempt_start(&own.subjects[i], e);
			running++;
		}
	for (; running; running--)
		attempt_await();
}

/* Print what the compiler said: all engines have the same sources, so once, and errors first. */
static void attempts_tell(const struct own *one)
{
	const struct attempt *told = &one->attempts[0];
	char buffer[4096];
	off_t at = 0;

	for (unsigned e = 1; e < own.engine_count; e++)
		if (one->attempts[e].failed && !told->failed)
			told = &one->attempts[e];
	for (ssize_t got; (got = pread(told->said, buffer, sizeof buffer - 1, at)) > 0; at += got)
		fwrite(buffer, 1, (size_t)got, stderr);
	for (unsigned e = 0; e < own.engine_count; e++)
		close(one->attempts[e].said);
}

/* --- the catalogue ------------------------------------------------------------------------- */

/* A JSON line, or the lines of a text, that case.sh wrote about the case. */
static json_t *note_read(const struct own *one, const char *engine, const char *note)
{
	char *path =
		format("%s/obj/%s/%s/%s/%s", own.build, engine, one->scenario, one->name, note);
	json_t *json = json_load_file(path, 0, NULL);

	free(path);
	return json;
}

static json_t *files_read(const struct own *one, const char *engine)
{
	char *path = format("%s/obj/%s/%s/%s/files", own.build, engine, one->scenario, one->name);
	char *line = NULL, real[PATH_MAX];
	FILE *file = fopen(path, "r");
	json_t *files = json_array();
	size_t room = 0;

	while (file && getline(&line, &room, file) > 0) {
		char *whole;

		line[strcspn(line, "\n")] = '\0';
		whole = format(
			"%s%s%s", *line == '/' ? "" : one->in, *line == '/' ? "" : "/", line);
		if (realpath(whole, real))
			json_array_append_new(files, json_string(real));
		free(whole);
	}
	if (file)
		fclose(file);
	free(line);
	free(path);
	return files;
}

/* The subject's line, by an engine that has a case of it: explore's comes first, and knows least.
 */
static void line_make(struct own *one)
{
	for (unsigned e = own.engine_count; e-- > 0 && !one->line;) {
		if (one->attempts[e].failed)
			continue;
		one->line = note_read(one, own.engines[e], "description");
		if (!one->line)
			die(EXIT_COULD_NOT_RUN, "what case.sh wrote in %s cannot be read",
				own.build);
		json_object_set_new(one->line, "folder", json_string(one->folder));
		json_object_set_new(one->line, "files", files_read(one, own.engines[e]));
		json_object_set_new(one->line, "args", args_json(&one->args));
	}
}

/* What an engine says of itself, by any case that there is of it; NULL: there is none. */
static json_t *traits_read(const char *engine)
{
	char *folder = format("%s/obj/%s", own.build, engine);
	char *paths[] = {folder, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	json_t *traits = NULL;
	FTSENT *entry;

	while (tree && !traits && (entry = fts_read(tree)))
		if (entry->fts_info == FTS_F && is(entry->fts_name, "engine"))
			traits = json_load_file(entry->fts_path, 0, NULL);
	if (tree)
		fts_close(tree);
	free(folder);
	return traits;
}

static json_t *engines_json(void)
{
	json_t *engines = json_array();

	for (unsigned e = 0; e < own.known_count; e++) {
		json_t *traits = traits_read(own.known[e]);

		if (traits)
			json_array_append_new(engines, traits);
	}
	return engines;
}

static bool is_built_now(const json_t *line)
{
	for (size_t i = 0; i < own.count; i++)
		if (field_is(line, "scenario", own.subjects[i].scenario) &&
			field_is(line, "variant", own.subjects[i].name))
			return true;
	return false;
}

static void line_write(FILE *file, const json_t *line)
{
	json_dumpf(line, file, JSON_COMPACT);
	fputc('\n', file);
}

/* Other subjects keep their lines: their tokens can still be replayed. */
static void catalog_write(const char *path)
{
	char *made = format("%s.new", path), *line = NULL;
	FILE *file = fopen(made, "w"), *old = fopen(path, "r");
	size_t room = 0;
	json_t *first;

	if (!file)
		die(EXIT_COULD_NOT_RUN, "cannot write %s: %s", made, strerror(errno));
	first = json_pack("{s:s, s:s, s:b, s:I, s:o}", "root", own.root, "folder", ".", "corpus",
		false, "place", (json_int_t)own.place, "engines", engines_json());
	line_write(file, first);
	json_decref(first);
	while (old && getline(&line, &room, old) > 0) {
		json_t *other = json_loads(line, 0, NULL);

		if (other && !json_object_get(other, "engines") && !is_built_now(other))
			line_write(file, other);
		json_decref(other);
	}
	for (size_t i = 0; i < own.count; i++)
		if (own.subjects[i].line)
			line_write(file, own.subjects[i].line);
	if (old)
		fclose(old);
	free(line);
	if (fclose(file) != 0 || rename(made, path) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot write %s: %s", path, strerror(errno));
	free(made);
}

/* --- together ------------------------------------------------------------------------------ */

/* Paths are shown from the working directory on, or from the sources' folder if that is elsewhere.
 */
static void places_find(void)
{
	char *cache = cache_folder(), *here = get_current_dir_name();
	const struct own *one = &own.subjects[0];

	own.root = *path_below(here, one->path) == '/' ? format("%s", one->folder)
						       : format("%s", here);
	own.place = hash32(HASH32_BEGIN, one->folder, strlen(one->folder));
	own.build = format("%s/%s-%08x", cache, one->scenario, own.place);
	folders_make(own.build);
	free(cache);
	free(here);
}

/*
 * Lock the folder of a build, until this program ends: who builds there keeps those away who run
 * what is there, which might get other flags meanwhile. Returns the lock.
 */
static int build_lock(const char *folder, int how)
{
	int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (lock < 0)
		die(EXIT_COULD_NOT_RUN, "cannot open the folder %s: %s", folder, strerror(errno));
	if (flock(lock, how | LOCK_NB) == 0)
		return lock;
	if (errno == EWOULDBLOCK)
		fprintf(stderr, "snarl: waiting for another snarl that runs sources of %s\n",
			folder);
	while (flock(lock, how) != 0)
		if (errno != EINTR)
			die(EXIT_COULD_NOT_RUN, "cannot lock %s: %s", folder, strerror(errno));
	return lock;
}

/* Keep only those of the engines that have a case of any subject. */
static void engines_keep(struct string_list *engines)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < engines->count; i++) {
		bool any = false;

		for (unsigned e = 0; e < own.engine_count; e++)
			for (size_t k = 0; k < own.count; k++)
				any |= is(own.engines[e], engines->word[i]) &&
				       !own.subjects[k].attempts[e].failed;
		if (any)
			engines->word[kept++] = engines->word[i];
	}
	engines->count = kept;
}

static struct catalog *own_build(const struct string_list *paths, struct string_list *engines,
	const struct string_list *arguments, struct string_list *names, unsigned *failed)
{
	char *path;
	int lock;

	engines_choose(engines);
	for (unsigned i = 0; i < paths->count; i++)
		path_add(paths->word[i], arguments);
	places_find();
	lock = build_lock(own.build, LOCK_EX);
	all_build();
	for (size_t i = 0; i < own.count; i++) {
		struct own *one = &own.subjects[i];

		attempts_tell(one);
		line_make(one);
		for (unsigned e = 0, any = 0; e < own.engine_count; e++)
			if (one->attempts[e].failed && !any++)
				++*failed;
		if (one->line)
			word_add(names, format("%s/%s", one->scenario, one->name));
	}
	if (!names->count)
		exit(EXIT_COULD_NOT_RUN); /* the reasons have been printed */
	engines_keep(engines);
	path = format("%s/catalog.jsonl", own.build);
	catalog_write(path);
	flock(lock, LOCK_SH);
	free(path);
	return catalog_load(own.build);
}

struct catalog *own_or_tree(struct string_list *names, struct string_list *engines,
	const struct string_list *arguments, unsigned *failed)
{
	struct string_list paths = {0};

	for (unsigned i = 0; i < names->count; i++)
		if (own_is_path(names->word[i]))
			paths.word[paths.count++] = names->word[i];
	if (paths.count && paths.count < names->count)
		die(EXIT_USAGE, "give paths of sources, or names of scenarios, not both");
	if (arguments->count && !paths.count)
		die(EXIT_USAGE, "flags behind -- are for sources: snarl run FILE.c -- -Iinclude");
	if (!paths.count)
		return catalog_load(NULL);
	names->count = 0;
	return own_build(&paths, engines, arguments, names, failed);
}

struct catalog *own_find(uint32_t place)
{
	char *cache = cache_folder(), *end = format("-%08x", place);
	struct catalog *found = NULL;
	DIR *builds = opendir(cache);
	struct dirent *entry;

	while (builds && !found && (entry = readdir(builds))) {
		size_t length = strlen(entry->d_name);
		char *build;

		if (length <= strlen(end) || !is(entry->d_name + length - strlen(end), end))
			continue;
		build = format("%s/%s", cache, entry->d_name);
		build_lock(build, LOCK_SH);
		found = catalog_load(build);
		free(build);
	}
	if (builds)
		closedir(builds);
	free(end);
	free(cache);
	return found;
}

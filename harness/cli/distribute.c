/* distribute.c - snarl campaign: shards run by Slurm or by GNU parallel, merged and reported. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "exit.h"
#include "field.h"
#include "launch.h"
#include "part.h"
#include "shards.h"
#include "spawn.h"
#include "text.h"

enum { POLL_MS = 5000, SHARDS_MAX = 100000 };

static struct {
	bool slurm, parallel;
	uint64_t shards, tasks;
	unsigned poll_ms;
	const char *dir, *resume, *weights, *sshlogin, *snarl;
	struct string_list sbatch, send;
} options = {.poll_ms = POLL_MS};

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"parallel", NULL, "run the shards by GNU parallel", OPTION_FLAG, AT(parallel)},
	{"slurm", NULL, "run the shards as a job array of Slurm", OPTION_FLAG, AT(slurm)},
	{"shards", "N", "cut the cases into N parts", OPTION_NUMBER, AT(shards)},
	{"dir", "DIR", "folder of the campaign (default: campaign)", OPTION_TEXT, AT(dir)},
	{"resume", "DIR", "take up the campaign of that folder", OPTION_TEXT, AT(resume)},
	{"weights", "FILE", "store whose times balance the shards", OPTION_TEXT, AT(weights)},
	{"tasks", "N", "parallel: shards at a time on each machine (default: one per core)",
		OPTION_NUMBER, AT(tasks)},
	{"sshlogin", "FILE", "parallel: run them on these machines, one per line", OPTION_TEXT,
		AT(sshlogin)},
	{"snarl", "PATH", "snarl on those machines (default: where it is on this one)", OPTION_TEXT,
		AT(snarl)},
	{"send", "FILE", "a file that those machines get; may be repeated", OPTION_STRINGS,
		AT(send)},
	{"sbatch", "OPTION", "slurm: an option for sbatch, like --partition=long; may be repeated",
		OPTION_STRINGS, AT(sbatch)},
	{"poll", "TIME", "slurm: look at the queue that often (default: 5s)", OPTION_DURATION,
		AT(poll_ms)},
	{0},
};

/* --- the command line ---------------------------------------------------------------------- */

/* The option of this command that the word is; NULL: it is one of snarl run's words. */
static const struct option_row *own_option(const char *word)
{
	size_t length;

	if (strncmp(word, "--", 2) != 0)
		return NULL;
	word += 2;
	length = strcspn(word, "=");
	for (const struct option_row *row = rows; row->name; row++)
		if (strlen(row->name) == length && strncmp(row->name, word, length) == 0)
			return row;
	return NULL;
}

/* Options that say where results are, and which; a campaign chooses them itself. */
static void word_check(const char *word)
{
	static const char *const taken[] = {
		"--shard", "--campaign", "--db", "--repeat", "--dry-run", "--fiu-control"};

	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (strncmp(word, taken[i], strlen(taken[i])) == 0 &&
			strchr("=", word[strlen(taken[i])]))
			die(EXIT_USAGE, "snarl campaign cannot have %s", taken[i]);
}

/* Keep this command's words in argv, and move those of snarl run into `words`. */
static int words_take(int argc, char **argv, struct string_list *words)
{
	int kept = 1, at = 1;

	for (; at < argc && !is(argv[at], "--"); at++) {
		const struct option_row *row = own_option(argv[at]);

		if (!row && !is(argv[at], "--help") && !is(argv[at], "-h")) {
			word_check(argv[at]);
			word_add(words, argv[at]);
			continue;
		}
		argv[kept++] = argv[at];
		if (row && row->argument && !strchr(argv[at], '=') && at + 1 < argc)
			argv[kept++] = argv[++at];
	}
	for (; at < argc; at++)
		word_add(words, argv[at]);
	return kept;
}

static bool has_option(const struct string_list *words, const char *name)
{
	for (unsigned i = 0; i < words->count && !is(words->word[i], "--"); i++)
		if (strncmp(words->word[i], name, strlen(name)) == 0 &&
			strchr("=", words->word[i][strlen(name)]))
			return true;
	return false;
}

/*
 * All shards have one seed, so that --split-seeds keeps them apart, and a shard that goes on has
 * the seed it began with. If there is a task on each core, a task runs one case at a time.
 */
static void words_complete(struct string_list *words)
{
	struct string_list given = *words;

	words->count = 0;
	if (!has_option(&given, "--seed"))
		word_add(words, format("--seed=%" PRIu64, seed_new()));
	if (options.parallel && !options.tasks && !has_option(&given, "--jobs"))
		word_add(words, "--jobs=1");
	if (!has_option(&given, "--show-progress"))
		word_add(words, "--show-progress=never");
	for (unsigned i = 0; i < given.count; i++)
		word_add(words, given.word[i]);
}

/* --- what campaign.json has ---------------------------------------------------------------- */

static char *path_of(const char *path)
{
	char *real = realpath(path, NULL);

	if (!real)
		die(EXIT_USAGE, "there is no %s", path);
	return real;
}

static json_t *words_json(const struct string_list *words, bool paths)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < words->count; i++)
		json_array_append_new(
			array, json_string(paths ? path_of(words->word[i]) : words->word[i]));
	return array;
}

static json_t *how_json(void)
{
	char *self = path_of("/proc/self/exe"), *given = getenv("SNARL_BUILD");
	char *build = given ? path_of(given) : format("%s", "");
	char *logins = options.sshlogin ? path_of(options.sshlogin) : format("%s", "");
	char *tasks = options.tasks ? format("%u", (unsigned)options.tasks) : format("%s", "");
	json_t *how = json_pack("{s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:i, s:o, s:o}", "v", 1,
		"with", options.slurm ? "slurm" : "parallel", "shards", (int)options.shards,
		"snarl", options.snarl ? options.snarl : self, "build", build, "weights",
		options.weights ? options.weights : "", "tasks", tasks, "sshlogin", logins,
		"poll_ms", (int)options.poll_ms, "sbatch", words_json(&options.sbatch, false),
		"send", words_json(&options.send, true));

	free(self);
	free(build);
	free(logins);
	free(tasks);
	return how;
}

static void options_check(void)
{
	if (options.slurm == options.parallel)
		die(EXIT_USAGE, "give one of --slurm and --parallel, or --resume DIR");
	if (!options.shards || options.shards > SHARDS_MAX)
		die(EXIT_USAGE, "--shards must be from 1 to %d", SHARDS_MAX);
	if (options.slurm && (options.sshlogin || options.send.count || options.tasks))
		die(EXIT_USAGE, "--sshlogin, --send and --tasks are for --parallel");
	if (options.parallel && options.sbatch.count)
		die(EXIT_USAGE, "--sbatch is for --slurm");
	if ((options.snarl || options.send.count) && !options.sshlogin)
		die(EXIT_USAGE, "--snarl and --send are about other machines: give --sshlogin");
}

/* Keep other processes from this folder until this one ends. */
static void folder_lock(const struct shards *shards)
{
	char *path = shards_path(shards, "lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fcntl(fd, F_SETLK, &(struct flock){.l_type = F_WRLCK}) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot lock %s: %s", path,
			errno == EACCES || errno == EAGAIN ? "another snarl runs this campaign"
							   : strerror(errno));
	free(path);
}

static struct shards shards_begin(struct string_list *words)
{
	const char *dir = options.dir ? options.dir : "campaign";
	char *begun = format("%s/campaign.json", dir);

	options_check();
	if (access(begun, F_OK) == 0)
		die(EXIT_USAGE,
			"there is a campaign in %s: name another folder with --dir, or "
			"--resume it",
			dir);
	free(begun);
	words_complete(words);
	return shards_make(dir, how_json(), words);
}

static int campaign_command_run(const struct command *command, int argc, char **argv)
{
	struct string_list words = {0}, plain;
	struct shards shards;
	int code = EXIT_INTERRUPTED;

	argc = words_take(argc, argv, &words);
	options_parse(command, argc, argv, &options, &plain);
	if (options.resume && (options.slurm || options.parallel || options.shards || words.count))
		die(EXIT_USAGE, "--resume takes up what was begun, and as it was: give it alone");
	interruption_note();
	shards = options.resume ? shards_resume(options.resume) : shards_begin(&words);
	folder_lock(&shards);
	if (field_is(shards.how, "with", "slurm"))
		launch_slurm(&shards);
	else
		launch_parallel(&shards);
	if (interrupted())
		fprintf(stderr, "snarl: to go on: snarl campaign --resume %s\n", shards.folder);
	else
		code = shards_end(&shards);
	shards_free(&shards);
	return code;
}

COMMAND(distribute) = {"campaign", "[SCENARIO[/VARIANT]|FILE.c|FOLDER]... [OPTION of run]...",
	"Run cases in shards, by Slurm or GNU parallel", rows, campaign_command_run};

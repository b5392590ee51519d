/* run.c - snarl run: make executions of the selected cases and judge them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "annotate.h"
#include "browse.h"
#include "campaign.h"
#include "command.h"
#include "conf.h"
#include "effort.h"
#include "exit.h"
#include "fiu_tools.h"
#include "own.h"
#include "part.h"
#include "report.h"
#include "store.h"
#include "strategy_names.h"
#include "supervise.h"
#include "text.h"
#include "unbuilt.h"

enum {
	FULL_CASES_MAX = 4, /* up to so many are each printed with their message */
	REPEAT_MAX = 100000,
};

#define JOBS_AUTO UINT64_MAX

static struct {
	struct string_list engines, filters, inject, profiles, build;
	uint64_t seed, executions, jobs, repeat;
	unsigned budget_ms; /* 0: none was asked for */
	uint64_t preemptions;
	bool json, control, status, leaks, fail_fast, rerun_failed, quiet, verbose, open, dry;
	const char *db, *out, *strategy, *effort, *args;
	struct part_options part;
} options = {.jobs = JOBS_AUTO,
	.repeat = 1,
	.preemptions = UINT32_MAX,
	.strategy = "auto",
	.effort = "calibrated"};

#define WORD(name) #name

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"engine", "ENGINE", "stress, tsan or explore; may be repeated (default: all)",
		OPTION_STRINGS, AT(engines)},
	{"filter", "GLOB", "only variants with this in their names; may be repeated",
		OPTION_STRINGS, AT(filters)},
	{"rerun-failed", NULL, "only cases whose last result was not as expected", OPTION_FLAG,
		AT(rerun_failed)},
	{"fail-fast", NULL, "stop at the first case that is not as expected", OPTION_FLAG,
		AT(fail_fast)},
	{"inject", "RULE", "POINTS:ACTION[:key=value,...]; may be repeated", OPTION_STRINGS,
		AT(inject)},
	{"profile", "PROFILE", "a named set of rules: delays, faults, chaos", OPTION_STRINGS,
		AT(profiles)},
	{"seed", "N", "seed for all random choices (default: random)", OPTION_NUMBER, AT(seed)},
	{"effort", "calibrated|long", "effort per clean case (default: calibrated); long: 2s each",
		OPTION_TEXT, AT(effort)},
	{"budget", "TIME", "longest time per case (500ms, 5s, 2m), used up if nothing is found",
		OPTION_DURATION, AT(budget_ms)},
	{"executions", "N", "stop a case after N executions (default: no limit)", OPTION_NUMBER,
		AT(executions)},
	{"jobs", "N", "run N cases at a time (default: explore one per core, others alone)",
		OPTION_NUMBER, AT(jobs)},
	{"repeat", "N", "run all cases N times, and print those whose results differ",
		OPTION_NUMBER, AT(repeat)},
	{"shard", "K/N", "run the K-th of N parts of the cases: see snarl merge", OPTION_TEXT,
		AT(part.shard)},
	{"weights", "FILE", "store whose times balance the shards (default: by declaration)",
		OPTION_TEXT, AT(part.weights)},
	{"split-seeds", NULL, "each shard runs all cases, with other seeds than the others",
		OPTION_FLAG, AT(part.split)},
	{"campaign", "NAME", "cases that the store has for this campaign are not run again",
		OPTION_TEXT, AT(part.campaign)},
	{"strategy", STRATEGIES(WORD, "|"), "explore's search strategy (default: auto)",
		OPTION_TEXT, AT(strategy)},
	{"preemptions", "N", "preemption bound for dfs (default: none)", OPTION_NUMBER,
		AT(preemptions)},
	{"args", "WORDS", "arguments of a program's main, instead of those in snarl.conf",
		OPTION_TEXT, AT(args)},
	{"exit-status", NULL, "a program that ends with another status than 0 fails", OPTION_FLAG,
		AT(status)},
	{"leaks", NULL, "a program that leaves memory fails (explore)", OPTION_FLAG, AT(leaks)},
	{"fiu-control", NULL, "let fiu-ctrl enable libfiu's points in the cases while they run",
		OPTION_FLAG, AT(control)},
	{"dry-run", NULL, "print the cases that would be run, and run none", OPTION_FLAG, AT(dry)},
	{"q,quiet", NULL, "print only cases that are not as expected", OPTION_FLAG, AT(quiet)},
	{"v,verbose", NULL, "print the message and the interleaving of every case", OPTION_FLAG,
		AT(verbose)},
	{"json", NULL, "print one JSON object per case", OPTION_FLAG, AT(json)},
	{"db", "FILE", HELP_DB, OPTION_TEXT, AT(db)},
	{"out", "DIR", "folder for the pages of what is found (default: beside the store)",
		OPTION_TEXT, AT(out)},
	{"open", NULL, "show the page in a browser", OPTION_FLAG, AT(open)},
	{"", "WORD...", "further sources, flags and libraries for FILE.c and FOLDER", OPTION_REST,
		AT(build)},
	{0},
};

/* The exit code of two campaigns: all are skipped only if both say so. */
static int worse(int one, int other)
{
	static const int order[] = {EXIT_INTERRUPTED, EXIT_COULD_NOT_RUN, EXIT_UNEXPECTED,
		EXIT_AS_EXPECTED, EXIT_ALL_SKIPPED};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (one == order[i] || other == order[i])
			return order[i];
	return one;
}

/*
 * Run the campaign as often as --repeat says, each time with another seed. Returns 1 also if a case
 * came out differently.
 */
static int rounds_run(struct campaign *campaign)
{
	unsigned round = 0, differing;
	int code = EXIT_ALL_SKIPPED, last = EXIT_ALL_SKIPPED;

	campaign->rounds = rounds_open(campaign->count);
	campaign->brief = !campaign->json;
	while (round < options.repeat && last != EXIT_INTERRUPTED &&
		!(options.fail_fast && campaign->failures)) {
		if (!campaign->json)
			printf("round %u: ", round + 1);
		round++;
		last = campaign_run(campaign);
		code = worse(last, code);
		for (unsigned i = 0; i < campaign->count; i++)
			campaign->plans[i].seed++;
	}
	differing = rounds_print(campaign->rounds, round, campaign->json);
	rounds_close(campaign->rounds);
	return differing ? worse(code, EXIT_UNEXPECTED) : code;
}

/* "build/snarl.run" for "build/snarl.db": this run's pages leave those of the whole store alone. */
static char *pages_folder(const struct catalog *catalog, const char *db)
{
	size_t length = strlen(db);

	if (options.out)
		return format("%s", options.out);
	if (!catalog->corpus)
		return format("%s/report", catalog->build);
	if (length > strlen(".db") && is(db + length - strlen(".db"), ".db"))
		length -= strlen(".db");
	return format("%.*s.run", (int)length, db);
}

/*
 * Write the pages of what was found, of sources anywhere all that is known of them, and print where
 * they are: the page itself if there is one. Returns 0 or an exit code.
 */
static int pages_write(const struct campaign *campaign)
{
	struct store *store = store_read(campaign->db);
	char *path = NULL;
	struct report_choice choice = {.run = campaign->catalog->corpus ? campaign->run : 0};
	int error = report_write(store, campaign->pages, &choice, &path);

	store_close(store);
	if (!error && campaign->page_count == 1) {
		free(path);
		path = format("%s", campaign->first_page);
	}
	if (!error)
		printf("report: %s\n", path);
	if (!error && options.open)
		page_open(path);
	free(path);
	return error ? EXIT_COULD_NOT_RUN : EXIT_AS_EXPECTED;
}

static void options_check(void)
{
	if (options.jobs != JOBS_AUTO && (!options.jobs || options.jobs > SUPERVISE_JOBS_MAX))
		die(EXIT_USAGE, "--jobs must be from 1 to %d", SUPERVISE_JOBS_MAX);
	if (!options.repeat || options.repeat > REPEAT_MAX)
		die(EXIT_USAGE, "--repeat must be from 1 to %d", REPEAT_MAX);
	if (options.preemptions > UINT32_MAX)
		die(EXIT_USAGE, "--preemptions must be at most %u", UINT32_MAX);
	if (options.quiet && options.verbose)
		die(EXIT_USAGE, "--quiet and --verbose contradict each other: give one of them");
}

/* The cases that the names and the options choose; ends the program with 4 if there is none. */
static struct selection cases_select(
	const struct catalog *catalog, const struct string_list *names, const char *db)
{
	struct selection selection = select_cases(catalog, names, &options.engines);

	select_filter(&selection, &options.filters);
	if (!selection.count)
		die(EXIT_NOTHING_SELECTED, "nothing selected; see snarl list");
	if (options.rerun_failed)
		select_failed(&selection, db);
	if (!selection.count)
		die(EXIT_NOTHING_SELECTED,
			"nothing selected: the last results of these cases in %s were as expected",
			db);
	return selection;
}

/* The arguments for a program, which the option gives, or else its snarl.conf. */
static struct args program_args(const struct subject *subject)
{
	struct args args = {0};
	const char *wrong = options.args ? conf_args(".", options.args, &args) : NULL;

	if (wrong)
		die(EXIT_USAGE, "--args: %s: '%s'", wrong, options.args);
	return options.args ? args : subject_args(subject);
}

static void plan_make(struct plan *plan, const struct catalog *catalog, const struct selected *one)
{
	*plan = (struct plan){.seed = options.seed,
		.place = catalog->place,
		.executions = options.executions,
		.budget_ms = options.budget_ms ? options.budget_ms : EFFORT_MS_MAX,
		.arm = PLAN_ARM_AUTO,
		.commands = fiu_wanted(),
		.status_matters = options.status,
		.leaks_matter = options.leaks,
		.args = program_args(one->subject),
		.preemptions_max = (unsigned)options.preemptions};
	snprintf(plan->strategy, sizeof plan->strategy, "%s", options.strategy);
	snprintf(plan->scenario, sizeof plan->scenario, "%s", one->subject->scenario);
	snprintf(plan->variant, sizeof plan->variant, "%s", one->subject->name);
	snprintf(plan->engine, sizeof plan->engine, "%s", one->engine);
}

static void cases_print(const struct selection *selection)
{
	for (unsigned i = 0; i < selection->count; i++)
		printf("%s/%s %s\n", selection->cases[i].subject->scenario,
			selection->cases[i].subject->name, selection->cases[i].engine);
}

/* Name the variants of the tree that could not be built, if they would have been run. */
static bool unbuilt_print(const struct catalog *catalog, const struct string_list *names)
{
	char *reasons = unbuilt_reasons(catalog, names, &options.filters);
	bool any = reasons;

	if (any)
		fprintf(stderr, "snarl: not built, and so not run:\n%s\n", reasons);
	free(reasons);
	return any;
}

static int run_run(const struct command *command, int argc, char **argv)
{
	struct campaign campaign;
	struct selection selection;
	struct catalog *catalog;
	struct rules rules;
	struct string_list names;
	struct part part;
	unsigned not_built = 0;
	bool calibrate;
	char *db, *pages;
	int code, error;

	options.seed = seed_new();
	options_parse(command, argc, argv, &options, &names);
	options_check();
	fiu_open(options.control);
	catalog = own_or_tree(&names, &options.engines, &options.build, &not_built);
	db = options.db ? format("%s", options.db) : campaign_default_db(catalog);
	pages = pages_folder(catalog, db);
	selection = cases_select(catalog, &names, db);
	rules = select_rules(catalog, &selection, &options.profiles, &options.inject);
	calibrate = is(options.effort, "calibrated") && !options.budget_ms && !options.executions;
	part = part_select(&options.part, &selection, db, calibrate,
		options.json || options.quiet || options.dry);
	if (options.dry) {
		cases_print(&selection);
		return not_built ? EXIT_COULD_NOT_RUN : EXIT_AS_EXPECTED;
	}
	campaign = (struct campaign){.catalog = catalog,
		.count = selection.count,
		.subjects = calloc(selection.count + 1, sizeof *campaign.subjects),
		.plans = calloc(selection.count + 1, sizeof *campaign.plans),
		.jobs = options.jobs == JOBS_AUTO ? 0 : (unsigned)options.jobs,
		.calibrate = calibrate,
		.db = db,
		.part = part.stored,
		.earlier = part.earlier,
		.pages = options.json ? NULL : pages,
		.json = options.json,
		.full = options.verbose || selection.count <= FULL_CASES_MAX,
		.brief = options.quiet,
		.quiet = options.quiet,
		.fail_fast = options.fail_fast};
	if (!campaign.subjects || !campaign.plans)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (unsigned i = 0; i < selection.count; i++) {
		campaign.subjects[i] = selection.cases[i].subject;
		plan_make(&campaign.plans[i], catalog, &selection.cases[i]);
		part_seed(&part, &campaign.plans[i]);
		plan_add_rules(&campaign.plans[i], campaign.subjects[i], &rules);
	}
	code = options.repeat > 1 ? rounds_run(&campaign) : campaign_run(&campaign);
	error = campaign.page_count ? pages_write(&campaign) : EXIT_AS_EXPECTED;
	if (unbuilt_print(catalog, &names) || error || not_built)
		code = worse(code, EXIT_COULD_NOT_RUN);
	annotate(db, campaign.run, options.json ? stderr : stdout);
	part_free(&part);
	free(campaign.first_page);
	free(campaign.subjects);
	free(campaign.plans);
	free(selection.cases);
	free(pages);
	free(db);
	return code;
}

COMMAND(run) = {"run", "[SCENARIO[/VARIANT]|FILE.c|FOLDER]...", "Run cases and judge their results",
	rows, run_run};

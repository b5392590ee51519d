/* run.c - snarl run: make executions of the selected cases and judge them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "campaign.h"
#include "command.h"
#include "effort.h"
#include "exit.h"
#include "fiu_tools.h"
#include "own.h"
#include "report.h"
#include "store.h"
#include "supervise.h"
#include "text.h"

enum {
	FULL_CASES_MAX = 4, /* up to so many are each printed with their message */
	REPEAT_MAX = 100000,
};

#define JOBS_AUTO UINT64_MAX

static struct {
	struct string_list engines, inject, profiles, build;
	uint64_t seed, executions, jobs, repeat;
	unsigned budget_ms; /* 0: none was asked for */
	uint64_t preemptions;
	bool json, control, status, leaks;
	const char *db, *strategy, *effort;
} options = {.jobs = JOBS_AUTO,
	.repeat = 1,
	.preemptions = UINT32_MAX,
	.strategy = "auto",
	.effort = "calibrated"};

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"engine", "NAME", "stress, tsan or explore; may be repeated (default: all)",
		OPTION_STRINGS, AT(engines)},
	{"inject", "RULE", "POINTS:ACTION[:key=value,...]; may be repeated", OPTION_STRINGS,
		AT(inject)},
	{"profile", "NAME", "a named set of rules: delays, faults, chaos", OPTION_STRINGS,
		AT(profiles)},
	{"seed", "N", "seed for all random choices (default: random)", OPTION_NUMBER, AT(seed)},
	{"effort", "HOW", "effort per clean case: calibrated (default) or long (2s each)",
		OPTION_TEXT, AT(effort)},
	{"budget", "TIME", "longest time per case (500ms, 5s, 2m), used up if nothing is found",
		OPTION_DURATION, AT(budget_ms)},
	{"executions", "N", "stop a case after N executions (default: no limit)", OPTION_NUMBER,
		AT(executions)},
	{"jobs", "N", "run N cases at a time (default: explore one per core, others alone)",
		OPTION_NUMBER, AT(jobs)},
	{"repeat", "N", "run all cases N times, and print those whose results differ",
		OPTION_NUMBER, AT(repeat)},
	{"strategy", "NAME",
		"explore's search strategy: random, pct, pos, dfs, rff, auto (default)",
		OPTION_TEXT, AT(strategy)},
	{"preemptions", "N", "preemption bound for dfs (default: none)", OPTION_NUMBER,
		AT(preemptions)},
	{"exit-status", NULL, "a program that ends with another status than 0 fails", OPTION_FLAG,
		AT(status)},
	{"leaks", NULL, "a program that leaves memory fails (explore)", OPTION_FLAG, AT(leaks)},
	{"fiu-control", NULL, "let fiu-ctrl enable libfiu's points in the cases while they run",
		OPTION_FLAG, AT(control)},
	{"json", NULL, "print one JSON object per case", OPTION_FLAG, AT(json)},
	{"db", "FILE", "store (default: snarl.db in the build's folder)", OPTION_TEXT, AT(db)},
	{"", "WORD...", "further sources, flags and libraries for FILE.c and FOLDER", OPTION_REST,
		AT(build)},
	{0},
};

/* 53 bits: JSON readers elsewhere keep numbers in doubles. */
static uint64_t seed_new(void)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
		die(EXIT_COULD_NOT_RUN, "the system gives no random numbers: use --seed");
	return seed >> 11;
}

/*
 * Whether an engine has this strategy, or no engine has any. Prints the names of all into `list`,
 * if that is a file.
 */
static bool strategy_known(const struct catalog *catalog, const char *name, FILE *list)
{
	const json_t *traits, *strategy;
	bool known = false, any = false;
	size_t i, k;

	json_array_foreach(catalog->traits, i, traits) {
		json_array_foreach(json_object_get(traits, "strategies"), k, strategy) {
			any = true;
			known |= is(json_string_value(strategy), name);
			if (list)
				fprintf(list, " %s", json_string_value(strategy));
		}
	}
	return known || !any;
}

static void strategy_check(const struct catalog *catalog, const char *name)
{
	if (strategy_known(catalog, name, NULL))
		return;
	fprintf(stderr, "snarl: unknown strategy '%s'; valid:", name);
	strategy_known(catalog, name, stderr);
	fprintf(stderr, "\n");
	exit(EXIT_USAGE);
}

/*
 * Run the campaign as often as --repeat says, each time with another seed. Returns 1 also if a case
 * came out differently.
 */
static int rounds_run(struct campaign *campaign)
{
	unsigned round = 0, differing;
	int code = 0, last = 0;

	campaign->rounds = rounds_open(campaign->count);
	campaign->brief = !campaign->json;
	while (round < options.repeat && last != EXIT_INTERRUPTED) {
		if (!campaign->json)
			printf("round %u: ", round + 1);
		round++;
		last = campaign_run(campaign);
		code = last > code ? last : code;
		for (unsigned i = 0; i < campaign->count; i++)
			campaign->plans[i].seed++;
	}
	differing = rounds_print(campaign->rounds, round, campaign->json);
	rounds_close(campaign->rounds);
	return code ? code : differing ? EXIT_UNEXPECTED : EXIT_AS_EXPECTED;
}

/* Write the pages of what was found, and say where they are. */
static void report_print(const struct catalog *catalog, const char *db)
{
	char *folder = format("%s/report", catalog->build), *index = NULL;
	struct store *store = store_read(db);

	if (report_write(store, folder, &(struct report_choice){0}, &index) == 0)
		printf("report: %s\n", index);
	store_close(store);
	free(index);
	free(folder);
}

static int run_run(const struct command *command, int argc, char **argv)
{
	static const char *const efforts[] = {"calibrated", "long", NULL};
	struct campaign campaign = {0};
	struct selection selection;
	struct catalog *catalog;
	struct rules rules;
	struct string_list names;
	unsigned not_built = 0;
	bool calibrate;
	char *db;
	int code;

	options.seed = seed_new();
	options_parse(command, argc, argv, &options, &names);
	option_one_of("effort", options.effort, efforts);
	calibrate = strcmp(options.effort, "calibrated") == 0 && !options.budget_ms &&
		    !options.executions;
	if (options.jobs != JOBS_AUTO && (!options.jobs || options.jobs > SUPERVISE_JOBS_MAX))
		die(EXIT_USAGE, "--jobs must be from 1 to %d", SUPERVISE_JOBS_MAX);
	if (!options.repeat || options.repeat > REPEAT_MAX)
		die(EXIT_USAGE, "--repeat must be from 1 to %d", REPEAT_MAX);
	if (options.preemptions > UINT32_MAX)
		die(EXIT_USAGE, "--preemptions must be at most %u", UINT32_MAX);
	fiu_open(options.control);
	catalog = own_or_tree(&names, &options.engines, &options.build, &not_built);
	strategy_check(catalog, options.strategy);
	selection = select_cases(catalog, &names, &options.engines);
	if (!selection.count) {
		fprintf(stderr, "snarl: nothing selected; see snarl list\n");
		return EXIT_NOTHING_SELECTED;
	}
	rules = select_rules(catalog, &selection, &options.profiles, &options.inject);
	db = options.db ? format("%s", options.db) : campaign_default_db(catalog);
	campaign = (struct campaign){.catalog = catalog,
		.count = selection.count,
		.subjects = calloc(selection.count, sizeof *campaign.subjects),
		.plans = calloc(selection.count, sizeof *campaign.plans),
		.jobs = options.jobs == JOBS_AUTO ? 0 : (unsigned)options.jobs,
		.calibrate = calibrate,
		.db = db,
		.json = options.json,
		.full = selection.count <= FULL_CASES_MAX};
	if (!campaign.subjects || !campaign.plans)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (unsigned i = 0; i < selection.count; i++) {
		const struct selected *one = &selection.cases[i];
		struct plan *plan = &campaign.plans[i];

		campaign.subjects[i] = one->subject;
		*plan = (struct plan){.seed = options.seed,
			.place = catalog->place,
			.executions = options.executions,
			.budget_ms = options.budget_ms ? options.budget_ms : EFFORT_MS_MAX,
			.arm = PLAN_ARM_AUTO,
			.commands = fiu_wanted(),
			.status_matters = options.status,
			.leaks_matter = options.leaks,
			.preemptions_max = (unsigned)options.preemptions};
		snprintf(plan->strategy, sizeof plan->strategy, "%s", options.strategy);
		snprintf(plan->scenario, sizeof plan->scenario, "%s", one->subject->scenario);
		snprintf(plan->variant, sizeof plan->variant, "%s", one->subject->name);
		snprintf(plan->engine, sizeof plan->engine, "%s", one->engine);
		plan_add_rules(plan, one->subject, &rules);
	}
	code = options.repeat > 1 ? rounds_run(&campaign) : campaign_run(&campaign);
	if (!catalog->corpus && campaign.bugs && !options.json)
		report_print(catalog, db);
	if (not_built && code != EXIT_INTERRUPTED)
		code = EXIT_COULD_NOT_RUN;
	free(campaign.subjects);
	free(campaign.plans);
	free(selection.cases);
	free(db);
	return code;
}

COMMAND(run) = {"run", "[SCENARIO[/VARIANT]|FILE.c|FOLDER]...", "Run cases and judge their results",
	rows, run_run};

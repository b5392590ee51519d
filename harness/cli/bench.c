/*
 * bench.c - snarl bench: how fast the engines are.
 *
 * A figure alone says more about the machine than about snarl: each is printed beside a baseline
 * that was measured in the same run. The baseline of an engine is a test without an engine: make
 * two threads, let each do its part once, join them, check. How fast processes can communicate is
 * measured by harness/bench, each mechanism against all others. The search is measured in
 * schedules, each strategy against all others. Detection is measured in bugs, each engine against
 * all others.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_detection.h"
#include "bench_ipc.h"
#include "bench_search.h"
#include "campaign.h"
#include "catalog.h"
#include "clock.h"
#include "command.h"
#include "detection.h"
#include "exit.h"
#include "field.h"
#include "own.h"
#include "named.h"
#include "select.h"
#include "snarl.h"
#include "supervise.h"
#include "text.h"

enum {
	BASELINE_NS = 500 * 1000 * 1000,
	CASE_MS = 2500,
	TRIES = 3, /* per rate; the best counts, because it was disturbed least */
	SEEDS = 20,
	SAFE_STACK_MS = 30 * 1000,
	MEMORY_MS = 60 * 1000,
	STARTS = 20,
	POINTS = 100 * 1000 * 1000,
	SEED = 1,
	RUNS = 5,
	RUN_MS = 1000,
};

static struct {
	bool json;
	const char *db;
	unsigned budget_ms;
	uint64_t runs;
	struct string_list build;
} options = {.runs = RUNS};

static const struct option_row rows[] = {
	{"json", NULL, "print one JSON object per figure", OPTION_FLAG,
		offsetof(__typeof__(options), json)},
	{"budget", "TIME", "total time for ipc (default 20s), or of a run of detection (1s)",
		OPTION_DURATION, offsetof(__typeof__(options), budget_ms)},
	{"runs", "N", "runs of detection per case and setting (default 5)", OPTION_NUMBER,
		offsetof(__typeof__(options), runs)},
	{"db", "FILE", "store to put results beside; default: the build's", OPTION_TEXT,
		offsetof(__typeof__(options), db)},
	{"", "WORD...", "further sources, flags and libraries for FILE.c and FOLDER", OPTION_REST,
		offsetof(__typeof__(options), build)},
	{0},
};

struct figure {
	double value, baseline;
	const char *unit, *against; /* what the baseline is */
};

/* The counter of scenarios/counter, changed by threads made for one execution. */
static volatile int naive_counter;

static void *naive_produce(void *unused)
{
	naive_counter = naive_counter + 1;
	return unused;
}

static void *naive_consume(void *unused)
{
	naive_counter = naive_counter - 1;
	return unused;
}

struct rates {
	double executions, lost; /* per second */
};

static struct rates naive_measure(void)
{
	static struct rates rate;
	uint64_t begin = clock_ns(), now = begin, executions = 0, lost = 0;

	if (rate.executions > 0)
		return rate;
	while (now - begin < BASELINE_NS) {
		pthread_t producer, consumer;

		naive_counter = 5;
		if (pthread_create(&producer, NULL, naive_produce, NULL) ||
			pthread_create(&consumer, NULL, naive_consume, NULL))
			die(EXIT_COULD_NOT_RUN, "cannot create threads for the baseline");
		pthread_join(producer, NULL);
		pthread_join(consumer, NULL);
		executions++;
		lost += naive_counter != 5;
		now = clock_ns();
	}
	rate.executions = (double)executions * 1e9 / (double)(now - begin);
	rate.lost = (double)lost * 1e9 / (double)(now - begin);
	return rate;
}

/* Run a plan whose names, seed and budget may still be missing. */
static struct result plan_measure(const struct catalog *catalog, const char *engine,
	const char *scenario, const char *variant, struct plan plan)
{
	const struct subject *found = catalog_find(catalog, scenario, variant), *done;
	struct supervisor *supervisor = supervisor_open(catalog);
	struct result result;

	if (!found)
		die(EXIT_COULD_NOT_RUN, "this build has no %s/%s", scenario, variant);
	plan.seed = plan.seed ? plan.seed : SEED;
	plan.budget_ms = plan.budget_ms ? plan.budget_ms : CASE_MS;
	plan.arm = PLAN_ARM_AUTO;
	snprintf(plan.engine, sizeof plan.engine, "%s", engine);
	snprintf(plan.scenario, sizeof plan.scenario, "%s", scenario);
	snprintf(plan.variant, sizeof plan.variant, "%s", variant);
	if (supervisor_start(supervisor, found, &plan) != 0)
		die(EXIT_COULD_NOT_RUN, "cannot start a process");
	while (!supervisor_wait(supervisor, CASE_MS, &result, &done))
		if (supervisor_interrupted()) {
			supervisor_close(supervisor);
			exit(EXIT_INTERRUPTED);
		}
	supervisor_close(supervisor);
	if (!result.executions || result.seconds <= 0)
		die(EXIT_COULD_NOT_RUN, "%s/%s on %s cannot be measured: %s", scenario, variant,
			engine, result.message);
	return result;
}

static struct result case_measure(const struct catalog *catalog, const char *engine,
	const char *scenario, const char *variant, uint64_t executions)
{
	return plan_measure(catalog, engine, scenario, variant,
		(struct plan){.executions = executions, .keep_going = true});
}

/* The best rates of several tries: executions, and failing ones, per second. */
static struct rates rates_measure(
	const struct catalog *catalog, const char *engine, const char *variant)
{
	struct rates best = {0, 0};

	for (int i = 0; i < TRIES; i++) {
		struct result result = case_measure(catalog, engine, "counter", variant, 0);
		double executions = (double)result.executions / result.seconds;
		double lost = (double)result.failures / result.seconds;

		best.executions = executions > best.executions ? executions : best.executions;
		best.lost = lost > best.lost ? lost : best.lost;
		result_free(&result);
	}
	return best;
}

static struct figure stress_atomic(const struct catalog *catalog)
{
	return (struct figure){rates_measure(catalog, "stress", "correct_atomic").executions,
		naive_measure().executions, "executions/s", "threads created each time"};
}

static struct figure stress_lost(const struct catalog *catalog)
{
	return (struct figure){rates_measure(catalog, "stress", "unsynchronised").lost,
		naive_measure().lost, "lost updates/s", "threads created each time"};
}

static struct figure tsan_atomic(const struct catalog *catalog)
{
	return (struct figure){rates_measure(catalog, "tsan", "correct_atomic").executions,
		naive_measure().executions, "executions/s", "threads created each time"};
}

/* The best of several tries. */
static struct result explore_measure(const struct catalog *catalog, const char *scenario,
	const char *variant, const char *strategy, bool races_off)
{
	struct plan plan = {.races_off = races_off, .keep_going = true};
	struct result best = {0};

	snprintf(plan.strategy, sizeof plan.strategy, "%s", strategy);
	for (int i = 0; i < TRIES; i++) {
		struct result result = plan_measure(catalog, "explore", scenario, variant, plan);

		if (i && (double)result.executions / result.seconds <=
				 (double)best.executions / best.seconds) {
			result_free(&result);
			continue;
		}
		result_free(&best);
		best = result;
	}
	return best;
}

static struct figure explore_rate(
	const struct catalog *catalog, const char *scenario, const char *variant, bool races_off)
{
	struct result best = explore_measure(catalog, scenario, variant, "random", races_off);
	struct figure figure = {(double)best.executions / best.seconds, naive_measure().executions,
		"executions/s", "threads created each time"};

	result_free(&best);
	return figure;
}

static struct figure explore_counter(const struct catalog *catalog)
{
	return explore_rate(catalog, "counter", "unsynchronised", false);
}

static struct figure explore_counter_plain(const struct catalog *catalog)
{
	return explore_rate(catalog, "counter", "unsynchronised", true);
}

static struct figure explore_buffer(const struct catalog *catalog)
{
	return explore_rate(catalog, "bounded_buffer", "correct_acquire_release", false);
}

/*
 * The cost of a step, with its share of the other costs of an execution. Measured with pct, which
 * seldom switches: random decides at every step whether to switch, so a step costs a decision and a
 * switch as well.
 */
static struct figure explore_step_cost(const struct catalog *catalog, bool races_off)
{
	struct result best = explore_measure(
		catalog, "bounded_buffer", "correct_acquire_release", "pct", races_off);
	struct figure figure = {best.seconds * 1e9 / (double)field_integer(best.detail, "steps", 0),
		1e9 / naive_measure().executions, "ns", "two threads created and joined"};

	result_free(&best);
	return figure;
}

static struct figure explore_step(const struct catalog *catalog)
{
	return explore_step_cost(catalog, false);
}

static struct figure explore_step_plain(const struct catalog *catalog)
{
	return explore_step_cost(catalog, true);
}

static int less(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

/* Median time to the first failure over seeds; a seed that finds nothing counts with all its time.
 */
static struct figure explore_safe_stack(const struct catalog *catalog)
{
	double seconds[SEEDS];

	for (int i = 0; i < SEEDS; i++) {
		struct result result = plan_measure(catalog, "explore", "safe_stack",
			"next_as_lock",
			(struct plan){.seed = SEED + (uint64_t)i, .budget_ms = SAFE_STACK_MS});

		seconds[i] = result.seconds;
		result_free(&result);
	}
	qsort(seconds, SEEDS, sizeof *seconds, less);
	return (struct figure){(seconds[SEEDS / 2 - 1] + seconds[SEEDS / 2]) / 2, 0, "s", NULL};
}

/* How much more memory ten million executions take than a hundred thousand. */
static struct figure explore_memory(const struct catalog *catalog)
{
	static const uint64_t executions[] = {100 * 1000, 10 * 1000 * 1000};
	double peak_kb[2];

	for (int i = 0; i < 2; i++) {
		struct result result = plan_measure(catalog, "explore", "counter", "unsynchronised",
			(struct plan){.strategy = "random",
				.executions = executions[i],
				.budget_ms = MEMORY_MS,
				.keep_going = true});

		if (result.executions < executions[i])
			die(EXIT_COULD_NOT_RUN, "only %llu of %llu executions in %d s",
				(unsigned long long)result.executions,
				(unsigned long long)executions[i], MEMORY_MS / 1000);
		peak_kb[i] = (double)field_integer(result.detail, "peak_kb", 0);
		result_free(&result);
	}
	return (struct figure){peak_kb[1] - peak_kb[0], peak_kb[0], "KB more",
		"memory after a hundredth of the executions"};
}

/* The time from the decision to run a case to its result, for one execution. */
static struct figure case_start(const struct catalog *catalog)
{
	uint64_t begin = clock_ns();

	for (int i = 0; i < STARTS; i++) {
		struct result result =
			case_measure(catalog, "stress", "counter", "correct_atomic", 1);

		result_free(&result);
	}
	return (struct figure){(double)(clock_ns() - begin) / 1e6 / STARTS, 0, "ms", NULL};
}

/* The cost of a point that no rule names, compared with that of the loop around it. */
static struct figure point_disabled(const struct catalog *catalog)
{
	static struct snarl_point point;
	uint64_t begin = clock_ns(), middle;

	(void)catalog;
	for (int i = 0; i < POINTS; i++)
		__asm__ volatile("" : : : "memory");
	middle = clock_ns();
	for (int i = 0; i < POINTS; i++) {
		if (__builtin_expect(SNARL_POINT_ARMED(&point), 0))
			abort(); /* SNARL_POINT acts here, but only in a case's program */
		__asm__ volatile("" : : : "memory");
	}
	return (struct figure){(double)(clock_ns() - middle) / POINTS,
		(double)(middle - begin) / POINTS, "ns", "the same loop without it"};
}

static const struct {
	const char *name;
	struct figure (*measure)(const struct catalog *catalog);
} figures[] = {
	{"stress/counter/correct_atomic", stress_atomic},
	{"stress/counter/unsynchronised", stress_lost},
	{"tsan/counter/correct_atomic", tsan_atomic},
	{"explore/counter/unsynchronised", explore_counter},
	{"explore/counter/unsynchronised/no_races", explore_counter_plain},
	{"explore/bounded_buffer/correct_acquire_release", explore_buffer},
	{"explore/step", explore_step},
	{"explore/step/no_races", explore_step_plain},
	{"explore/safe_stack/next_as_lock", explore_safe_stack},
	{"explore/memory", explore_memory},
	{"point/disabled", point_disabled},
	{"case/start", case_start},
};

static void figure_print(const char *name, const struct figure *figure)
{
	if (options.json) {
		json_t *object = json_pack("{s:i, s:s, s:s, s:f, s:s}", "v", 1, "type", "bench",
			"name", name, "value", figure->value, "unit", figure->unit);

		if (figure->against) {
			json_object_set_new(object, "baseline", json_real(figure->baseline));
			json_object_set_new(object, "against", json_string(figure->against));
		}
		json_dumpf(object, stdout, JSON_COMPACT);
		json_decref(object);
	} else {
		printf("%-46s %12.*f %-14s", name, figure->value < 1000 ? 2 : 0, figure->value,
			figure->unit);
		if (figure->against && figure->baseline > 0)
			printf(" %8.3g x %s", figure->value / figure->baseline, figure->against);
		else if (figure->against)
			printf(" (0 with %s)", figure->against);
	}
	putchar('\n');
	fflush(stdout);
}

static bool wanted(const void *selection, const char *name)
{
	const struct string_list *names = selection;

	for (unsigned i = 0; i < names->count; i++)
		if (strncmp(name, names->word[i], strlen(names->word[i])) == 0)
			return true;
	return names->count == 0;
}

/* Only by name: it takes minutes. */
static bool search_is_wanted(const struct string_list *names)
{
	for (unsigned i = 0; i < names->count; i++)
		if (strncmp(names->word[i], "search", strlen("search")) == 0)
			return true;
	return false;
}

/*
 * With paths, the catalogue of those, in which the search is measured; `failed` gets how many have
 * an error. The paths leave `names`.
 */
static struct catalog *catalog_of(struct string_list *names, unsigned *failed)
{
	struct string_list engines = {1, {"explore"}}, paths = {0}, figures_named = {0};
	struct catalog *catalog;
	size_t kept = 0;

	for (unsigned i = 0; i < names->count; i++)
		word_add(own_is_path(names->word[i]) ? &paths : &figures_named, names->word[i]);
	*names = figures_named;
	if (paths.count && !search_is_wanted(names))
		die(EXIT_USAGE,
			"the search alone is measured in sources: snarl bench search FILE.c");
	catalog = own_or_tree(&paths, &engines, &options.build, failed);
	for (size_t i = 0; paths.count && i < catalog->count; i++)
		if (subject_named(&paths, &catalog->subjects[i]))
			catalog->subjects[kept++] = catalog->subjects[i];
	catalog->count = paths.count ? kept : catalog->count;
	return catalog;
}

/* snarl bench detection CASE...: the words behind the first are cases. */
static int detection_run(const struct string_list *names)
{
	struct string_list cases = {0}, engines = {0};
	struct detection_plan plan = {.runs = (unsigned)options.runs,
		.budget_ms = options.budget_ms ? options.budget_ms : RUN_MS,
		.json = options.json};
	struct catalog *catalog;
	unsigned failed = 0;
	char *db;
	int code;

	if (!options.runs || options.runs > DETECTION_RUNS_MAX)
		die(EXIT_USAGE, "--runs must be from 1 to %d", DETECTION_RUNS_MAX);
	for (unsigned i = 1; i < names->count; i++)
		word_add(&cases, names->word[i]);
	catalog = own_or_tree(&cases, &engines, &options.build, &failed);
	plan.db = db = options.db ? format("%s", options.db) : campaign_default_db(catalog);
	code = bench_detection(catalog, &cases, &plan);
	free(db);
	return failed ? EXIT_COULD_NOT_RUN : code;
}

static int bench_run(const struct command *command, int argc, char **argv)
{
	struct catalog *catalog;
	struct string_list names;
	struct ipc_plan ipc = {.wanted = wanted, .names = &names};
	unsigned done = 0, failed = 0;
	int code = 0;

	options_parse(command, argc, argv, &options, &names);
	if (names.count && is(names.word[0], "detection"))
		return detection_run(&names);
	catalog = catalog_of(&names, &failed);
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
		struct figure figure;

		if (!wanted(&names, figures[i].name))
			continue;
		figure = figures[i].measure(catalog);
		figure_print(figures[i].name, &figure);
		done++;
	}
	ipc.budget_ms = options.budget_ms ? options.budget_ms : IPC_BUDGET_MS;
	if (ipc_wanted(&ipc)) {
		char *db = options.db ? format("%s", options.db) : campaign_default_db(catalog);

		code = bench_ipc(catalog, &ipc, options.json, db);
		free(db);
		done++;
	}
	if (search_is_wanted(&names)) {
		code = bench_search(catalog, wanted, &names, options.json);
		done += code != EXIT_NOTHING_SELECTED;
	}
	if (done)
		return failed ? EXIT_COULD_NOT_RUN : code;
	fprintf(stderr, "snarl: unknown figure; valid:");
	for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
		fprintf(stderr, " %s", figures[i].name);
	bench_ipc_names(stderr);
	fprintf(stderr, " search/STRATEGY/SCENARIO/VARIANT detection\n");
	return EXIT_NOTHING_SELECTED;
}

COMMAND(bench) = {"bench", "[NAME|FILE.c|FOLDER]...",
	"Measure the engines; or ipc, or search, or detection [CASE]... alone", rows, bench_run};

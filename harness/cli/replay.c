/*
 * replay.c - snarl replay: reproduces a failure from its token.
 *
 * For explore a token holds the schedule: the same steps in the same order, on any machine.
 *
 * For stress and tsan a token holds the settings, the seed and with it every injected decision. The
 * hardware's timing cannot be repeated, so the case runs until the failure shows or the budget
 * ends.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "campaign.h"
#include "command.h"
#include "exit.h"
#include "own.h"
#include "rule.h"
#include "text.h"

static struct {
	unsigned budget_ms;
	uint64_t executions, step;
	bool json, gdb;
} options = {.budget_ms = 5000};

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"budget", "TIME", "longest time to try (default: 5s)", OPTION_DURATION, AT(budget_ms)},
	{"executions", "N", "stop after N executions (default: no limit)", OPTION_NUMBER,
		AT(executions)},
	{"gdb", NULL, "explore tokens only: open gdb stopped at a step", OPTION_FLAG, AT(gdb)},
	{"step", "N", "with --gdb: the step of the interleaving (default: 1)", OPTION_NUMBER,
		AT(step)},
	{"json", NULL, "print one JSON object", OPTION_FLAG, AT(json)},
	{0},
};

/* Become gdb, with the program of the case at the step that was asked for. */
static void debug(const struct catalog *catalog, const struct subject *subject, struct plan *plan)
{
	char *program = case_program(catalog, subject, plan->engine), *line;

	if (!plan->replay)
		die(EXIT_USAGE,
			"--gdb needs a token of explore: other engines cannot stop at a step");
	plan->stop_at = options.step ? options.step : 1;
	line = plan_encode(plan);
	execlp("gdb", "gdb", "-q", "-ex", "set breakpoint pending on", "-ex",
		"handle SIGVTALRM nostop noprint pass", "-ex", "break snarl_step_reached", "-ex",
		"run", "-ex", "backtrace", "--args", program, "--plan", line, "--events", "-1",
		(char *)NULL);
	die(EXIT_COULD_NOT_RUN, "gdb cannot be started (%s): install gdb", strerror(errno));
}

static int replay_run(const struct command *command, int argc, char **argv)
{
	struct campaign campaign = {0};
	const struct subject *subject;
	struct catalog *catalog;
	struct string_list tokens;
	struct plan plan;
	struct rule rule;
	char sentence[RULE_ERROR_MAX];
	const char *why;
	int code;

	options_parse(command, argc, argv, &options, &tokens);
	if (tokens.count != 1)
		die(EXIT_USAGE, "give one token: snarl replay TOKEN");
	if (token_decode(tokens.word[0], &plan, &why) != 0)
		die(EXIT_USAGE, "cannot replay '%.60s': %s", tokens.word[0], why);
	catalog = plan.place ? own_find(plan.place) : catalog_load(NULL);
	subject = catalog ? catalog_find(catalog, plan.scenario, plan.variant) : NULL;
	if (!subject || !case_exists(catalog, subject, plan.engine))
		die(EXIT_USAGE,
			"the token is for %s/%s on %s, which is not built here: see snarl list, or "
			"run its sources first",
			plan.scenario, plan.variant, plan.engine);
	for (unsigned i = 0; i < plan.rule_count; i++)
		if (rule_parse(plan.rules[i], &rule, sentence) != 0)
			die(EXIT_USAGE, "the token's rule '%s' cannot be read: %s", plan.rules[i],
				sentence);
	if (options.step && !options.gdb)
		die(EXIT_USAGE, "--step says where gdb stops: give --gdb as well");
	plan.budget_ms = options.budget_ms;
	plan.executions = options.executions;
	if (options.gdb)
		debug(catalog, subject, &plan);
	campaign = (struct campaign){.catalog = catalog,
		.count = 1,
		.subjects = &subject,
		.plans = &plan,
		.jobs = 1,
		.json = options.json,
		.full = true,
		.whole = true};
	code = campaign_run(&campaign);
	if (code == EXIT_INTERRUPTED || code == EXIT_COULD_NOT_RUN || code == EXIT_ALL_SKIPPED)
		return code;
	/* The exit code says whether a failure was seen again, not whether it was expected. */
	return campaign.bugs ? EXIT_UNEXPECTED : EXIT_AS_EXPECTED;
}

COMMAND(replay) = {"replay", "TOKEN", "Reproduce a failure (exit status 1 if it fails again)", rows,
	replay_run};

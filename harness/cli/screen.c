/* screen.c - what a person sees on the terminal. */
#define _GNU_SOURCE
#include "screen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "effort.h"
#include "field.h"
#include "fiu_tools.h"
#include "kind.h"
#include "lanes.h"
#include "snarl.h"
#include "terminal.h"
#include "text.h"

enum {
	LANES_MOST = 10,
	PLAIN_S = 5,
	NAME_WIDTH = 34,
	QUESTION_NAME_WIDTH = 30,
	OUTCOME_WIDTH = 7,
	QUESTION_WIDTH = 13, /* "nothing found" */
	ENGINE_WIDTH = 7,
	INDENT = 8, /* of what is said about a case */
	EFFORT_WIDTH = 2 * PLAN_NAME_MAX
};

static const char *const colors[] = {
	[OUTCOME_CAUGHT] = "32",
	[OUTCOME_CLEAN] = "32",
	[OUTCOME_BLIND] = "33",
	[OUTCOME_MISSED] = "1;31",
	[OUTCOME_FALSE_ALARM] = "1;31",
	[OUTCOME_SKIPPED] = "33",
	[OUTCOME_FOUND] = "1;31",
	[OUTCOME_NOTHING] = "32",
	[OUTCOME_ERROR] = "1;31",
};

static struct {
	bool bar_shown;
	uint64_t plain_ns; /* when the last plain line was written */
	int outcome_width, name_width;
} screen = {.outcome_width = OUTCOME_WIDTH, .name_width = NAME_WIDTH};

/* 12,345,678 as 12.3 M. */
static const char *count_text(uint64_t count, char text[24])
{
	if (count >= 10000000)
		snprintf(text, 24, "%.1f M", (double)count / 1e6);
	else if (count >= 10000)
		snprintf(text, 24, "%.1f k", (double)count / 1e3);
	else
		snprintf(text, 24, "%llu", (unsigned long long)count);
	return text;
}

void screen_header(bool questions)
{
	screen.outcome_width = questions ? QUESTION_WIDTH : OUTCOME_WIDTH;
	screen.name_width = questions ? QUESTION_NAME_WIDTH : NAME_WIDTH;
	printf("%-*s %-*s %-*s %s\n", screen.outcome_width, "outcome", screen.name_width,
		"scenario/variant", ENGINE_WIDTH, "engine", "verdict, executions");
}

/* "lost-update, 104 in 0.0 s, 20 × missing_full_check"; why a case is skipped. To be freed. */
static char *findings_text(const struct result *result)
{
	const json_t *effort = result_part(result, "effort");
	double times = field_real(effort, "times");
	char count[24], twin[EFFORT_WIDTH] = "";

	if (result->outcome == OUTCOME_SKIPPED)
		return text_tame(format("%s", result->message));
	if (effort)
		snprintf(twin, sizeof twin, ", %.*f × %s", times < EFFORT_TIMES, times,
			field_text(effort, "twin"));
	if (result->outcome == OUTCOME_ERROR)
		return format("could not run");
	return format("%s%s%s in %.1f s%s", result->verdict ? kind_name(result->verdict) : "",
		result->verdict ? ", " : "", count_text(result->executions, count), result->seconds,
		twin);
}

void screen_message(const struct result *result)
{
	static const char between[] = "; ";
	char *message = text_tame(format("%s", result->message)), *at = message, *end;
	bool parts = json_object_size(result_part(result, "waits")) ||
		     json_array_size(result_part(result, "trace"));
	unsigned width = terminal_width(STDOUT_FILENO);

	while (parts && (end = strstr(at, between))) {
		*end = '\0';
		printf("%*s", INDENT, "");
		words_print(stdout, at, INDENT, INDENT, width);
		at = end + strlen(between);
	}
	printf("%*s", INDENT, "");
	words_print(stdout, at, INDENT, INDENT, width);
	free(message);
}

void screen_replay(const struct result *result, const char *page)
{
	char kinds[256];

	if (outcome_alarms(result->outcome) && result->expected)
		printf("        expected: %s\n", kind_names(result->expected, kinds, sizeof kinds));
	if (*result->token)
		printf("        replay: %s replay %s\n", program_invocation_name, result->token);
	else if (result->plan.commands && result->verdict)
		printf("        replay: none, because a token cannot hold libfiu's commands\n");
	if (page)
		printf("        page: %s\n", page);
}

/* Print the case's line; what would not fit on it follows on the next. */
static void line_print(const struct result *result)
{
	bool colored = terminal_colored(STDOUT_FILENO);
	char *name = format("%s/%s", result->plan.scenario, result->plan.variant);
	char *findings = findings_text(result);
	int name_end = screen.outcome_width + 1 + screen.name_width, used;

	if (colored)
		printf("\033[%sm", colors[result->outcome]);
	used = printf("%-*s", screen.outcome_width, outcome_name(result->outcome));
	if (colored)
		printf("\033[0m");
	/* A long outcome takes its columns from the name. */
	used += printf(" %-*s", screen.name_width - (used - screen.outcome_width), name);
	used += printf(" %-*s ",
		name_end + ENGINE_WIDTH > used ? name_end + ENGINE_WIDTH - used : 0,
		result->plan.engine);
	words_print(stdout, findings, (unsigned)used, INDENT, terminal_width(STDOUT_FILENO));
	free(findings);
	free(name);
}

void screen_case(const struct result *result, enum screen_depth depth, const char *page)
{
	bool more = outcome_alarms(result->outcome) || depth != SCREEN_LINE;

	screen_clear();
	line_print(result);
	if (more && result->outcome != OUTCOME_SKIPPED && *result->message)
		screen_message(result);
	if (more)
		lanes_print(result, depth == SCREEN_WHOLE ? 0 : LANES_MOST, depth == SCREEN_WHOLE);
	if (more && (outcome_alarms(result->outcome) || result->verdict))
		screen_replay(result, page);
	fflush(stdout);
}

static bool bar_wanted(void)
{
	if (strcmp(common_options.progress, "auto") == 0)
		return isatty(STDERR_FILENO);
	return strcmp(common_options.progress, "bar") == 0;
}

const char *seconds_text(double seconds, char text[TEXT_NUMBER_MAX])
{
	unsigned whole = (unsigned)(seconds + 0.5);

	if (whole < 60)
		snprintf(text, TEXT_NUMBER_MAX, "%.1f s", seconds);
	else
		snprintf(text, TEXT_NUMBER_MAX, "%u:%02u min", whole / 60, whole % 60);
	return text;
}

/* ", 1:05 min left", with the comma; empty if no second is left, or the time is not known. */
static const char *left_text(double seconds, char text[32])
{
	unsigned whole = (unsigned)(seconds + 0.5);

	if (!whole)
		return "";
	if (whole < 60)
		snprintf(text, 32, ", %u s left", whole);
	else
		snprintf(text, 32, ", %u:%02u min left", whole / 60, whole % 60);
	return text;
}

void screen_progress(const struct progress *progress, const struct supervised *now)
{
	char line[256], failed[32] = "", count[24], eta[32];
	uint64_t time = clock_ns();

	if (is(common_options.progress, "never"))
		return;
	if (progress->failed)
		snprintf(failed, sizeof failed, ", %u failed", progress->failed);
	snprintf(line, sizeof line, "[%u/%u%s%s] %s/%s %s %.1f s, %s executions", progress->done,
		progress->all, failed, left_text(progress->left, eta), now->subject->scenario,
		now->subject->name, now->engine, now->seconds, count_text(now->executions, count));
	if (bar_wanted()) {
		unsigned width = terminal_width(STDERR_FILENO) - 1;

		fprintf(stderr, "\r\033[K%.*s", (int)width, line);
		screen.bar_shown = true;
	} else if (time - screen.plain_ns > PLAIN_S * 1000000000ull) {
		if (screen.plain_ns)
			fprintf(stderr, "snarl: %.*s\n",
				(int)(terminal_width(STDERR_FILENO) - strlen("snarl: ")), line);
		screen.plain_ns = time;
	}
}

void screen_listening(const struct supervised *now, pid_t pid)
{
	char *option;

	if (strcmp(common_options.progress, "never") == 0)
		return;
	screen_clear();
	option = fiu_control_option();
	fprintf(stderr, "snarl: %s/%s %s listens: fiu-ctrl %s-c 'enable name=POINT' %d\n",
		now->subject->scenario, now->subject->name, now->engine, option, (int)pid);
	free(option);
}

void screen_clear(void)
{
	if (screen.bar_shown)
		fprintf(stderr, "\r\033[K");
	screen.bar_shown = false;
}

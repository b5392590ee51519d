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
	NAME_WIDTH = 38,
	OUTCOME_WIDTH = 7,
	QUESTION_WIDTH = 13, /* "nothing found" */
	ENGINE_WIDTH = 6,
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
};

static struct {
	bool bar_shown;
	uint64_t plain_ns; /* when the last plain line was written */
	int outcome_width;
} screen = {.outcome_width = OUTCOME_WIDTH};

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
	printf("%-*s %-*s %-*s %s\n", screen.outcome_width, "outcome", NAME_WIDTH,
		"scenario/variant", ENGINE_WIDTH, "engine", "verdict, executions");
}

/*
 * ", 20 × missing_full_check", with the comma: the message of a clean case in short. Empty if it
 * would not fit on the line of the terminal after `used` columns.
 */
static const char *effort_text(const struct result *result, int used, char text[EFFORT_WIDTH])
{
	const json_t *effort = result_part(result, "effort");
	double times = field_real(effort, "times");
	int width;

	if (!effort)
		return "";
	width = snprintf(text, EFFORT_WIDTH, ", %.*f × %s", times < EFFORT_TIMES, times,
			field_text(effort, "twin")) -
		(int)strlen("×") + 1;
	if (isatty(STDOUT_FILENO) && used + width > (int)terminal_width(STDOUT_FILENO))
		return "";
	return text;
}

/* Print the sentence; one line per actor of a standstill, or per step of a cause. */
static void message_print(const struct result *result)
{
	static const char between[] = "; ";
	char *message = text_tame(format("%s", result->message)), *at = message, *end;
	bool parts = json_object_size(result_part(result, "waits")) ||
		     json_array_size(result_part(result, "trace"));

	while (parts && (end = strstr(at, between))) {
		printf("        %.*s\n", (int)(end - at), at);
		at = end + strlen(between);
	}
	printf("        %s\n", at);
	free(message);
}

void screen_case(const struct result *result, enum screen_depth depth, const char *db)
{
	char name[2 * PLAN_NAME_MAX], count[24], effort[EFFORT_WIDTH];
	const char *color = colors[result->outcome];
	bool bad = outcome_alarms(result->outcome);
	bool full = depth != SCREEN_LINE;
	int used = screen.outcome_width;

	screen_clear();
	snprintf(name, sizeof name, "%s/%s", result->plan.scenario, result->plan.variant);
	if (terminal_colored(STDOUT_FILENO))
		printf("\033[%sm%-*s\033[0m", color, screen.outcome_width,
			outcome_name(result->outcome));
	else
		printf("%-*s", screen.outcome_width, outcome_name(result->outcome));
	used += printf(" %-*s %-*s ", NAME_WIDTH, name, ENGINE_WIDTH, result->plan.engine);
	if (result->outcome == OUTCOME_SKIPPED) {
		char *message = text_tame(format("%s", result->message));

		printf("%s\n", message);
		free(message);
	} else {
		used += printf("%s%s%s in %.1f s",
			result->verdict ? kind_name(result->verdict) : "",
			result->verdict ? ", " : "", count_text(result->executions, count),
			result->seconds);
		printf("%s\n", effort_text(result, used, effort));
	}
	if (result->outcome != OUTCOME_SKIPPED && (bad || full) && *result->message)
		message_print(result);
	if (bad || full)
		lanes_print(result, depth == SCREEN_WHOLE ? 0 : LANES_MOST, depth == SCREEN_WHOLE);
	if (bad || (full && result->verdict)) {
		if (bad && result->expected)
			printf("        expected: %s\n",
				kind_names(result->expected, name, sizeof name));
		if (*result->token)
			printf("        replay: %s replay %s\n", program_invocation_name,
				result->token);
		else if (result->plan.commands && result->verdict)
			printf("        replay: none, because a token cannot hold libfiu's "
			       "commands\n");
		if (db)
			printf("        report: %s report --db %s\n", program_invocation_name, db);
	}
	fflush(stdout);
}

static bool bar_wanted(void)
{
	if (strcmp(common_options.progress, "auto") == 0)
		return isatty(STDERR_FILENO);
	return strcmp(common_options.progress, "bar") == 0;
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

void screen_progress(unsigned done, unsigned all, double left, const struct supervised *now)
{
	char line[256], count[24], eta[32];
	uint64_t time = clock_ns();

	if (strcmp(common_options.progress, "never") == 0)
		return;
	snprintf(line, sizeof line, "[%u/%u%s] %s/%s %s %.1f s, %s executions", done, all,
		left_text(left, eta), now->subject->scenario, now->subject->name, now->engine,
		now->seconds, count_text(now->executions, count));
	if (bar_wanted()) {
		unsigned width = terminal_width(STDERR_FILENO) - 1;

		fprintf(stderr, "\r\033[K%.*s", (int)width, line);
		screen.bar_shown = true;
	} else if (time - screen.plain_ns > PLAIN_S * 1000000000ull) {
		if (screen.plain_ns)
			fprintf(stderr, "snarl: %s\n", line);
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

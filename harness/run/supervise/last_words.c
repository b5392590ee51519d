/* last_words.c - what a dead case leaves. */
#define _GNU_SOURCE
#include "last_words.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "collector.h"
#include "cpus.h"
#include "event.h"
#include "exit.h"
#include "field.h"
#include "kind.h"
#include "ulimits.h"
#include "text.h"

enum {
	OUTPUT_READ_MAX = 64 << 10, /* of what a child printed: its end */
	OUTPUT_KEPT_MAX = 4 << 10,
	LAST_LINE_MAX = 200,
};

/*
 * Remove ThreadSanitizer's text from the output: its reports came as events, with names that the
 * text lacks. A report stands between two lines of '='.
 */
static void output_cut_reports(char *text)
{
	static const char fence[] = "==================\n", last[] = "ThreadSanitizer: reported ";
	char *report, *end;

	while ((report = strstr(text, fence)) && (end = strstr(report + strlen(fence), fence))) {
		end += strlen(fence);
		memmove(report, end, strlen(end) + 1);
	}
	report = strstr(text, last);
	if (report && (end = strchr(report, '\n')))
		memmove(report, end + 1, strlen(end + 1) + 1);
}

void output_keep(struct child *child)
{
	struct result *result = &child->collector.result;
	off_t size = lseek(child->output, 0, SEEK_END);
	off_t from = size > OUTPUT_READ_MAX ? size - OUTPUT_READ_MAX : 0;
	char *text = calloc(1, OUTPUT_READ_MAX + 1);
	size_t length;

	if (!text || pread(child->output, text, OUTPUT_READ_MAX, from) < 0) {
		free(text);
		return;
	}
	if (json_array_size(result_part(result, "races")))
		output_cut_reports(text);
	length = strlen(text);
	result_put(result, "output",
		event_text(text + (length > OUTPUT_KEPT_MAX ? length - OUTPUT_KEPT_MAX : 0)));
	free(text);
}

/* A case with no other bug has one if it wrote to the descriptor of its events. */
static void foreign_judge(struct collector *collector)
{
	if (!collector->foreign_bytes || collector->result.verdict || collector->result.oracle)
		return;
	collector->result.verdict = SNARL_CRASH;
	collector_say(collector,
		format("the case wrote %llu bytes to a descriptor that is not its own: that of its "
		       "events",
			(unsigned long long)collector->foreign_bytes));
}

/* What a limit of the environment forbade, which is no fault of the case; NULL: nothing. */
static char *forbidden(const struct child *child)
{
	int signal = WIFSIGNALED(child->status) ? WTERMSIG(child->status) : 0;
	double seconds = (double)(clock_ns() - child->began_ns) * 1e-9;

	if (signal == SIGXFSZ && limit_of(RLIMIT_FSIZE) < OUTPUT_BYTES_MAX)
		return format("the case could not write a file%s", limits_for(EFBIG));
	/* It has had at most all CPUs since its start. */
	if ((signal == SIGXCPU || (signal == SIGKILL && !child->killed_ns)) &&
		seconds * cpu_count() >= (double)limit_of(RLIMIT_CPU))
		return format("the case had no time left%s", limits_for(ETIME));
	if (!child->collector.at && *limits_for(ENOMEM))
		return format("the case could not start%s", limits_for(ENOMEM));
	return NULL;
}

/* Why ThreadSanitizer itself ended the case; NULL: it did not. */
static const char *detector_gave_up(const char *output)
{
	static const char *const marks[] = {"ThreadSanitizer: CHECK failed: ",
		"ERROR: ThreadSanitizer: ", "ERROR: ThreadSanitizer "};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *mark = strstr(output, marks[i]);

		if (mark)
			return mark + strlen(marks[i]);
	}
	return NULL;
}

/* A process that ended without its last event. */
static void crash_judge(struct child *child)
{
	struct result *result = &child->collector.result;
	const char *gave_up = detector_gave_up(field_text(result->detail, "output"));
	char *why_not;
	int status = child->status;
	/* NULL for those that only have a number */
	const char *signal_name = WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : NULL;

	why_not = forbidden(child);
	if (why_not) {
		result->failed_to_run = true;
		collector_say(&child->collector, why_not);
		return;
	}
	result->verdict = SNARL_CRASH;
	result->executions = collector_executions(&child->collector);
	result->seconds = (double)(clock_ns() - child->began_ns) * 1e-9;
	if (child->collector.crashed)
		return; /* it said why itself */
	if (child->abandoned)
		collector_say(&child->collector,
			format("the case's parent process was killed, and the case with it: does "
			       "it kill its parent?"));
	else if (child->killed_ns)
		collector_say(&child->collector,
			format("the events ended while the case was still running: did it "
			       "close descriptors that are not its own?"));
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
		collector_say(&child->collector, format("the case was aborted (SIGABRT)"));
	else if (WIFSIGNALED(status))
		collector_say(&child->collector,
			format("the case was killed by %s%s", signal_name ? "SIG" : "",
				signal_name ? signal_name : strsignal(WTERMSIG(status))));
	else if (WEXITSTATUS(status) == EXIT_NOT_STARTED && !child->collector.at) {
		result->verdict = SNARL_NO_BUG;
		result->failed_to_run = true;
		collector_say(&child->collector,
			format("the program of the case could not be started: rebuild with make"));
	} else if (gave_up)
		collector_say(&child->collector,
			format("ThreadSanitizer cannot handle what the scenario did: %.*s",
				(int)strcspn(gave_up, "\n"), gave_up));
	else if (WEXITSTATUS(status) == EXIT_EVENTS_LOST)
		collector_say(&child->collector,
			format("the case could not write its events: does an actor close "
			       "descriptors that are not its own?"));
	else
		collector_say(&child->collector,
			format("the case exited with %d before it had finished: does an actor call "
			       "exit or exec?",
				WEXITSTATUS(status)));
}

/* Add the last line that it printed, without the program's name: it may say why it crashed. */
static void last_line_say(struct child *child)
{
	struct result *result = &child->collector.result;
	char *text = format("%s", field_text(result->detail, "output")), *line;
	size_t length = strlen(text), name = strlen(result->plan.variant);

	while (length && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	if (strncmp(line, result->plan.variant, name) == 0 && strncmp(line + name, ": ", 2) == 0)
		line += name + strlen(": ");
	line = text_cut(line, LAST_LINE_MAX);
	/* The program's own, or the C library's: an assertion that ends the process. */
	if (strstr(line, "Assertion `") && strstr(line, "' failed")) {
		result->verdict = SNARL_ASSERTION;
		result->oracle |= SNARL_CRASH;
	}
	if (*line)
		collector_say(&child->collector, format("%s: %s", result->message, line));
	free(text);
}

void death_judge(struct child *child)
{
	struct collector *collector = &child->collector;
	const struct result *result = &collector->result;

	if (result->failed_to_run || result->skipped || result->verdict & KINDS_OF_STANDSTILL)
		return;
	if (collector->ended) {
		foreign_judge(collector);
		/* an actor that is a process of its own, or in explore, does not end the case */
		if (result->verdict == SNARL_CRASH && strstr(result->message, "(SIGABRT)"))
			last_line_say(child);
	} else {
		crash_judge(child);
		if (result->verdict == SNARL_CRASH && !child->killed_ns)
			last_line_say(child);
	}
}

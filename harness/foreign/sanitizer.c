/* sanitizer.c - reads ThreadSanitizer's reports from its text. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foreign.h"

static const char WARNING[] = "WARNING: ThreadSanitizer: ";

static bool starts(const char *line, const char *start)
{
	return strncmp(line, start, strlen(start)) == 0;
}

/* "WARNING: ThreadSanitizer: data race (pid=5549)" */
static void title_read(struct foreign_report *report, const char *title)
{
	const char *end = strstr(title, " (pid=");
	char description[128];

	snprintf(description, sizeof description, "%.*s",
		end ? (int)(end - title) : (int)strlen(title), title);
	report_begin(report, description);
}

/* "  Previous atomic write of size 4 at 0x555555558080 by thread T1 (mutexes: write M1):" */
static bool access_read(struct foreign_report *report, const char *line)
{
	const char *size = strstr(line, " of size "), *at = strstr(line, " at 0x");
	const char *by = strstr(line, " by ");
	char actor[64];

	if (!size || !at || !by || !starts(line, "  ") || line[2] == ' ')
		return false;
	by += strlen(" by ");
	snprintf(actor, sizeof actor, "%.*s", (int)strcspn(by, ":("), by);
	actor[strcspn(actor, ":(")] = '\0';
	if (*actor && actor[strlen(actor) - 1] == ' ')
		actor[strlen(actor) - 1] = '\0';
	report_access(report, actor, strstr(line, "rite of size"), strstr(line, "tomic "),
		(unsigned)atoi(size + strlen(" of size ")),
		strtoull(at + strlen(" at "), NULL, 16));
	return true;
}

/* "    #0 produce /path/t.c:5 (tt+0x11e8)", or with a build ID behind that */
static void frame_read(struct foreign_report *report, const char *frame)
{
	const char *name = strrchr(report->program, '/'), *module = strstr(frame, "+0x");
	const char *begin = module;
	char function[256];
	bool own;

	frame += strspn(frame, "#0123456789");
	frame += strspn(frame, " ");
	snprintf(function, sizeof function, "%.*s", (int)strcspn(frame, " "), frame);
	while (begin && begin > frame && begin[-1] != '(' && begin[-1] != '/')
		begin--;
	name = name ? name + 1 : report->program;
	own = module && (size_t)(module - begin) == strlen(name) &&
	      strncmp(begin, name, strlen(name)) == 0;
	report_frame(report, own, module ? strtoull(module + 1, NULL, 16) : 0, function);
}

/* "  Thread T2 'bob' (tid=5552, running) created by main thread at:": T2 has this name. */
static void thread_read(struct foreign_report *report, const char *line)
{
	char number[32], name[32], thread[48];
	json_t *access;
	size_t i;

	report->stack = NULL;
	if (sscanf(line, "  Thread %31s '%31[^']'", number, name) != 2)
		return;
	snprintf(thread, sizeof thread, "thread %s", number);
	json_array_foreach(json_object_get(report->race, "accesses"), i, access) {
		if (strcmp(json_string_value(json_object_get(access, "actor")), thread) == 0)
			json_object_set_new(access, "actor", json_string(name));
	}
}

void sanitizer_line(struct foreign_report *report, const char *line)
{
	if (starts(line, WARNING))
		title_read(report, line + strlen(WARNING));
	else if (!report->race)
		return;
	else if (starts(line, "SUMMARY: "))
		report_end(report);
	else if (starts(line, "    #"))
		frame_read(report, line + 4);
	else if (starts(line, "  Thread "))
		thread_read(report, line);
	else if (starts(line, "  Mutex ") && strstr(line, " acquired here "))
		report_stack(report);
	else if (!access_read(report, line))
		report->stack = NULL;
}

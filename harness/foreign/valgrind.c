/*
 * valgrind.c - reads helgrind's and DRD's reports from their XML, an element per line, as valgrind
 * writes it (docs/internals/xml-output-protocol4.txt).
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foreign.h"

/* The kinds of errors that are of interest, as descriptions. Others say nothing of an order. */
static const struct {
	const char *kind, *description;
} kinds[] = {
	{"Race", "data race"},
	{"ConflictingAccess", "data race"},
	{"LockOrder", "lock-order inversion"},
	{"UnlockUnlocked", "unlock of a lock that is not locked"},
	{"UnlockForeign", "unlock of a lock that another thread locked"},
};

/* The content of <NAME>...</NAME> on a line, into `content`; false: it is another line. */
static bool element(const char *line, const char *name, char *content, size_t size)
{
	size_t length = strlen(name);
	const char *end;

	line += strspn(line, " ");
	if (*line != '<' || strncmp(line + 1, name, length) != 0 || line[1 + length] != '>')
		return false;
	line += length + 2;
	end = strstr(line, "</");
	snprintf(content, size, "%.*s", end ? (int)(end - line) : 0, line);
	return true;
}

static bool is_tag(const char *line, const char *tag)
{
	return strcmp(line + strspn(line, " "), tag) == 0;
}

static void kind_read(struct foreign_report *report, const char *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			report_begin(report, kinds[i].description);
}

/*
 * "Possible data race during read of size 4 at 0x10C060 by thread #3"
 * "This conflicts with a previous write of size 4 by thread #2"
 * "Conflicting load by thread 3 at 0x0010c060 size 4"
 */
static void sentence_read(struct foreign_report *report, const char *text)
{
	const char *size = strstr(text, "size "), *at = strstr(text, " at 0x");
	const char *thread = strstr(text, "by thread ");
	bool write = strstr(text, " write ") || strstr(text, " store ");
	char actor[32];

	if (!size || !thread) {
		report->stack = NULL;
		return;
	}
	thread += strlen("by thread ");
	snprintf(actor, sizeof actor, "thread %d", atoi(thread + (*thread == '#')));
	report_access(report, actor, write, false, (unsigned)atoi(size + strlen("size ")),
		at ? strtoull(at + strlen(" at "), NULL, 16) : 0);
}

static void frame_read(struct foreign_report *report, const char *function)
{
	uintptr_t ip = strtoull(report->ip, NULL, 16);

	report_frame(report, strcmp(report->object, report->program) == 0, ip - report->page->base,
		function);
}

void valgrind_line(struct foreign_report *report, const char *line)
{
	char text[512];

	if (element(line, "kind", text, sizeof text))
		kind_read(report, text);
	else if (!report->race)
		return;
	else if (element(line, "what", text, sizeof text) ||
		 element(line, "text", text, sizeof text))
		sentence_read(report, text);
	else if (is_tag(line, "<stack>") && !report->stack)
		report_stack(report);
	else if (is_tag(line, "<frame>"))
		*report->ip = *report->object = '\0';
	else if (element(line, "ip", report->ip, sizeof report->ip) ||
		 element(line, "obj", report->object, sizeof report->object))
		return;
	else if (element(line, "fn", text, sizeof text))
		frame_read(report, text);
	else if (is_tag(line, "</stack>"))
		report->stack = NULL;
	else if (is_tag(line, "</error>"))
		report_end(report);
}

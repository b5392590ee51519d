/* foreign_report.c - a tool's report as an event "race". */
#include <stdlib.h>
#include <string.h>

#include "foreign.h"

void report_begin(struct foreign_report *report, const char *description)
{
	json_decref(report->race);
	report->race = json_pack("{s:s, s:I, s:[], s:[], s:[]}", "description", description,
		"execution", (json_int_t)report->page->executions, "accesses", "locks", "stacks");
	report->stack = NULL;
	report->seen = false;
}

/* Where an address is: in the actors' state, in the program, or not known. */
static json_t *place_of(const struct foreign_page *page, uintptr_t address)
{
	if (address >= page->state && address < page->state + page->state_size)
		return json_pack("{s:I}", "state_offset", (json_int_t)(address - page->state));
	if (address >= page->base && address < page->end)
		return json_pack("{s:I}", "program_offset", (json_int_t)(address - page->base));
	return json_null();
}

void report_access(struct foreign_report *report, const char *actor, bool write, bool atomic,
	unsigned size, uintptr_t address)
{
	if (!report->race)
		return;
	report->stack = json_array();
	json_array_append_new(json_object_get(report->race, "accesses"),
		json_pack("{s:s, s:b, s:b, s:i, s:o, s:o}", "actor", actor, "write", write,
			"atomic", atomic, "size", (int)size, "place",
			place_of(report->page, address), "stack", report->stack));
}

void report_stack(struct foreign_report *report)
{
	if (!report->race)
		return;
	report->stack = json_array();
	json_array_append_new(json_object_get(report->race, "stacks"), report->stack);
}

void report_frame(struct foreign_report *report, bool own, uintptr_t offset, const char *function)
{
	size_t count = json_array_size(report->stack);
	json_int_t address = (json_int_t)offset + 1; /* tools have the instruction before it */

	if (!report->stack)
		return;
	report->seen |= report->function && strcmp(report->function, function) == 0;
	/* The frames of inlined functions have one address, to which snarl finds all names. */
	if (own && count && json_integer_value(json_array_get(report->stack, count - 1)) == address)
		return;
	if (own)
		json_array_append_new(report->stack, json_integer(address));
	else if (*function)
		json_array_append_new(report->stack, json_string(function));
}

void report_end(struct foreign_report *report)
{
	json_t *race = report->race;

	report->race = report->stack = NULL;
	if (race && (json_array_size(json_object_get(race, "accesses")) ||
			    json_array_size(json_object_get(race, "stacks"))))
		report->emit(report->context, race);
	else
		json_decref(race);
}

/*
 * collector_fuzz.c - no bytes on the event stream break the parent, or the judgement of its result.
 */
#include <string.h>

#include "collector.h"
#include "judge.h"

const struct snarl_scenario scenario = {0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct plan plan = {.engine = "tsan"};
	const struct declaration declared = {.bug = SNARL_LOST_UPDATE, .race_in = "f"};
	const struct subject subject = {.scenario = "s",
		.name = "v",
		.declaration = &declared,
		.json = json_loads("{\"expect\":{\"tsan\":{\"bug\":\"data-race\"}}}", 0, NULL)};
	const struct catalog catalog = {
		.build = "/nonexistent", .root = "/nonexistent", .folder = "scenarios"};
	struct collector collector;

	collector_begin(&collector, &subject, &plan, "");
	while (size) {
		size_t capacity, part;
		char *into = collector_space(&collector, &capacity);

		part = size < capacity ? size : capacity;
		memcpy(into, data, part);
		collector_took(&collector, part);
		data += part;
		size -= part;
	}
	collector_symbolise(&collector, &catalog);
	judge(&collector.result, &subject);
	result_free(&collector.result);
	collector_end(&collector);
	json_decref(subject.json);
	return 0;
}

/* gather_fuzz.c - no bytes on the event stream break the parent, nor a judgement of what came. */
#include <stdlib.h>
#include <string.h>

#include "gather.h"
#include "judge.h"

const struct snarl_scenario scenario = {0};

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The events are held against their table, too. */
int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	return setenv("SNARL_STRICT_EVENTS", "1", 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct plan plan = {.engine = "tsan"};
	const struct variant variant = {.scenario = "s",
		.name = "v",
		.bug = SNARL_LOST_UPDATE,
		.race_in = "f",
		.json = json_loads("{\"expect\":{\"tsan\":{\"bug\":\"data-race\"}}}", 0, NULL)};
	const struct catalog catalog = {
		.build = "/nonexistent", .root = "/nonexistent", .folder = "scenarios"};
	struct gather gather;

	gather_begin(&gather, &variant, &plan);
	while (size) {
		size_t room, part;
		char *into = gather_room(&gather, &room);

		part = size < room ? size : room;
		memcpy(into, data, part);
		gather_took(&gather, part);
		data += part;
		size -= part;
	}
	gather_symbolise(&gather, &catalog);
	judge(&gather.result, &variant);
	result_free(&gather.result);
	gather_end(&gather);
	json_decref(variant.json);
	return 0;
}

/* subject_fuzz.c - whatever a line of the catalogue says, it is refused or can be used. */
#include <stdlib.h>

#include "subject.h"

const struct snarl_scenario scenario = {0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *line = json_loadb((const char *)data, size, 0, NULL);
	struct subject subject;

	if (subject_read(&subject, line, true)) {
		subject_is_correct(&subject);
		subject_expectation(&subject, "tsan");
		subject_matches(&subject, "counter/unsynchronised");
	}
	free((void *)subject.declaration);
	json_decref(line);
	return 0;
}

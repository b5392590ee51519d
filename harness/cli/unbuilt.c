/* unbuilt.c - the variants that are not there, as harness/catalog.sh names them. */
#define _GNU_SOURCE
#include "unbuilt.h"

#include "named.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Read "FOLDER/SCENARIO/VARIANT.c:1: WHY"; the texts of the subject are to be freed. */
static bool line_read(const char *line, const char *folder, struct subject *subject)
{
	size_t length = strlen(folder);
	char *scenario, *name;

	if (strncmp(line, folder, length) != 0 || line[length] != '/' ||
		sscanf(line + length + 1, "%m[^/]/%m[^.:].c:", &scenario, &name) != 2)
		return false;
	*subject = (struct subject){.scenario = scenario, .name = name};
	return true;
}

static bool is_chosen(const char *line, const struct catalog *catalog,
	const struct string_list *names, const struct string_list *globs)
{
	struct subject subject;
	bool chosen;

	if (!line_read(line, catalog->folder, &subject))
		return names->count == 0;
	chosen = subject_named(names, &subject) && subject_has(globs, &subject);
	free((char *)subject.scenario);
	free((char *)subject.name);
	return chosen;
}

char *unbuilt_reasons(const struct catalog *catalog, const struct string_list *names,
	const struct string_list *globs)
{
	char *path = format("%s/catalog.jsonl.failed", catalog->build), *line = NULL;
	FILE *file = catalog->corpus ? fopen(path, "r") : NULL;
	char *reasons = NULL;
	size_t room = 0;

	while (file && getline(&line, &room, file) > 0) {
		char *longer;

		line[strcspn(line, "\n")] = '\0';
		if (!is_chosen(line, catalog, names, globs))
			continue;
		longer = format(
			"%s%s%s", reasons ? reasons : "", reasons ? "\n" : "", text_tame(line));
		free(reasons);
		reasons = longer;
	}
	if (file)
		fclose(file);
	free(line);
	free(path);
	return reasons;
}

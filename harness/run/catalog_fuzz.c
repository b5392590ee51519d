/* catalog_fuzz.c - whatever a catalogue's file says, it is refused or can be used. */
#include "catalog.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "text.h"

const struct snarl_scenario scenario = {0};

static char folder[] = "/tmp/snarl_fuzz.XXXXXX";
static char *path;
static jmp_buf refused;

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);
void __wrap_die(int code, const char *text, ...) __attribute__((noreturn));

/* What is refused would end the program, and leaves its memory behind. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

void __wrap_die(int code, const char *text, ...)
{
	(void)text;
	longjmp(refused, code);
}

static void folder_remove(void)
{
	unlink(path);
	rmdir(folder);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	if (!mkdtemp(folder) || setenv("SNARL_BUILD", folder, 1) != 0)
		abort();
	path = format("%s/catalog.jsonl", folder);
	return atexit(folder_remove);
}

static void catalog_use(const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++) {
		const struct subject *subject = &catalog->subjects[i];

		catalog_find(catalog, subject->scenario, subject->name);
		for (const char **engine = catalog->engines; *engine; engine++) {
			engine_traits(catalog, *engine);
			case_exists(catalog, subject, *engine);
			subject_expectation(subject, *engine);
		}
		free(source_path(catalog, subject->scenario, "common.h"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file)
		abort();
	fwrite(data, 1, size, file);
	fclose(file);
	if (setjmp(refused) == 0)
		catalog_use(catalog_load());
	return 0;
}

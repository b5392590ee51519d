/*
 * catalog_fuzz.c - whatever a catalogue's file says, it is refused or can be used.
 *
 * An input is the file, or, if its first byte is odd, changes of a good one, three bytes each:
 * where (two bytes), and the new byte.
 */
#define _GNU_SOURCE
#include "catalog.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

enum { OWN_FILES = 16 /* descriptors of the fuzzer itself are below */ };

static const char good[] =
	"{\"root\":\"/r\",\"folder\":\"s\",\"engines\":[{\"name\":\"tsan\",\"witness\":\"tsan\","
	"\"order\":\"none\",\"shares_cores\":false}]}\n"
	"{\"v\":1,\"type\":\"variant\",\"scenario\":\"a\",\"variant\":\"b\",\"summary\":\"c\","
	"\"refs\":\"d\",\"state_size\":4,\"ledger_items\":0,\"isolation\":\"threads\",\"actors\":["
	"\"x\","
	"\"y\"],\"points\":[{\"name\":\"p/q\",\"file\":\"f.c\",\"line\":27}],\"observe\":[\"z\"],"
	"\"inject\":[],\"expect\":{\"bug\":\"lost-update\",\"race_in\":\"p\",\"cycle\":null,"
	"\"stress\":{\"detection\":\"must\",\"bug\":\"lost-update\",\"why\":null},"
	"\"tsan\":{\"detection\":\"must\",\"bug\":\"data-race\",\"why\":null},"
	"\"explore\":{\"detection\":\"must\",\"bug\":\"data-race|lost-update\",\"why\":null}}}\n";

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
		free(source_path(catalog, subject, "common.h"));
	}
}

static void file_write(const void *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(bytes, 1, size, file) != size)
		abort();
	fclose(file);
}

static void changed_write(const uint8_t *data, size_t size)
{
	char changed[sizeof good];

	memcpy(changed, good, sizeof good);
	for (; size >= 3; data += 3, size -= 3)
		changed[(size_t)(data[0] << 8 | data[1]) % (sizeof good - 1)] = (char)data[2];
	file_write(changed, sizeof good - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size && *data % 2)
		changed_write(data + 1, size - 1);
	else
		file_write(data, size);
	if (setjmp(refused) == 0)
		catalog_use(catalog_load(NULL));
	else
		close_range(OWN_FILES, ~0u, 0);
	return 0;
}

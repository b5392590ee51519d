/*
 * environment.c - the environment, as glibc keeps it: an array of pointers to "NAME=value", which
 * setenv moves when it grows. Setters exclude each other; getenv takes no lock, so that a reader
 * meets an array that is changed, or freed, under it.
 *
 * Each execution begins with the environment of the case. The C library's own lookups, of TZ say,
 * find that one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access.h"
#include "heap.h"
#include "libc_string.h"
#include "object.h"

char *snarl_model_getenv(const char *name);
char *snarl_model_secure_getenv(const char *name);
int snarl_model_setenv(const char *name, const char *value, int overwrite);
int snarl_model_unsetenv(const char *name);
int snarl_model_putenv(char *text);
int snarl_model_clearenv(void);

static struct environment {
	uint32_t execution;
	char **variables; /* NULL after the last */
	bool ours;	  /* the array is a block of the heap */
} environment;
static pthread_mutex_t setters = PTHREAD_MUTEX_INITIALIZER;

static struct environment *environment_here(void)
{
	if (environment.execution != scheduler.execution)
		environment = (struct environment){scheduler.execution, environ, false};
	return &environment;
}

static char *slot_read(char **slot, const void *pc, const void *sp)
{
	access_make(slot, sizeof *slot, LOCATION_READ, pc, sp);
	return *slot;
}

static void slot_write(char **slot, char *text, const void *pc, const void *sp)
{
	access_make(slot, sizeof *slot, LOCATION_WRITE, pc, sp);
	*slot = text;
}

static char **variables_read(const void *pc, const void *sp)
{
	struct environment *here = environment_here();

	access_make(&here->variables, sizeof here->variables, LOCATION_READ, pc, sp);
	return here->variables;
}

static bool is_named(const char *variable, const char *name, size_t length)
{
	return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

/* The variable's slot, or the NULL after the last one. */
static char **slot_find(const char *name, size_t length, const void *pc, const void *sp)
{
	char **slot = variables_read(pc, sp), *variable;

	while (slot && (variable = slot_read(slot, pc, sp)) && !is_named(variable, name, length))
		slot++;
	return slot;
}

static char *lookup(const char *name, const void *pc, const void *sp)
{
	size_t length = text_read(name, SIZE_MAX, pc, sp);
	char **slot = slot_find(name, length, pc, sp);

	return slot && *slot ? *slot + length + 1 : NULL;
}

char *snarl_model_getenv(const char *name)
{
	return lookup(name, MODEL_PC, MODEL_SP);
}

char *snarl_model_secure_getenv(const char *name)
{
	return lookup(name, MODEL_PC, MODEL_SP);
}

/* A block that belongs to the C library: that it stays is no leak of the program's. */
static void *block_get(size_t size)
{
	void *block = heap_get(size, 0);

	if (block)
		heap_keep(block);
	return block;
}

/* Move the variables to an array with room for `more`. The old one is freed if it was ours. */
static int array_move(size_t more, const void *pc, const void *sp)
{
	struct environment *here = environment_here();
	char **before = here->variables, **after;
	size_t count = 0;

	while (before && before[count])
		count++;
	after = block_get((count + more + 1) * sizeof *after);
	if (!after) {
		errno = ENOMEM;
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		after[i] = before[i];
	for (size_t i = count; i <= count + more; i++)
		after[i] = NULL;
	if (here->ours)
		heap_put(before, pc);
	access_make(&here->variables, sizeof here->variables, LOCATION_WRITE, pc, sp);
	here->variables = after;
	here->ours = true;
	return 0;
}

/* `text`: "NAME=value", which stays the caller's or the library's. */
static int variable_put(char *text, size_t length, bool overwrite, const void *pc, const void *sp)
{
	char **slot = slot_find(text, length, pc, sp);
	size_t at;

	if (slot && *slot && !overwrite)
		return 0;
	at = slot ? (size_t)(slot - environment_here()->variables) : 0;
	if ((!environment_here()->ours || !slot || !*slot) && array_move(1, pc, sp) != 0)
		return -1;
	slot_write(&environment_here()->variables[at], text, pc, sp);
	return 0;
}

int snarl_model_setenv(const char *name, const char *value, int overwrite)
{
	const void *pc = MODEL_PC, *sp = MODEL_SP;
	size_t length, bytes;
	char *text;
	int answer;

	if (!name || !*name || strchr(name, '=')) {
		errno = EINVAL;
		return -1;
	}
	length = text_read(name, SIZE_MAX, pc, sp);
	bytes = text_read(value, SIZE_MAX, pc, sp) + 1;
	text = block_get(length + 1 + bytes);
	if (!text) {
		errno = ENOMEM;
		return -1;
	}
	memcpy(text, name, length);
	text[length] = '=';
	memcpy(text + length + 1, value, bytes);
	mutex_lock(&setters, NULL, "setenv", pc);
	answer = variable_put(text, length, overwrite, pc, sp);
	mutex_unlock(&setters, "setenv", pc);
	return answer;
}

static void variable_remove(const char *name, const void *pc, const void *sp)
{
	size_t length = strlen(name), at;
	char **slot = slot_find(name, length, pc, sp);

	if (!slot || !*slot)
		return;
	at = (size_t)(slot - environment_here()->variables);
	if (!environment_here()->ours && array_move(0, pc, sp) != 0)
		return;
	for (slot = &environment_here()->variables[at]; *slot; slot++)
		slot_write(slot, slot[1], pc, sp);
}

int snarl_model_unsetenv(const char *name)
{
	const void *pc = MODEL_PC, *sp = MODEL_SP;

	if (!name || !*name || strchr(name, '=')) {
		errno = EINVAL;
		return -1;
	}
	mutex_lock(&setters, NULL, "unsetenv", pc);
	variable_remove(name, pc, sp);
	mutex_unlock(&setters, "unsetenv", pc);
	return 0;
}

int snarl_model_putenv(char *text)
{
	const void *pc = MODEL_PC, *sp = MODEL_SP;
	const char *end = strchr(text, '=');
	int answer = 0;

	mutex_lock(&setters, NULL, "putenv", pc);
	if (end)
		answer = variable_put(text, (size_t)(end - text), true, pc, sp);
	else
		variable_remove(text, pc, sp);
	mutex_unlock(&setters, "putenv", pc);
	return answer;
}

int snarl_model_clearenv(void)
{
	struct environment *here = environment_here();
	const void *pc = MODEL_PC, *sp = MODEL_SP;

	mutex_lock(&setters, NULL, "clearenv", pc);
	if (here->ours)
		heap_put(here->variables, pc);
	access_make(&here->variables, sizeof here->variables, LOCATION_WRITE, pc, sp);
	here->variables = NULL;
	here->ours = false;
	mutex_unlock(&setters, "clearenv", pc);
	return 0;
}

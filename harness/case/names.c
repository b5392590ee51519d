/* names.c - the names of the objects that a case makes in the system. */
#define _GNU_SOURCE
#include "names.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include "event.h"
#include "leftovers.h"
#include "snarl.h"

enum {
	NAMES_MAX = 16, /* per case */
	LOCK_FROM = 100,
	FOLDER_MAX = 48, /* bytes: the path of a socket has to fit into 108 */
};

/*
 * Words that have a name, in memory that all processes of the case share. Each becomes ready once
 * per case, in most scenarios before any actor runs, so it orders nothing that an actor does later.
 */
static struct names {
	char id[8]; /* of the case, the same in all names */
	_Atomic uint32_t claimed;
	struct name {
		_Atomic bool ready;
		char what[NAMES_WORD_MAX], name[NAMES_TEXT_MAX], path[NAMES_TEXT_MAX];
	} at[NAMES_MAX];
} * names; /* NULL: no names here */

static char folder[FOLDER_MAX]; /* of this case */

/* False if another process has found it unlocked meanwhile, and removed it. */
static bool folder_lock(void)
{
	int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int high = file < 0 ? -1 : fcntl(file, F_DUPFD_CLOEXEC, LOCK_FROM);
	int locked = high < 0 ? -1 : flock(high, LOCK_EX), error = errno;

	if (file >= 0)
		close(file);
	if (access(folder, F_OK) == 0 && locked == 0)
		return true;
	if (access(folder, F_OK) == 0)
		event_fatal("cannot lock %s, the folder of the case's names: %s", folder,
			strerror(error));
	if (high >= 0)
		close(high);
	return false;
}

const char *names_root(void)
{
	const char *root = getenv("SNARL_FOLDER");

	if (root && strlen(root) <= FOLDER_MAX - sizeof "/" NAMES_FOLDER "XXXXXX")
		return root;
	return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

/*
 * Make a folder for this case, locked for as long as one of its processes lives: a process that
 * finds it unlocked may remove what it names (run/supervise/sweep.c).
 */
static void folder_make(void)
{
	const char *root = names_root();

	do {
		snprintf(folder, sizeof folder, "%s/" NAMES_FOLDER "XXXXXX", root);
		if (!mkdtemp(folder))
			event_fatal("cannot make a folder for the case's names in %s: %s", root,
				strerror(errno));
	} while (!folder_lock());
}

void names_open(void)
{
	folder_make();
	names = mmap(
		NULL, sizeof *names, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (names == MAP_FAILED)
		event_fatal("out of memory for names");
	strcpy(names->id, folder + strlen(folder) - 6);
}

/* Record the name, so that its object can be removed when no process of this case is left. */
static void name_note(const char *what)
{
	char path[NAMES_TEXT_MAX];
	int file;

	snprintf(path, sizeof path, "%s/.%s", folder, what);
	file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (file >= 0)
		close(file);
}

/*
 * Byte by byte, because ThreadSanitizer watches strcpy, strcmp and their like, and sees no order
 * between the actor that claims a name and one that finds it ready.
 */
static void text_copy(volatile char *to, const volatile char *from)
{
	do
		*to++ = *from;
	while (*from++);
}

static bool text_equals(const volatile char *a, const volatile char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* `pc`: the return address of the call that asks. */
static const struct name *name_of(const char *what, const void *pc)
{
	char name_text[NAMES_TEXT_MAX], path[NAMES_TEXT_MAX];
	struct name *name;
	uint32_t count;

	if (!what)
		event_misuse(pc, "a name is made of no word: use 1 to %d characters",
			NAMES_WORD_MAX - 1);
	if (!names)
		event_misuse(pc,
			"no name for '%s': set .isolation = SNARL_PROCESSES in the scenario", what);
	if (strlen(what) >= NAMES_WORD_MAX || !*what || *what == '.' || strchr(what, '/'))
		event_misuse(pc,
			"'%s' cannot be part of a name: use 1 to %d characters, no slash, no "
			"leading dot",
			what, NAMES_WORD_MAX - 1);
	count = atomic_load(&names->claimed);
	for (uint32_t i = 0; i < count && i < NAMES_MAX; i++)
		if (atomic_load(&names->at[i].ready) && text_equals(names->at[i].what, what))
			return &names->at[i];
	count = atomic_fetch_add(&names->claimed, 1);
	if (count >= NAMES_MAX)
		event_misuse(pc, "a case can have at most %d names: use fewer words", NAMES_MAX);
	name = &names->at[count];
	snprintf(name_text, sizeof name_text, "/snarl-%s-%s", names->id, what);
	snprintf(path, sizeof path, "%s/%s", folder, what);
	text_copy(name->what, what);
	text_copy(name->name, name_text);
	text_copy(name->path, path);
	name_note(what);
	atomic_store(&name->ready, true);
	return name;
}

const char *snarl_name(const char *what)
{
	return name_of(what, __builtin_return_address(0))->name;
}

bool names_own(const char *path)
{
	size_t length = strlen(folder);

	return length && strncmp(path, folder, length) == 0 && path[length] == '/';
}

const char *snarl_path(const char *what)
{
	return name_of(what, __builtin_return_address(0))->path;
}

void names_remove(const char *id, const char *what)
{
	char name[NAMES_TEXT_MAX], semaphore[NAMES_TEXT_MAX];

	snprintf(name, sizeof name, "/snarl-%s-%s", id, what);
	snprintf(semaphore, sizeof semaphore, "/dev/shm/sem.%s", name + 1);
	shm_unlink(name);
	mq_unlink(name);
	unlink(semaphore);
}

void names_sweep(void)
{
	for (uint32_t i = 0; names && i < names->claimed && i < NAMES_MAX; i++) {
		if (!names->at[i].ready)
			continue;
		names_remove(names->id, names->at[i].what);
		leftover_remove(AT_FDCWD, names->at[i].path);
	}
}

/* process.c - actors as processes. */
#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "clock.h"
#include "event.h"
#include "mapping.h"
#include "snarl.h"

enum {
	HOST = SNARL_ACTORS_MAX, /* set-up and check */
	NOT_HERE = 0,		 /* a number that this table says nothing of stands for itself */
	CLOSED = -1,
	LOCK_FROM = 100,
	COPIES_FROM = 128, /* low numbers are left to the actors */
	FOLDER_MAX = 48,   /* bytes: the path of a socket has to fit into 108 */
};

bool process_pretended;

/* By actor and number: what it stands for, plus one. Each actor changes its own only. */
static int16_t tables[SNARL_ACTORS_MAX + 1][PROCESS_FILES_MAX];
static bool child;					/* an actor has forked this process */
static bool forked;					/* actors run, or did, in this execution */
static _Thread_local const struct snarl_actor *creator; /* of a thread that an actor created */

/*
 * Words that have a name, in memory that all processes of the case share. Ready once for each word
 * of a case, and in most scenarios before any actor runs: that orders nothing that one does later.
 */
static struct names {
	char id[8]; /* of the case, the same in all names */
	_Atomic uint32_t claimed;
	struct name {
		_Atomic bool ready;
		char what[PROCESS_WORD_MAX], name[PROCESS_NAME_MAX], path[PROCESS_NAME_MAX];
	} at[PROCESS_NAMES_MAX];
} * names; /* NULL: no names here */

static char folder[FOLDER_MAX]; /* of this case */

const struct snarl_actor *process_self(void)
{
	return actor_self ? actor_self : creator;
}

void process_join(const struct snarl_actor *process)
{
	creator = process;
}

static int16_t *table_here(void)
{
	const struct snarl_actor *process = process_self();

	return tables[process ? process->index : HOST];
}

static bool is_kept(int number)
{
	return process_pretended && number >= 0 && number < PROCESS_FILES_MAX;
}

int process_descriptor(int number)
{
	int16_t entry = is_kept(number) ? table_here()[number] : NOT_HERE;

	return entry == NOT_HERE ? number : entry == CLOSED ? -1 : entry - 1;
}

int process_closing(int number)
{
	int descriptor = process_descriptor(number);
	int16_t *table = table_here();

	if (!is_kept(number) || table[number] == NOT_HERE)
		return descriptor;
	table[number] = forked ? CLOSED : NOT_HERE;
	/* Actors know it by this number: nothing else may get it. */
	if (forked && !process_self() && descriptor == number) {
		descriptor = fcntl(number, F_DUPFD_CLOEXEC, COPIES_FROM);
		if (dup2(STDIN_FILENO, number) < 0)
			event_fatal("no descriptor can be kept: %s", strerror(errno));
	}
	return descriptor;
}

bool process_has(int number)
{
	return !is_kept(number) || table_here()[number] == number + 1;
}

void process_became(int number, int descriptor)
{
	if (is_kept(number))
		table_here()[number] = (int16_t)(descriptor + 1);
}

void process_opened(int descriptor)
{
	process_became(descriptor, descriptor);
}

void process_opened_pair(const int ends[2])
{
	process_opened(ends[0]);
	process_opened(ends[1]);
}

/* By dup2: of copies that fcntl makes, ThreadSanitizer does not know what comes through them. */
static int descriptor_copy(int descriptor)
{
	int copy = fcntl(descriptor, F_DUPFD, COPIES_FROM);

	if (copy < 0 || dup2(descriptor, copy) < 0)
		event_fatal("no descriptor can be copied: %s", strerror(errno));
	return copy;
}

void process_fork(unsigned actors)
{
	if (!process_pretended)
		return;
	forked = true;
	for (unsigned a = 0; a < actors; a++)
		for (int n = 0; n < PROCESS_FILES_MAX; n++) {
			int copy = tables[HOST][n] > 0 ? descriptor_copy(tables[HOST][n] - 1) : -1;

			/* What nobody has opened for it, it has not: but for the standard streams.
			 */
			tables[a][n] = copy >= 0	   ? (int16_t)(copy + 1)
				       : n > STDERR_FILENO ? CLOSED
							   : NOT_HERE;
		}
}

void process_forked(void)
{
	int16_t *own = table_here();

	child = true;
	for (unsigned a = 0; process_pretended && a <= HOST; a++)
		for (int n = 0; n < PROCESS_FILES_MAX; n++) {
			if (tables[a] == own || tables[a][n] <= 0)
				continue;
			close(tables[a][n] - 1);
			tables[a][n] = CLOSED;
		}
}

bool process_is_child(void)
{
	return child;
}

void process_end(unsigned actor)
{
	if (!process_pretended)
		return;
	for (int n = 0; n < PROCESS_FILES_MAX; n++) {
		if (tables[actor][n] > 0)
			close(tables[actor][n] - 1);
		else if (tables[actor][n] == CLOSED && actor == HOST)
			close(n); /* what was kept in its place */
		tables[actor][n] = forked ? CLOSED : NOT_HERE;
	}
}

void process_pause(uint32_t us)
{
	if (!actor_self || child || process_pretended || scenario.isolation == SNARL_THREADS) {
		clock_sleep_ns((uint64_t)us * 1000);
		return;
	}
	/* Whoever forked it sees it stop, and has it go on. */
	actor_self->pause_us = us;
	kill(getpid(), SIGSTOP);
}

/* --- names ------------------------------------------------------------------------------------
 */

/* False where somebody has found it unlocked meanwhile, and cleared it away. */
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
		event_fatal("the folder %s of the case's names cannot be locked: %s", folder,
			strerror(error));
	if (high >= 0)
		close(high);
	return false;
}

const char *process_root(void)
{
	const char *root = getenv("SNARL_FOLDER");

	if (root && strlen(root) <= FOLDER_MAX - sizeof "/snarl-case-XXXXXX")
		return root;
	return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

/*
 * A folder for this case, locked for as long as one of its processes lives: whoever finds it
 * unlocked may clear away what it names (run/sweep.c).
 */
static void folder_make(void)
{
	const char *root = process_root();

	do {
		snprintf(folder, sizeof folder, "%s/snarl-case-XXXXXX", root);
		if (!mkdtemp(folder))
			event_fatal("no folder for the names of the case can be made in %s: %s",
				root, strerror(errno));
	} while (!folder_lock());
}

void process_open(bool pretended)
{
	process_pretended = pretended;
	if (!pretended) /* what actors leave behind is to be reaped after each execution */
		prctl(PR_SET_CHILD_SUBREAPER, 1);
	folder_make();
	names = mmap(
		NULL, sizeof *names, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (names == MAP_FAILED)
		event_fatal("out of memory for names");
	strcpy(names->id, folder + strlen(folder) - 6);
}

/* So that what has the name can be removed when nobody of this case is left. */
static void name_note(const char *what)
{
	char path[PROCESS_NAME_MAX];
	int file;

	snprintf(path, sizeof path, "%s/.%s", folder, what);
	file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (file >= 0)
		close(file);
}

/*
 * Byte by byte: ThreadSanitizer watches strcpy, strcmp and their like, and sees no order in who
 * claims a name and who finds it ready.
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

static const struct name *name_of(const char *what)
{
	char name_text[PROCESS_NAME_MAX], path[PROCESS_NAME_MAX];
	struct name *name;
	uint32_t count;

	if (!names)
		event_fatal(
			"a name is asked for '%s': give the scenario .isolation = SNARL_PROCESSES",
			what);
	if (strlen(what) >= PROCESS_WORD_MAX || !*what || *what == '.' || strchr(what, '/'))
		event_fatal("'%s' is no word for a name: at most %d letters, no dot in front, and "
			    "no slash",
			what, PROCESS_WORD_MAX - 1);
	count = atomic_load(&names->claimed);
	for (uint32_t i = 0; i < count && i < PROCESS_NAMES_MAX; i++)
		if (atomic_load(&names->at[i].ready) && text_equals(names->at[i].what, what))
			return &names->at[i];
	count = atomic_fetch_add(&names->claimed, 1);
	if (count >= PROCESS_NAMES_MAX)
		event_fatal("a case has at most %d names", PROCESS_NAMES_MAX);
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
	return name_of(what)->name;
}

const char *snarl_path(const char *what)
{
	return name_of(what)->path;
}

static void name_remove(const struct name *name)
{
	char path[PROCESS_NAME_MAX + sizeof "/dev/shm/sem."];

	shm_unlink(name->name);
	mq_unlink(name->name);
	snprintf(path, sizeof path, "/dev/shm/sem.%s", name->name + 1);
	unlink(path);
	unlink(name->path);
}

void process_sweep(void)
{
	int error = errno;

	for (uint32_t i = 0; names && i < names->claimed && i < PROCESS_NAMES_MAX; i++)
		if (names->at[i].ready)
			name_remove(&names->at[i]);
	while (names && !process_pretended && waitpid(-1, NULL, WNOHANG) > 0)
		;
	forked = false;
	for (unsigned a = 0; a <= HOST; a++)
		process_end(a);
	if (process_pretended)
		mapping_sweep();
	errno = error;
}

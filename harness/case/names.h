/*
 * names.h - the names of the objects that a case makes in the system: shared memory, queues,
 * semaphores, FIFOs, sockets.
 *
 * Its names are unique to the case. Its folder, which stays locked for as long as one of its
 * processes lives, lists them: a process that finds a folder unlocked may remove what it names.
 */
#ifndef SNARL_CASE_NAMES_H
#define SNARL_CASE_NAMES_H

#include <stdbool.h>

#define NAMES_FOLDER "snarl-case-" /* ID follows; in it an empty file ".WORD" for each word */

enum {
	NAMES_WORD_MAX = 24, /* bytes of a word that has a name, with the NUL */
	NAMES_TEXT_MAX = 80, /* of its name */
};

/*
 * Where the folders of cases are: beside the shared memory that they name, so that neither is lost
 * without the other, and in one place for all of a machine's runs. SNARL_FOLDER is for tests.
 */
const char *names_root(void);

/* Prepare for names; before any actor runs. */
void names_open(void);

/* Whether a path lies in the case's own folder, which is empty when the next execution begins. */
bool names_own(const char *path);

/* After an execution, while no actor runs: remove the named objects. */
void names_sweep(void);

/* Remove the objects with the name of a case's word that are outside its folder. */
void names_remove(const char *id, const char *what);

#endif

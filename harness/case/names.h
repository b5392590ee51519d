/*
 * names.h - what a case names in the system: shared memory, queues, semaphores, FIFOs, sockets.
 *
 * Its names are like no other case's, and its folder, which stays locked for as long as one of its
 * processes lives, says which there are: who finds a folder unlocked may clear away what it names.
 */
#ifndef SNARL_CASE_NAMES_H
#define SNARL_CASE_NAMES_H

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

/* Make names possible; before any actor runs. */
void names_open(void);

/* After an execution, alone: remove what has a name. */
void names_sweep(void);

/* Remove what a case's word names outside its folder. */
void names_remove(const char *id, const char *what);

#endif

/*
 * common.h - alice and bob each split a sentence of their own, and put the initial of each word
 * into one list. Each variant says in `split` how words are found.
 */
#ifndef SCENARIOS_HIDDEN_SHARED_STATE_COMMON_H
#define SCENARIOS_HIDDEN_SHARED_STATE_COMMON_H

#include <pthread.h>
#include <string.h>
#include <snarl.h>

enum { WORDS = 3 /* of each sentence */, LETTERS = 2 * WORDS };

struct shared {
	char alices[16], bobs[16]; /* sentences, each used by its actor only */
	pthread_mutex_t lock;
	char found[LETTERS + 1]; /* initials in order of arrival: under lock */
	int count;		 /* of initials: under lock */
};

/* Note the sentence's words, WORDS at most. */
static void split(struct shared *shared, char *sentence);

static void note(struct shared *shared, const char *word)
{
	pthread_mutex_lock(&shared->lock);
	shared->found[shared->count++] = *word;
	pthread_mutex_unlock(&shared->lock);
}

static void alice(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	split(shared, shared->alices);
}

static void bob(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	split(shared, shared->bobs);
}

static void sentences_setup(void *state)
{
	struct shared *shared = state;

	strcpy(shared->alices, "ants bite cats");
	strcpy(shared->bobs, "xenia yawns z");
	pthread_mutex_init(&shared->lock, NULL);
}

static void sentences_teardown(void *state)
{
	struct shared *shared = state;

	pthread_mutex_destroy(&shared->lock);
}

static void every_word_once(void *state)
{
	struct shared *shared = state;

	for (const char *letter = "abcxyz"; *letter; letter++) {
		const char *first = strchr(shared->found, *letter);

		if (!first)
			snarl_fail(SNARL_LOST_ITEM, "the word with '%c' is lost", *letter);
		else if (strchr(first + 1, *letter))
			snarl_fail(
				SNARL_DUPLICATE_ITEM, "the word with '%c' is there twice", *letter);
	}
}

#endif

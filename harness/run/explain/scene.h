/*
 * scene.h - a failure's trace as the search for its culprit needs it; the parts of culprit.c share
 * it.
 */
#ifndef SNARL_RUN_SCENE_H
#define SNARL_RUN_SCENE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "culprit.h"

enum { NOWHERE = -1 };

/* A step. Texts belong to the trace. */
struct moment {
	const json_t *json;
	const char *actor, *op, *variable, *old, *new, *sentence;
	bool reads, writes;
};

struct scene {
	const json_t *detail;
	const char *message;
	unsigned verdict;
	struct moment *at;
	size_t count;
	struct culprit culprit;
};

/* Whether the text has this word, and not only as a part of another one. */
bool has_word(const char *text, const char *word);

/* Whether the message names the variable, or the array or struct that it is a part of. */
bool message_names(const struct scene *scene, const char *variable);

/* Note the culprit; takes both texts. */
void culprit_set(struct scene *scene, size_t step, char *note, char *cause);

/* Note a step that the culprit's note is about; NOWHERE: there is none. */
void culprit_link(struct scene *scene, ssize_t step);

/* By the ledger: an item that was overwritten or lost; one taken twice, too early, torn. */
void puts_find(struct scene *scene);
void takes_find(struct scene *scene);

/* By the loops of a livelock: the step that began them; the longest wait of a starved actor. */
void livelock_find(struct scene *scene);
void starvation_find(struct scene *scene);

/* By values: an access that another actor came between. */
void values_find(struct scene *scene);

#endif

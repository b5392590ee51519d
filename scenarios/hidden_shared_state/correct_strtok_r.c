/*
 * hidden_shared_state/correct_strtok_r: each actor keeps its own place.
 *
 * strtok_r remembers where it stopped in a variable of the caller, so nothing is shared.
 *
 *   alice                                  bob
 *   strtok_r("ants bite cats"): ants
 *                                          strtok_r("xenia yawns z"): xenia
 *   strtok_r(NULL), from her place: bite
 *                                          strtok_r(NULL), from his place: yawns
 */
#include "common.h"

static void split(struct shared *shared, char *sentence)
{
	char *place, *word = strtok_r(sentence, " ", &place);

	for (int i = 0; i < WORDS && word; i++) {
		note(shared, word);
		SNARL_POINT("split/word");
		word = strtok_r(NULL, " ", &place);
	}
}

const struct snarl_scenario scenario = {
	.summary = "two threads split sentences with strtok_r",
	.refs = "CWE-663, CERT CON33-C, TLPI 31.1",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = sentences_setup,
	.check = every_word_once,
	.teardown = sentences_teardown,
	.observe = {"found", "count"},
	.expect = {.bug = SNARL_NO_BUG},
};

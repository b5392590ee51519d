/*
 * hidden_shared_state/strtok_from_two: strtok keeps its place in a variable of the C library.
 *
 * The process has only one such place, so an actor that continues with its sentence continues with
 * the sentence that was begun last. Each sentence belongs to one actor, and the list is under a
 * lock: nothing in the program shows what is shared.
 *
 *   the place      alice                              bob
 *   "bite cats"    strtok("ants bite cats"): ants
 *   "yawns z"                                         strtok("xenia yawns z"): xenia
 *   "z"            strtok(NULL): yawns, a word of bob's
 *   ""                                                strtok(NULL): z; bite and cats are lost
 */
#include "common.h"

static void split(struct shared *shared, char *sentence)
{
	char *word = strtok(sentence, " ");

	for (int i = 0; i < WORDS && word; i++) {
		note(shared, word);
		SNARL_POINT("split/word");
		word = strtok(NULL, " ");
	}
}

const struct snarl_scenario scenario = {
	.summary = "two threads split sentences with strtok, which has a static variable",
	.refs = "CWE-663, CERT CON33-C, TLPI 31.1",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = sentences_setup,
	.check = every_word_once,
	.teardown = sentences_teardown,
	.observe = {"found", "count"},
	.expect = {.bug = SNARL_LOST_ITEM | SNARL_DUPLICATE_ITEM},
};

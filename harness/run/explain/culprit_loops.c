/* culprit_loops.c - the step after which actors only go round, and the wait that lasts too long. */
#define _GNU_SOURCE
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "text.h"

#define WAITED " waited for "

enum { OTHERS_MAX = 4 /* actors whose steps a sentence counts */ };

static const json_t *actors_of(const struct scene *scene)
{
	return field_array(json_object_get(scene->detail, "waits"), "actors");
}

/* --- livelock ------------------------------------------------------------------------------ */

/* The actor's last step with this operation at what it waits for. */
static ssize_t last_at(const struct scene *scene, const json_t *actor, const char *op)
{
	for (size_t i = scene->count; i-- > 0;)
		if (is(scene->at[i].actor, field_text(actor, "actor")) &&
			is(scene->at[i].variable, field_text(actor, "for")) &&
			(op ? is(scene->at[i].op, op) : scene->at[i].reads))
			return (ssize_t)i;
	return NOWHERE;
}

/* The last write of another actor to what this one waits for. */
static ssize_t last_write(const struct scene *scene, const json_t *actor)
{
	for (size_t i = scene->count; i-- > 0;)
		if (scene->at[i].writes && is(scene->at[i].variable, field_text(actor, "for")) &&
			!is(scene->at[i].actor, field_text(actor, "actor")))
			return (ssize_t)i;
	return NOWHERE;
}

/* Link the steps in which the actor took what it holds. */
static void holds_link(struct scene *scene, const json_t *actor)
{
	const json_t *held;
	size_t i;

	json_array_foreach(field_array(actor, "holds"), i, held) {
		for (size_t k = scene->count; k-- > 0;)
			if (is(scene->at[k].actor, field_text(actor, "actor")) &&
				is(scene->at[k].variable, field_text(held, "name")) &&
				(is(scene->at[k].op, "lock") || is(scene->at[k].op, "read-lock"))) {
				culprit_link(scene, (ssize_t)k);
				break;
			}
	}
}

/* " holds left and tries right", " waits for flag to change", after the actor's name */
static void goes_round_print(FILE *out, const json_t *actor)
{
	const json_t *held = json_array_get(field_array(actor, "holds"), 0);
	const char *name = field_text(held, "name");
	bool tries = field_is(actor, "wait", "try");

	if (*name)
		fprintf(out, " holds %s and", name);
	if (tries || field_is(actor, "wait", "loop"))
		fprintf(out, tries ? " tries %s" : " waits for %s to change",
			*field_text(actor, "for") ? field_text(actor, "for") : "something");
	else if (*field_text(actor, "for"))
		fprintf(out, " waits for %s", field_text(actor, "for"));
	else if (field_is(actor, "state", "running"))
		fputs(" runs without end", out);
	else if (*field_text(actor, "call"))
		fprintf(out, " waits in %s", field_text(actor, "call"));
	else
		fputs(" waits", out);
}

/*
 * What each actor that is still there does from step `at` on; of a single one also why, and without
 * its name if that is its own step.
 */
static char *round_text(const struct scene *scene, size_t at)
{
	const json_t *actors = actors_of(scene), *actor;
	bool single = json_array_size(actors) == 1;
	char *text;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	json_array_foreach(actors, i, actor) {
		if (field_is(actor, "state", "ended"))
			continue;
		if (ftell(out))
			fputs("; ", out);
		if (!single || !field_is(actor, "actor", scene->at[at].actor))
			fputs(field_text(actor, "actor"), out);
		goes_round_print(out, actor);
		if (single && *field_text(actor, "why"))
			fprintf(out, ", %s", field_text(actor, "why"));
	}
	fclose(out);
	if (*text == ' ')
		memmove(text, text + 1, size);
	return text;
}

/*
 * After this step the trace shows no other change: the last write to what a loop reads, or the last
 * first try of a lock, or the last step of an actor that goes round.
 */
void livelock_find(struct scene *scene)
{
	const json_t *actors = actors_of(scene), *actor;
	ssize_t written = NOWHERE, begun = NOWHERE;
	size_t i;

	json_array_foreach(actors, i, actor) {
		ssize_t write =
			field_is(actor, "wait", "loop") ? last_write(scene, actor) : NOWHERE;
		ssize_t at =
			last_at(scene, actor, field_is(actor, "wait", "try") ? "trylock" : NULL);

		written = write > written ? write : written;
		begun = at > begun ? at : begun;
	}
	if (written == NOWHERE && begun == NOWHERE && json_array_size(actors))
		begun = (ssize_t)scene->count - 1;
	if (written == NOWHERE && begun == NOWHERE)
		return;
	begun = written != NOWHERE ? written : begun;
	culprit_set(scene, (size_t)begun, round_text(scene, (size_t)begun), NULL);
	json_array_foreach(actors, i, actor) {
		holds_link(scene, actor);
		culprit_link(scene, last_write(scene, actor));
		if (field_is(actor, "wait", "loop") || field_is(actor, "wait", "try"))
			culprit_link(
				scene, last_at(scene, actor,
					       field_is(actor, "wait", "try") ? "trylock" : NULL));
	}
}

/* --- starvation ---------------------------------------------------------------------------- */

/* Whether the message begins with the cause that starvation_find has found before. */
static bool names_as_starved(const struct scene *scene, const char *name)
{
	size_t length = strlen(name);

	return length && strncmp(scene->message, name, length) == 0 &&
	       strncmp(scene->message + length, WAITED, strlen(WAITED)) == 0;
}

/* The only actor of the trace that the message names; NULL: none, or several. */
static const char *named_actor(const struct scene *scene)
{
	const char *only = NULL;

	for (size_t i = 0; i < scene->count; i++) {
		const char *name = scene->at[i].actor;

		if (names_as_starved(scene, name))
			return name;
	}
	for (size_t i = 0; i < scene->count; i++) {
		const char *name = scene->at[i].actor;

		if ((only && is(name, only)) || !has_word(scene->message, name))
			continue;
		if (only)
			return NULL;
		only = name;
	}
	return only;
}

/* The next step of the same actor; the number of steps if it makes none. */
static size_t next_of(const struct scene *scene, size_t at)
{
	size_t next = at + 1;

	while (next < scene->count && !is(scene->at[next].actor, scene->at[at].actor))
		next++;
	return next;
}

/* The longest wait of the actor in the trace. */
static ssize_t longest_wait(const struct scene *scene, const char *actor)
{
	ssize_t longest = NOWHERE;
	size_t length = 0;

	for (size_t i = 0; i < scene->count; i++) {
		size_t turns = next_of(scene, i) - i;

		if (!is(scene->at[i].actor, actor) || !is(scene->at[i].op, "wait") ||
			turns <= length)
			continue;
		length = turns;
		longest = (ssize_t)i;
	}
	return longest;
}

/* "plato makes 60 steps, kant 51": who got the turns in (from, to). */
static char *turns_text(const struct scene *scene, size_t from, size_t to)
{
	char *text;
	size_t size, told = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = from + 1; i < to; i++) {
		const char *name = scene->at[i].actor;
		size_t steps = 0, first = i;

		for (size_t k = from + 1; k < to; k++)
			if (is(scene->at[k].actor, name)) {
				first = k < first ? k : first;
				steps++;
			}
		if (first < i || told++ >= OTHERS_MAX)
			continue;
		fprintf(out, "%s%s%s %zu%s", told > 1 ? ", " : "", name, told > 1 ? "" : " made",
			steps,
			told > 1     ? ""
			: steps == 1 ? " step"
				     : " steps");
	}
	fclose(out);
	return text;
}

void starvation_find(struct scene *scene)
{
	const char *starved = named_actor(scene), *object;
	ssize_t wait = starved ? longest_wait(scene, starved) : NOWHERE;
	char *turns;
	size_t next;

	if (wait == NOWHERE)
		return;
	object = *scene->at[wait].variable ? scene->at[wait].variable : "its turn";
	next = next_of(scene, (size_t)wait);
	turns = turns_text(scene, (size_t)wait, next);
	if (*turns)
		culprit_set(scene, (size_t)wait, format("waited for %s while %s", object, turns),
			format("%s" WAITED "%s from step %zu while %s", starved, object,
				(size_t)wait + 1, turns));
	if (*turns && next < scene->count)
		culprit_link(scene, (ssize_t)next);
	free(turns);
}

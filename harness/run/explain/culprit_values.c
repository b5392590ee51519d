/* culprit_values.c - the access that another actor came between, by the values of a trace. */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "snarl.h"
#include "text.h"

enum { VALUE_MAX = 12 /* bytes of a value that a sentence shows */ };

/*
 * Accesses of one actor that another actor's came between, so that no serial order gives these
 * values (Lu, Tucek, Qin, Zhou: "AVIO", ASPLOS 2006): a write of a variable that was read before
 * another's write, two reads around such a write, a read before the write that it needed, or reads
 * of two variables of which another actor had written only one.
 */
struct torn {
	enum { NONE, WROTE_STALE, READ_TWICE, READ_EARLY, READ_MIXED } kind;
	size_t first, second; /* of the one actor; READ_EARLY has no first */
	size_t other;	      /* the write between them; READ_EARLY, READ_MIXED: the later one */
	size_t earlier;	      /* READ_MIXED: the write that `first` reads */
	unsigned weight;
};

static bool races_between(const struct scene *scene, size_t earlier, size_t later)
{
	const json_t *array = field_array(scene->at[later].json, "races_with"), *one;
	size_t i;

	json_array_foreach(array, i, one) {
		if (json_integer_value(one) == (json_int_t)earlier + 1)
			return true;
	}
	return false;
}

/* Whether the actor was preempted in one of these steps. */
static bool preempted_in(const struct scene *scene, const char *actor, size_t from, size_t to)
{
	for (size_t i = from; i <= to; i++)
		if (field_is(scene->at[i].json, "preempted", actor))
			return true;
	return false;
}

static bool torn_races(const struct scene *scene, const struct torn *torn)
{
	if (torn->kind == READ_EARLY || torn->kind == READ_MIXED)
		return races_between(scene, torn->second, torn->other);
	return races_between(scene, torn->first, torn->other) ||
	       races_between(scene, torn->other, torn->second);
}

/* Whether a preemption made room for it. */
static bool torn_preempts(const struct scene *scene, const struct torn *torn)
{
	const char *actor = scene->at[torn->second].actor, *other = scene->at[torn->other].actor;

	if (torn->kind == READ_EARLY)
		return preempted_in(scene, other, 0, torn->second);
	if (torn->kind == READ_MIXED)
		return preempted_in(scene, other, torn->earlier + 1, torn->second);
	return preempted_in(scene, actor, torn->first + 1, torn->other);
}

/* Keep the better one: what nothing but the order of steps suggests may well be meant so. */
static void torn_take(const struct scene *scene, struct torn *best, struct torn torn)
{
	bool races = torn_races(scene, &torn), preempted = torn_preempts(scene, &torn);

	bool named = message_names(scene, scene->at[torn.second].variable);

	if (!races && !preempted && !(named && scene->verdict & SNARL_LOST_UPDATE))
		return;
	torn.weight = (torn.kind == READ_TWICE ? 1 : 3) + 2 * races + 2 * preempted + 4 * named;
	if (torn.weight > best->weight)
		*best = torn;
}

/* The access of the same actor to the same variable before step `at`. */
static ssize_t access_before(const struct scene *scene, size_t at)
{
	for (size_t i = at; i-- > 0;)
		if ((scene->at[i].reads || scene->at[i].writes) &&
			is(scene->at[i].variable, scene->at[at].variable) &&
			is(scene->at[i].actor, scene->at[at].actor))
			return (ssize_t)i;
	return NOWHERE;
}

/* The first or the last write of another actor to the variable of step `at`, in (from, at). */
static ssize_t write_between(const struct scene *scene, size_t from, size_t at, bool last)
{
	ssize_t found = NOWHERE;

	for (size_t i = from + 1; i < at && (last || found == NOWHERE); i++)
		if (scene->at[i].writes && is(scene->at[i].variable, scene->at[at].variable) &&
			!is(scene->at[i].actor, scene->at[at].actor))
			found = (ssize_t)i;
	return found;
}

/* Step `at` with the access of its actor to the same variable before. */
static void pair_take(const struct scene *scene, struct torn *best, size_t at)
{
	const struct moment *second = &scene->at[at];
	ssize_t first = access_before(scene, at), other;
	struct torn torn = {.second = at};

	if (first == NOWHERE || !is(scene->at[first].op, "read") || is(second->op, "update"))
		return;
	/* It is stale since the first one; another read has the value of the last. */
	other = write_between(scene, (size_t)first, at, second->reads);
	if (other == NOWHERE)
		return;
	torn.kind = second->writes ? WROTE_STALE : READ_TWICE;
	torn.first = (size_t)first;
	torn.other = (size_t)other;
	/* A stale value is all that explains a lost update, or a leak. */
	if (torn.kind == WROTE_STALE ||
		(!is(second->old, scene->at[first].old) &&
			!(scene->verdict & (SNARL_LOST_UPDATE | SNARL_LEAK))))
		torn_take(scene, best, torn);
}

/* The last write before the read `at` of the actor of step `later`, to another variable. */
static ssize_t companion_of(const struct scene *scene, size_t at, size_t later)
{
	for (size_t i = at; i-- > 0;)
		if (scene->at[i].writes && is(scene->at[i].actor, scene->at[later].actor))
			return !*scene->at[i].variable ||
					       is(scene->at[i].variable, scene->at[at].variable)
				       ? NOWHERE
				       : (ssize_t)i;
	return NOWHERE;
}

/* The read `at`, before the write `later`, with a read of what the same writer wrote before. */
static void mixed_take(const struct scene *scene, struct torn *best, size_t at, size_t later)
{
	ssize_t companion = companion_of(scene, at, later);

	for (size_t i = at; companion != NOWHERE && i-- > (size_t)companion + 1;)
		if (is(scene->at[i].op, "read") && is(scene->at[i].actor, scene->at[at].actor) &&
			is(scene->at[i].variable, scene->at[companion].variable)) {
			torn_take(scene, best,
				(struct torn){READ_MIXED, i, at, later, (size_t)companion, 0});
			return;
		}
}

/* A read, and the next write of another actor to the same variable. */
static void early_take(const struct scene *scene, struct torn *best, size_t at)
{
	for (size_t i = at + 1; i < scene->count; i++) {
		if (!scene->at[i].writes || !is(scene->at[i].variable, scene->at[at].variable))
			continue;
		if (is(scene->at[i].actor, scene->at[at].actor) ||
			is(scene->at[i].old, scene->at[i].new))
			return;
		if (scene->verdict & SNARL_STALE_READ && races_between(scene, at, i))
			torn_take(scene, best, (struct torn){READ_EARLY, at, at, i, at, 0});
		if (!(scene->verdict & (SNARL_LOST_UPDATE | SNARL_LEAK)))
			mixed_take(scene, best, at, i);
		return;
	}
}

static struct torn torn_find(const struct scene *scene)
{
	struct torn best = {.kind = NONE};

	for (size_t i = 0; i < scene->count; i++) {
		const struct moment *at = &scene->at[i];

		if (!*at->variable)
			continue;
		if (at->reads || at->writes)
			pair_take(scene, &best, i);
		if (is(at->op, "read"))
			early_take(scene, &best, i);
	}
	return best;
}

/* "42 ", or "" for a value that tells a person nothing, such as an address; to be freed. */
static char *value_words(const char *value, const char *before, const char *after)
{
	bool telling = *value && strlen(value) <= VALUE_MAX && strncmp(value, "0x", 2) != 0;

	return telling ? format("%s%s%s", before, value, after) : format("%s", "");
}

static void wrote_stale_say(
	struct scene *scene, const struct torn *torn, const struct moment *other)
{
	const struct moment *at = &scene->at[torn->second];
	size_t read = torn->first + 1, written = torn->other + 1;
	char *value = value_words(at->new, "", " to ");

	if (scene->verdict & SNARL_LOST_UPDATE)
		culprit_set(scene, torn->second,
			format("its read at step %zu is stale since step %zu: %s's write is lost",
				read, written, other->actor),
			format("%s wrote %s%s from the value read at step %zu; %s's write at step "
			       "%zu was lost",
				at->actor, value, at->variable, read, other->actor, written));
	else
		culprit_set(scene, torn->second,
			format("its read at step %zu is stale since step %zu", read, written),
			format("%s wrote %s%s at step %zu, having read it at step %zu; %s wrote it "
			       "in between, at step %zu",
				at->actor, value, at->variable, torn->second + 1, read,
				other->actor, written));
	free(value);
}

static void read_twice_say(struct scene *scene, const struct torn *torn, const struct moment *other)
{
	const struct moment *at = &scene->at[torn->second];
	size_t read = torn->first + 1, written = torn->other + 1;
	char *before = value_words(scene->at[torn->first].old, " (", ")");
	char *now = value_words(at->old, " (", ")");

	culprit_set(scene, torn->second,
		format("not the value of step %zu%s: %s wrote it at step %zu", read, before,
			other->actor, written),
		format("%s read %s at step %zu%s and again at step %zu%s; %s wrote it in between, "
		       "at step %zu",
			at->actor, at->variable, read, before, torn->second + 1, now, other->actor,
			written));
	free(before);
	free(now);
}

static void read_early_say(struct scene *scene, const struct torn *torn, const struct moment *other)
{
	const struct moment *at = &scene->at[torn->second];
	char *now = value_words(at->old, " (", ")"), *later = value_words(other->new, " ", "");

	culprit_set(scene, torn->second,
		format("too early: %s writes%s at step %zu", other->actor, later, torn->other + 1),
		format("%s read %s%s at step %zu, before %s wrote%s at step %zu", at->actor,
			at->variable, now, torn->second + 1, other->actor, later, torn->other + 1));
	free(now);
	free(later);
}

static void read_mixed_say(struct scene *scene, const struct torn *torn, const struct moment *other)
{
	const struct moment *first = &scene->at[torn->first], *at = &scene->at[torn->second];
	char *now = value_words(at->old, " (", ")");

	culprit_set(scene, torn->second,
		format("before %s writes it at step %zu, but %s is that of its step %zu",
			other->actor, torn->other + 1, first->variable, torn->earlier + 1),
		format("%s read %s of %s's step %zu, but %s%s from before %s's step %zu", at->actor,
			first->variable, other->actor, torn->earlier + 1, at->variable, now,
			other->actor, torn->other + 1));
	free(now);
	culprit_link(scene, (ssize_t)torn->earlier);
}

void values_find(struct scene *scene)
{
	static void (*const say[])(
		struct scene * scene, const struct torn *torn, const struct moment *other) = {
		[WROTE_STALE] = wrote_stale_say,
		[READ_TWICE] = read_twice_say,
		[READ_EARLY] = read_early_say,
		[READ_MIXED] = read_mixed_say,
	};
	struct torn torn = torn_find(scene);

	if (torn.kind == NONE)
		return;
	say[torn.kind](scene, &torn, &scene->at[torn.other]);
	if (torn.first != torn.second)
		culprit_link(scene, (ssize_t)torn.first);
	culprit_link(scene, (ssize_t)torn.other);
}

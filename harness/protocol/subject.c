/* subject.c - what is tested, and what is declared about it. */
#include "subject.h"

#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "kind.h"
#include "text.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool declaration_read(struct subject *subject, const json_t *expect, bool corpus)
{
	struct declaration *declaration = calloc(1, sizeof *declaration);

	if (!declaration || kind_parse(field_text(expect, "bug"), &declaration->bug) != 0)
		return false;
	declaration->race_in = text_of(expect, "race_in");
	declaration->cycle = text_of(expect, "cycle");
	if (declaration->bug || declaration->race_in ||
		(corpus && strncmp(subject->name, "correct", strlen("correct")) == 0))
		subject->declaration = declaration;
	else
		free(declaration);
	return true;
}

bool subject_read(struct subject *subject, json_t *line, bool corpus)
{
	const json_t *expect = json_object_get(line, "expect");

	*subject = (struct subject){
		.scenario = text_of(line, "scenario"),
		.name = text_of(line, "variant"),
		.summary = text_of(line, "summary"),
		.refs = field_text(line, "refs"),
		.state_size = (size_t)field_integer(line, "state_size", 0),
		.processes = field_is(line, "isolation", "processes"),
		.json = line,
	};
	return subject->scenario && subject->name && subject->summary &&
	       (!expect || declaration_read(subject, expect, corpus));
}

bool subject_is_correct(const struct subject *subject)
{
	return subject->declaration && subject->declaration->bug == SNARL_NO_BUG;
}

struct args subject_args(const struct subject *subject)
{
	struct args args = {0};

	args_read(json_object_get(subject->json, "args"), &args);
	return args;
}

struct expectation subject_expectation(const struct subject *subject, const char *engine)
{
	const json_t *expect = json_object_get(subject->json, "expect");
	const json_t *json = json_object_get(expect, engine);
	struct expectation expectation;

	/* Nothing is declared for a foreign detector: it is one of the same kind as tsan. */
	if (!json)
		json = json_object_get(expect, "tsan");
	expectation = (struct expectation){.why = field_text(json, "why")};

	if (!subject->declaration || field_is(json, "detection", "may"))
		expectation.detection = SNARL_MAY_SEE;
	else if (field_is(json, "detection", "cannot"))
		expectation.detection = SNARL_CANNOT_SEE;
	else if (field_is(json, "detection", "skipped"))
		expectation.detection = SNARL_NOT_RUN;
	kind_parse(field_text(json, "bug"), &expectation.bug);
	return expectation;
}

bool subject_declares(const struct subject *subject, const char *engine, unsigned kinds)
{
	return subject->declaration &&
	       kinds & (subject->declaration->bug | subject_expectation(subject, engine).bug);
}

bool subject_matches(const struct subject *subject, const char *name)
{
	size_t length = strlen(subject->scenario);

	if (strncmp(name, subject->scenario, length) != 0)
		return false;
	return !name[length] || (name[length] == '/' && is(name + length + 1, subject->name));
}

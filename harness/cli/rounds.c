/* rounds.c - the same campaign several times: which cases do not always come out the same. */
#include "rounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "exit.h"
#include "kind.h"
#include "text.h"

enum { WAYS_MAX = 8 };

/* One way in which a case came out. */
struct way {
	enum outcome_word outcome;
	unsigned verdict;
	unsigned count;
};

struct rounds {
	unsigned cases;
	struct row {
		const struct subject *subject;
		char engine[PLAN_NAME_MAX];
		enum snarl_detection detection;
		unsigned declared; /* kinds */
		unsigned ways, others;
		struct way way[WAYS_MAX];
	} rows[];
};

struct rounds *rounds_open(unsigned cases)
{
	struct rounds *rounds = calloc(1, sizeof *rounds + cases * sizeof *rounds->rows);

	if (!rounds)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	rounds->cases = cases;
	return rounds;
}

void rounds_close(struct rounds *rounds)
{
	free(rounds);
}

void rounds_add(struct rounds *rounds, unsigned index, const struct subject *subject,
	const struct result *result)
{
	struct row *row = &rounds->rows[index];
	struct expectation expected = subject_expectation(subject, result->plan.engine);
	unsigned i = 0;

	row->subject = subject;
	row->detection = expected.detection;
	row->declared = expected.bug;
	strcpy(row->engine, result->plan.engine);
	while (i < row->ways &&
		(row->way[i].outcome != result->outcome || row->way[i].verdict != result->verdict))
		i++;
	if (i == WAYS_MAX) {
		row->others++;
		return;
	}
	row->way[i].outcome = result->outcome;
	row->way[i].verdict = result->verdict;
	row->way[i].count++;
	row->ways += i == row->ways;
}

static bool is_declared(const struct row *row, const struct way *way)
{
	return way->verdict && !(way->verdict & ~row->declared);
}

/* Whether the declaration leaves it to chance in which of two ways a case comes out. */
static bool left_to_chance(const struct row *row, const struct way *one, const struct way *other)
{
	bool one_seen = is_declared(row, one), other_seen = is_declared(row, other);

	if (one->outcome == other->outcome && row->detection == SNARL_CANNOT_SEE)
		return true; /* an engine that is declared blind may see the bug, but need not */
	if (one->outcome == other->outcome && one_seen && other_seen)
		return true; /* which of its kinds a bug shows first */
	return row->detection == SNARL_MAY_SEE && (one_seen || !one->verdict) &&
	       (other_seen || !other->verdict);
}

static bool differs(const struct row *row)
{
	for (unsigned i = 1; i < row->ways; i++)
		if (!left_to_chance(row, &row->way[0], &row->way[i]))
			return true;
	return row->others > 0;
}

static void row_print(const struct row *row)
{
	printf("%s %s/%s %s:", differs(row) ? "DIFFERS" : "varies ", row->subject->scenario,
		row->subject->name, row->engine);
	for (unsigned i = 0; i < row->ways; i++) {
		const struct way *way = &row->way[i];

		printf("%s %u × %s%s%s", i ? "," : "", way->count, outcome_name(way->outcome),
			way->verdict ? " " : "", way->verdict ? kind_name(way->verdict) : "");
	}
	if (row->others)
		printf(", %u × other", row->others);
	printf("\n");
}

static void row_json_print(const struct row *row)
{
	json_t *ways = json_array(), *object;

	for (unsigned i = 0; i < row->ways; i++)
		json_array_append_new(ways,
			json_pack("{s:s, s:s, s:i}", "outcome", outcome_name(row->way[i].outcome),
				"verdict", kind_name(row->way[i].verdict), "count",
				(int)row->way[i].count));
	object = json_pack("{s:i, s:s, s:s, s:s, s:s, s:b, s:o}", "v", EVENT_VERSION, "type",
		"varied", "scenario", row->subject->scenario, "variant", row->subject->name,
		"engine", row->engine, "differs", differs(row), "ways", ways);
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

unsigned rounds_print(const struct rounds *rounds, unsigned count, bool json)
{
	unsigned varying = 0, differing = 0;

	for (unsigned i = 0; i < rounds->cases; i++) {
		const struct row *row = &rounds->rows[i];

		if (row->ways + row->others < 2)
			continue;
		if (json)
			row_json_print(row);
		else
			row_print(row);
		differing += differs(row);
		varying += !differs(row);
	}
	if (!json)
		printf("%u rounds of %u cases: %u came out the same, %u varied as declared, %u "
		       "differed\n",
			count, rounds->cases, rounds->cases - varying - differing, varying,
			differing);
	return differing;
}

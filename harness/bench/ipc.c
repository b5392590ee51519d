/* ipc.c - all mechanisms compared in one run. */
#define _GNU_SOURCE
#include "ipc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "compare.h"
#include "environment.h"
#include "exit.h"
#include "pair.h"
#include "text.h"

enum {
	SIZES = 9,	     /* 16 bytes to a mebibyte, each four times the one before */
	ROUNDS_MIN = 3,	     /* however little time there is */
	SETUPS = 3,	     /* in each round */
	SLOT_NS_MIN = 50000, /* a shorter slot would measure the start */
	DEADLINE_MS = 20000,
	COPY_BYTES = 1 << 20,
	COPY_NS = 5 * 1000 * 1000,
};

/* The part of the budget for measuring; the rest starts processes, compares and counts. */
static const double MEASURING = .75;

/* A mechanism's samples, by round. */
struct row {
	const struct mechanism *mechanism;
	bool wanted[SIZES], any;
	bool skipped;
	char why[CHANNEL_WHY_MAX], calls_why[CHANNEL_WHY_MAX];
	size_t limit;
	unsigned setup_count;
	double setup_ns[IPC_ROUNDS * SETUPS];
	double ns[MODES][SIZES][IPC_ROUNDS];
	double calls[MODES][SIZES];
};

struct comparison {
	const struct ipc_plan *plan;
	size_t count;
	struct row *rows;
	unsigned rounds;
	double copy_ns[IPC_ROUNDS]; /* per byte */
	uint64_t slot_ns;
};

static size_t size_of(unsigned index)
{
	return (size_t)PAIR_MESSAGE_MIN << (2 * index);
}

static bool rows_make(struct comparison *comparison)
{
	const struct mechanism *const *all = mechanisms_all(&comparison->count);
	size_t cells = 0, found = 0;

	comparison->rows = calloc(comparison->count, sizeof *comparison->rows);
	if (!comparison->rows)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = 0; i < comparison->count; i++) {
		struct row *row = &comparison->rows[i];

		row->mechanism = all[i];
		for (unsigned s = 0; s < SIZES; s++) {
			char name[IPC_NAME_MAX];

			snprintf(name, sizeof name, "ipc/%s/%zu", all[i]->name, size_of(s));
			row->wanted[s] = comparison->plan->wanted(comparison->plan->names, name);
			row->any |= row->wanted[s];
			cells += MODES * row->wanted[s];
		}
		found += row->any;
	}
	comparison->slot_ns = (uint64_t)((double)comparison->plan->budget_ms * 1e6 * MEASURING /
					 (double)(IPC_ROUNDS * (cells ? cells : 1)));
	if (comparison->slot_ns < SLOT_NS_MIN)
		comparison->slot_ns = SLOT_NS_MIN;
	return found > 0;
}

static struct pair_plan plan_of(const struct comparison *comparison)
{
	struct pair_plan plan = {
		.size_count = SIZES, .slot_ns = comparison->slot_ns, .deadline_ms = DEADLINE_MS};

	for (unsigned s = 0; s < SIZES; s++)
		plan.sizes[s] = size_of(s);
	plan.deadline_ms += (unsigned)(4 * MODES * SIZES * (comparison->slot_ns / 1000000));
	return plan;
}

static int row_failed(struct row *row, int error, const struct pair_result *result)
{
	if (error == -EINTR)
		return error;
	row->skipped = true;
	snprintf(row->why, sizeof row->why, "%s", result->why);
	return 0;
}

/* Returns 0 or -EINTR; a failure to measure is noted in the row. */
static int row_measure(struct comparison *comparison, struct row *row, unsigned round)
{
	struct pair_plan plan = plan_of(comparison);
	struct pair_result result;
	int error = 0;

	for (unsigned setup = 0; setup < SETUPS && !error; setup++) {
		if (setup == SETUPS - 1)
			memcpy(plan.wanted, row->wanted, sizeof row->wanted);
		for (int mode = 0; mode < MODES && round; mode++)
			for (unsigned s = 0; s < SIZES; s++)
				plan.guess_ns[mode][s] =
					row->ns[mode][s][round - 1] * (mode == PING ? 2 : 1);
		error = pair_run(row->mechanism, &plan, &result);
		if (!error)
			row->setup_ns[row->setup_count++] = result.setup_ns;
	}
	if (error)
		return row_failed(row, error, &result);
	row->limit = result.limit;
	for (int mode = 0; mode < MODES; mode++)
		for (unsigned s = 0; s < SIZES; s++)
			row->ns[mode][s][round] = result.ns[mode][s];
	return 0;
}

/* The same once more, slowly, with every system call counted. */
static int row_count(struct comparison *comparison, struct row *row)
{
	struct pair_plan plan = plan_of(comparison);
	struct pair_result result;
	int error;

	plan.counted = true;
	memcpy(plan.wanted, row->wanted, sizeof row->wanted);
	error = pair_run(row->mechanism, &plan, &result);
	if (error == -EINTR)
		return error;
	if (error || *result.why)
		snprintf(row->calls_why, sizeof row->calls_why, "%s", result.why);
	else
		for (int mode = 0; mode < MODES; mode++)
			memcpy(row->calls[mode], result.calls[mode], sizeof row->calls[mode]);
	return 0;
}

/* The cost of a copy alone: the yardstick for every mechanism that carries bytes. */
static double copy_measure(void)
{
	char *from = malloc(COPY_BYTES), *to = malloc(COPY_BYTES);
	uint64_t begin, now, copies = 0;

	if (!from || !to)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	memset(from, 1, COPY_BYTES);
	memcpy(to, from, COPY_BYTES); /* the first copy faults the pages in */
	begin = clock_ns();
	do {
		memcpy(to, from, COPY_BYTES);
		__asm__ volatile("" : : "r"(to) : "memory"); /* keep the copy */
		copies++;
		now = clock_ns();
	} while (now - begin < COPY_NS);
	free(from);
	free(to);
	return (double)(now - begin) / (double)copies / COPY_BYTES;
}

static int rounds_measure(struct comparison *comparison)
{
	uint64_t begin = clock_ns(), budget = (uint64_t)comparison->plan->budget_ms * 1000000;
	unsigned all = (IPC_ROUNDS + 1) * (unsigned)comparison->count, done = 0;
	int error = 0;

	for (size_t i = 0; i < comparison->count && !error; i++, done++) {
		if (!comparison->rows[i].any)
			continue;
		comparison->plan->progress(done, all, comparison->rows[i].mechanism->title);
		error = row_count(comparison, &comparison->rows[i]);
	}
	for (unsigned round = 0; round < IPC_ROUNDS && !error; round++) {
		if (round >= ROUNDS_MIN && clock_ns() - begin > budget)
			break;
		comparison->copy_ns[round] = copy_measure();
		for (size_t i = 0; i < comparison->count && !error; i++, done++) {
			struct row *row = &comparison->rows[i];

			if (!row->any || row->skipped)
				continue;
			comparison->plan->progress(done, all, row->mechanism->title);
			error = row_measure(comparison, row, round);
		}
		comparison->rounds = round + 1;
	}
	comparison->plan->progress(all, all, "");
	return error;
}

/* --- as JSON ------------------------------------------------------------------------------- */

static json_t *spread_json(struct spread spread)
{
	return json_pack(
		"{s:f, s:f, s:f}", "low", spread.low, "median", spread.median, "high", spread.high);
}

struct spread ipc_spread(const json_t *object, const char *name)
{
	const json_t *spread = json_object_get(object, name);

	return (struct spread){json_number_value(json_object_get(spread, "low")),
		json_number_value(json_object_get(spread, "median")),
		json_number_value(json_object_get(spread, "high"))};
}

static json_t *point_json(struct comparison *comparison, struct row *row, unsigned s)
{
	double bytes = (double)size_of(s), per_second = bytes * 1e9;
	json_t *point = json_pack("{s:I}", "size", (json_int_t)size_of(s));
	struct spread stream;

	if (row->limit && size_of(s) > row->limit) {
		char why[CHANNEL_WHY_MAX];

		snprintf(why, sizeof why, "a message is limited to %zu bytes here", row->limit);
		json_object_set_new(point, "skipped", json_string(why));
		return point;
	}
	stream = spread_of(row->ns[STREAM][s], comparison->rounds);
	json_object_set_new(
		point, "time", spread_json(spread_of(row->ns[PING][s], comparison->rounds)));
	json_object_set_new(point, "stream", spread_json(stream));
	json_object_set_new(point, "throughput",
		spread_json((struct spread){per_second / stream.high, per_second / stream.median,
			per_second / stream.low}));
	if (!*row->calls_why)
		json_object_set_new(point, "calls",
			json_pack("{s:f, s:f}", "ping", row->calls[PING][s], "stream",
				row->calls[STREAM][s]));
	return point;
}

static const char *const families[FAMILIES] = {
	"shared memory", "byte streams", "single messages", "memory handed over"};

static json_t *row_json(struct comparison *comparison, struct row *row)
{
	const struct mechanism *mechanism = row->mechanism;
	json_t *points = json_array();
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:o}", "name", mechanism->name,
		"title", mechanism->title, "model",
		mechanism->family == SHARED_MEMORY ? "shared memory" : "messages", "family",
		families[mechanism->family], "copies", (int)mechanism->copies, "copied",
		mechanism->copied, "points", points);

	if (row->skipped) {
		json_object_set_new(json, "skipped", json_string(row->why));
		return json;
	}
	if (row->limit)
		json_object_set_new(json, "limit", json_integer((json_int_t)row->limit));
	if (*row->calls_why)
		json_object_set_new(json, "calls_skipped", json_string(row->calls_why));
	json_object_set_new(json, "setup", spread_json(spread_of(row->setup_ns, row->setup_count)));
	for (unsigned s = 0; s < SIZES; s++)
		if (row->wanted[s])
			json_array_append_new(points, point_json(comparison, row, s));
	return json;
}

static json_t *comparison_json(
	struct comparison *comparison, const struct catalog *catalog, uint64_t begin)
{
	json_t *environment = environment_json(catalog), *sizes = json_array(),
	       *rows = json_array();
	time_t now = time(NULL);
	struct tm local;
	char began[32];
	bool whole = true;

	json_object_del(environment, "flags"); /* of the cases, and none is run */
	strftime(began, sizeof began, "%Y-%m-%d %H:%M:%S", localtime_r(&now, &local));
	for (unsigned s = 0; s < SIZES; s++)
		json_array_append_new(sizes, json_integer((json_int_t)size_of(s)));
	for (size_t i = 0; i < comparison->count; i++) {
		struct row *row = &comparison->rows[i];

		for (unsigned s = 0; s < SIZES; s++)
			whole &= row->wanted[s];
		if (row->any)
			json_array_append_new(rows, row_json(comparison, row));
	}
	return json_pack("{s:i, s:s, s:s, s:f, s:i, s:f, s:b, s:o, s:o, s:o, s:o}", "v", 1, "type",
		"bench-ipc", "began", began, "seconds", (double)(clock_ns() - begin) / 1e9,
		"rounds", (int)comparison->rounds, "slot_us", (double)comparison->slot_ns / 1e3,
		"whole", whole, "sizes", sizes, "copy",
		spread_json(spread_of(comparison->copy_ns, comparison->rounds)), "environment",
		environment, "mechanisms", rows);
}

bool ipc_wanted(const struct ipc_plan *plan)
{
	struct comparison comparison = {.plan = plan};
	bool found = rows_make(&comparison);

	free(comparison.rows);
	return found;
}

json_t *ipc_measure(const struct catalog *catalog, const struct ipc_plan *plan)
{
	struct comparison comparison = {.plan = plan};
	uint64_t begin = clock_ns();
	json_t *json = NULL;

	rows_make(&comparison);
	channels_sweep();
	pair_signals(true);
	if (rounds_measure(&comparison) == 0)
		json = comparison_json(&comparison, catalog, begin);
	pair_signals(false);
	free(comparison.rows);
	return json;
}

char *ipc_path(const char *db)
{
	const char *slash = strrchr(db, '/');

	return format("%.*sbench-ipc.json", slash ? (int)(slash - db + 1) : 0, db);
}

int ipc_store(const json_t *result, const char *path)
{
	char *temporary = format("%s.%ld", path, (long)getpid());
	int error = 0;

	errno = 0;
	if (json_dump_file(result, temporary, JSON_INDENT(1)) != 0 || rename(temporary, path) != 0)
		error = errno ? -errno : -EIO;
	if (error)
		unlink(temporary);
	free(temporary);
	return error;
}

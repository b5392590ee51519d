/* supervise.c - running cases as children. */
#define _GNU_SOURCE
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "kind.h"
#include "symbols.h"

enum {
	EVENT_LINE_MAX = 1 << 20,
	OVERRUN_MS = 10000,	 /* beyond twice its budget a case that still moves is stopped */
	LEAVE_MS = 1000,	 /* from the end of the events to the end of the process */
	OUTPUT_SHOWN_MAX = 4096, /* of what a child printed */
	OUTPUT_BYTES_MAX = 256 << 20,
	POLL_MS = 50,
	POLL_LEAVING_MS = 1, /* when a child has told its end and only has to go */
	STALLED_LOOKS = 12, /* silence counts only if we ourselves were awake so often meanwhile */
};

struct child {
	const struct variant *variant;
	struct result result;
	pid_t pid;
	int events, output;
	char *buffer;
	size_t used, room;
	uint64_t began_ns, heard_ns, closed_ns; /* closed: when its events ended; 0: not yet */
	unsigned looks;				/* since it was heard */
	bool ended;				/* told its end */
	bool killed;				/* by us */
	json_t *at;				/* by actor: number of the execution it is in */
	int crash_signal;
	json_t *state; /* the failing state's bytes in hex */
};

struct supervisor {
	const struct catalog *catalog;
	unsigned running;
	struct child *children[SUPERVISE_JOBS_MAX];
};

static volatile sig_atomic_t interrupted;

static void note_signal(int number)
{
	(void)number;
	interrupted = 1;
}

bool supervisor_interrupted(void)
{
	return interrupted;
}

struct supervisor *supervisor_open(const struct catalog *catalog)
{
	struct supervisor *supervisor = calloc(1, sizeof *supervisor);
	struct sigaction action = {.sa_handler = note_signal};
	const int ending[] = {SIGINT, SIGTERM, SIGHUP};

	if (!supervisor)
		die(3, "out of memory");
	supervisor->catalog = catalog;
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		sigaction(ending[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A child's orphans become ours, so that they can be found and ended. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	return supervisor;
}

unsigned supervisor_running(const struct supervisor *supervisor)
{
	return supervisor->running;
}

static const char *json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static int64_t json_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static uint64_t child_executions(const struct child *child)
{
	uint64_t least = UINT64_MAX;
	json_t *at;
	size_t i;

	json_array_foreach(child->at, i, at)
		if ((uint64_t)json_integer_value(at) < least)
			least = (uint64_t)json_integer_value(at);
	return json_array_size(child->at) ? least - child->result.plan.first : 0;
}

struct supervised supervisor_look(const struct supervisor *supervisor, unsigned index)
{
	const struct child *child = supervisor->children[index];

	return (struct supervised){child->variant, child->result.plan.engine,
		child_executions(child), (double)(clock_ns() - child->began_ns) * 1e-9};
}

/* In the child, between fork and exec. */
static void child_become(const char *program, const char *plan, int events, int output)
{
	struct rlimit none = {0, 0}, bytes = {OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX};
	char descriptor[16];
	char *const arguments[] = {
		(char *)program, "--plan", (char *)plan, "--events", descriptor, NULL};

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The same addresses in every run; and clang before 18 dies where vm.mmap_rnd_bits is 32. */
	personality(ADDR_NO_RANDOMIZE);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_FSIZE, &bytes);
	unsetenv("TSAN_OPTIONS");
	signal(SIGPIPE, SIG_DFL);
	close(STDIN_FILENO);
	open("/dev/null", O_RDONLY);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	snprintf(descriptor, sizeof descriptor, "%d", events);
	fcntl(events, F_SETFD, 0);
	execv(program, arguments);
	_exit(127);
}

static int child_spawn(struct child *child, const char *program, const char *plan)
{
	int pipes[2];

	child->output = memfd_create("snarl-output", MFD_CLOEXEC);
	if (child->output < 0 || pipe2(pipes, O_CLOEXEC) != 0)
		return -errno;
	child->pid = fork();
	if (child->pid < 0)
		return -errno;
	if (child->pid == 0)
		child_become(program, plan, pipes[1], child->output);
	setpgid(child->pid, child->pid); /* in both: whoever comes first */
	close(pipes[1]);
	child->events = pipes[0];
	fcntl(child->events, F_SETFL, O_NONBLOCK);
	return 0;
}

int supervisor_start(
	struct supervisor *supervisor, const struct variant *variant, const struct plan *plan)
{
	struct child *child = calloc(1, sizeof *child);
	char *program = case_program(supervisor->catalog, variant, plan->engine);
	char *line = plan_encode(plan);
	int error;

	if (!child || !line)
		die(3, "out of memory");
	child->variant = variant;
	child->result = (struct result){.plan = *plan,
		.first_failure_execution = -1,
		.message = strdup(""),
		.output = strdup(""),
		.outcomes = json_array(),
		.races = json_array(),
		.injections = json_array(),
		.observed = json_array()};
	child->began_ns = child->heard_ns = clock_ns();
	error = child_spawn(child, program, line);
	free(program);
	free(line);
	if (error) {
		result_free(&child->result);
		free(child);
		return error;
	}
	supervisor->children[supervisor->running++] = child;
	return 0;
}

static void message_set(struct child *child, char *message)
{
	free(child->result.message);
	child->result.message = message;
}

static void event_failure(struct child *child, const json_t *event)
{
	struct result *result = &child->result;

	kind_parse(json_text(event, "kind"), &result->verdict);
	message_set(child, format("%s", json_text(event, "message")));
	result->first_failure_execution = json_number(event, "execution");
	result->arm = format("%s", json_text(event, "arm_name"));
	result->plan.arm = (int)json_number(event, "arm");
	result->plan.first = (uint64_t)json_number(event, "first");
	child->state = json_incref(json_object_get(event, "state"));
}

static void event_outcome(struct child *child, json_t *event)
{
	unsigned kinds;

	if (kind_parse(json_text(event, "kinds"), &kinds) == 0)
		child->result.oracle |= kinds;
	json_array_append(child->result.outcomes, event);
}

static void event_take(struct child *child, json_t *event)
{
	const char *type = json_text(event, "type");
	struct result *result = &child->result;

	if (strcmp(type, "progress") == 0) {
		json_decref(child->at);
		child->at = json_incref(json_object_get(event, "at"));
	} else if (strcmp(type, "outcome") == 0) {
		event_outcome(child, event);
	} else if (strcmp(type, "failure") == 0) {
		event_failure(child, event);
	} else if (strcmp(type, "race") == 0) {
		json_array_append(result->races, event);
	} else if (strcmp(type, "injection") == 0) {
		json_array_append(result->injections, event);
	} else if (strcmp(type, "crash") == 0) {
		const char *actor = json_text(event, "actor");

		child->crash_signal = (int)json_number(event, "signal");
		message_set(child, format("%s died of %s in execution %lld, at address 0x%llx",
			*actor ? actor : "the harness", strsignal(child->crash_signal),
			(long long)json_number(event, "execution"),
			(unsigned long long)json_number(event, "address")));
		result->first_failure_execution = json_number(event, "execution");
	} else if (strcmp(type, "error") == 0) {
		result->failed_to_run = true;
		message_set(child, format("%s", json_text(event, "message")));
	} else if (strcmp(type, "end") == 0) {
		child->ended = true;
		result->executions = (uint64_t)json_number(event, "executions");
		result->failures = (uint64_t)json_number(event, "failures");
		result->seconds = json_real_value(json_object_get(event, "seconds"));
	}
}

/* A line that is no event comes from the scenario, which wrote to a descriptor of ours: skip it. */
static void lines_take(struct child *child)
{
	char *line = child->buffer, *end;

	while ((end = memchr(line, '\n', child->used - (size_t)(line - child->buffer)))) {
		json_t *event = json_loadb(line, (size_t)(end - line), 0, NULL);

		if (json_is_object(event))
			event_take(child, event);
		json_decref(event);
		line = end + 1;
	}
	child->used -= (size_t)(line - child->buffer);
	memmove(child->buffer, line, child->used);
}

static void events_read(struct child *child)
{
	for (;;) {
		ssize_t got;

		if (child->room - child->used < 4096) {
			size_t room = child->room ? child->room * 2 : 16384;
			char *more = room <= EVENT_LINE_MAX ? realloc(child->buffer, room) : NULL;

			if (more) {
				child->buffer = more;
				child->room = room;
			} else {
				child->used = 0; /* no event is that long: garbage */
			}
		}
		got = read(child->events, child->buffer + child->used, child->room - child->used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return;
		child->heard_ns = clock_ns();
		child->looks = 0;
		if (got == 0) {
			child->closed_ns = child->heard_ns;
			return;
		}
		child->used += (size_t)got;
		lines_take(child);
	}
}

/* End the child and whatever it started; leaves it to be waited for. */
static void child_kill(struct child *child)
{
	child->killed = true;
	kill(-child->pid, SIGKILL);
	kill(child->pid, SIGKILL);
}

/* Which actor has not come as far as the others, or whether none has moved on. */
static char *silence_sentence(const struct child *child)
{
	json_t *actors = json_object_get(child->variant->json, "actors"), *at;
	uint64_t least = UINT64_MAX, most = 0;
	char *names = format("%s", ""), *sentence;
	size_t i;

	json_array_foreach(child->at, i, at) {
		uint64_t execution = (uint64_t)json_integer_value(at);

		least = execution < least ? execution : least;
		most = execution > most ? execution : most;
	}
	json_array_foreach(child->at, i, at) {
		char *more;

		if ((uint64_t)json_integer_value(at) != least)
			continue;
		more = format("%s%s%s", names, *names ? " and " : "",
			json_string_value(json_array_get(actors, i)));
		free(names);
		names = more;
	}
	if (!json_array_size(child->at))
		sentence = format("the case showed no sign of life for %d s", SUPERVISE_START_MS / 1000);
	else
		sentence = format("no progress for %.1f s: %s did not finish execution %llu%s",
			SUPERVISE_SILENCE_MS / 1000.0, names, (unsigned long long)least,
			least < most ? ", the others did" : "");
	free(names);
	return sentence;
}

static void silence_judge(struct child *child)
{
	uint64_t now = clock_ns(), silent_ms = (now - child->heard_ns) / 1000000;
	uint64_t since_ms = (now - child->began_ns) / 1000000;
	unsigned limit = child->at ? SUPERVISE_SILENCE_MS : SUPERVISE_START_MS;

	child->looks++;
	if (child->closed_ns || child->killed)
		return;
	if (silent_ms >= limit && child->looks >= STALLED_LOOKS) {
		events_read(child);
		if (!child->looks)
			return; /* it spoke after all: we had not listened */
		message_set(child, silence_sentence(child));
	} else if (since_ms > 2 * (uint64_t)child->result.plan.budget_ms + OVERRUN_MS) {
		message_set(child, format("still running %llu ms after its start",
			(unsigned long long)since_ms));
	} else {
		return;
	}
	child->result.verdict = SNARL_HANG;
	child->result.executions = child_executions(child);
	child->result.first_failure_execution =
		(int64_t)(child->result.executions + child->result.plan.first);
	child->result.seconds = (double)(now - child->began_ns) * 1e-9;
	child_kill(child);
}

static void output_keep(struct child *child)
{
	off_t size = lseek(child->output, 0, SEEK_END);
	off_t from = size > OUTPUT_SHOWN_MAX ? size - OUTPUT_SHOWN_MAX : 0;
	char *text = calloc(1, OUTPUT_SHOWN_MAX + 1);

	if (text && pread(child->output, text, OUTPUT_SHOWN_MAX, from) >= 0) {
		free(child->result.output);
		child->result.output = text;
	} else {
		free(text);
	}
}

/* A process that ended without telling its end. */
static void death_judge(struct child *child, int status)
{
	struct result *result = &child->result;

	if (child->ended || result->failed_to_run || result->verdict & SNARL_HANG)
		return;
	result->verdict = SNARL_CRASH;
	result->executions = child_executions(child);
	result->seconds = (double)(clock_ns() - child->began_ns) * 1e-9;
	if (child->crash_signal)
		return; /* it said why itself */
	if (child->killed)
		message_set(child, format("the events ended while the case went on: did it close "
					  "descriptors that are not its own?"));
	else if (WIFSIGNALED(status))
		message_set(child, format("killed by %s", strsignal(WTERMSIG(status))));
	else if (WEXITSTATUS(status) == 127 && !child->at) {
		result->verdict = SNARL_NO_BUG;
		result->failed_to_run = true;
		message_set(child, format("its program could not be started: rebuild with make"));
	} else
		message_set(child, format("exited with %d before its end", WEXITSTATUS(status)));
}

static json_t *stack_symbolise(struct symbols *symbols, const json_t *stack)
{
	json_t *frames = json_array(), *address;
	size_t i;

	json_array_foreach(stack, i, address) {
		if (json_is_integer(address))
			symbols_frames(symbols, (uint64_t)json_integer_value(address), frames);
		else
			json_array_append_new(frames,
				json_pack("{s:O, s:s, s:i, s:i}", "function", address, "file", "",
					"line", 0, "column", 0));
	}
	/* What called the actor is the harness: no part of the story. */
	for (i = json_array_size(frames); i-- > 0;)
		if (strncmp(json_text(json_array_get(frames, i), "file"), "harness/", 8) == 0)
			json_array_remove(frames, i);
	return frames;
}

/* Replace addresses by names in an access or lock. */
static void part_symbolise(struct symbols *symbols, json_t *part)
{
	json_t *place = json_object_get(part, "place");
	json_t *in_state = json_object_get(place, "state_offset");
	char *name;

	if (in_state)
		name = symbols_member(symbols, (size_t)json_integer_value(in_state));
	else
		name = symbols_global(symbols, (uint64_t)json_number(place, "program_offset"));
	json_object_set_new(part, "variable", name ? json_string(name) : json_null());
	json_object_set_new(
		part, "stack", stack_symbolise(symbols, json_object_get(part, "stack")));
	json_object_del(part, "place");
	free(name);
}

static void races_symbolise(struct symbols *symbols, json_t *races)
{
	json_t *race, *part;
	size_t i, k;

	json_array_foreach(races, i, race) {
		json_t *stacks = json_object_get(race, "stacks");

		json_array_foreach(json_object_get(race, "accesses"), k, part)
			part_symbolise(symbols, part);
		json_array_foreach(json_object_get(race, "locks"), k, part)
			part_symbolise(symbols, part);
		json_array_foreach(stacks, k, part)
			json_array_set_new(stacks, k, stack_symbolise(symbols, part));
	}
}

static unsigned char *bytes_of(const char *hex, size_t size)
{
	unsigned char *bytes = calloc(1, size ? size : 1);

	for (size_t i = 0; bytes && i < size && hex[2 * i] && hex[2 * i + 1]; i++)
		sscanf(hex + 2 * i, "%2hhx", &bytes[i]);
	return bytes;
}

static void state_observe(struct symbols *symbols, struct child *child, size_t size)
{
	const json_t *json = child->variant->json;
	unsigned char *state;
	json_t *member;
	size_t i;

	if (!json_is_string(child->state))
		return;
	state = bytes_of(json_string_value(child->state), size);
	json_array_foreach(json_object_get(json, "observe"), i, member) {
		char *value = symbols_value(symbols, json_string_value(member), state,
			json_object_get(json, "actors"));

		json_array_append_new(child->result.observed,
			json_pack("{s:O, s:s}", "name", member, "value", value ? value : "?"));
		free(value);
	}
	free(state);
}

static void child_symbolise(const struct catalog *catalog, struct child *child)
{
	size_t size = (size_t)json_number(child->variant->json, "state_size");
	char *program = case_program(catalog, child->variant, child->result.plan.engine);
	char *file = format("%s.c", child->variant->name);
	char *source = source_path(catalog, child->variant->scenario, file);
	struct symbols *symbols = NULL;

	if (json_array_size(child->result.races) || json_is_string(child->state))
		symbols = symbols_open(program, catalog->root, source, size);
	if (symbols) {
		races_symbolise(symbols, child->result.races);
		state_observe(symbols, child, size);
		symbols_close(symbols);
	}
	free(program);
	free(file);
	free(source);
}

static void child_free(struct child *child)
{
	close(child->events);
	close(child->output);
	json_decref(child->at);
	json_decref(child->state);
	free(child->buffer);
	free(child);
}

/* Reap whatever children of children were left to us. */
static void orphans_reap(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(-group, NULL, 0) > 0 || errno == EINTR)
		errno = 0;
}

static bool child_over(struct child *child, int *status)
{
	pid_t reaped = waitpid(child->pid, status, WNOHANG);

	if (reaped == child->pid)
		return true;
	/* The events are over, the process is not: give it a moment, unless it was killed already. */
	if (child->closed_ns && !child->killed &&
		clock_ns() - child->closed_ns > (uint64_t)LEAVE_MS * 1000000)
		child_kill(child);
	return false;
}

static void child_finish(
	struct supervisor *supervisor, unsigned index, int status, struct result *result)
{
	struct child *child = supervisor->children[index];

	events_read(child);
	orphans_reap(child->pid);
	output_keep(child);
	death_judge(child, status);
	child_symbolise(supervisor->catalog, child);
	*result = child->result;
	supervisor->children[index] = supervisor->children[--supervisor->running];
	child_free(child);
}

bool supervisor_wait(struct supervisor *supervisor, int wait_ms, struct result *result,
	const struct variant **variant)
{
	struct pollfd polls[SUPERVISE_JOBS_MAX];
	uint64_t until = clock_ns() + (uint64_t)wait_ms * 1000000;
	int status;

	while (clock_ns() < until && !interrupted) {
		int timeout = POLL_MS;

		for (unsigned i = 0; i < supervisor->running; i++) {
			const struct child *child = supervisor->children[i];

			polls[i] = (struct pollfd){child->closed_ns ? -1 : child->events, POLLIN, 0};
			timeout = child->closed_ns ? POLL_LEAVING_MS : timeout;
		}
		poll(polls, supervisor->running, timeout);
		for (unsigned i = 0; i < supervisor->running; i++) {
			struct child *child = supervisor->children[i];

			if (polls[i].revents)
				events_read(child);
			if (child_over(child, &status)) {
				*variant = child->variant;
				child_finish(supervisor, i, status, result);
				return true;
			}
			silence_judge(child);
		}
	}
	return false;
}

void supervisor_close(struct supervisor *supervisor)
{
	while (supervisor->running) {
		struct child *child = supervisor->children[--supervisor->running];

		child_kill(child);
		waitpid(child->pid, NULL, 0);
		orphans_reap(child->pid);
		result_free(&child->result);
		child_free(child);
	}
	free(supervisor);
}

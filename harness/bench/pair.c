/* pair.c - two processes and a channel between them: what they do with it, timed or counted. */
#define _GNU_SOURCE
#include "pair.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

enum {
	COMPARED = 2,	     /* messages compared in full, before each size */
	COUNTED = 32,	     /* messages of each size whose system calls are counted */
	COUNT_MAX = 1 << 22, /* messages in a slot */
	GROWTH_MAX = 16,     /* of that number, from one try to the next */
	WAIT_MS = 50,	     /* between two looks at the clock */
	SYSCALL_STOP = SIGTRAP | 0x80,
};

enum work { WORK_PING, WORK_STREAM, WORK_COMPARE, WORK_END };

/* What the three processes share. */
struct shared {
	sem_t go[SIDES]; /* the parent lets the side begin */
	sem_t next;	 /* the client lets the server begin the next task */
	_Atomic int joined;
	_Atomic int counting[SIDES]; /* by the side itself; its tracer reads it at a stop */
	_Atomic int slot; /* what is counted: mode * PAIR_SIZES_MAX + size; -1: nothing yet */
	struct {	  /* by the client, before it posts `next` */
		enum work work;
		size_t size;
		uint64_t count;
	} task;
	char why[SIDES][CHANNEL_WHY_MAX]; /* by the side; read after its end */
	double setup_ns; /* to join and for the first messages; by the client, read after its end */
	double ns[MODES][PAIR_SIZES_MAX];      /* likewise */
	uint64_t calls[MODES][PAIR_SIZES_MAX]; /* by the tracer */
};

/* One of the two sides, in its own process. */
struct party {
	struct channel *channel;
	struct shared *shared;
	enum side side;
	uint64_t sent, received; /* messages; their numbers */
	unsigned char *message;	 /* CHANNEL_CAPACITY bytes */
};

void pattern_fill(unsigned char *message, size_t size, uint64_t number)
{
	uint64_t word = (number + 1) * 0x9e3779b97f4a7c15;

	for (size_t i = 0; i < size; i++) {
		word = word * 6364136223846793005 + 1442695040888963407;
		message[i] = (unsigned char)(word >> 56);
	}
}

bool pattern_right(const unsigned char *message, size_t size, uint64_t number)
{
	uint64_t word = (number + 1) * 0x9e3779b97f4a7c15;

	for (size_t i = 0; i < size; i++) {
		word = word * 6364136223846793005 + 1442695040888963407;
		if (message[i] != (unsigned char)(word >> 56))
			return false;
	}
	return true;
}

/* --- a party ------------------------------------------------------------------------------- */

static void party_fail(struct party *party, const char *why)
{
	snprintf(party->shared->why[party->side], CHANNEL_WHY_MAX, "%s", why);
	_exit(1);
}

static void semaphore_wait(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0)
		if (errno != EINTR)
			abort(); /* our own semaphore is not valid */
}

/* The number is at both ends: one of them shows a message that was torn or came twice. */
static void put(struct party *party, size_t size)
{
	uint64_t first = party->sent++, last = ~first;

	memcpy(party->message, &first, sizeof first);
	memcpy(party->message + size - sizeof last, &last, sizeof last);
	if (party->channel->mechanism->send(party->channel, party->message, size) != 0)
		party_fail(party, party->channel->why);
}

static void take(struct party *party, size_t size)
{
	uint64_t number = party->received++, first, last;

	if (party->channel->mechanism->receive(party->channel, party->message, size) != 0)
		party_fail(party, party->channel->why);
	memcpy(&first, party->message, sizeof first);
	memcpy(&last, party->message + size - sizeof last, sizeof last);
	if (first != number || last != ~number)
		party_fail(party, "a message arrived torn, twice or out of order");
}

static void put_whole(struct party *party, size_t size)
{
	pattern_fill(party->message, size, party->sent++);
	if (party->channel->mechanism->send(party->channel, party->message, size) != 0)
		party_fail(party, party->channel->why);
}

static void take_whole(struct party *party, size_t size)
{
	memset(party->message, 0, size);
	if (party->channel->mechanism->receive(party->channel, party->message, size) != 0)
		party_fail(party, party->channel->why);
	if (!pattern_right(party->message, size, party->received++))
		party_fail(party, "a message arrived with bytes that differ from those sent");
}

static void work_do(struct party *party, enum work work, size_t size, uint64_t count)
{
	bool client = party->side == CLIENT;

	atomic_store(&party->shared->counting[party->side], work != WORK_COMPARE);
	if (work == WORK_STREAM) {
		for (uint64_t i = 0; i < count; i++)
			client ? put(party, size) : take(party, size);
		/*
		 * The answer is timed because it ends the stream, but it is no message of this
		 * size.
		 */
		atomic_store(&party->shared->counting[party->side], 0);
		client ? take(party, PAIR_MESSAGE_MIN) : put(party, PAIR_MESSAGE_MIN);
	} else if (work == WORK_PING) {
		for (uint64_t i = 0; i < count; i++) {
			client ? put(party, size) : take(party, size);
			client ? take(party, size) : put(party, size);
		}
	} else {
		for (uint64_t i = 0; i < count; i++) {
			client ? put_whole(party, size) : take_whole(party, size);
			client ? take_whole(party, size) : put_whole(party, size);
		}
	}
	atomic_store(&party->shared->counting[party->side], 0);
}

static void server_serve(struct party *party)
{
	for (;;) {
		semaphore_wait(&party->shared->next);
		if (party->shared->task.work == WORK_END)
			return;
		work_do(party, party->shared->task.work, party->shared->task.size,
			party->shared->task.count);
	}
}

/* Let both sides do the work; returns the nanoseconds that it took. */
static uint64_t client_do(struct party *party, enum work work, size_t size, uint64_t count)
{
	uint64_t begin;

	party->shared->task.work = work;
	party->shared->task.size = size;
	party->shared->task.count = count;
	sem_post(&party->shared->next);
	if (work == WORK_END)
		return 0;
	begin = clock_ns();
	work_do(party, work, size, count);
	return clock_ns() - begin;
}

static double client_time(struct party *party, enum work work, size_t size,
	const struct pair_plan *plan, double guess_ns)
{
	uint64_t count = guess_ns > 0 ? (uint64_t)((double)plan->slot_ns / guess_ns) + 1 : 4,
		 elapsed;

	count = count < COUNT_MAX ? count : COUNT_MAX;

	for (uint64_t fits;;) {
		elapsed = client_do(party, work, size, count);
		if (2 * elapsed >= plan->slot_ns || count == COUNT_MAX)
			break;
		fits = count * plan->slot_ns / (elapsed ? elapsed : 1) + 1;
		count = fits < count * GROWTH_MAX ? fits : count * GROWTH_MAX;
		count = count < COUNT_MAX ? count : COUNT_MAX;
	}
	return (double)elapsed / (double)(work == WORK_PING ? 2 * count : count);
}

static void client_lead(struct party *party, const struct pair_plan *plan)
{
	for (unsigned i = 0; i < plan->size_count; i++) {
		size_t size = plan->sizes[i];

		if (!plan->wanted[i] || (party->channel->limit && size > party->channel->limit))
			continue;
		client_do(party, WORK_COMPARE, size, COMPARED);
		for (int mode = 0; mode < MODES; mode++) {
			enum work work = mode == PING ? WORK_PING : WORK_STREAM;

			atomic_store(&party->shared->slot, mode * PAIR_SIZES_MAX + (int)i);
			if (plan->counted)
				client_do(party, work, size, mode == PING ? COUNTED / 2 : COUNTED);
			else
				party->shared->ns[mode][i] = client_time(
					party, work, size, plan, plan->guess_ns[mode][i]);
		}
	}
	client_do(party, WORK_END, 0, 0);
}

/*
 * One CPU per side, if there are two. Otherwise the result would mostly depend on whether the
 * scheduler puts both sides on one CPU.
 */
static void processor_take(enum side side)
{
	cpu_set_t allowed, own;
	int seen = 0;

	if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) < SIDES)
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed) || seen++ != (int)side)
			continue;
		CPU_ZERO(&own);
		CPU_SET(cpu, &own);
		sched_setaffinity(0, sizeof own, &own);
		return;
	}
}

/*
 * Join once both sides are ready; for the client, that is timed until its first message has come
 * back.
 */
static void party_join(struct party *party)
{
	struct shared *shared = party->shared;
	uint64_t begin;

	atomic_fetch_add(&shared->joined, 1);
	while (atomic_load(&shared->joined) < SIDES)
		sched_yield();
	begin = clock_ns();
	if (party->channel->mechanism->join(party->channel, party->side) != 0)
		party_fail(party, party->channel->why);
	work_do(party, WORK_PING, PAIR_MESSAGE_MIN, 1);
	if (party->side == SERVER)
		return;
	shared->setup_ns = (double)(clock_ns() - begin);
	if (party->channel->mechanism->forget)
		party->channel->mechanism->forget(party->channel);
}

static void __attribute__((noreturn))
party_live(struct party *party, const struct pair_plan *plan, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1); /* the parent died before the request above */
	signal(SIGPIPE, SIG_IGN);
	pair_signals(false);
	processor_take(party->side);
	party->message = calloc(1, CHANNEL_CAPACITY);
	if (!party->message)
		party_fail(party, "out of memory");
	memset(party->message, 1, CHANNEL_CAPACITY); /* no page has to be faulted in later */
	semaphore_wait(&party->shared->go[party->side]);
	party_join(party);
	if (party->side == CLIENT)
		client_lead(party, plan);
	else
		server_serve(party);
	_exit(0);
}

/* --- their parent -------------------------------------------------------------------------- */

struct pair {
	struct shared *shared;
	struct channel channel;
	pid_t pids[SIDES];  /* 0: waited for */
	bool inside[SIDES]; /* a traced process is within a system call */
	bool failed;
};

static sigset_t signals_waited_for(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	return set;
}

void pair_signals(bool block)
{
	sigset_t set = signals_waited_for();

	sigprocmask(block ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

static int party_start(struct pair *pair, enum side side, const struct pair_plan *plan)
{
	struct party party = {.channel = &pair->channel, .shared = pair->shared, .side = side};
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		party_live(&party, plan, parent);
	if (pid < 0)
		return channel_failed(&pair->channel, "fork");
	pair->pids[side] = pid;
	return 0;
}

/*
 * A traced process stops before and after each system call. A call is counted before it, if the
 * process says that it is at work. The process is stopped, so what it has said is final.
 */
static void stop_take(struct pair *pair, enum side side, int status)
{
	struct shared *shared = pair->shared;
	int signal = WSTOPSIG(status);

	if (signal == SYSCALL_STOP) {
		struct __ptrace_syscall_info info = {0};
		int slot = atomic_load(&shared->slot);

		if (ptrace(PTRACE_GET_SYSCALL_INFO, pair->pids[side], sizeof info, &info) <= 0)
			snprintf(pair->channel.why, CHANNEL_WHY_MAX, "PTRACE_GET_SYSCALL_INFO: %s",
				strerror(errno));
		else if (info.op == PTRACE_SYSCALL_INFO_ENTRY && slot >= 0 &&
			 atomic_load(&shared->counting[side]))
			shared->calls[slot / PAIR_SIZES_MAX][slot % PAIR_SIZES_MAX]++;
		signal = 0;
	} else if (status >> 16) {
		signal = 0; /* an event of ptrace, not for the process */
	}
	ptrace(PTRACE_SYSCALL, pair->pids[side], 0, signal);
}

/* Handle what has happened to both; returns whether both have ended. */
static bool parties_look(struct pair *pair)
{
	for (int side = 0; side < SIDES; side++) {
		int status;

		while (pair->pids[side] &&
			waitpid(pair->pids[side], &status, WNOHANG | __WALL) > 0) {
			if (WIFSTOPPED(status)) {
				stop_take(pair, side, status);
				continue;
			}
			pair->pids[side] = 0;
			pair->failed |= status != 0;
			if (WIFSIGNALED(status) && !*pair->shared->why[side])
				snprintf(pair->shared->why[side], CHANNEL_WHY_MAX,
					"the %s died: %s", side == CLIENT ? "client" : "server",
					strsignal(WTERMSIG(status)));
		}
	}
	return !pair->pids[CLIENT] && !pair->pids[SERVER];
}

static void parties_end(struct pair *pair)
{
	for (int side = 0; side < SIDES; side++)
		if (pair->pids[side])
			kill(pair->pids[side], SIGKILL);
	for (int side = 0; side < SIDES; side++)
		while (pair->pids[side] && waitpid(pair->pids[side], NULL, __WALL) < 0 &&
			errno == EINTR)
			;
	pair->pids[CLIENT] = pair->pids[SERVER] = 0;
}

/*
 * Wait until both have ended, one has failed, the deadline has passed, or this program is to end.
 */
static int parties_watch(struct pair *pair, unsigned deadline_ms)
{
	uint64_t deadline = clock_ns() + (uint64_t)deadline_ms * 1000000;
	struct timespec wait = {0, WAIT_MS * 1000000};
	sigset_t set = signals_waited_for();

	while (!parties_look(pair)) {
		int signal;

		if (pair->failed)
			return -EIO;
		if (clock_ns() > deadline) {
			snprintf(pair->channel.why, CHANNEL_WHY_MAX,
				"the measurement did not finish in time: stopped after %u s",
				deadline_ms / 1000);
			return -ETIMEDOUT;
		}
		signal = sigtimedwait(&set, NULL, &wait);
		if (signal > 0 && signal != SIGCHLD)
			return -EINTR;
	}
	return pair->failed ? -EIO : 0;
}

static int parties_trace(struct pair *pair)
{
	for (int side = 0; side < SIDES; side++)
		if (ptrace(PTRACE_SEIZE, pair->pids[side], 0,
			    PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0 ||
			ptrace(PTRACE_INTERRUPT, pair->pids[side], 0, 0) != 0)
			return channel_failed(&pair->channel, "ptrace");
	return 0;
}

static void result_fill(
	struct pair_result *result, const struct pair *pair, const struct pair_plan *plan)
{
	const struct shared *shared = pair->shared;

	for (int side = 0; side < SIDES; side++)
		if (!*result->why)
			snprintf(result->why, sizeof result->why, "%s", shared->why[side]);
	memcpy(result->ns, shared->ns, sizeof result->ns);
	for (int mode = 0; mode < MODES && plan->counted; mode++)
		for (unsigned i = 0; i < plan->size_count; i++)
			result->calls[mode][i] = (double)shared->calls[mode][i] / COUNTED;
}

static struct shared *shared_open(void)
{
	struct shared *shared = mmap(
		NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return NULL;
	sem_init(&shared->go[CLIENT], 1, 0);
	sem_init(&shared->go[SERVER], 1, 0);
	sem_init(&shared->next, 1, 0);
	shared->slot = -1;
	return shared;
}

int pair_run(
	const struct mechanism *mechanism, const struct pair_plan *plan, struct pair_result *result)
{
	struct pair pair = {.shared = shared_open()};
	uint64_t begin = clock_ns();
	int error;

	*result = (struct pair_result){0};
	if (!pair.shared) {
		snprintf(result->why, sizeof result->why, "mmap: %s", strerror(errno));
		return -ENOMEM;
	}
	error = channel_open(&pair.channel, mechanism);
	result->setup_ns = (double)(clock_ns() - begin);
	result->limit = pair.channel.limit;
	if (error)
		goto out;
	for (int side = 0; side < SIDES && !error; side++)
		error = party_start(&pair, side, plan);
	if (!error && plan->counted)
		error = parties_trace(&pair);
	if (!error) {
		sem_post(&pair.shared->go[CLIENT]);
		sem_post(&pair.shared->go[SERVER]);
		error = parties_watch(&pair, plan->deadline_ms);
	}
	parties_end(&pair);
	channel_close(&pair.channel);
out:
	result_fill(result, &pair, plan);
	if (error && !*result->why)
		snprintf(result->why, sizeof result->why, "%s",
			*pair.channel.why ? pair.channel.why : strerror(-error));
	result->setup_ns += pair.shared->setup_ns;
	munmap(pair.shared, sizeof *pair.shared);
	return error;
}

/*
 * system_v.c - message queues and sets of semaphores of System V: the system's own, called without
 * waiting. What an execution has made and not removed is removed before the next one.
 */
#define _GNU_SOURCE
#include "system_v.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

#include "access.h"
#include "address.h"
#include "custom.h"
#include "descriptor.h"
#include "event.h"
#include "spin.h"
#include "undo.h"

enum {
	KNOWN_MAX = 64,	      /* of an execution */
	OPERATIONS_MAX = 500, /* of a call, as the system has it: more are E2BIG */
	SEMAPHORES_MAX = 256, /* of a set */
	SPAN_MAX_S = 1 << 30, /* of a timeout; more is as good as never */
};

enum kind { QUEUE, SET };

/* The union that a caller of semctl has to declare (semctl(2)). */
union argument {
	int value;
	struct semid_ds *status;
	unsigned short *values;
	long word;
};

static struct known {
	unsigned count;
	struct system_v {
		uint64_t changes; /* so far; for spin.c, a polling loop reads this counter */
		enum kind kind;
		int id;
		bool ours; /* made in this execution */
	} at[KNOWN_MAX];
} known;

/* A call that may wait. */
struct call {
	const char *name;
	const void *pc, *sp;
	struct system_v *object;
	bool writes, impatient, timed, waited;
};

int snarl_model_msgget(key_t key, int flags);
int snarl_model_msgsnd(int queue, const void *message, size_t length, int flags);
ssize_t snarl_model_msgrcv(int queue, void *message, size_t length, long type, int flags);
int snarl_model_msgctl(int queue, int command, struct msqid_ds *status);
int snarl_model_semget(key_t key, int count, int flags);
int snarl_model_semop(int set, struct sembuf *operations, size_t count);
int snarl_model_semtimedop(
	int set, struct sembuf *operations, size_t count, const struct timespec *timeout);
int snarl_model_semctl(int set, int number, int command, ...);

/* --- what there is ------------------------------------------------------------------------- */

static void destroy(const struct system_v *object)
{
	if (object->kind == QUEUE)
		msgctl(object->id, IPC_RMID, NULL);
	else
		semctl(object->id, 0, IPC_RMID);
}

void system_v_renew(void)
{
	for (unsigned i = 0; i < known.count; i++)
		if (known.at[i].ours)
			destroy(&known.at[i]);
	if (known.count)
		undo_renew();
	known.count = 0;
}

static struct system_v *object_of(enum kind kind, int id)
{
	for (unsigned i = 0; i < known.count; i++)
		if (known.at[i].kind == kind && known.at[i].id == id)
			return &known.at[i];
	if (known.count == KNOWN_MAX)
		event_fatal("more than %d queues and semaphore sets in one execution, which is "
			    "explore's limit: run it on the other engines",
			KNOWN_MAX);
	known.at[known.count] = (struct system_v){.kind = kind, .id = id};
	return &known.at[known.count++];
}

bool system_v_name(uintptr_t address, char *text, size_t size)
{
	unsigned at = (unsigned)((address - (uintptr_t)known.at) / sizeof *known.at), number = 0;

	if (address - (uintptr_t)known.at >= sizeof known.at)
		return false;
	for (unsigned i = 0; i <= at; i++)
		number += known.at[i].kind == known.at[at].kind;
	snprintf(text, size, "%s %u", known.at[at].kind == QUEUE ? "queue" : "set", number);
	return true;
}

/* All that wait check again; what was done before is released if it lets others continue. */
static void changed(struct system_v *object, bool releases, const void *pc)
{
	struct actor *self = scheduler.running;
	struct object *model = object_at(object, OBJECT_DESCRIPTOR, pc);

	object->changes++;
	if (!self)
		return;
	spin_break(self);
	if (releases)
		object_release(self, model);
	object_wake(model);
	if (scheduler.parked)
		access_unpark(location_at((uintptr_t)&object->changes, sizeof object->changes));
}

static void acquired(struct system_v *object, const void *pc)
{
	if (scheduler.running)
		object_acquire(scheduler.running, object_at(object, OBJECT_DESCRIPTOR, pc));
}

static void step(const struct system_v *object)
{
	if (scheduler.running)
		scheduler_step(scheduler.running, object);
}

/* The call has only looked: in a loop the actor can be parked until the next change. */
static void looked(const struct call *call)
{
	uint64_t *changes = &call->object->changes;
	int error = errno;

	if (scheduler.running)
		spin_read(scheduler.running, location_at((uintptr_t)changes, sizeof *changes),
			(uintptr_t)changes, sizeof *changes, call->pc, call->sp);
	errno = error;
}

/* After a call that would have blocked: wait for a change. Returns whether to try again. */
static bool waits(struct call *call)
{
	struct object *model = object_at(call->object, OBJECT_DESCRIPTOR, call->pc);
	struct actor *self = scheduler.running;
	int error = errno;
	bool woken;

	if (call->impatient)
		looked(call);
	if (!call->impatient && !call->timed && !self)
		error = host_blocks(model, call->name, call->pc);
	errno = error;
	if (call->impatient || !self)
		return false;
	if (!call->object->ours)
		event_fatal("%s waits for %s, which the case has not made and others may change: "
			    "run it on the other engines",
			call->name, object_name(model));
	if (call->writes)
		model->writers |= actor_one(self->index);
	woken = object_wait(self, model, call->name, call->pc, call->timed);
	model->writers &= ~actor_one(self->index);
	call->waited = true;
	errno = EAGAIN;
	return woken;
}

/* A waiter learns that the object was removed; who comes later finds none. */
static int failure_of(const struct call *call, int answer)
{
	if (errno == EINVAL && call->waited)
		errno = EIDRM;
	trace_did(call->object, call->name, call->pc, "calls %s on %s: fails, %s", call->name,
		address_name(call->object), strerrorname_np(errno));
	return answer;
}

#define CALL_BEGIN(call, kind, id, is_impatient)                                                   \
	{                                                                                          \
		.name = (call), .pc = MODEL_PC, .sp = MODEL_SP, .object = object_of(kind, id),     \
		.impatient = (is_impatient)                                                        \
	}

/* For accesses of the caller's memory. */
static struct io io_of(const struct call *call)
{
	return (struct io){.call = call->name, .pc = call->pc, .sp = call->sp};
}

/* --- queues -------------------------------------------------------------------------------- */

int snarl_model_msgget(key_t key, int flags)
{
	bool is_new;
	int queue;

	names_step();
	is_new = key == IPC_PRIVATE || msgget(key, 0) < 0;
	queue = custom_msgget(key, flags);
	if (queue < 0)
		return queue;
	object_of(QUEUE, queue)->ours |= is_new;
	trace_did(object_of(QUEUE, queue), "msgget", MODEL_PC, "gets %s",
		address_name(object_of(QUEUE, queue)));
	return queue;
}

/* What the system refuses in any case, and what is longer than it takes. */
static bool is_refused(const void *message, size_t length)
{
	return !message || length > BUFFER_BYTES - sizeof(long);
}

int snarl_model_msgsnd(int queue, const void *message, size_t length, int flags)
{
	struct call call = CALL_BEGIN("msgsnd", QUEUE, queue, flags & IPC_NOWAIT);
	unsigned char *here = buffer_here();
	struct io io = io_of(&call);
	int answer;

	if (is_refused(message, length))
		return msgsnd(queue, message, length, flags | IPC_NOWAIT);
	call.writes = true;
	bytes_read(message, sizeof(long) + length, &io);
	memcpy(here, message, sizeof(long) + length);
	step(call.object);
	do
		answer = msgsnd(queue, here, length, flags | IPC_NOWAIT);
	while (answer < 0 && errno == EAGAIN && waits(&call));
	if (answer < 0)
		return failure_of(&call, answer);
	if (scheduler.running && scheduler.tracing)
		trace_transfer(scheduler.running, TRACE_OUTPUT, call.object, here + sizeof(long),
			length, length, "msgsnd", call.pc);
	changed(call.object, true, call.pc);
	return 0;
}

ssize_t snarl_model_msgrcv(int queue, void *message, size_t length, long type, int flags)
{
	struct call call = CALL_BEGIN("msgrcv", QUEUE, queue, flags & IPC_NOWAIT);
	size_t room = BUFFER_BYTES - sizeof(long);
	unsigned char *here = buffer_here();
	struct io io = io_of(&call);
	ssize_t got;

	if (!message || (ssize_t)length < 0)
		return msgrcv(queue, message, length, type, flags | IPC_NOWAIT);
	room = length < room ? length : room;
	step(call.object);
	do
		got = msgrcv(queue, here, room, type, flags | IPC_NOWAIT);
	while (got < 0 && errno == ENOMSG && waits(&call));
	if (got < 0)
		return failure_of(&call, -1);
	if (scheduler.running && scheduler.tracing)
		trace_transfer(scheduler.running, TRACE_INPUT, call.object, here + sizeof(long),
			(size_t)got, length, "msgrcv", call.pc);
	acquired(call.object, call.pc);
	changed(call.object, false, call.pc);
	bytes_write(message, here, sizeof(long) + (size_t)got, &io);
	return got;
}

int snarl_model_msgctl(int queue, int command, struct msqid_ds *status)
{
	struct call call = CALL_BEGIN("msgctl", QUEUE, queue, true);
	struct io io = io_of(&call);
	struct msqid_ds here;
	int answer;

	if (command != IPC_RMID && command != IPC_STAT && command != IPC_SET)
		event_fatal("msgctl is called with command %d, which explore does not model: run "
			    "it on the other engines",
			command);
	if (!status && command != IPC_RMID)
		return msgctl(queue, command, status);
	if (command == IPC_SET) {
		bytes_read(status, sizeof *status, &io);
		here = *status;
	}
	step(call.object);
	answer = msgctl(queue, command, &here);
	if (answer != 0)
		return answer;
	if (command == IPC_RMID)
		trace_did(call.object, "msgctl", call.pc, "removes %s", address_name(call.object));
	acquired(call.object, call.pc);
	if (command != IPC_STAT) {
		changed(call.object, true, call.pc);
		return 0;
	}
	result_write(status, &here, sizeof here, call.pc);
	looked(&call);
	return 0;
}

/* --- semaphores ---------------------------------------------------------------------------- */

int snarl_model_semget(key_t key, int count, int flags)
{
	bool is_new;
	int set;

	names_step();
	is_new = key == IPC_PRIVATE || semget(key, 0, 0) < 0;
	set = custom_semget(key, count, flags);
	if (set < 0)
		return set;
	object_of(SET, set)->ours |= is_new;
	trace_did(object_of(SET, set), "semget", MODEL_PC, "gets %s",
		address_name(object_of(SET, set)));
	return set;
}

/* What a call does, all of it at once. */
struct wanted {
	struct sembuf operations[OPERATIONS_MAX]; /* that fail rather than wait */
	bool takes, changes, impatient;
};

static struct wanted wanted_of(const struct sembuf *operations, size_t count)
{
	struct wanted wanted = {.takes = false};
	size_t impatient = 0;

	for (size_t i = 0; i < count; i++) {
		wanted.operations[i] = operations[i];
		wanted.operations[i].sem_flg |= IPC_NOWAIT;
		wanted.takes |= operations[i].sem_op <= 0;
		wanted.changes |= operations[i].sem_op != 0;
		impatient += (operations[i].sem_flg & IPC_NOWAIT) != 0;
	}
	if (impatient && impatient < count)
		event_fatal("some operations of one semop may wait and others may not, which "
			    "explore does not model: run it on the other engines");
	wanted.impatient = impatient;
	return wanted;
}

/* "takes 1 of semaphore 0 of set 1" */
static void operations_traced(
	const struct call *call, const struct sembuf *operations, size_t count)
{
	const char *name = address_name(call->object);
	int by = count == 1 ? operations->sem_op : 0;

	if (count != 1)
		trace_did(call->object, call->name, call->pc, "does %zu operations on %s", count,
			name);
	else if (by)
		trace_did(call->object, call->name, call->pc, "%s %d %s semaphore %u of %s",
			by < 0 ? "takes" : "adds", by < 0 ? -by : by, by < 0 ? "of" : "to",
			operations->sem_num, name);
	else
		trace_did(call->object, call->name, call->pc, "finds that semaphore %u of %s is 0",
			operations->sem_num, name);
}

static int operate(struct call *call, struct sembuf *operations, size_t count)
{
	struct io io = io_of(call);
	struct wanted wanted;
	int answer;

	if (!operations || !count || count > OPERATIONS_MAX)
		return semop(call->object->id, operations, count);
	bytes_read(operations, count * sizeof *operations, &io);
	wanted = wanted_of(operations, count);
	call->impatient |= wanted.impatient;
	step(call->object);
	do
		answer = custom_semop(call->object->id, wanted.operations, count);
	while (answer < 0 && errno == EAGAIN && waits(call));
	if (answer < 0)
		return failure_of(call, answer);
	operations_traced(call, wanted.operations, count);
	if (wanted.takes)
		acquired(call->object, call->pc);
	if (wanted.changes)
		changed(call->object, true, call->pc);
	return 0;
}

int snarl_model_semop(int set, struct sembuf *operations, size_t count)
{
	struct call call = CALL_BEGIN("semop", SET, set, false);

	return operate(&call, operations, count);
}

int snarl_model_semtimedop(
	int set, struct sembuf *operations, size_t count, const struct timespec *timeout)
{
	struct call call = CALL_BEGIN("semtimedop", SET, set, false);
	struct io io = io_of(&call);
	struct timespec span;

	if (!timeout)
		return operate(&call, operations, count);
	bytes_read(timeout, sizeof *timeout, &io);
	span = *timeout;
	if (span.tv_sec < 0 || span.tv_nsec < 0 || span.tv_nsec >= 1000000000) {
		errno = EINVAL;
		return -1;
	}
	span.tv_sec = span.tv_sec < SPAN_MAX_S ? span.tv_sec : SPAN_MAX_S;
	call.impatient = !span.tv_sec && !span.tv_nsec;
	call.timed = !call.impatient;
	if (scheduler.running)
		scheduler.running->deadline_ns = scheduler.now_ns + time_span_ns(&span);
	return operate(&call, operations, count);
}

static size_t semaphores_of(int set)
{
	struct semid_ds status = {.sem_nsems = 0};
	union argument argument = {.status = &status};

	semctl(set, 0, IPC_STAT, argument);
	if (status.sem_nsems > SEMAPHORES_MAX)
		event_fatal("a set has more than %d semaphores, which is explore's limit: run it "
			    "on the other engines",
			SEMAPHORES_MAX);
	return status.sem_nsems;
}

static int values_get(struct call *call, unsigned short *to)
{
	unsigned short here[SEMAPHORES_MAX];
	size_t count = semaphores_of(call->object->id);
	union argument argument = {.values = here};
	int answer = custom_semctl(call->object->id, 0, GETALL, argument.word);

	if (answer >= 0)
		result_write(to, here, (unsigned)(count * sizeof *here), call->pc);
	return answer;
}

static void control_traced(const struct call *call, int number, int command, int value)
{
	const char *name = address_name(call->object);

	if (command == IPC_RMID)
		trace_did(call->object, "semctl", call->pc, "removes %s", name);
	else if (command == SETVAL)
		trace_did(call->object, "semctl", call->pc, "sets semaphore %d of %s to %d", number,
			name, value);
	else if (command == GETVAL)
		trace_did(call->object, "semctl", call->pc, "finds that semaphore %d of %s is %d",
			number, name, value);
	else
		trace_did(call->object, "semctl", call->pc, "%s all semaphores of %s",
			command == SETALL ? "sets" : "asks for", name);
}

int snarl_model_semctl(int set, int number, int command, ...)
{
	struct call call = CALL_BEGIN("semctl", SET, set, true);
	struct io io = io_of(&call);
	union argument argument;
	va_list arguments;
	int answer;

	va_start(arguments, command);
	argument.word = va_arg(arguments, long);
	va_end(arguments);
	if (command != GETVAL && command != SETVAL && command != GETALL && command != SETALL &&
		command != IPC_RMID)
		event_fatal("semctl is called with command %d, which explore does not model: run "
			    "it on the other engines",
			command);
	if (!argument.values && (command == GETALL || command == SETALL))
		return semctl(set, number, command, NULL);
	if (command == SETALL)
		bytes_read(argument.values, semaphores_of(set) * sizeof *argument.values, &io);
	step(call.object);
	answer = command == GETALL ? values_get(&call, argument.values)
				   : custom_semctl(set, number, command, argument.word);
	if (answer < 0)
		return answer;
	control_traced(&call, number, command, command == GETVAL ? answer : argument.value);
	acquired(call.object, call.pc);
	if (command == GETVAL || command == GETALL)
		looked(&call);
	else
		changed(call.object, true, call.pc);
	return answer;
}

/* --- the end of a process ------------------------------------------------------------------ */

static bool is_undone(const struct actor *self, const struct system_v *object)
{
	return object->kind == SET && undo_pending(self->process, object->id);
}

void system_v_process_over(struct actor *self)
{
	bool undone[KNOWN_MAX] = {false};

	/* After the last thing that it did, others may still find it not undone. */
	for (unsigned i = 0; i < known.count && !self->died; i++)
		if (is_undone(self, &known.at[i]))
			scheduler_step(self, &known.at[i]);
	for (unsigned i = 0; i < known.count; i++)
		undone[i] = is_undone(self, &known.at[i]);
	descriptors_process_over(self);
	for (unsigned i = 0; i < KNOWN_MAX; i++)
		if (undone[i])
			changed(&known.at[i], true, NULL);
}

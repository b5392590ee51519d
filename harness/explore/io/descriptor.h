/*
 * descriptor.h - what descriptors lead to: pipes, sockets, queues, files.
 *
 * The transfer itself is the system's, made only when it cannot block the one thread that all
 * actors share. Until then the actor waits in the model, for any change of what it waits for.
 *
 * A channel is named after the end that is read from: what one end of a socket sends, it sends to
 * the other. What anybody sent, everybody acquires who receives, whichever bytes it gets.
 * Descriptors 0 to 2 belong to those who started us, and are not modelled.
 */
#ifndef SNARL_EXPLORE_MODEL_DESCRIPTOR_H
#define SNARL_EXPLORE_MODEL_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "object.h"
#include "names.h"
#include "process.h"
#include "trace.h"

/* Synthetic address range for descriptors that have no variable to be named after. */
static const uintptr_t FILE_ZERO = (uintptr_t)1 << 63;
enum { FILES_MAX = 64 /* of an execution */ };

enum file_kind {
	FILE_OTHER,   /* a pipe, a FIFO, a plain file */
	FILE_SOCKET,  /* its calls can be asked not to block */
	FILE_COUNTER, /* an eventfd */
	FILE_POLL,    /* an epoll, which looks at others */
};

enum { FOR_READING, FOR_WRITING };
enum { CALLERS_MAX = 16, BUFFER_BYTES = 256 << 10 /* that one call transfers at most */ };

struct file {
	dev_t device;
	ino_t inode; /* 0: it has none of its own */
	enum file_kind kind;
	const void *address;	   /* of its object */
	char word[NAMES_WORD_MAX]; /* its name; "": it has none */
	const int *variable;	   /* of the state, with a number of its own; NULL: there is none */
	struct file *peer;	   /* that receives what is sent here; NULL: there is no other */
	uint64_t watched;	   /* by an epoll: bit set of files */
	uint64_t changes;	   /* so far: what a loop that asks again and again looks at */
	unsigned comers[2];	   /* who have opened a FIFO for reading, and for writing */
	struct file *callers[CALLERS_MAX]; /* who have connected, and are not accepted yet */
	unsigned caller_count;
	struct sockaddr_storage bound; /* its address; AF_UNSPEC: it has none */
	int type;		       /* of a socket that has one */
	uint64_t patience_ns[2];       /* how long a call waits to read, to write; 0: for ever */
};

/* A call on a descriptor. */
struct io {
	const char *call;
	const void *pc, *sp;
	int descriptor;
	struct file *file;   /* NULL: not ours to model */
	struct file *sender; /* whose address a message carries; NULL: it needs none */
	bool writes;	     /* it waits for room, not for something */
	bool impatient;	     /* it was asked not to wait */
	bool timed;	     /* only until the actor's deadline */
	int late;	     /* its errno then */
};

#define IO_BEGIN(name, number)                                                                     \
	{                                                                                          \
		.call = (name), .pc = MODEL_PC, .sp = MODEL_SP, .descriptor = (number),            \
		.file = file_at(number, MODEL_PC), .late = EAGAIN                                  \
	}

/* What a descriptor leads to; NULL: it is not open, or not ours to model. */
struct file *file_at(int descriptor, const void *pc);

/*
 * The caller has opened a descriptor of something that is new, or is known by its inode, and has
 * the name `path` where that is not NULL, or that of the variable at `address`. NULL where there
 * is no room for more.
 */
struct file *file_opened(int descriptor, const char *path, const void *address, const void *pc);

/* One of what is known by another number already. */
void file_copied(int descriptor, struct file *file);

/* What is at the end of a path, before it is opened. */
struct file *file_of(const struct stat *status, const char *path, const void *pc);

/* The word that a path or a name of ours was made from, else its last part. */
void word_of(const char *path, char word[NAMES_WORD_MAX]);

/* As a member of a set of files. */
uint64_t file_bit(const struct file *file);
struct object *file_numbered(unsigned bit, const void *pc);

/* The one of those that was opened last; NULL: there is none. */
struct file *file_last(
	bool (*is)(const struct file *file, const void *context), const void *context);

/* What has this inode is no longer there: the next that has it is another. */
void file_forget(dev_t device, ino_t inode);

struct object *file_object(const struct file *file, const void *pc);

/* Where what is sent there arrives. */
struct file *file_target(struct file *file);

/* All that a look at this file depends on. */
uint64_t file_interest(const struct file *file);

/* It has changed: all who wait for it look again. */
void file_changed(struct file *file);

/* Wait for a change of one of these; `main` is the one that is recorded. False after a timeout. */
bool files_wait(struct actor *self, uint64_t files, const struct file *main, const struct io *io);

/* A look at these that changes nothing: in a loop, it is to be made again when they have changed.
 */
void files_looked(struct actor *self, uint64_t files, const struct io *io);

/* Step before a call on a file; returns who calls, NULL for the set-up. */
struct actor *io_step(const struct io *io);

/*
 * After a call that the system would have had wait: wait for a change, and return true. False, with
 * errno set, when it is not to wait, or has waited for too long.
 */
bool io_waits(const struct io *io);

/* What is ready there of what was asked for. */
short io_ready(int descriptor, short events);

/*
 * Memory of the caller's that is read and written step by step, as the program's own accesses are,
 * and never a waiting loop.
 */
void bytes_read(const void *address, size_t size, const struct io *io);
void bytes_write(void *address, const void *from, size_t size, const struct io *io);

/* The same of what is scattered; `count` bytes in all, or as many as there is room for. */
void parts_read(const struct iovec *parts, size_t part_count, const struct io *io);
void parts_write(const struct iovec *parts, size_t part_count, const void *from, size_t count,
	const struct io *io);
size_t parts_size(const struct iovec *parts, size_t part_count);
void parts_collect(void *to, const struct iovec *parts, size_t part_count);

/* Memory for what the running actor receives. */
unsigned char *buffer_here(void);

/* Record what was transferred, and wake all waiters; errno stays. */
void io_received(const struct io *io, const void *bytes, ssize_t got, size_t asked);
void io_sent(const struct io *io, const void *bytes, ssize_t got, size_t asked);

/* Nothing came, and nothing will: the end, as often as it is asked for. */
void io_ended(const struct io *io, size_t asked);

/* The caller's write found nobody who could ever read; errno stays. */
void io_broken(const struct io *io);

/* A step that makes or removes names, and so is one with all others that do. */
struct actor *names_step(void);

/* The same for all descriptors. */
int descriptor_close(int descriptor, const char *call, const void *pc);

/* Sockets, behind read and write. */
ssize_t socket_receive(const struct io *io, void *bytes, size_t count, int flags);
ssize_t socket_send(const struct io *io, const void *bytes, size_t count, int flags);

/* A new execution, for what is opened and for what is mapped. */
void descriptors_renew(uint32_t execution);
void regions_renew(void);

/* Providers of names (address.h): of what was opened, and of what was mapped. */
bool descriptor_name(uintptr_t address, char *text, size_t size);
bool region_name(uintptr_t address, char *text, size_t size);

/* Why an actor waits for what a descriptor leads to: "which is empty". */
const char *descriptor_lack(const struct actor *waiter);

/* The set-up is done: what it opened has the names of the variables of its state. */
void descriptors_set_up(const void *state, size_t size);

/* Actors that pass for processes have got copies of what the set-up opened. */
void descriptors_forked(struct snarl_actor *const *actors, unsigned count);

/* A process comes to its end: what it had open is closed. */
void descriptors_process_over(struct actor *self);

#endif

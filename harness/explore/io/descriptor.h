/*
 * descriptor.h - descriptors and what they refer to: pipes, sockets, queues, files.
 *
 * The system itself makes the transfer, but only when it cannot block the one thread that all
 * actors share. Until then the actor waits in the model for any change of the file.
 *
 * A channel is named after the end that is read from: one end of a socket sends to the other. A
 * receiver acquires the releases of all earlier senders, whichever bytes it gets. Descriptors 0 to
 * 2, and that of the events, are inherited from the parent and are not modelled.
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

#include "lock_table.h"
#include "object.h"
#include "names.h"
#include "process.h"
#include "trace.h"

/* Synthetic address range for descriptors that have no variable to be named after. */
static const uintptr_t FILE_ZERO = (uintptr_t)1 << 63;
enum { FILES_MAX = 64 /* of an execution */ };

enum file_kind {
	FILE_OTHER,   /* a pipe, a FIFO, a plain file */
	FILE_SOCKET,  /* its calls take a flag not to block */
	FILE_COUNTER, /* an eventfd */
	FILE_POLL,    /* an epoll, which watches others */
};

enum { FOR_READING, FOR_WRITING };
enum { PENDING_MAX = 16, BUFFER_BYTES = 256 << 10 /* transferred by one call at most */ };

struct file {
	dev_t device;
	ino_t inode; /* 0: it has no inode of its own */
	enum file_kind kind;
	const void *address;	   /* of its object */
	char word[NAMES_WORD_MAX]; /* its name; "": it has none */
	const int *variable;	   /* variable of the state that holds its descriptor; NULL: none */
	struct file *peer;	   /* receives what is sent here; NULL: there is no other end */
	uint64_t watched;	   /* by an epoll: bit set of files */
	uint64_t changes;    /* changes so far; for spin.c, a polling loop reads this counter */
	unsigned openers[2]; /* openers of a FIFO so far, for reading and for writing */
	struct file *pending[PENDING_MAX]; /* pending connections: not accepted yet */
	unsigned pending_count;
	struct sockaddr_storage bound; /* its address; AF_UNSPEC: it has none */
	int type;		       /* of a socket that has one */
	uint64_t timeout_ns[2];	       /* timeout of a call that reads, that writes; 0: none */
	struct lockable locks[LOCK_KINDS];
};

/* A call on a descriptor. */
struct io {
	const char *call;
	const void *pc, *sp;
	int descriptor;
	struct file *file;   /* NULL: not modelled */
	struct file *sender; /* sender whose address a message carries; NULL: it needs none */
	bool writes;	     /* it waits for space, not for data */
	bool impatient;	     /* the call was asked not to wait */
	bool timed;	     /* only until the actor's deadline */
	int late;	     /* its errno after a timeout */
};

#define IO_BEGIN(name, number)                                                                     \
	{                                                                                          \
		.call = (name), .pc = MODEL_PC, .sp = MODEL_SP, .descriptor = (number),            \
		.file = file_at(number, MODEL_PC), .late = EAGAIN                                  \
	}

/* The file that a descriptor refers to; NULL: it is not open, or not modelled. */
struct file *file_at(int descriptor, const void *pc);

/*
 * The caller has opened a descriptor. Its file is found by its inode, or is new; a new one is named
 * after `path` if that is not NULL, or after the variable at `address`. Returns NULL if
 * `descriptor` is negative.
 */
struct file *file_opened(int descriptor, const char *path, const void *address, const void *pc);

/*
 * A traced call did something to a path, in words before its name: "opens letter"; `answer` < 0: it
 * failed, and errno has the reason. It is a step of its own, before what it acquires and releases.
 */
void path_traced(const char *call, const void *pc, const char *words, const char *path, int answer);

/* The same for a descriptor, which is named after the variable it is in, or after its file. */
void descriptor_traced(
	const char *call, const void *pc, const char *words, int descriptor, int answer);

/* The name that a descriptor has in words. */
const char *descriptor_words(int descriptor);

/* Record that a known file was opened once more, or that its descriptor was copied. */
void file_reopened(int descriptor, struct file *file);
void file_copied(int copy, struct file *file, int descriptor);

/* A stream has opened this descriptor; its file, before it is closed; it has closed it. */
void stream_opened(int descriptor);
struct file *stream_file(int descriptor);
void stream_closed(int descriptor, struct file *file, const void *pc);

/* The descriptor was sent in a message. */
void descriptor_sent(int descriptor);

/*
 * The number of the open file that this descriptor and its copies refer to; 0: it is not known.
 * Whether one of them is still open.
 */
unsigned descriptor_opening(int descriptor);
bool descriptor_is_open(unsigned opening);

/* The number of the calling process. */
unsigned descriptors_process(void);

/* The file at the end of a path, before it is opened. */
struct file *file_of(const struct stat *status, const char *path, const void *pc);

/* The word that snarl_path or snarl_name made a path from; otherwise its last component. */
void word_of(const char *path, char word[NAMES_WORD_MAX]);

/* A file as a member of a set of files, and the object of a member. */
uint64_t file_bit(const struct file *file);
struct object *file_numbered(unsigned bit, const void *pc);

/* The latest file that matches; NULL: there is none. */
struct file *file_last(
	bool (*is)(const struct file *file, const void *context), const void *context);

/* The file with this inode is gone: the next one that has it is another file. */
void file_forget(dev_t device, ino_t inode);

struct object *file_object(const struct file *file, const void *pc);

/* The file at which data sent there arrives. */
struct file *file_target(struct file *file);

/* All files on which the state of this file depends. */
uint64_t file_interest(const struct file *file);

/* The file has changed: all its waiters check it again. */
void file_changed(struct file *file);

/*
 * Wait for a change of one of these files; `main` is the one that is recorded. Returns false after
 * a timeout.
 */
bool files_wait(struct actor *self, uint64_t files, const struct file *main, const struct io *io);

/*
 * The caller has polled these files without an effect: in a loop it can be parked until they
 * change.
 */
void files_looked(struct actor *self, uint64_t files, const struct io *io);

/* Step before a call on a file. Returns the calling actor, NULL for the set-up. */
struct actor *io_step(const struct io *io);

/*
 * After a call that would have blocked: wait for a change and return true. Returns false, with
 * errno set, if the call must not wait or has timed out.
 */
bool io_waits(const struct io *io);

/* Those of the requested events that are ready. */
short io_ready(int descriptor, short events);

/*
 * Read and write memory of the caller step by step, like the program's own accesses, but without
 * busy-wait detection.
 */
void bytes_read(const void *address, size_t size, const struct io *io);
void bytes_write(void *address, const void *from, size_t size, const struct io *io);

/* The same for scattered memory; `count` bytes in all, or as many as fit. */
void parts_read(const struct iovec *parts, size_t part_count, const struct io *io);
void parts_write(const struct iovec *parts, size_t part_count, const void *from, size_t count,
	const struct io *io);
size_t parts_size(const struct iovec *parts, size_t part_count);
void parts_collect(void *to, const struct iovec *parts, size_t part_count);

/* Buffer for the data that the running actor receives. */
unsigned char *buffer_here(void);

/* Record a transfer, and wake all waiters; preserves errno. */
void io_received(const struct io *io, const void *bytes, ssize_t got, size_t asked);
void io_sent(const struct io *io, const void *bytes, ssize_t got, size_t asked);

/* The caller has read the end of file, as it will with every further call. */
void io_ended(const struct io *io, size_t asked);

/* The caller's write failed because no reader is left (SIGPIPE); preserves errno. */
void io_broken(const struct io *io);

/* A step that creates or removes names or descriptors; all such steps conflict. */
struct actor *names_step(void);

/*
 * The same for the names of files, and what came of it: a name was changed, or only looked at. What
 * a change leads to happens after it. A loop that only looks is parked until the next change.
 */
void names_ask(void);
void names_changed(void);
void names_looked(const void *pc, const void *sp);

/* Close any kind of descriptor. */
int descriptor_close(int descriptor, const char *call, const void *pc);

/* Receive from and send to sockets, also for read and write. */
ssize_t socket_receive(const struct io *io, void *bytes, size_t count, int flags);
ssize_t socket_send(const struct io *io, const void *bytes, size_t count, int flags);

/* Begin an execution: forget open files and mapped memory. */
void descriptors_renew(uint32_t execution);
void regions_renew(void);

/* Providers of names (address.h): for files and for mapped memory. */
bool descriptor_name(uintptr_t address, char *text, size_t size);
bool region_name(uintptr_t address, char *text, size_t size);

/* Why an actor waits for a file: "which is empty". */
const char *descriptor_lack(const struct actor *waiter);

/* After the set-up: files that it opened get the names of the variables of its state. */
void descriptors_set_up(const void *state, size_t size);

/* Emulated processes have got copies of the descriptors that the set-up opened. */
void descriptors_forked(struct snarl_actor *const *actors, unsigned count);

/* A process ends: its descriptors are closed. */
void descriptors_process_over(struct actor *self);

#endif

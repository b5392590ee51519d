/*
 * common.h - a mailbox has a name, and any process that knows it may send there or take from it: a
 * letter goes to one reader, the first that comes. Each variant says how letters are sent and
 * taken.
 */
#ifndef SCENARIOS_MAILBOX_COMMON_H
#define SCENARIOS_MAILBOX_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>

#ifndef ROOM
#define ROOM 8 /* capacity of the box: enough for all letters, unless that matters */
#endif

struct office {
	long room;		     /* letters that the box holds; r/o after setup */
	_Atomic snarl_item ordinary; /* the letter that is not urgent; 0: none yet */
	_Atomic bool posted;	     /* that letter is in the box, or was */
	int overtaken;		     /* urgent letters read before it; the reader's only */
};

enum { THE_END = 0, ORDINARY = 0, URGENT = 1 }; /* not an item; priorities */

/* Open the box with `flags`; returns a value below 0 if there is none. */
static mqd_t box_open(const struct office *office, int flags)
{
	struct mq_attr attributes = {.mq_maxmsg = office->room, .mq_msgsize = sizeof(snarl_item)};
	mqd_t box;

	do
		box = mq_open(snarl_name("box"), flags, 0600, &attributes);
	while (box < 0 && errno == EINTR);
	return box;
}

/* Send once there is room. */
static bool letter_send(mqd_t box, snarl_item letter, unsigned priority)
{
	struct pollfd room = {.fd = box, .events = POLLOUT};

	while (mq_send(box, (const char *)&letter, sizeof letter, priority) != 0) {
		if (errno == EAGAIN)
			poll(&room, 1, -1);
		else if (errno != EINTR)
			return false;
	}
	return true;
}

/* Take a letter once there is one; returns THE_END if there is no box. */
static snarl_item letter_take(mqd_t box)
{
	snarl_item letter;
	ssize_t got;

	do
		got = mq_receive(box, (char *)&letter, sizeof letter, NULL);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)sizeof letter ? letter : THE_END;
}

static void box_make(void *state)
{
	struct office *office = state;
	mqd_t box;

	office->room = ROOM;
	box = box_open(office, O_CREAT | O_EXCL | O_RDWR);
	if (box < 0)
		snarl_skip("no message queue: %s", strerror(errno));
	mq_close(box);
}

static void box_remove(void *state)
{
	(void)state;
	mq_unlink(snarl_name("box"));
}

static void every_letter_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif

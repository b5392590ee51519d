/*
 * lock_and_message/correct_send_unlocked: a send that may block is done without the lock.
 *
 * The channel holds one job, so the producer may wait for the consumer when it sends the next one.
 * It has released the lock by then, so the consumer can take it, finish its job and receive the
 * next.
 *
 *   the channel     producer                    consumer
 *   #2              counts #3, under the lock   has #1
 *   #2              sends #3: waits             counts #1 as done, under the lock
 *   #3              has sent #3                 receives #2
 */
#include <snarl.h>

#include "common.h"

static void job_submit(struct office *office, mqd_t channel, snarl_item job)
{
	pthread_mutex_lock(&office->lock);
	office->open++;
	pthread_mutex_unlock(&office->lock);
	SNARL_POINT("submit/counted");
	job_send(channel, job);
}

const struct snarl_scenario scenario = {
	.summary = "a blocking send to a message queue after the lock is released",
	.refs = "CERT POS52-C; mq_send(3); OSTEP 32",
	.state_size = sizeof(struct office),
	.ledger_items = JOBS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = office_setup,
	.check = every_job_done,
	.teardown = office_teardown,
	.observe = {"open"},
};

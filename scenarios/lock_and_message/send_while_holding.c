/*
 * lock_and_message/send_while_holding: a job is counted and sent under the lock.
 *
 * The channel holds one job. When it is full, the producer waits for the consumer while it holds
 * the lock, and the consumer needs the lock to finish the job that it has before it receives the
 * next.
 *
 *   the channel     producer                    consumer
 *   #2              lock, counts #3             has #1
 *   #2              sends #3: waits             lock: waits for the producer
 */
#include <snarl.h>

#include "common.h"

static void job_submit(struct office *office, mqd_t channel, snarl_item job)
{
	pthread_mutex_lock(&office->lock);
	office->open++;
	SNARL_POINT("submit/counted");
	job_send(channel, job);
	pthread_mutex_unlock(&office->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a blocking send to a message queue under the lock that the receiver needs",
	.refs = "CWE-833, CERT POS52-C; mq_send(3); OSTEP 32",
	.state_size = sizeof(struct office),
	.ledger_items = JOBS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = office_setup,
	.check = every_job_done,
	.teardown = office_teardown,
	.observe = {"open"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};

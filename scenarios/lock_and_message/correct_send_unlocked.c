/*
 * lock_and_message/correct_send_unlocked: what may wait for another is done without the lock.
 *
 * The channel holds one job, and who sends the next waits for the consumer. It has given back the
 * lock by then: the consumer can get it, finish its job and receive the next.
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
	.summary = "a lock and a channel; nobody sends under the lock",
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

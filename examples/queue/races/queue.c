/* queue.c - two consumers share what one producer puts: each number is taken once. */
#include <queue.h>
#include <snarl.h>

struct shared {
	struct queue *queue;
	int first, second; /* what each consumer took */
};

static void queue_make(void *state)
{
	struct shared *shared = state;

	shared->queue = queue_new(2);
}

static void produce(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	queue_put(shared->queue, 1);
	queue_put(shared->queue, 2);
}

static void consume_first(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	shared->first = queue_take(shared->queue);
}

static void consume_second(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	shared->second = queue_take(shared->queue);
}

static void each_taken_once(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_DUPLICATE_ITEM, shared->first + shared->second, 3, "sum");
}

static void queue_end(void *state)
{
	struct shared *shared = state;

	queue_free(shared->queue);
}

const struct snarl_scenario scenario = {
	.summary = "one producer, two consumers",
	.state_size = sizeof(struct shared),
	.setup = queue_make,
	.actors = {{"producer", produce}, {"first", consume_first}, {"second", consume_second}},
	.check = each_taken_once,
	.teardown = queue_end,
	.observe = {"first", "second"},
};

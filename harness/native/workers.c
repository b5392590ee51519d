/* workers.c - the barrier between batches, and the memory of states. */
#define _GNU_SOURCE
#include "workers.h"

#include <sys/mman.h>

#include "event.h"

struct workers workers;

unsigned batch_actor_count(void)
{
	unsigned count = 0;

	while (count < SNARL_ACTORS_MAX && scenario.actors[count].run)
		count++;
	return count;
}

bool batch_locate(uintptr_t address, size_t *offset)
{
	uintptr_t from = (uintptr_t)workers.states;

	if (address < from || address >= from + workers.count * workers.stride)
		return false;
	*offset = (address - from) % workers.stride;
	return true;
}

void barrier_cross(void (*serial)(void))
{
	unsigned generation = atomic_load(&workers.barrier_generation), spins = 0;

	if (workers.config->publish)
		workers.config->publish(&workers.barrier_generation);
	if (atomic_fetch_add(&workers.barrier_arrived, 1) + 1 == workers.actors) {
		if (workers.config->receive)
			workers.config->receive(&workers.barrier_generation);
		if (serial)
			serial();
		if (workers.config->publish) /* what `serial` did, too */
			workers.config->publish(&workers.barrier_generation);
		atomic_store(&workers.barrier_arrived, 0);
		atomic_store(&workers.barrier_generation, generation + 1);
	} else {
		while (atomic_load(&workers.barrier_generation) == generation)
			spin_wait(&spins);
	}
	if (workers.config->receive)
		workers.config->receive(&workers.barrier_generation);
}

size_t arm_stride(const struct arm *arm)
{
	size_t size = scenario.state_size ? scenario.state_size : 1;

	/* A size is a multiple of its alignment: packed states need no gaps. */
	return arm->padded ? round_up(size, LINE) : size;
}

uint32_t states_fit(size_t stride)
{
	size_t bytes = stride + workers.actors * workers.log_size;

	return (uint32_t)(STATES_BYTES_MAX / bytes > 0 ? STATES_BYTES_MAX / bytes : 1);
}

void *pages_alloc(size_t bytes)
{
	void *memory = mmap(NULL, round_up(bytes ? bytes : 1, PAGE), PROT_READ | PROT_WRITE,
		(workers.forks ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		event_fatal("out of memory for %zu bytes of states", bytes);
	return memory;
}

/* Memory for the largest batch of any arm. */
void states_alloc(void)
{
	size_t order = 0;

	for (unsigned i = 0; i < workers.config->arm_count; i++) {
		const struct arm *arm = &workers.config->arms[i];
		size_t stride = arm_stride(arm);
		uint32_t count = least(arm->states_max, states_fit(stride));

		if (count * stride > workers.states_bytes)
			workers.states_bytes = count * stride;
		if (count > order)
			order = count;
	}
	workers.states = pages_alloc(workers.states_bytes);
	workers.order = pages_alloc(order * sizeof *workers.order);
	workers.rank = pages_alloc(order * sizeof *workers.rank);
	for (unsigned a = 0; workers.log_size && a < workers.actors; a++)
		workers.logs[a] = pages_alloc(order * workers.log_size);
}

void states_renew(void)
{
	char *old = workers.states;

	workers.states = pages_alloc(workers.states_bytes);
	munmap(old, round_up(workers.states_bytes, PAGE));
}

/* keys.c - thread-specific values, which are reset in each execution. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <threads.h>

#include "address.h"
#include "spin.h"
#include "object.h"
#include "trace.h"

enum { KEYS_MAX = PTHREAD_KEYS_MAX, ROUNDS = PTHREAD_DESTRUCTOR_ITERATIONS };

static struct specific {
	uint32_t execution; /* that the other members belong to */
	unsigned count;	    /* keys that were ever used */
	struct key {
		bool used;
		void (*destructor)(void *value);
		const void *values[ACTORS_MAX + 1]; /* the last belongs to set-up and check */
	} keys[KEYS_MAX];
} specific;

int snarl_model_pthread_key_create(pthread_key_t *key, void (*destructor)(void *value));
int snarl_model_pthread_key_delete(pthread_key_t key);
int snarl_model_pthread_setspecific(pthread_key_t key, const void *value);
void *snarl_model_pthread_getspecific(pthread_key_t key);
int snarl_model_tss_create(tss_t *key, tss_dtor_t destructor);
void snarl_model_tss_delete(tss_t key);
int snarl_model_tss_set(tss_t key, void *value);
void *snarl_model_tss_get(tss_t key);

static struct specific *specific_here(void)
{
	if (specific.execution != scheduler.execution) {
		memset(specific.keys, 0, specific.count * sizeof *specific.keys);
		specific.count = 0;
		specific.execution = scheduler.execution;
	}
	return &specific;
}

static unsigned slot_here(void)
{
	return scheduler.running ? scheduler.running->index : ACTORS_MAX;
}

static struct key *key_at(pthread_key_t key)
{
	struct specific *here = specific_here();

	return key < here->count && here->keys[key].used ? &here->keys[key] : NULL;
}

int snarl_model_pthread_key_create(pthread_key_t *key, void (*destructor)(void *value))
{
	struct specific *here = specific_here();
	pthread_key_t free = 0;

	while (free < here->count && here->keys[free].used)
		free++;
	if (free == KEYS_MAX)
		return EAGAIN;
	here->count += free == here->count;
	here->keys[free] = (struct key){.used = true, .destructor = destructor};
	result_write(key, &free, sizeof free, MODEL_PC);
	return 0;
}

int snarl_model_pthread_key_delete(pthread_key_t key)
{
	struct key *found = key_at(key);

	if (!found)
		return EINVAL;
	found->used = false;
	return 0;
}

int snarl_model_pthread_setspecific(pthread_key_t key, const void *value)
{
	struct key *found = key_at(key);

	if (!found)
		return EINVAL;
	if (scheduler.running && found->values[slot_here()] != value)
		spin_break(scheduler.running);
	found->values[slot_here()] = value;
	trace_did(NULL, "pthread_setspecific", MODEL_PC, "sets its value of key %u: %s",
		(unsigned)key, value ? address_name(value) : "NULL");
	return 0;
}

void *snarl_model_pthread_getspecific(pthread_key_t key)
{
	struct key *found = key_at(key);
	void *value = found ? (void *)found->values[slot_here()] : NULL;

	trace_did(NULL, "pthread_getspecific", MODEL_PC, "gets its value of key %u: %s",
		(unsigned)key, value ? address_name(value) : "NULL");
	return value;
}

int snarl_model_tss_create(tss_t *key, tss_dtor_t destructor)
{
	return snarl_model_pthread_key_create(key, destructor) ? thrd_error : thrd_success;
}

void snarl_model_tss_delete(tss_t key)
{
	snarl_model_pthread_key_delete(key);
}

int snarl_model_tss_set(tss_t key, void *value)
{
	return snarl_model_pthread_setspecific(key, value) ? thrd_error : thrd_success;
}

void *snarl_model_tss_get(tss_t key)
{
	return snarl_model_pthread_getspecific(key);
}

void specific_end(struct actor *self)
{
	bool again = specific.execution == scheduler.execution && specific.count;

	for (int round = 0; again && round < ROUNDS; round++) {
		again = false;
		for (unsigned i = 0; i < specific.count; i++) {
			struct key *key = &specific.keys[i];
			const void *value = key->values[self->index];

			if (!key->used || !key->destructor || !value)
				continue;
			key->values[self->index] = NULL;
			key->destructor((void *)value);
			again = true;
		}
	}
}

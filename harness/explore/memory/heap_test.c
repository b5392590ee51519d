/* heap_test.c - blocks of an execution never overlap or return, and are guarded to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"
#include "prng.h"
#include "snarl.h"
#include "scheduler.h"

/* Other parts that the engine is linked with need one. */
const struct snarl_scenario scenario;

void *snarl_model_malloc(size_t size);
void *snarl_model_calloc(size_t count, size_t size);
void *snarl_model_realloc(void *block, size_t size);
void *snarl_model_aligned_alloc(size_t alignment, size_t size);
int snarl_model_posix_memalign(void **block, size_t alignment, size_t size);
char *snarl_model_strdup(const char *text);
char *snarl_model_strndup(const char *text, size_t size);
void snarl_model_free(void *block);

enum { ROUNDS = 300, OPERATIONS = 120, SIZE_MAX_HERE = 300, ALIGNMENT_BITS = 12 };

/* Every block that was allocated in an execution. */
static struct given {
	unsigned char *begin;
	size_t size;
	unsigned char byte; /* that fills it */
	bool freed;
} given[OPERATIONS];

static unsigned given_count;

static void execution_begin(void)
{
	heap_renew();
	given_count = 0;
	scheduler.failure.kind = SNARL_NO_BUG;
}

static void took(void *block, size_t size)
{
	unsigned char *begin = block;

	assert_non_null(begin);
	assert_int_equal((uintptr_t)begin % 16, 0);
	assert_int_equal(heap_size(begin), size);
	for (unsigned i = 0; i < given_count; i++)
		assert_true(
			begin + size < given[i].begin || begin > given[i].begin + given[i].size);
	memset(begin, (int)given_count, size);
	given[given_count] = (struct given){begin, size, (unsigned char)given_count, false};
	given_count++;
}

static bool filled(const struct given *block, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (block->begin[i] != block->byte)
			return false;
	return true;
}

static void give_back(struct given *block)
{
	if (block->freed)
		return;
	snarl_model_free(block->begin);
	block->freed = true;
}

static void resize(struct given *block, size_t size)
{
	unsigned char *other = snarl_model_realloc(block->begin, size);
	struct given moved = {other, 0, block->byte, false};

	assert_ptr_not_equal(other, block->begin);
	assert_true(filled(&moved, size < block->size ? size : block->size));
	block->freed = true;
	took(other, size);
}

static void aligned(uint64_t *random, size_t size)
{
	size_t alignment = (size_t)1 << prng_below(random, ALIGNMENT_BITS + 1);
	void *block;

	if (prng_below(random, 2) || alignment < sizeof block) /* EINVAL in posix_memalign */
		block = snarl_model_aligned_alloc(alignment, size);
	else
		assert_int_equal(snarl_model_posix_memalign(&block, alignment, size), 0);
	assert_int_equal((uintptr_t)block % alignment, 0);
	took(block, size);
}

static void operate(uint64_t *random)
{
	size_t size = prng_below(random, SIZE_MAX_HERE);
	struct given *any = &given[given_count ? prng_below(random, given_count) : 0];

	switch (prng_below(random, 8)) {
	case 0:
	case 1:
	case 2:
		took(snarl_model_malloc(size), size);
		break;
	case 3:
		aligned(random, size);
		break;
	case 4:
		took(snarl_model_calloc(size, 1), size);
		break;
	case 5:
		if (given_count && !any->freed) {
			resize(any, size + 1); /* a size of 0 would free it */
			break;
		}
		/* fall through */
	default:
		if (given_count)
			give_back(any);
	}
}

static void blocks_never_meet_and_never_come_back(void **unused)
{
	uint64_t random = 1;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		execution_begin();
		while (given_count < OPERATIONS)
			operate(&random);
		for (unsigned i = 0; i < given_count; i++)
			assert_true(filled(&given[i], given[i].size));
		assert_int_equal(scheduler.failure.kind, SNARL_NO_BUG);
	}
}

static void the_next_execution_gets_the_same_addresses(void **unused)
{
	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		uintptr_t sums[2] = {0, 0};

		for (int i = 0; i < 2; i++) {
			uint64_t random = (uint64_t)round;

			execution_begin();
			while (given_count < OPERATIONS)
				operate(&random);
			for (unsigned k = 0; k < given_count; k++)
				sums[i] = sums[i] * 31 + (uintptr_t)given[k].begin;
		}
		assert_true(sums[0] == sums[1]);
	}
}

static void fresh_memory_is_the_same_whatever_was_there(void **unused)
{
	unsigned char *block;

	(void)unused;
	for (int round = 0; round < 3; round++) {
		execution_begin();
		block = snarl_model_malloc(100);
		for (int i = 1; i < 100; i++)
			assert_int_equal(block[i], block[0]);
		assert_int_not_equal(block[0], 0);
		memset(block, round, 100);
		block = snarl_model_calloc(10, 10);
		for (int i = 0; i < 100; i++)
			assert_int_equal(block[i], 0);
	}
}

/* What a hook does. Returns the execution's failure message, or "" if there is none. */
static const char *access_of(const void *address, unsigned size)
{
	scheduler.failure.kind = SNARL_NO_BUG;
	if (heap_has((uintptr_t)address))
		heap_check((uintptr_t)address, size, NULL);
	assert_true(
		scheduler.failure.kind == SNARL_NO_BUG || scheduler.failure.kind == SNARL_CRASH);
	return scheduler.failure.kind ? scheduler.failure.message : "";
}

static const char *free_of(void *address)
{
	scheduler.failure.kind = SNARL_NO_BUG;
	snarl_model_free(address);
	return scheduler.failure.kind ? scheduler.failure.message : "";
}

static void accesses_within_a_block_are_fine(const struct given *block, uint64_t *random)
{
	for (int i = 0; i < 8 && block->size; i++) {
		size_t at = prng_below(random, block->size);
		size_t room = block->size - at;
		unsigned size = 1 + (unsigned)prng_below(random, room < 16 ? room : 16);

		assert_string_equal(access_of(block->begin + at, size), "");
	}
}

/* The last block is checked too, while nothing lies behind it yet. */
static void each_block_is_guarded_to_the_byte(void **unused)
{
	uint64_t random = 2;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		execution_begin();
		while (given_count < OPERATIONS) {
			const struct given *block = &given[given_count];
			size_t size = prng_below(&random, 64);

			took(snarl_model_malloc(size), size);
			accesses_within_a_block_are_fine(block, &random);
			assert_non_null(strstr(
				access_of(block->begin + size, 1), "past the end of a block"));
			assert_non_null(strstr(access_of(block->begin - 1, 1), "past the end"));
			assert_non_null(strstr(access_of(block->begin + size - (size ? 1 : 0), 2),
				"past the end"));
		}
		for (unsigned i = 0; i < given_count; i++)
			accesses_within_a_block_are_fine(&given[i], &random);
	}
}

static void use_after_free_and_double_free_are_found(void **unused)
{
	uint64_t random = 3;

	(void)unused;
	for (int round = 0; round < ROUNDS; round++) {
		execution_begin();
		for (int i = 0; i < 20; i++) {
			size_t size = 1 + prng_below(&random, 64);

			took(snarl_model_malloc(size), size);
		}
		for (int i = 0; i < 40; i++) {
			struct given *block = &given[prng_below(&random, given_count)];
			unsigned char *within = block->begin + prng_below(&random, block->size);

			if (!block->freed) {
				assert_string_equal(access_of(within, 1), "");
				assert_string_equal(free_of(block->begin), "");
				block->freed = true;
			}
			assert_non_null(strstr(access_of(within, 1), "(use after free)"));
			assert_non_null(strstr(free_of(block->begin), "(double free)"));
		}
	}
}

static void what_is_no_block_cannot_be_freed(void **unused)
{
	char *block, *libc = strdup("libc's own");

	(void)unused;
	execution_begin();
	block = snarl_model_malloc(40);
	assert_non_null(strstr(free_of(block + 8), "not the start of a heap block"));
	assert_non_null(strstr(free_of(block + 16), "not the start of a heap block"));
	assert_non_null(strstr(free_of(block - 16), "not the start of a heap block"));
	assert_string_equal(access_of(block, 8), ""); /* the failed calls freed nothing */
	assert_string_equal(free_of(block), "");
	assert_string_equal(free_of(NULL), "");
	assert_string_equal(free_of(libc), "");
}

static void no_bytes_are_a_block_too(void **unused)
{
	void *one, *other;

	(void)unused;
	execution_begin();
	one = snarl_model_malloc(0);
	other = snarl_model_malloc(0);
	assert_non_null(one);
	assert_ptr_not_equal(one, other);
	assert_string_equal(free_of(one), "");
	assert_string_equal(free_of(other), "");
	assert_non_null(strstr(free_of(other), "double free"));
}

static void too_much_is_refused(void **unused)
{
	void *block = &block;

	(void)unused;
	execution_begin();
	for (int bits = 46; bits < 64; bits++) {
		errno = 0;
		assert_null(snarl_model_malloc((size_t)1 << bits));
		assert_int_equal(errno, ENOMEM);
	}
	assert_null(snarl_model_malloc(SIZE_MAX));
	assert_null(snarl_model_calloc(SIZE_MAX / 2, 3));
	assert_int_equal(snarl_model_posix_memalign(&block, (size_t)1 << 62, 1), ENOMEM);
	assert_ptr_equal(block, &block);
	assert_int_equal(snarl_model_posix_memalign(&block, 3 * sizeof block, 1), EINVAL);
	assert_int_equal(snarl_model_posix_memalign(&block, sizeof block / 2, 1), EINVAL);
	assert_null(snarl_model_aligned_alloc(24, 24));
	assert_int_equal(errno, EINVAL);
	took(snarl_model_malloc(10), 10);
	assert_null(snarl_model_realloc(given[0].begin, SIZE_MAX));
	assert_string_equal(access_of(given[0].begin, 8), ""); /* still there */
}

static void a_leak_is_noted_at_the_end(void **unused)
{
	(void)unused;
	execution_begin();
	heap_end();
	assert_int_equal(scheduler.failure.kind, SNARL_NO_BUG);
	took(snarl_model_malloc(10), 10);
	took(snarl_model_strdup("seven.."), 8);
	took(snarl_model_strndup("seven..", 3), 4);
	give_back(&given[0]);
	heap_end();
	assert_int_equal(scheduler.failure.kind, SNARL_LEAK);
	assert_non_null(strstr(scheduler.failure.message, "8 bytes"));
	assert_non_null(strstr(scheduler.failure.message, "and 1 more block"));
	give_back(&given[1]);
	give_back(&given[2]);
	scheduler.failure.kind = SNARL_NO_BUG;
	heap_end();
	assert_int_equal(scheduler.failure.kind, SNARL_NO_BUG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_never_meet_and_never_come_back),
		cmocka_unit_test(the_next_execution_gets_the_same_addresses),
		cmocka_unit_test(fresh_memory_is_the_same_whatever_was_there),
		cmocka_unit_test(each_block_is_guarded_to_the_byte),
		cmocka_unit_test(use_after_free_and_double_free_are_found),
		cmocka_unit_test(what_is_no_block_cannot_be_freed),
		cmocka_unit_test(no_bytes_are_a_block_too),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(a_leak_is_noted_at_the_end),
	};

	return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}

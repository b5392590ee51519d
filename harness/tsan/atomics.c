/*
 * atomics.c - the atomic operations of variants with fences.
 *
 * The build redirects a variant's __tsan_atomicN_OPERATION to snarl_wrap_atomicN_OPERATION if it
 * calls atomic_thread_fence. See fences.h.
 */
#include <stdbool.h>
#include <stdint.h>

#include "fences.h"
#include "wrap.h"

typedef unsigned __int128 uint128_t;

/* TSan's own call, with the wrapper's caller on TSan's stack. */
#define CALLED(call)                                                                               \
	({                                                                                         \
		__typeof__(call) result;                                                           \
                                                                                                   \
		wrap_enter(__builtin_return_address(0));                                           \
		result = call;                                                                     \
		wrap_leave();                                                                      \
		result;                                                                            \
	})

#define LOAD_STORE(bits, type)                                                                     \
	type __tsan_atomic##bits##_load(const volatile type *at, int order);                       \
	type snarl_wrap_atomic##bits##_load(const volatile type *at, int order);                   \
	type snarl_wrap_atomic##bits##_load(const volatile type *at, int order)                    \
	{                                                                                          \
		struct fence_visit visit = fences_begin(at, order);                                \
		type value = CALLED(__tsan_atomic##bits##_load(at, visit.order));                  \
                                                                                                   \
		fences_loaded(&visit, order);                                                      \
		return value;                                                                      \
	}                                                                                          \
	void __tsan_atomic##bits##_store(volatile type *at, type value, int order);                \
	void snarl_wrap_atomic##bits##_store(volatile type *at, type value, int order);            \
	void snarl_wrap_atomic##bits##_store(volatile type *at, type value, int order)             \
	{                                                                                          \
		struct fence_visit visit = fences_begin(at, order);                                \
                                                                                                   \
		wrap_enter(__builtin_return_address(0));                                           \
		__tsan_atomic##bits##_store(at, value, visit.order);                               \
		wrap_leave();                                                                      \
		fences_stored(&visit, order);                                                      \
	}

#define EXCHANGE(bits, type, name)                                                                 \
	type __tsan_atomic##bits##_##name(volatile type *at, type value, int order);               \
	type snarl_wrap_atomic##bits##_##name(volatile type *at, type value, int order);           \
	type snarl_wrap_atomic##bits##_##name(volatile type *at, type value, int order)            \
	{                                                                                          \
		struct fence_visit visit = fences_begin(at, order);                                \
		type before = CALLED(__tsan_atomic##bits##_##name(at, value, visit.order));        \
                                                                                                   \
		fences_exchanged(&visit, order);                                                   \
		return before;                                                                     \
	}

/* One that fails only loads. */
#define COMPARE_EXCHANGE(bits, type)                                                               \
	type __tsan_atomic##bits##_compare_exchange_val(                                           \
		volatile type *at, type expected, type value, int order, int failed);              \
	type snarl_wrap_atomic##bits##_compare_exchange_val(                                       \
		volatile type *at, type expected, type value, int order, int failed);              \
	type snarl_wrap_atomic##bits##_compare_exchange_val(                                       \
		volatile type *at, type expected, type value, int order, int failed)               \
	{                                                                                          \
		struct fence_visit visit = fences_begin(at, order);                                \
		type before = CALLED(__tsan_atomic##bits##_compare_exchange_val(                   \
			at, expected, value, visit.order, failed));                                \
                                                                                                   \
		if (before == expected)                                                            \
			fences_exchanged(&visit, order);                                           \
		else                                                                               \
			fences_loaded(&visit, failed);                                             \
		return before;                                                                     \
	}

#define ALL(bits, type)                                                                            \
	LOAD_STORE(bits, type)                                                                     \
	EXCHANGE(bits, type, exchange)                                                             \
	EXCHANGE(bits, type, fetch_add)                                                            \
	EXCHANGE(bits, type, fetch_sub)                                                            \
	EXCHANGE(bits, type, fetch_and)                                                            \
	EXCHANGE(bits, type, fetch_or)                                                             \
	EXCHANGE(bits, type, fetch_xor)                                                            \
	EXCHANGE(bits, type, fetch_nand)                                                           \
	COMPARE_EXCHANGE(bits, type)

ALL(8, uint8_t)
ALL(16, uint16_t)
ALL(32, uint32_t)
ALL(64, uint64_t)
ALL(128, uint128_t)

void __tsan_atomic_thread_fence(int order);
void snarl_wrap_atomic_thread_fence(int order);
void snarl_wrap_atomic_thread_fence(int order)
{
	__tsan_atomic_thread_fence(order);
	fences_passed(order);
}

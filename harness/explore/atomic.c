/*
 * atomic.c - atomic operations and fences, as clang's ThreadSanitizer instrumentation calls them.
 *
 * Values are sequentially consistent: an operation takes effect at its step. What the C11 memory
 * orders decide is happens-before (C11 5.1.2.4): a release, or a relaxed store behind a release
 * fence, heads a release sequence; who reads from it by an acquire, or by a relaxed load before an
 * acquire fence, comes after it.
 */
#include <stdatomic.h>
#include <stdint.h>

#include "access.h"

static bool acquires(int order)
{
	return order != memory_order_relaxed && order != memory_order_release;
}

static bool releases(int order)
{
	return order == memory_order_release || order == memory_order_acq_rel ||
	       order == memory_order_seq_cst;
}

static inline void acquire(struct actor *self, struct place *place, int order)
{
	if (!world.races_wanted)
		return; /* nobody asks what happened before what */
	if (!acquires(order)) {
		self->fence_acquired = clock_join(self->fence_acquired, place->released);
		return;
	}
	self->now = clock_join(self->now, place->released);
	if (world.tracing)
		trace_acquired(place->released_at);
}

/* A store of its own begins a release sequence; a read-modify-write goes on with what it found. */
static inline void release(struct actor *self, struct place *place, int order, bool goes_on)
{
	clock_vector handed = releases(order) ? self->now : self->fence_released;

	if (!world.races_wanted)
		return;
	place->released = goes_on ? clock_join(place->released, handed) : handed;
	if (world.tracing)
		trace_released(&place->released_at);
	if (releases(order))
		clock_tick(&self->now, self->index);
}

/* What an operation does to a value; the same for every width. */
enum update { EXCHANGE, ADD, SUB, AND, OR, XOR, NAND };

/* An access's place, when it is the actor's turn. Atomic accesses never leave their word. */
static inline struct place *step(
	struct actor *self, const volatile void *address, unsigned size, enum place_access kind)
{
	uintptr_t at = (uintptr_t)address;
	struct place *place = place_at(at, size < 8 ? size : 8);

	access_step(self, place, at, kind);
	return place;
}

#define HERE_PC __builtin_return_address(0)
#define HERE_SP ((char *)__builtin_frame_address(0) + 2 * sizeof(void *))

#define UPDATED(type, how, old, operand)                                                           \
	((type)((how) == EXCHANGE ? (operand)                                                      \
		: (how) == ADD	  ? (old) + (operand)                                              \
		: (how) == SUB	  ? (old) - (operand)                                              \
		: (how) == AND	  ? (old) & (operand)                                              \
		: (how) == OR	  ? (old) | (operand)                                              \
		: (how) == XOR	  ? (old) ^ (operand)                                              \
				  : ~((old) & (operand))))

/*
 * An update that leaves the value as it is, like the exchange of a spinning lock, may be part of a
 * waiting loop: it is a read to the loop's eyes, and wakes nobody.
 */
#define UPDATE(name, bits, type, how)                                                              \
	type __tsan_atomic##bits##_##name(volatile type *address, type operand, int order);        \
	type __tsan_atomic##bits##_##name(volatile type *address, type operand, int order)         \
	{                                                                                          \
		return update##bits(address, operand, order, how, HERE_PC, HERE_SP);               \
	}

#define ATOMIC(bits, type)                                                                         \
	type __tsan_atomic##bits##_load(const volatile type *address, int order);                  \
	type __tsan_atomic##bits##_load(const volatile type *address, int order)                   \
	{                                                                                          \
		struct actor *self = world.running;                                                \
		struct place *place;                                                               \
                                                                                                   \
		if (!self)                                                                         \
			return *address;                                                           \
		place = step(self, address, (bits) / 8, PLACE_ATOMIC_READ);                        \
		lap_read(self, place, (uintptr_t)address, (bits) / 8, HERE_PC, HERE_SP);           \
		access_note(                                                                       \
			self, place, (uintptr_t)address, (bits) / 8, PLACE_ATOMIC_READ, HERE_PC);  \
		acquire(self, place, order);                                                       \
		return *address;                                                                   \
	}                                                                                          \
                                                                                                   \
	void __tsan_atomic##bits##_store(volatile type *address, type value, int order);           \
	void __tsan_atomic##bits##_store(volatile type *address, type value, int order)            \
	{                                                                                          \
		struct actor *self = world.running;                                                \
		struct place *place;                                                               \
                                                                                                   \
		if (!self) {                                                                       \
			*address = value;                                                          \
			return;                                                                    \
		}                                                                                  \
		place = step(self, address, (bits) / 8, PLACE_ATOMIC_WRITE);                       \
		access_note(                                                                       \
			self, place, (uintptr_t)address, (bits) / 8, PLACE_ATOMIC_WRITE, HERE_PC); \
		release(self, place, order, false);                                                \
		*address = value;                                                                  \
		access_wrote(self, place);                                                         \
	}                                                                                          \
                                                                                                   \
	static type update##bits(volatile type *address, type operand, int order, enum update how, \
		const void *pc, const void *sp)                                                    \
	{                                                                                          \
		struct actor *self = world.running;                                                \
		struct place *place;                                                               \
		type old, new;                                                                     \
                                                                                                   \
		if (!self) {                                                                       \
			old = *address;                                                            \
			*address = UPDATED(type, how, old, operand);                               \
			return old;                                                                \
		}                                                                                  \
		place = step(self, address, (bits) / 8, PLACE_ATOMIC_WRITE);                       \
		old = *address;                                                                    \
		if (UPDATED(type, how, old, operand) == old)                                       \
			lap_read(self, place, (uintptr_t)address, (bits) / 8, pc, sp);             \
		old = *address;                                                                    \
		new = UPDATED(type, how, old, operand);                                            \
		access_note(self, place, (uintptr_t)address, (bits) / 8, PLACE_ATOMIC_WRITE, pc);  \
		if (world.tracing)                                                                 \
			trace_update();                                                            \
		acquire(self, place, order);                                                       \
		release(self, place, order, true);                                                 \
		*address = new;                                                                    \
		if (new != old)                                                                    \
			access_wrote(self, place);                                                 \
		return old;                                                                        \
	}                                                                                          \
                                                                                                   \
	UPDATE(exchange, bits, type, EXCHANGE)                                                     \
	UPDATE(fetch_add, bits, type, ADD)                                                         \
	UPDATE(fetch_sub, bits, type, SUB)                                                         \
	UPDATE(fetch_and, bits, type, AND)                                                         \
	UPDATE(fetch_or, bits, type, OR)                                                           \
	UPDATE(fetch_xor, bits, type, XOR)                                                         \
	UPDATE(fetch_nand, bits, type, NAND)                                                       \
                                                                                                   \
	static type compare##bits(volatile type *address, type expected, type desired, int order,  \
		int failing, const void *pc, const void *sp)                                       \
	{                                                                                          \
		struct actor *self = world.running;                                                \
		struct place *place;                                                               \
		type old;                                                                          \
                                                                                                   \
		if (!self) {                                                                       \
			old = *address;                                                            \
			if (old == expected)                                                       \
				*address = desired;                                                \
			return old;                                                                \
		}                                                                                  \
		place = step(self, address, (bits) / 8, PLACE_ATOMIC_WRITE);                       \
		if (*address != expected)                                                          \
			lap_read(self, place, (uintptr_t)address, (bits) / 8, pc, sp);             \
		old = *address;                                                                    \
		if (old != expected) {                                                             \
			access_note(self, place, (uintptr_t)address, (bits) / 8,                   \
				PLACE_ATOMIC_READ, pc);                                            \
			acquire(self, place, failing);                                             \
			return old;                                                                \
		}                                                                                  \
		access_note(self, place, (uintptr_t)address, (bits) / 8, PLACE_ATOMIC_WRITE, pc);  \
		if (world.tracing)                                                                 \
			trace_update();                                                            \
		acquire(self, place, order);                                                       \
		release(self, place, order, true);                                                 \
		*address = desired;                                                                \
		access_wrote(self, place);                                                         \
		return old;                                                                        \
	}                                                                                          \
                                                                                                   \
	type __tsan_atomic##bits##_compare_exchange_val(                                           \
		volatile type *address, type expected, type desired, int order, int failing);      \
	type __tsan_atomic##bits##_compare_exchange_val(                                           \
		volatile type *address, type expected, type desired, int order, int failing)       \
	{                                                                                          \
		return compare##bits(                                                              \
			address, expected, desired, order, failing, HERE_PC, HERE_SP);             \
	}                                                                                          \
                                                                                                   \
	int __tsan_atomic##bits##_compare_exchange_strong(                                         \
		volatile type *address, type *expected, type desired, int order, int failing);     \
	int __tsan_atomic##bits##_compare_exchange_strong(                                         \
		volatile type *address, type *expected, type desired, int order, int failing)      \
	{                                                                                          \
		type wanted = *expected;                                                           \
                                                                                                   \
		*expected =                                                                        \
			compare##bits(address, wanted, desired, order, failing, HERE_PC, HERE_SP); \
		return *expected == wanted;                                                        \
	}                                                                                          \
                                                                                                   \
	int __tsan_atomic##bits##_compare_exchange_weak(                                           \
		volatile type *address, type *expected, type desired, int order, int failing);     \
	int __tsan_atomic##bits##_compare_exchange_weak(                                           \
		volatile type *address, type *expected, type desired, int order, int failing)      \
	{                                                                                          \
		type wanted = *expected;                                                           \
                                                                                                   \
		*expected =                                                                        \
			compare##bits(address, wanted, desired, order, failing, HERE_PC, HERE_SP); \
		return *expected == wanted;                                                        \
	}

ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)
ATOMIC(128, unsigned __int128)

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

void __tsan_atomic_thread_fence(int order)
{
	struct actor *self = world.running;

	if (!self)
		return;
	if (acquires(order))
		self->now = clock_join(self->now, self->fence_acquired);
	if (releases(order)) {
		self->fence_released = self->now;
		clock_tick(&self->now, self->index);
	}
	if (world.tracing)
		trace_fence(self, HERE_PC);
}

/* Orders a thread and its own signal handlers: nothing that another actor sees. */
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}

/*
 * atomic.c - atomic operations and fences, as clang's ThreadSanitizer instrumentation calls them.
 *
 * Values are sequentially consistent: an operation takes effect at its step. What the C11 memory
 * orders decide is happens-before (C11 5.1.2.4): a release, or a relaxed store after a release
 * fence, heads a release sequence. It happens before an acquire that reads from the sequence, and
 * before an acquire fence that follows a relaxed load which does. A release sequence is continued
 * as in C11 and C17 (5.1.2.4p10): by read-modify-writes, and by stores of the actor that heads it,
 * even relaxed ones. C++20 removed the latter.
 *
 * A weak compare-exchange never fails spuriously here: clang (14 to 19) instruments it with the
 * same call as a strong one.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* Join what was released into other locations that share bytes with this one. */
static void join_around(struct vector_clock *clock, const struct location *location)
{
	for (const struct location *at = location->neighbour; at != location; at = at->neighbour)
		if (at->key & location->key & 0xff && at->execution == location->execution)
			location_acquire(clock, at);
}

static inline void acquire(struct actor *self, struct location *location, int order)
{
	struct vector_clock *clock = acquires(order) ? &self->now : &self->fence_acquired;

	if (!scheduler.races_wanted)
		return; /* happens-before is not needed */
	location_acquire(clock, location);
	if (__builtin_expect(location->overlaps, 0))
		join_around(clock, location);
	if (scheduler.tracing && acquires(order))
		trace_acquired(location->released_at);
}

/*
 * A store begins a release sequence, unless it continues one of the actor's own. A
 * read-modify-write that releases begins one too, and every read-modify-write continues those that
 * it found.
 */
static inline void release(struct actor *self, struct location *location, int order, bool update)
{
	const struct vector_clock *handed = releases(order) ? &self->now : &self->fence_released;
	actor_set own = actor_one(self->index);

	if (!scheduler.races_wanted)
		return;
	location_release(location, handed, update || location->heads & own);
	if (!update)
		location->heads = own;
	else if (releases(order) || clock_any(handed))
		location->heads |= own;
	if (scheduler.tracing)
		trace_released(&location->released_at);
	if (releases(order))
		clock_tick(&self->now, self->index);
}

/* What an operation does to a value; the same for every width. */
enum update { EXCHANGE, ADD, SUB, AND, OR, XOR, NAND };

#define UPDATED(type, how, old, operand)                                                           \
	((type)((how) == EXCHANGE ? (operand)                                                      \
		: (how) == ADD	  ? (old) + (operand)                                              \
		: (how) == SUB	  ? (old) - (operand)                                              \
		: (how) == AND	  ? (old) & (operand)                                              \
		: (how) == OR	  ? (old) | (operand)                                              \
		: (how) == XOR	  ? (old) ^ (operand)                                              \
				  : ~((old) & (operand))))

#define HERE_PC __builtin_return_address(0)
#define HERE_SP ((char *)__builtin_frame_address(0) + 2 * sizeof(void *))

/* --- up to eight bytes within one word: the only code that moves such values --------------- */

/* The operand of an operation. Its size is constant at every use, because all below is inlined. */
struct word {
	volatile void *address;
	unsigned size; /* 1, 2, 4, 8 bytes */
	const void *pc, *sp;
};

#define INLINE static inline __attribute__((always_inline))

INLINE uint64_t word_get(struct word word)
{
	switch (word.size) {
	case 1:
		return *(volatile uint8_t *)word.address;
	case 2:
		return *(volatile uint16_t *)word.address;
	case 4:
		return *(volatile uint32_t *)word.address;
	default:
		return *(volatile uint64_t *)word.address;
	}
}

INLINE void word_put(struct word word, uint64_t value)
{
	switch (word.size) {
	case 1:
		*(volatile uint8_t *)word.address = (uint8_t)value;
		break;
	case 2:
		*(volatile uint16_t *)word.address = (uint16_t)value;
		break;
	case 4:
		*(volatile uint32_t *)word.address = (uint32_t)value;
		break;
	default:
		*(volatile uint64_t *)word.address = value;
	}
}

INLINE uint64_t word_updated(struct word word, enum update how, uint64_t old, uint64_t operand)
{
	return UPDATED(uint64_t, how, old, operand) & (~0ull >> (64 - 8 * word.size));
}

/* The step before the access. Returns its location when the actor runs again. */
INLINE struct location *word_step(struct actor *self, struct word word, enum location_access kind)
{
	struct location *location = location_at((uintptr_t)word.address, word.size);

	access_step(self, location, (uintptr_t)word.address, kind, word.pc);
	return location;
}

INLINE void word_spin(struct actor *self, struct location *location, struct word word)
{
	spin_read(self, location, (uintptr_t)word.address, word.size, word.pc, word.sp);
}

INLINE void word_note(struct actor *self, struct location *location, struct word word,
	enum location_access kind, bool updates)
{
	access_note(self, location, (uintptr_t)word.address, word.size, kind, word.pc);
	if (updates && scheduler.tracing)
		trace_update();
}

INLINE uint64_t word_load(struct word word, int order)
{
	struct actor *self = scheduler.running;
	struct location *location;

	if (!self)
		return word_get(word);
	location = word_step(self, word, LOCATION_ATOMIC_READ);
	word_spin(self, location, word);
	word_note(self, location, word, LOCATION_ATOMIC_READ, false);
	acquire(self, location, order);
	return word_get(word);
}

INLINE void word_store(struct word word, uint64_t value, int order)
{
	struct actor *self = scheduler.running;
	struct location *location;

	if (!self) {
		word_put(word, value);
		return;
	}
	location = word_step(self, word, LOCATION_ATOMIC_WRITE);
	word_note(self, location, word, LOCATION_ATOMIC_WRITE, false);
	release(self, location, order, false);
	word_put(word, value);
	access_wrote(self, location);
}

/*
 * An update that leaves the value unchanged, like the exchange of a spinning lock, may be part of a
 * busy-wait loop: it counts as a read there, and unparks no actor.
 */
INLINE uint64_t word_update(struct word word, enum update how, uint64_t operand, int order)
{
	struct actor *self = scheduler.running;
	struct location *location;
	uint64_t old, new;

	if (!self) {
		old = word_get(word);
		word_put(word, word_updated(word, how, old, operand));
		return old;
	}
	location = word_step(self, word, LOCATION_ATOMIC_WRITE);
	old = word_get(word);
	if (word_updated(word, how, old, operand) == old)
		word_spin(self, location, word);
	old = word_get(word);
	new = word_updated(word, how, old, operand);
	word_note(self, location, word, LOCATION_ATOMIC_WRITE, true);
	acquire(self, location, order);
	release(self, location, order, true);
	word_put(word, new);
	if (new != old)
		access_wrote(self, location);
	return old;
}

/* Returns the old value, whether or not it was replaced. */
INLINE uint64_t word_compare(
	struct word word, uint64_t expected, uint64_t desired, int order, int failing)
{
	struct actor *self = scheduler.running;
	struct location *location;
	uint64_t old;

	if (!self) {
		old = word_get(word);
		if (old == expected)
			word_put(word, desired);
		return old;
	}
	location = word_step(self, word, LOCATION_ATOMIC_WRITE);
	if (word_get(word) != expected)
		word_spin(self, location, word);
	old = word_get(word);
	if (old != expected) {
		word_note(self, location, word, LOCATION_ATOMIC_READ, false);
		acquire(self, location, failing);
		return old;
	}
	word_note(self, location, word, LOCATION_ATOMIC_WRITE, true);
	acquire(self, location, order);
	release(self, location, order, true);
	word_put(word, desired);
	access_wrote(self, location);
	return old;
}

#define WORD(address)                                                                              \
	((struct word){(volatile void *)(address), sizeof *(address), HERE_PC, HERE_SP})

#define UPDATE(name, bits, type, how)                                                              \
	type __tsan_atomic##bits##_##name(volatile type *address, type operand, int order);        \
	type __tsan_atomic##bits##_##name(volatile type *address, type operand, int order)         \
	{                                                                                          \
		return (type)word_update(WORD(address), how, operand, order);                      \
	}

#define COMPARE(name, bits, type)                                                                  \
	int __tsan_atomic##bits##_##name(                                                          \
		volatile type *address, type *expected, type desired, int order, int failing);     \
	int __tsan_atomic##bits##_##name(                                                          \
		volatile type *address, type *expected, type desired, int order, int failing)      \
	{                                                                                          \
		type wanted = *expected;                                                           \
                                                                                                   \
		*expected = (type)word_compare(WORD(address), wanted, desired, order, failing);    \
		return *expected == wanted;                                                        \
	}

#define ATOMIC(bits, type)                                                                         \
	type __tsan_atomic##bits##_load(const volatile type *address, int order);                  \
	type __tsan_atomic##bits##_load(const volatile type *address, int order)                   \
	{                                                                                          \
		return (type)word_load(WORD(address), order);                                      \
	}                                                                                          \
                                                                                                   \
	void __tsan_atomic##bits##_store(volatile type *address, type value, int order);           \
	void __tsan_atomic##bits##_store(volatile type *address, type value, int order)            \
	{                                                                                          \
		word_store(WORD(address), value, order);                                           \
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
	type __tsan_atomic##bits##_compare_exchange_val(                                           \
		volatile type *address, type expected, type desired, int order, int failing);      \
	type __tsan_atomic##bits##_compare_exchange_val(                                           \
		volatile type *address, type expected, type desired, int order, int failing)       \
	{                                                                                          \
		return (type)word_compare(WORD(address), expected, desired, order, failing);       \
	}                                                                                          \
                                                                                                   \
	COMPARE(compare_exchange_strong, bits, type)                                               \
	COMPARE(compare_exchange_weak, bits, type)

ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)

/*
 * Wider accesses, and those that may cross a word boundary: clang calls the library for an _Atomic
 * structure of an odd size, and for an atomic object that is not aligned. They are atomic as a
 * whole: one step, in which every word of the range is accessed.
 */
static size_t word_size(uintptr_t at, size_t left)
{
	size_t word = 8 - (at & 7);

	return word < left ? word : left;
}

static void range_step(
	struct actor *self, uintptr_t at, size_t size, enum location_access kind, const void *pc)
{
	struct location *decides = location_at(at, (unsigned)word_size(at, size));

	for (size_t done = 0, word; done < size; done += word) {
		struct location *location;

		word = word_size(at + done, size - done);
		location = location_at(at + done, (unsigned)word);
		location_used(location, self->index, kind);
		if (location->shared)
			decides = location;
	}
	access_step(self, decides, at, kind, pc);
}

/* Nothing was written: the read may belong to a busy-wait loop. */
static void range_read(
	struct actor *self, uintptr_t at, size_t size, const void *pc, const void *sp)
{
	for (size_t done = 0, word; done < size; done += word) {
		word = word_size(at + done, size - done);
		spin_read(self, location_at(at + done, (unsigned)word), at + done, (unsigned)word,
			pc, sp);
	}
}

/* The accesses and their happens-before. `reads`: by a load or an update, not a store. */
static void range_note(struct actor *self, uintptr_t at, size_t size, enum location_access kind,
	bool reads, int order, const void *pc)
{
	for (size_t done = 0, word; done < size; done += word) {
		struct location *location;

		word = word_size(at + done, size - done);
		location = location_at(at + done, (unsigned)word);
		access_note(self, location, at + done, (unsigned)word, kind, pc);
		if (scheduler.tracing && reads && kind & LOCATION_IS_WRITE)
			trace_update();
		if (reads)
			acquire(self, location, order);
	}
	/* All words are acquired before one is released. */
	for (size_t done = 0, word; kind & LOCATION_IS_WRITE && done < size; done += word) {
		word = word_size(at + done, size - done);
		release(self, location_at(at + done, (unsigned)word), order, reads);
	}
}

static void range_wrote(struct actor *self, uintptr_t at, size_t size)
{
	for (size_t done = 0, word; done < size; done += word) {
		word = word_size(at + done, size - done);
		access_wrote(self, location_at(at + done, (unsigned)word));
	}
}

static void range_load(
	size_t size, const void *address, void *value, int order, const void *pc, const void *sp)
{
	struct actor *self = scheduler.running;

	if (self) {
		range_step(self, (uintptr_t)address, size, LOCATION_ATOMIC_READ, pc);
		range_read(self, (uintptr_t)address, size, pc, sp);
		range_note(self, (uintptr_t)address, size, LOCATION_ATOMIC_READ, true, order, pc);
	}
	memcpy(value, address, size);
}

static void range_store(size_t size, void *address, const void *value, int order, const void *pc)
{
	struct actor *self = scheduler.running;

	if (self) {
		range_step(self, (uintptr_t)address, size, LOCATION_ATOMIC_WRITE, pc);
		range_note(self, (uintptr_t)address, size, LOCATION_ATOMIC_WRITE, false, order, pc);
	}
	memcpy(address, value, size);
	if (self)
		range_wrote(self, (uintptr_t)address, size);
}

/* Stores the old value in `old`, which may be `value`. */
static void range_exchange(size_t size, void *address, const void *value, void *old, int order,
	const void *pc, const void *sp)
{
	struct actor *self = scheduler.running;
	uintptr_t at = (uintptr_t)address;
	bool changes = true;

	if (self) {
		range_step(self, at, size, LOCATION_ATOMIC_WRITE, pc);
		if (memcmp(address, value, size) == 0)
			range_read(self, at, size, pc, sp);
		range_note(self, at, size, LOCATION_ATOMIC_WRITE, true, order, pc);
		changes = memcmp(address, value, size) != 0;
	}
	for (size_t i = 0; i < size; i++) {
		unsigned char was = ((unsigned char *)address)[i];

		((unsigned char *)address)[i] = ((const unsigned char *)value)[i];
		((unsigned char *)old)[i] = was;
	}
	if (self && changes)
		range_wrote(self, at, size);
}

static bool range_compare(size_t size, void *address, void *expected, const void *desired,
	int order, int failing, const void *pc, const void *sp)
{
	struct actor *self = scheduler.running;
	uintptr_t at = (uintptr_t)address;
	bool same;

	if (self) {
		range_step(self, at, size, LOCATION_ATOMIC_WRITE, pc);
		if (memcmp(address, expected, size) != 0)
			range_read(self, at, size, pc, sp);
	}
	same = memcmp(address, expected, size) == 0;
	if (self)
		range_note(self, at, size, same ? LOCATION_ATOMIC_WRITE : LOCATION_ATOMIC_READ,
			true, same ? order : failing, pc);
	memcpy(same ? address : expected, same ? desired : address, size);
	if (self && same)
		range_wrote(self, at, size);
	return same;
}

#define WIDE_UPDATE(prefix, name, suffix, id, type, how)                                           \
	type wide_##name##id(void *address, type operand, int order) __asm__(prefix #name suffix); \
	type wide_##name##id(void *address, type operand, int order)                               \
	{                                                                                          \
		return wide_update##id(address, operand, order, how, HERE_PC, HERE_SP);            \
	}

#define WIDE(prefix, suffix, id, type)                                                             \
	type wide_load##id(const void *address, int order) __asm__(prefix "load" suffix);          \
	type wide_load##id(const void *address, int order)                                         \
	{                                                                                          \
		type value;                                                                        \
                                                                                                   \
		range_load(sizeof value, address, &value, order, HERE_PC, HERE_SP);                \
		return value;                                                                      \
	}                                                                                          \
                                                                                                   \
	void wide_store##id(void *address, type value, int order) __asm__(prefix "store" suffix);  \
	void wide_store##id(void *address, type value, int order)                                  \
	{                                                                                          \
		range_store(sizeof value, address, &value, order, HERE_PC);                        \
	}                                                                                          \
                                                                                                   \
	type wide_exchange##id(void *address, type value, int order) __asm__(                      \
		prefix "exchange" suffix);                                                         \
	type wide_exchange##id(void *address, type value, int order)                               \
	{                                                                                          \
		range_exchange(sizeof value, address, &value, &value, order, HERE_PC, HERE_SP);    \
		return value;                                                                      \
	}                                                                                          \
                                                                                                   \
	static type wide_update##id(void *address, type operand, int order, enum update how,       \
		const void *pc, const void *sp)                                                    \
	{                                                                                          \
		struct actor *self = scheduler.running;                                            \
		uintptr_t at = (uintptr_t)address;                                                 \
		type old, new;                                                                     \
                                                                                                   \
		if (self)                                                                          \
			range_step(self, at, sizeof old, LOCATION_ATOMIC_WRITE, pc);               \
		memcpy(&old, address, sizeof old);                                                 \
		if (self && UPDATED(type, how, old, operand) == old)                               \
			range_read(self, at, sizeof old, pc, sp);                                  \
		memcpy(&old, address, sizeof old);                                                 \
		new = UPDATED(type, how, old, operand);                                            \
		if (self)                                                                          \
			range_note(self, at, sizeof old, LOCATION_ATOMIC_WRITE, true, order, pc);  \
		memcpy(address, &new, sizeof new);                                                 \
		if (self && new != old)                                                            \
			range_wrote(self, at, sizeof old);                                         \
		return old;                                                                        \
	}                                                                                          \
                                                                                                   \
	WIDE_UPDATE(prefix, fetch_add, suffix, id, type, ADD)                                      \
	WIDE_UPDATE(prefix, fetch_sub, suffix, id, type, SUB)                                      \
	WIDE_UPDATE(prefix, fetch_and, suffix, id, type, AND)                                      \
	WIDE_UPDATE(prefix, fetch_or, suffix, id, type, OR)                                        \
	WIDE_UPDATE(prefix, fetch_xor, suffix, id, type, XOR)                                      \
	WIDE_UPDATE(prefix, fetch_nand, suffix, id, type, NAND)

#define WIDE_COMPARE(suffix, id, type)                                                             \
	bool wide_compare##id(void *address, void *expected, type desired, int order,              \
		int failing) __asm__("__atomic_compare_exchange" suffix);                          \
	bool wide_compare##id(void *address, void *expected, type desired, int order, int failing) \
	{                                                                                          \
		return range_compare(sizeof desired, address, expected, &desired, order, failing,  \
			HERE_PC, HERE_SP);                                                         \
	}

WIDE("__tsan_atomic128_", "", 128, unsigned __int128)
WIDE("__atomic_", "_1", _1, uint8_t)
WIDE("__atomic_", "_2", _2, uint16_t)
WIDE("__atomic_", "_4", _4, uint32_t)
WIDE("__atomic_", "_8", _8, uint64_t)
WIDE("__atomic_", "_16", _16, unsigned __int128)
WIDE_COMPARE("_1", _1, uint8_t)
WIDE_COMPARE("_2", _2, uint16_t)
WIDE_COMPARE("_4", _4, uint32_t)
WIDE_COMPARE("_8", _8, uint64_t)
WIDE_COMPARE("_16", _16, unsigned __int128)

unsigned __int128 __tsan_atomic128_compare_exchange_val(void *address, unsigned __int128 expected,
	unsigned __int128 desired, int order, int failing);
unsigned __int128 __tsan_atomic128_compare_exchange_val(void *address, unsigned __int128 expected,
	unsigned __int128 desired, int order, int failing)
{
	range_compare(
		sizeof desired, address, &expected, &desired, order, failing, HERE_PC, HERE_SP);
	return expected; /* the old value, whether or not it was replaced */
}

/*
 * Operations of any size. The compiler knows these names as built-ins and does not let them be
 * defined directly.
 */
void sized_load(size_t size, const void *address, void *value, int order) __asm__("__atomic_load");
void sized_store(size_t size, void *address, const void *value, int order) __asm__(
	"__atomic_store");
void sized_exchange(size_t size, void *address, const void *value, void *old, int order) __asm__(
	"__atomic_exchange");
bool sized_compare(size_t size, void *address, void *expected, const void *desired, int order,
	int failing) __asm__("__atomic_compare_exchange");

void sized_load(size_t size, const void *address, void *value, int order)
{
	range_load(size, address, value, order, HERE_PC, HERE_SP);
}

void sized_store(size_t size, void *address, const void *value, int order)
{
	range_store(size, address, value, order, HERE_PC);
}

void sized_exchange(size_t size, void *address, const void *value, void *old, int order)
{
	range_exchange(size, address, value, old, order, HERE_PC, HERE_SP);
}

bool sized_compare(
	size_t size, void *address, void *expected, const void *desired, int order, int failing)
{
	return range_compare(size, address, expected, desired, order, failing, HERE_PC, HERE_SP);
}

void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_signal_fence(int order);

void __tsan_atomic_thread_fence(int order)
{
	struct actor *self = scheduler.running;

	if (!self)
		return;
	if (acquires(order))
		clock_join(&self->now, &self->fence_acquired);
	if (releases(order)) {
		clock_copy(&self->fence_released, &self->now);
		clock_tick(&self->now, self->index);
	}
	if (scheduler.tracing)
		trace_fence(self, HERE_PC);
}

/* Orders a thread with its own signal handlers only: other actors cannot see it. */
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}

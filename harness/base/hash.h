/* hash.h - FNV-1a: names a text, and finds damage in it. */
#ifndef SNARL_BASE_HASH_H
#define SNARL_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

static const uint32_t HASH32_BEGIN = 2166136261u;

/* Extend a hash by these bytes. The hash of no bytes is HASH32_BEGIN. */
static inline uint32_t hash32(uint32_t hash, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * 16777619u;
	return hash;
}

/* The hash of a text. */
static inline uint64_t hash64(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return hash;
}

#endif

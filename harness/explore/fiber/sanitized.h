/*
 * sanitized.h - for tests: whether AddressSanitizer is active. It has its own thread-local
 * variables and stack bounds, which fibers change without its knowledge.
 */
#ifndef SNARL_EXPLORE_SANITIZED_H
#define SNARL_EXPLORE_SANITIZED_H

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define FIBERS_ARE_SANITIZED 1
#endif
#endif
#ifndef FIBERS_ARE_SANITIZED
#define FIBERS_ARE_SANITIZED 0
#endif

/* To come first in a test that runs fibers. Needs cmocka.h. */
#define SKIP_WHERE_SANITIZED()                                                                     \
	do {                                                                                       \
		if (!FIBERS_ARE_SANITIZED)                                                         \
			break;                                                                     \
		print_message("# fibers do not run under AddressSanitizer\n");                     \
		skip();                                                                            \
	} while (0)

#endif

/*
 * sanitized.h - for tests: whether AddressSanitizer is here. It keeps its own thread-local
 * variables and bounds of stacks, which fibers change behind its back.
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

/* First in a test that runs fibers. Needs cmocka.h. */
#define SKIP_WHERE_SANITIZED()                                                                     \
	do {                                                                                       \
		if (!FIBERS_ARE_SANITIZED)                                                         \
			break;                                                                     \
		print_message("# fibers do not run under AddressSanitizer\n");                     \
		skip();                                                                            \
	} while (0)

#endif

/* fiber.c - actors as fibers. */
#define _GNU_SOURCE
#include "fiber.h"

#include <elf.h>
#include <errno.h>
#include <linux/futex.h>
#include <link.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine.h"

enum {
	PARKED_BYTES = 4096,  /* of the stack: used by the donor thread itself */
	ESCAPE_BYTES = 16384, /* of the stack on which a fiber is left after a signal */
};

/* The program's own thread-local variables, as the loader lays them out; set by the first fiber. */
static struct image {
	bool known;
	const unsigned char *bytes;
	size_t given, size, alignment; /* the rest of `size` is zero */
} image;

static int image_find(struct dl_phdr_info *program, size_t size, void *unused)
{
	(void)size;
	(void)unused;
	for (int i = 0; i < program->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &program->dlpi_phdr[i];

		if (segment->p_type == PT_TLS)
			image = (struct image){true,
				(const unsigned char *)(program->dlpi_addr + segment->p_vaddr),
				segment->p_filesz, segment->p_memsz, segment->p_align};
	}
	image.known = true;
	return 1; /* the program comes first; variables of its libraries are not reset */
}

/* The program's TLS block, found from the thread pointer: ELF TLS, variants I and II. */
static unsigned char *locals_of(uintptr_t thread)
{
#ifdef __x86_64__
	return (unsigned char *)thread -
	       ((image.size + image.alignment - 1) & ~(image.alignment - 1));
#else
	size_t head = 2 * sizeof(void *);

	return (unsigned char *)thread + ((head + image.alignment - 1) & ~(image.alignment - 1));
#endif
}

/* Passed to a new donor thread, which fills the fiber in before it blocks. */
struct donor {
	sem_t parked;
	struct fiber *fiber;
};

static void *thread_park(void *argument)
{
	static int never; /* never changed */
	struct donor *donor = argument;

	fiber_adopt(donor->fiber);
	donor->fiber->top = (uintptr_t)__builtin_frame_address(0) - PARKED_BYTES;
	sem_post(&donor->parked);
	for (;;)
		syscall(SYS_futex, &never, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return NULL;
}

void fiber_adopt(struct fiber *fiber)
{
	pthread_attr_t attributes;
	void *stack;
	size_t size, guard;

	if (!image.known)
		dl_iterate_phdr(image_find, NULL);
	*fiber = (struct fiber){.thread = machine_thread(), .handle = pthread_self()};
	fiber->locals = locals_of(fiber->thread);
	pthread_getattr_np(fiber->handle, &attributes);
	pthread_attr_getstack(&attributes, &stack, &size);
	pthread_attr_getguardsize(&attributes, &guard);
	fiber->bottom = (uintptr_t)stack + guard;
	pthread_attr_destroy(&attributes);
}

int fiber_make(struct fiber *fiber)
{
	struct donor donor = {.fiber = fiber};
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t thread;
	int error;

	sem_init(&donor.parked, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, FIBER_STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* the new thread inherits the mask */
	error = pthread_create(&thread, &attributes, thread_park, &donor);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!error) {
		pthread_detach(thread);
		while (sem_wait(&donor.parked) != 0 && errno == EINTR)
			;
	}
	pthread_attr_destroy(&attributes);
	sem_destroy(&donor.parked);
	return -error;
}

void fiber_renew(struct fiber *fiber)
{
	if (!fiber->locals)
		return;
	memcpy(fiber->locals, image.bytes, image.given);
	memset(fiber->locals + image.given, 0, image.size - image.given);
	/*
	 * The C library is loaded at program start, so its thread-local variables have the same
	 * offset in all threads.
	 */
	*(int *)(fiber->thread + ((uintptr_t)&errno - machine_thread())) = 0;
}

void fiber_begin(struct fiber *fiber, void (*entry)(void *argument), void *argument)
{
	fiber_renew(fiber);
	fiber->sp = machine_stack(fiber->top, entry, argument);
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
	machine_switch(&from->sp, to->sp, to->thread);
}

static void escape(void *to)
{
	struct fiber nowhere, *fiber = to;

	fiber_switch(&nowhere, fiber);
}

void fiber_escape(void *signal_context, struct fiber *to)
{
	static unsigned char stack[ESCAPE_BYTES]; /* the fiber's own stack may have overflowed */

	machine_redirect(signal_context, (uintptr_t)stack + sizeof stack, escape, to);
}

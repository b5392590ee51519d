/* main.c - snarl: find the subcommand and hand over. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "exit.h"
#include "fiu_tools.h"
#include "ulimits.h"
#include "text.h"

extern const struct command *const __start_snarl_commands[];
extern const struct command *const __stop_snarl_commands[];

static void help(FILE *out)
{
	fprintf(out, "usage: snarl COMMAND [ARGUMENT]... [OPTION]...\n"
		     "Provoke, detect and explain race conditions and deadlocks in C.\n\n");
	for (const struct command *const *at = __start_snarl_commands; at < __stop_snarl_commands;
		at++)
		fprintf(out, "  %-10s%s\n", (*at)->name, (*at)->summary);
	fprintf(out,
		"\nRun 'snarl COMMAND --help' for details. Exit codes: 0 all as expected, 1 "
		"something\nfound, or an unexpected outcome, 2 usage, 3 could not run, 4 nothing "
		"selected, 77 all\nskipped, 130 interrupted.\n");
}

/* A full disk must not look like success; a reader that has closed its pipe is no error. */
static int output_finish(int code)
{
	struct stat status;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	if (fstat(STDOUT_FILENO, &status) == 0 && S_ISFIFO(status.st_mode))
		return code;
	fprintf(stderr, "snarl: cannot write the output: is the disk full?%s\n", limits_for(EFBIG));
	return code == EXIT_INTERRUPTED ? code : EXIT_COULD_NOT_RUN;
}

static int unknown(const char *name)
{
	fprintf(stderr, "snarl: unknown command '%s'; valid:", name);
	for (const struct command *const *at = __start_snarl_commands; at < __stop_snarl_commands;
		at++)
		fprintf(stderr, " %s", (*at)->name);
	fprintf(stderr, "\n");
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	fiu_run_leave(argv);
	signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit is an error, not the end */
	if (fiu_run_given() && (argc < 2 || strcmp(argv[1], "run") != 0))
		die(EXIT_USAGE, "fiu-run works only with the command run: fiu-run ... %s run ...",
			argv[0]);
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
		strcmp(argv[1], "help") == 0) {
		help(stdout);
		return output_finish(0);
	}
	for (const struct command *const *at = __start_snarl_commands; at < __stop_snarl_commands;
		at++)
		if (strcmp((*at)->name, argv[1]) == 0)
			return output_finish((*at)->run(*at, argc - 1, argv + 1));
	return unknown(argv[1]);
}

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
#include "help.h"
#include "ulimits.h"
#include "text.h"

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

int main(int argc, char **argv)
{
	fiu_run_leave(argv);
	signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit is an error, not the end */
	if (fiu_run_given() && (argc < 2 || strcmp(argv[1], "run") != 0))
		die(EXIT_USAGE, "fiu-run works only with the command run: fiu-run ... %s run ...",
			argv[0]);
	if (argc < 2) {
		help_print(stderr);
		return EXIT_USAGE;
	}
	if (is(argv[1], "--version")) {
		puts("snarl " SNARL_VERSION);
		return output_finish(EXIT_AS_EXPECTED);
	}
	if (is(argv[1], "--help") || is(argv[1], "-h")) {
		help_print(stdout);
		return output_finish(EXIT_AS_EXPECTED);
	}
	return output_finish(command_find(argv[1])->run(command_find(argv[1]), argc - 1, argv + 1));
}

/*
 * The cage of a plugin: what a process does to itself before it becomes the
 * plugin. It can never be undone, and binds all that the plugin runs.
 *
 * One thread, in a process that was just forked for this.
 */
#ifndef RIALTO_PLUGIN_CAGE_H
#define RIALTO_PLUGIN_CAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/attr.h"
#include "plugin/launch.h"

/* Closes this descriptor and all above it. */
void cage_close_from(int first);

/* Can this kernel do what follows? */
bool cage_has_files(void);
bool cage_has_calls(void);

/*
 * What of the system's files can be seen, with those of the program: to be
 * read and run, nothing to be written. True, without doing anything, where
 * the kernel cannot (Landlock, Linux 5.13); false, and errno says why, when it
 * failed.
 */
NODISCARD bool cage_files(const char *program,
			  const struct launch_order *order);

/*
 * Which system calls can be made. execve() can be made with these three
 * addresses alone. As cage_files(), without seccomp.
 */
NODISCARD bool cage_calls(bool network, const void *path, const void *args,
			  const void *environment);

/* Of one who enters; descriptors of at least 3. */
struct cage_ends {
	int socket; /* to be standard input and output */
	int errors; /* to be standard error */
	int report; /* closed when all went well */
	pid_t parent;
};

/*
 * Becomes the program. Does not return: when that failed, a struct cage_flaw
 * is written to the report, and the process ends.
 */
NORETURN void cage_enter(const struct launch_order *order,
			 const struct cage_ends *ends);

struct cage_flaw {
	int number;     /* errno */
	char words[60]; /* what could not be done; empty: the program be run */
};

#endif

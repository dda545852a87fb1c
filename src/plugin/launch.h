/*
 * What the daemon and its launcher say to each other: one message at a time
 * on a SOCK_SEQPACKET socket, both ends of which are the same program.
 */
#ifndef RIALTO_PLUGIN_LAUNCH_H
#define RIALTO_PLUGIN_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum {
	LAUNCH_PATH = 4096,
	LAUNCH_SECRETS = 65536,
	LAUNCH_WORDS = 240,
};

enum launch_kind {
	LAUNCH_RUN = 1, /* with the plugin's socket and its standard error */
	LAUNCH_KILL,
};

/* From the daemon. */
struct launch_order {
	enum launch_kind kind;
	bool network;
	bool has_memory_limit;
	uint64_t id; /* chosen by the daemon, never used twice */
	int64_t memory_bytes;
	char program[LAUNCH_PATH];
	/* Paths of what it must not see, each ended by a NUL; then an empty
	 * one. */
	char secrets[LAUNCH_SECRETS];
};

enum launch_outcome {
	LAUNCH_RUNS = 1, /* pid is set */
	LAUNCH_FAILED,   /* words says why; there is no process */
	LAUNCH_ENDED,    /* words says how; none of its processes is left */
};

/* From the launcher. */
struct launch_report {
	enum launch_outcome outcome;
	int pid;
	uint64_t id;
	char words[LAUNCH_WORDS];
};

#endif

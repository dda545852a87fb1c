/*
 * Many members of one room, held by a few threads: how long until all are in,
 * and what the chat between them costs.
 */
#ifndef RIALTO_BENCH_CROWD_H
#define RIALTO_BENCH_CROWD_H

#include <stdint.h>
#include <sys/types.h>

#include "dialect.h"
#include "histogram.h"
#include "options.h"
#include "peer.h"

/* Filled from the command line; crowd_defaults() first. */
struct crowd_plan {
	const char *protocol;
	const char *address;
	const char *room;
	const char *prefix;     /* of the members' names */
	const char *priorities; /* GnuTLS */
	int64_t port;
	int64_t pid; /* of the server, 0: do not measure it */
	int64_t members;
	int64_t threads;
	int64_t concurrency; /* how many are on their way in at once */
	int64_t sources;
	int64_t senders;   /* 0: one for each message in flight */
	int64_t in_flight; /* in all; at a rate: at most, by each sender */
	int64_t rate;      /* messages a second in all; 0: as fast as they go */
	int64_t text;      /* bytes of a message */
};

void crowd_defaults(struct crowd_plan *plan);

/* Rows for a table of options: where the server is, the crowd, its chat. */
#define TARGET_OPTIONS(plan)                                                   \
	{ "address", &(plan).address, NULL, 0, 0, "the server's" },            \
		{ "port", NULL, &(plan).port, 1, 65535, "the server's" },      \
		{ "pid", NULL, &(plan).pid, 0, INT32_MAX, "the server's" },    \
		{ "priorities", &(plan).priorities, NULL, 0, 0, "of GnuTLS" }, \
	{                                                                      \
		"sources", NULL, &(plan).sources, 0, 250,                      \
			"connect from 127.0.0.2 on, this many; 0 any"          \
	}

#define CROWD_OPTIONS(plan)                                                         \
	TARGET_OPTIONS(plan),                                                       \
		{ "protocol", &(plan).protocol, NULL, 0, 0, "line or irc" },        \
		{ "room", &(plan).room, NULL, 0, 0, "that all join" },              \
		{ "prefix", &(plan).prefix, NULL, 0, 0, "of the members' names" },  \
		{ "members", NULL, &(plan).members, 1, 65535, "sessions to hold" }, \
		{ "threads", NULL, &(plan).threads, 1, 64, "of this program" },     \
	{                                                                           \
		"concurrency", NULL, &(plan).concurrency, 1, 65535,                 \
			"on their way in at once"                                   \
	}

#define CROWD_CHAT_OPTIONS(plan)                                               \
	{ "senders", NULL, &(plan).senders,                                    \
	  0,         4096, "who speak; 0 is one for each message in flight" }, \
		{ "in-flight",                                                 \
		  NULL,                                                        \
		  &(plan).in_flight,                                           \
		  1,                                                           \
		  65536,                                                       \
		  "messages on their way at once, of all senders together" },  \
	{                                                                      \
		"text", NULL, &(plan).text, 14, 400, "bytes of a message"      \
	}

struct crowd;

/* Copies the plan. */
struct crowd *crowd_new(const struct crowd_plan *plan);

/* Lets everyone in; how long it took, in nanoseconds. */
int64_t crowd_enter(struct crowd *c);

struct crowd_result {
	struct histogram latency; /* of every delivery */
	double seconds;
	uint64_t deliveries;
	int64_t server_cpu_ns;
	int64_t own_cpu_ns;
	int64_t all_cpu_ns; /* of the machine */
};

/*
 * Chats: warm_ms unmeasured, then measure_ms. Every receiver must get every
 * message once and in order, and all of them by the end, or the run fails.
 * May be called again.
 */
void crowd_chat(struct crowd *c, int64_t warm_ms, int64_t measure_ms,
		struct crowd_result *result_r);

/* Everyone leaves. */
void crowd_free(struct crowd **c);

#endif

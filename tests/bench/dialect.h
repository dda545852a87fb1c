/*
 * The two protocols that the benchmarks speak: Rialto's lines in machine mode,
 * and IRC (RFC 2812), so that other servers are measured by the same program.
 */
#ifndef RIALTO_BENCH_DIALECT_H
#define RIALTO_BENCH_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
	VERDICT_OTHER, /* of no interest */
	VERDICT_DONE,  /* an answer that a step, or a message, waits for */
	VERDICT_REFUSED,
	VERDICT_PING,
};

/* One thing to send on the way in, and how many answers it takes. */
struct dialect_step {
	const char *format; /* %n is the name, %r the room */
	const char *awaits; /* IRC: the reply that ends it */
	unsigned answers;
};

struct dialect {
	const char *name;
	const struct dialect_step *steps; /* ends with one without a format */
	bool confirms;                    /* every message is answered */
	const char *say; /* before a message's text; %r is the room */
	const char *line_end;
	/* Judges a line (without its end) that is no message. */
	enum verdict (*judge)(const struct dialect_step *step, const char *line,
			      size_t len);
};

/* "line" or "irc"; another name ends the run. */
const struct dialect *dialect_find(const char *name);

enum { DIALECT_LINE_MOST = 512 };

/* Fills in a format of the tables above; returns its length. */
size_t dialect_print(char text_r[DIALECT_LINE_MOST], const char *format,
		     const char *name, const char *room);

#endif

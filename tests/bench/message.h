/*
 * The text that is said: which sender, its how-manieth, and padding that must
 * arrive unchanged. It always has the same length and stands at the end of a
 * line, so whatever a protocol puts before it, it is found by its length.
 */
#ifndef RIALTO_BENCH_MESSAGE_H
#define RIALTO_BENCH_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	MESSAGE_HEAD = 13, /* '@', 4 hex digits, 8 hex digits */
	MESSAGE_LEAST = MESSAGE_HEAD + 1,
	MESSAGE_MOST = 400,
};

/* Writes len bytes, without a NUL. */
void message_write(char *text_r, unsigned len, unsigned sender, uint32_t seq);

/* Reads text of len bytes; false unless it is a message, undamaged. */
bool message_read(const char *text, unsigned len, uint32_t *sender_r,
		  uint32_t *seq_r);

#endif

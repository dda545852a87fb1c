/*
 * The words that are worth completing, learnt from the lines that pass by:
 * commands, users and rooms. The newest of each kind are kept.
 */
#ifndef RIALTO_RIALTO_VOCABULARY_H
#define RIALTO_RIALTO_VOCABULARY_H

#include <stddef.h>

#include "base/attr.h"

/* Of each kind. */
enum { VOCABULARY_MOST = 512 };

struct vocabulary;

NODISCARD struct vocabulary *vocabulary_new(void);
void vocabulary_free(struct vocabulary **v);

/* Learns from a line of the server, as line_take() gives it. */
void vocabulary_learn(struct vocabulary *v, const char *text);

/*
 * The next completion of what is typed up to the cursor, for the word that
 * begins at start: a command at the start of a line after '/', the second word
 * of one behind its first, a user at the start after '.', else a user or room.
 * Begin with *at_r = 0 and go on until NULL. The caller owns it.
 */
NODISCARD char *vocabulary_match(const struct vocabulary *v, const char *typed,
				 size_t start, size_t *at_r);

#endif

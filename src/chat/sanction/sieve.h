/*
 * A sieve: the word filters of a room, prepared so that a message that none of
 * them catches costs one look at each of its bytes, however many there are.
 * One owner, who locks.
 */
#ifndef RIALTO_CHAT_SIEVE_H
#define RIALTO_CHAT_SIEVE_H

#include <stdint.h>

struct sanction;
struct sieve;

struct sieve *sieve_new(void);
void sieve_free(struct sieve **sieve);

/* Borrows s, whose mask is a pattern. After the last one: sieve_prepare(). */
void sieve_add(struct sieve *sieve, const struct sanction *s);
void sieve_prepare(struct sieve *sieve);

/* One of those that catch the text and are not over; NULL when none does. */
const struct sanction *sieve_catch(struct sieve *sieve, const char *text,
				   int64_t now_ms);

#endif

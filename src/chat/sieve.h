/*
 * A sieve: the word filters of a room, prepared so that a message that none of
 * them catches costs one look at each of its bytes, however many there are.
 *
 * A pattern is found anywhere in a message; with a star in it, it must fit the
 * whole message, and each star stands for any run of bytes. Case does not
 * count (see fold.h). One owner, who locks.
 */
#ifndef RIALTO_CHAT_SIEVE_H
#define RIALTO_CHAT_SIEVE_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "chat/refusal.h"

struct sanction;
struct sieve;

/* Bytes in a row that a pattern must have besides its stars. */
enum { SIEVE_NEEDLE_LEAST = 3 };

/* ERR_BAD_INPUT, with words, for what may not be a pattern. */
NODISCARD enum err sieve_check(const char *pattern, struct refusal *why);

struct sieve *sieve_new(void);
void sieve_free(struct sieve **sieve);

/* Borrows s. After the last one: sieve_prepare(). */
void sieve_add(struct sieve *sieve, const char *pattern,
	       const struct sanction *s);
void sieve_prepare(struct sieve *sieve);

/* One of those that catch the text and are not over; NULL when none does. */
const struct sanction *sieve_catch(struct sieve *sieve, const char *text,
				   int64_t now_ms);

#endif

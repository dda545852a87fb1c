/*
 * Where the next joke comes from: fetched ones first, kept in stock so that
 * nobody waits for a server; those of the bundle when there are none.
 *
 * The stock is refilled by supply_step(), one request at a time, at most
 * SUPPLY_RATE a minute, and ever more rarely while that brings nothing.
 */
#ifndef RIALTO_JOKE_SUPPLY_H
#define RIALTO_JOKE_SUPPLY_H

#include <stdint.h>

#include "base/attr.h"
#include "joke/joke.h"

enum { SUPPLY_RATE = 30 };

struct supply;

struct supply *supply_new(void);

/* Frees *supply and sets it to NULL. A NULL *supply is left alone. */
void supply_free(struct supply **supply);

/*
 * From now on jokes come from url, prefetch of them (1 to 50) are kept in
 * stock, and a server has timeout_ms to answer. What is wrong with the URL,
 * as words that fit behind "the URL", else NULL. Once.
 */
NODISCARD const char *supply_open(struct supply *s, const char *url,
				  int64_t prefetch, int64_t timeout_ms);

/* A joke, at once; the caller's. */
NODISCARD struct joke *supply_take(struct supply *s);

/* Goes on fetching, without waiting. */
void supply_step(struct supply *s);

/* What a log should know and was not told yet; borrowed; NULL for nothing. */
const char *supply_news(struct supply *s);

/* Waits until there is something to do, or fd may be read. */
void supply_wait(struct supply *s, int fd);

#endif

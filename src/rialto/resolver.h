/*
 * The addresses behind a name, asked for in a thread of their own, since the
 * system's resolver may wait for a network that is not there.
 */
#ifndef RIALTO_RIALTO_RESOLVER_H
#define RIALTO_RIALTO_RESOLVER_H

#include <netdb.h>

#include "base/attr.h"

struct resolver;

/* Begins to ask. */
NODISCARD struct resolver *resolver_new(const char *host, const char *port);

/* Does not wait for the answer. */
void resolver_free(struct resolver **r);

/* Readable once the answer is there. */
int resolver_fd(const struct resolver *r);

/*
 * The answer, once it is there: addresses that belong to the resolver, or
 * NULL with words in *problem_r.
 */
NODISCARD const struct addrinfo *resolver_answer(const struct resolver *r,
						 const char **problem_r);

#endif

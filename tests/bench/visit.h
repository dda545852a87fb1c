/*
 * Short visits to a server, one after another, each by a thread that waits:
 * connect, shake hands, say something, hear the answers, leave.
 */
#ifndef RIALTO_BENCH_VISIT_H
#define RIALTO_BENCH_VISIT_H

#include <stdbool.h>

#include "peer.h"

struct visitor {
	const struct target *target;
	struct peer peer;
	struct intake intake;
	unsigned count; /* of visits begun */
	unsigned index; /* among the visitors */
	uint64_t lines; /* heard in answers, and beside them */
};

/* Connects and shakes hands; ticket as for peer_open(). */
void visit_begin(struct visitor *v, const gnutls_datum_t *ticket);

/* Waits for the first line, which is the greeting. */
void visit_greeted(struct visitor *v);

/*
 * Sends lines of the line protocol in machine mode and waits for as many
 * answers. False when one of them, or the door, was a refusal.
 */
bool visit_ask(struct visitor *v, const char *lines, unsigned answers);

void visit_end(struct visitor *v);

#endif

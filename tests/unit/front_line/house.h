/*
 * The line service with all that is below it, in a folder of its own: a store,
 * users, rooms, a bank, jobs, and a server on Unix sockets. Two users are
 * there: "ann" and "ben"; the password of each is "password".
 */
#ifndef RIALTO_TESTS_UNIT_FRONT_LINE_HOUSE_H
#define RIALTO_TESTS_UNIT_FRONT_LINE_HOUSE_H

#include "command/realm.h"
#include "front/line/line.h"
#include "net/settings.h"
#include "net/tls.h"

struct house {
	char dir[64];
	struct realm realm;
	struct identity_key *identity;
	struct line *line;
	struct tls *tls;
	struct limits limits;
	struct chat_settings chat;
	struct job bank; /* carries out what waits for the ledger */
	unsigned
		jobs; /* threads for them: 2, unless changed before the start */
};

/*
 * Everything but the server's start; the caller may change the limits. ann has
 * these roles beside.
 */
void house_open(struct house *h, unsigned workers, role_set ann);

void house_start(struct house *h);

/* Stops and closes everything, and removes the folder. */
void house_close(struct house *h);

/*
 * A socket connected to a listener: "auto", "always" (telnet), or "console";
 * -1 when nobody listens any more.
 */
int house_connect(const struct house *h, const char *listener);

#endif

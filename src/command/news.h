/* News that waited for a user's login. In the session's worker. */
#ifndef RIALTO_COMMAND_NEWS_H
#define RIALTO_COMMAND_NEWS_H

#include "chat/person.h"
#include "command/realm.h"

/*
 * Has a job tell the person, a user's: how reports of his ended, how many
 * private messages wait if they are not as many as were told, and what became
 * of standing orders, requests and so on. When the jobs are busy the news waits
 * for another login.
 */
void news_tell(struct realm *realm, struct person *person, size_t waiting);

#endif

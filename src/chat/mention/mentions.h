/*
 * What mentions somebody, found in what was said: the newest first, on and on.
 * One owner.
 *
 *     mentions = mentions_new(chat, person, name);
 *     search_add_room(mentions_search(mentions), room);
 *     while (mentions_wants_step(mentions))
 *         e = search_step(mentions_search(mentions));
 *     m = mentions_next(mentions);
 */
#ifndef RIALTO_CHAT_MENTIONS_H
#define RIALTO_CHAT_MENTIONS_H

#include <stdbool.h>

#include "chat/history/search.h"
#include "chat/message.h"

struct mentions;

/*
 * Of a person who is called so now: neither own words, nor those of people who
 * are ignored now. Any thread.
 */
struct mentions *mentions_new(struct chat *chat, const struct person *person,
			      const char *name);

/* Accepts NULL. */
void mentions_free(struct mentions **mentions);

/* Borrowed; for its rooms, its steps and how far it has looked. */
struct search *mentions_search(const struct mentions *mentions);

/* Must a step be made before the next can be had? */
bool mentions_wants_step(const struct mentions *mentions);

/*
 * A new reference, when no step is wanted; NULL: there is none, or patience is
 * at its end.
 */
struct message *mentions_next(struct mentions *mentions);

/* May there be more? */
bool mentions_has_more(const struct mentions *mentions);

/* Goes on after mentions_next() gave NULL. */
void mentions_go_on(struct mentions *mentions);

#endif

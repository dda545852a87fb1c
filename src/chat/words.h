/*
 * Words that a room is shown without being said in it: a topic, the new name
 * of a guest. Who may not speak shows none, and what may not be said is not
 * shown either. Any thread, without locks.
 */
#ifndef RIALTO_CHAT_WORDS_H
#define RIALTO_CHAT_WORDS_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/message.h"
#include "chat/refusal.h"

struct person;
struct room;

/*
 * May the person (NULL: the console, which may) show this room the text? What
 * gate_words() refuses; what a filter holds, the ops are told.
 */
NODISCARD enum err words_check(struct room *room, struct person *person,
			       enum message_kind kind, const char *text,
			       struct refusal *why);

/* The same in each room where the person is. */
NODISCARD enum err words_check_name(struct person *person, const char *name,
				    struct refusal *why);

#endif

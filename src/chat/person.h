/*
 * A person: a user or a guest who is here, with one session or several.
 * Membership of rooms is the person's, not the session's.
 *
 * Shared between workers by reference; the functions lock for themselves and
 * may be called from any thread, save for the slots.
 */
#ifndef RIALTO_CHAT_PERSON_H
#define RIALTO_CHAT_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/text.h"
#include "base/thread.h"
#include "chat/subscriber.h"
#include "user/user.h"

struct person;
struct room;

/* user 0 is a guest. With one reference. */
struct person *person_new(const struct subscribers *subscribers, user_id user,
			  const char *name);
struct person *person_ref(struct person *p);
void person_unref(struct person **p);

user_id person_user(const struct person *p);
bool person_is_guest(const struct person *p);

/*
 * A user's own number; a guest's, which no user has, and no other guest until
 * the next start.
 */
uint64_t person_number(const struct person *p);
bool person_number_is_guest(uint64_t number);

role_set person_roles(const struct person *p); /* of the latest login */
void person_name(struct person *p, char name_r[NAME_MOST + 1]);

/* The subscriber's own; in its worker only. */
void *person_slot(const struct person *p, unsigned subscriber);
void person_set_slot(struct person *p, unsigned subscriber, void *data);

/* NULL or "": here again. Copies text. */
void person_set_away(struct person *p, const char *text);

/* False when the person is here; else adds why not. */
bool person_away(struct person *p, struct buf *text);

/* The same for asker, to whom an absence is told but once. */
bool person_answer_away(struct person *p, const struct person *asker,
			struct buf *text);

/* Something was typed; and how long ago that was. */
void person_touch(struct person *p);
int64_t person_idle_s(const struct person *p);

/* Sends m to every worker where the person has a session. */
void person_send(struct person *p, struct message *m);

/* The names of the rooms the person is in, in order of joining, by ", ". */
void person_print_rooms(struct person *p, struct person *in_common,
			struct buf *out);

#endif

/*
 * A chat with a store of its own, and subscribers that write down what they
 * are told.
 */
#ifndef RIALTO_TESTS_UNIT_CHAT_HALL_H
#define RIALTO_TESTS_UNIT_CHAT_HALL_H

#include "audit/trail.h"
#include "base/buf.h"
#include "base/thread.h"
#include "chat/chat.h"
#include "chat/message.h"
#include "store/store.h"
#include "user/users.h"

/* The store knows users 1 to HALL_USERS, whatever they are called here. */
enum { HALL_EARS = 3, HALL_USERS = 9 };

/* A subscriber. */
struct ear {
	struct subscriber subscriber;
	struct mutex lock;
	struct message **heard; /* references, in order */
	size_t count;
	size_t told; /* of them were returned by hall_hears() */
};

struct hall {
	char dir[64];
	struct store *store;
	struct users *users;
	struct trail *trail;
	struct chat *chat;
	struct chat_settings settings;
	struct ear ears[HALL_EARS];
	struct subscriber *subscribers[HALL_EARS];
	struct buf text;
};

/* For cmocka: *state is the hall. Three rooms per user, a replay of four. */
int hall_setup(void **state);
int hall_teardown(void **state);

/* Closes the chat and the store, and opens them again. Nobody may be here. */
void hall_reopen(struct hall *h);

/* Forgets what was heard. */
void hall_hush(struct hall *h);

/*
 * What an ear has heard since the last look, borrowed until the next, each
 * message ended by ";":
 *
 *     say den ann: hello
 *     entered den ann +2 @7     two of replay, for session 7 alone
 *     private ann>ben: psst
 */
const char *hall_hears(struct hall *h, unsigned ear);

/* A session comes, with the memberships that the store has; must succeed. */
struct person *hall_come(struct hall *h, user_id user, const char *name,
			 unsigned ear, uint64_t session);

/* A session goes, and with it the reference. */
void hall_go(struct hall *h, struct person **person, unsigned ear);

/* A copy that borrows the person. */
struct actor hall_actor(struct person *person);

/* For changes of users: "user.test", nobody's. */
extern const struct audit_entry hall_entry;

/* One more user in the store. */
user_id hall_user(struct hall *h, const char *name);

/* chat_join() and room_say(), which return what they return. */
enum err hall_join(struct hall *h, struct person *person, const char *room);
enum err hall_say(struct hall *h, struct person *person, const char *room,
		  const char *text);

#endif

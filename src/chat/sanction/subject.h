/*
 * A subject: what of a person the lists of rooms are matched against. An
 * immutable copy, counted by references, so that a room can look at it without
 * the person's lock. Any thread.
 */
#ifndef RIALTO_CHAT_SUBJECT_H
#define RIALTO_CHAT_SUBJECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/text.h"
#include "chat/network.h"
#include "chat/sanction/cloak.h"
#include "user/user.h"

/* Different addresses that one person is known by; the latest count. */
enum { SUBJECT_HOSTS_MOST = 32 };

struct subject_host {
	char address[USER_ADDRESS]; /* as text */
	char cloak[CLOAK_TEXT];     /* "local" when there is no address */
	bool is_local;
	struct network network;
};

struct subject {
	atomic_uint refs;
	user_id user;     /* 0: a guest */
	int64_t since_ms; /* wall: a user since, or came */
	char name[NAME_MOST + 1];
	size_t count;
	struct subject_host hosts[]; /* the latest first */
};

struct person;

/*
 * Makes the subject of a person anew, whose name or hosts have changed, and
 * gives it to the rooms. With the person's lock held.
 */
void subject_renew(struct person *person, const uint8_t key[CLOAK_KEY]);

/* The subject knows this address. */
bool subject_has(const struct subject *subject, const char *address);

/* The subject of a person, a reference for the caller. */
struct subject *subject_of(struct person *person);

/* Adds the cloaks, separated by commas. */
void subject_print_hosts(const struct subject *subject, struct buf *out);

struct subject *subject_ref(struct subject *subject);
void subject_unref(struct subject **subject);

#endif

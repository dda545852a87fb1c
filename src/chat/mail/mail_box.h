/*
 * Boxes of kept messages: what of /tell is left for a user who is not here,
 * or away. A message waits until its receiver was shown it; then it stays for
 * a week, unless its room is needed for another. All of it goes with either
 * user. Jobs, save where it says otherwise.
 */
#ifndef RIALTO_CHAT_MAIL_BOX_H
#define RIALTO_CHAT_MAIL_BOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"
#include "chat/actor.h"
#include "chat/mail/mail.h"
#include "chat/refusal.h"
#include "store/record.h"

struct chat;
struct person;

enum {
	MAIL_PAIR_MOST = 20,         /* that wait, of one user for another */
	MAIL_BOX_MOST = 200,         /* for one user */
	MAIL_BOX_BYTES = 256 * 1024, /* of their texts */
	MAIL_SENT_MOST = 200,        /* of one user, in all boxes */
	MAIL_READ_DAYS = 7,          /* that one stays after it was read */
	MAIL_PAGE = 20,              /* shown at once */
	MAIL_PAGE_BYTES = 32 * 1024, /* past it the page is full */
};

/* What a chat knows of all boxes. */
struct mail_state {
	int64_t tick_ms;                   /* keeper, monotonic: the next one */
	uint8_t scan_key[RECORD_KEY_PAIR]; /* keeper: where to go on */
};

/* What is to be kept. */
struct parcel {
	const char *to; /* a name */
	const char *text;
	bool is_copy; /* it was told as well: the receiver is away */
	char name_r[NAME_MOST + 1]; /* the receiver's, as it is written */
};

/*
 * Keeps it; by's other sessions, and the receiver, should it be here by now,
 * are told. The flood of by's messages was looked at before, see
 * tell_person(). ERR_NO_SUCH_USER, ERR_USERS_ONLY (by is a guest),
 * ERR_DISABLED (the receiver is), ERR_MUTED, ERR_IGNORED, ERR_LIMIT.
 */
NODISCARD enum err mail_keep(struct chat *chat, const struct actor *by,
			     struct parcel *parcel, struct refusal *why);

/* A page of somebody's box. */
struct mail_page {
	bool is_all;     /* also those that were read, the latest; else the
			    oldest of those that wait */
	uint64_t before; /* of all: those with a lower number; 0: the latest */
	struct mails mails; /* to be given to mails_fini() in any case */
	size_t waiting_r;   /* that still wait, on no page yet */
	bool has_older_r;   /* of all */
	bool is_unmarked_r; /* the disk is full: they go on waiting */
};

/* Fills it, and marks what it has as read. ERR_DISABLED. */
NODISCARD enum err mail_take(struct chat *chat, const struct actor *by,
			     struct mail_page *page);

/*
 * Deletes one message of by's box, or all of them (id 0), and says how many
 * these were and how many of them were unread. ERR_NOT_FOUND.
 */
NODISCARD enum err mail_delete(struct chat *chat, const struct actor *by,
			       uint64_t id, size_t *count_r, size_t *unread_r);

/* How many wait for the user. */
NODISCARD enum err mail_count(struct chat *chat, user_id user, size_t *count_r);

/*
 * Tells the person, a user's, how many wait, if any and others than told: for
 * who counted them before the user was here, when nobody else told the user.
 */
NODISCARD enum err mail_tell_waiting(struct chat *chat, struct person *person,
				     size_t told);

/* With the change lock: the user is no more. */
NODISCARD enum err mail_forget(struct chat *chat, user_id user);

/* The keeper's chore: removes what was read more than MAIL_READ_DAYS ago. */
void mail_tick(struct chat *chat);

#endif

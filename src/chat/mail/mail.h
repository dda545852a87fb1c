/*
 * A private message that is kept: for a user who was not here, or away, until
 * it is read, and for a while after that. Users are known by their numbers,
 * so new names change nothing. Plain values.
 */
#ifndef RIALTO_CHAT_MAIL_H
#define RIALTO_CHAT_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "user/user.h"

struct mail {
	uint64_t id; /* 1, 2, 3 …, never used again */
	user_id to;
	user_id from;
	int64_t time_ms; /* wall clock */
	int64_t read_ms; /* wall clock; 0: it waits */
	char *text;      /* owned */
};

/* Frees the text. */
void mail_fini(struct mail *mail);

/* The stored form, version first; out is empty. */
void mail_encode(const struct mail *mail, struct buf *out);

/* On success mail_r is to be given to mail_fini(). */
NODISCARD bool mail_decode(const void *bytes, size_t len, struct mail *mail_r);

/* Many, in the order of their numbers. */
struct mails {
	struct mail *list;
	size_t count;
};

void mails_fini(struct mails *mails);

/* How many wait, and the bytes of all texts. */
size_t mails_waiting(const struct mails *mails);
size_t mails_bytes(const struct mails *mails);

/* "3 private messages are waiting: /mail"; nothing for none. */
void mail_print_waiting(size_t count, struct buf *out);

#endif

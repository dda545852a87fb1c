/* Whom somebody means who names a person or writes a mask. Jobs only. */
#ifndef RIALTO_CHAT_WHOM_H
#define RIALTO_CHAT_WHOM_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/chat.h"
#include "chat/sanction/mask.h"

/*
 * A NAME becomes a sensible mask: user:NAME, or the cloak of a guest who is
 * here. ERR_NO_SUCH_USER, and what mask_parse() refuses.
 */
NODISCARD enum err whom_mask(struct chat *chat, const char *text,
			     struct mask *mask_r, struct refusal *why);

/* The user of MASK_USER; ERR_NO_SUCH_USER also when it is another mask. */
NODISCARD enum err whom_user(struct chat *chat, const struct mask *mask,
			     struct user *user_r);

#endif

/*
 * What moderators do with reports. Jobs; what they change is committed, not
 * yet durable. A moderator has nothing to do with a report about himself.
 */
#ifndef RIALTO_CHAT_REPORT_CLOSE_H
#define RIALTO_CHAT_REPORT_CLOSE_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/refusal.h"

/* The oldest closed ones go. */
enum { REPORTS_CLOSED_MOST = 1000 };

/* ERR_NOT_ALLOWED, ERR_NOT_FOUND; ERR_EXISTS: somebody has, or it is closed. */
NODISCARD enum err report_take(struct chat *chat, const struct actor *by,
			       uint64_t number, struct refusal *why);

/*
 * Closes it with a note, which the reporter hears. ERR_NOT_ALLOWED,
 * ERR_NOT_FOUND, ERR_EXISTS (it is closed), ERR_RANK (a higher rank has taken
 * it), ERR_BAD_INPUT.
 */
NODISCARD enum err report_close(struct chat *chat, const struct actor *by,
				uint64_t number, const char *note,
				struct refusal *why);

#endif

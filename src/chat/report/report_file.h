/* How somebody is reported. */
#ifndef RIALTO_CHAT_REPORT_FILE_H
#define RIALTO_CHAT_REPORT_FILE_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/refusal.h"
#include "chat/report/report.h"

enum {
	REPORTS_OPEN_MOST = 1000,
	REPORTS_OPEN_EACH = 10,    /* of a user */
	REPORTS_OPEN_GUESTS = 500, /* of all guests, who have no names */
};

/* What is reported. */
struct report_ask {
	struct room *room; /* the current one, or NULL: there is no context */
	const char *target;
	const char *words;
	const char *site; /* of the reporter's address, for the limit */
};

/*
 * Job; committed, not yet durable. Writes a report, with the end of the room's
 * replay when the reporter is in it, and tells the moderators who are here.
 * ERR_NO_SUCH_USER (neither a user, nor here, nor heard in the room lately),
 * ERR_BAD_INPUT (oneself, no words, too many), ERR_FLOOD, ERR_LIMIT
 * (one of the bounds above).
 */
NODISCARD enum err report_file(struct chat *chat, const struct actor *by,
			       const struct report_ask *ask,
			       struct report *report_r,
			       struct report_context *context_r,
			       struct refusal *why);

#endif

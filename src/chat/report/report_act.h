/*
 * What is done with a report, written with its record. In jobs, with chat's
 * change lock held.
 */
#ifndef RIALTO_CHAT_REPORT_ACT_H
#define RIALTO_CHAT_REPORT_ACT_H

#include "base/attr.h"
#include "base/err.h"
#include "chat/actor.h"
#include "chat/chat.h"
#include "chat/report/report.h"

struct report_act {
	struct chat *chat;
	const struct actor *by;
	const char *action;    /* "report.take" */
	struct report *report; /* as it will be; a new one gets its number */
	const struct report_context *context; /* of a new one, else NULL */
	uint64_t dropped;                     /* another one that goes; or 0 */
	bool has_news;                        /* for the reporter, later */
};

NODISCARD enum err report_act_run(const struct report_act *act);

/* How many there are. */
struct report_tally {
	user_id user; /* 0: the guests */
	size_t own;   /* open ones of that user, or of all guests */
	size_t open;
	size_t closed;
	uint64_t oldest_closed;
};

NODISCARD enum err report_count(struct chat *chat, user_id user,
				struct report_tally *tally_r);

#endif

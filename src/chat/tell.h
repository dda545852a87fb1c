/* What one person says to another alone. Any thread. */
#ifndef RIALTO_CHAT_TELL_H
#define RIALTO_CHAT_TELL_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/chat.h"

/* What else there is to say, or to do. */
struct told {
	struct buf away; /* why the receiver is away, when from must hear it */
	bool is_to_keep; /* the receiver is away: see mail_keep() */
};

void told_fini(struct told *told);

/*
 * Tells text (checked by the caller) to whoever is here under the name, in all
 * sessions; the sender's other sessions get a copy, the one tagged origin does
 * not. ERR_NO_SUCH_USER when nobody of that name is here, ERR_MUTED when the
 * sender is and the receiver is not of the staff, ERR_FLOOD, ERR_IGNORED when
 * the receiver ignores the sender, who is not of the staff. told_r is empty,
 * and to be given to told_fini().
 */
NODISCARD enum err tell_person(struct chat *chat, struct person *from,
			       const char *to, const char *text,
			       uint64_t origin, struct told *told_r,
			       struct refusal *why);

/* ERR_IGNORED, in words. */
enum err tell_refuse_ignored(struct refusal *why);

/* The copy for from's sessions but the one tagged origin. */
void tell_sent(struct person *from, const char *to, const char *text,
	       uint64_t origin);

/* A notice of the daemon; session is a tag, 0: in all sessions. */
void tell_notice(struct person *to, uint64_t session, const char *text);

#endif

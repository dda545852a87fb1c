/* What one person says to another alone. Any thread. */
#ifndef RIALTO_CHAT_TELL_H
#define RIALTO_CHAT_TELL_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/chat.h"

/*
 * Tells text (checked by the caller) to whoever is here under the name, in all
 * sessions; the sender's other sessions get a copy, the one tagged origin does
 * not. Adds to away_r why the receiver is away. ERR_NO_SUCH_USER when nobody
 * of that name is here, ERR_MUTED when the sender is and the receiver is not
 * of the staff, ERR_FLOOD.
 */
NODISCARD enum err tell_person(struct chat *chat, struct person *from,
			       const char *to, const char *text,
			       uint64_t origin, struct buf *away_r,
			       struct refusal *why);

/* A notice of the daemon; session is a tag, 0: in all sessions. */
void tell_notice(struct person *to, uint64_t session, const char *text);

#endif

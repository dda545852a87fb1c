/* Standing orders in words, and what their owners hear of them. Jobs only. */
#ifndef RIALTO_COMMAND_STANDING_TEXT_H
#define RIALTO_COMMAND_STANDING_TEXT_H

#include "bank/money.h"
#include "bank/schedule/standing.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "chat/person.h"
#include "command/realm.h"

/* "5.00 R to ben monthly (rent)" */
void standing_text(const struct realm *realm, const struct currency *currency,
		   const struct standing *standing, struct buf *out);

/* Tells somebody who came in what became of payments meanwhile. */
NODISCARD enum err standing_news_tell(const struct realm *realm,
				      struct person *person);

#endif

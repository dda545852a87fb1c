/*
 * The first message of a session: the two ends agree on keys, and the client
 * learns whom it talks to. In the session's worker.
 */
#ifndef RIALTO_FRONT_ATM_HELLO_H
#define RIALTO_FRONT_ATM_HELLO_H

#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "front/atm/atm_session.h"

/*
 * Takes a line, answers it, and gives the session its keys. Else words say
 * what is wrong, and nothing was answered: ERR_BAD_JSON, ERR_HELLO_FIRST,
 * ERR_BAD_REQUEST, ERR_BAD_NONCE, ERR_INTERNAL.
 */
NODISCARD enum err hello_take(struct atm_session *as, const char *line,
			      size_t len, struct buf *words);

#endif

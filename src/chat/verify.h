/* Checking what chat keeps in the store, while no daemon uses it. */
#ifndef RIALTO_CHAT_VERIFY_H
#define RIALTO_CHAT_VERIFY_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/* Findings, a line each, are added to report and make it ERR_CORRUPT. */
NODISCARD enum err chat_verify(struct store *store, struct buf *report);

#endif

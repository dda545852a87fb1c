/*
 * Receipts of the bank: a JWS by a server's identity key (doc/protocol.md).
 * Checked offline; whose key it is, is for the reader to know. Any thread.
 */
#ifndef RIALTO_CLIENT_RECEIPT_H
#define RIALTO_CLIENT_RECEIPT_H

#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/identity_key.h"

enum { RECEIPT_MOST = 64 * 1024 };

/*
 * Reads a receipt, white space around it ignored, and checks its signature.
 * Adds to words what it says, a line each ("entry: #57"), safe to show; and
 * writes who has signed it ("SHA256:…").
 *
 * ERR_BAD_INPUT when it is none, ERR_MAC_FAILED when something in it was
 * changed; why says it in words then.
 */
NODISCARD enum err receipt_open(const char *text, size_t len, struct buf *words,
				char identity_r[IDENTITY_TEXT],
				const char **why);

#endif

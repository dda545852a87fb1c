/*
 * The text of a request (doc/protocol.md): an op, its id, and members that
 * are texts or numbers. It may hold a password, so nothing of it is left
 * behind. One owner.
 */
#ifndef RIALTO_RIALTO_ATM_REQUEST_H
#define RIALTO_RIALTO_ATM_REQUEST_H

#include <stdint.h>

#include "base/buf.h"
#include "crypto/uuid.h"

/* Begins one in an empty buf, which is to be wiped; id_r is a new id. */
void request_begin(struct buf *request, const char *op, char id_r[UUID_TEXT]);

/*
 * A member; a NULL or empty text is left out. One that is longer than
 * REQUEST_TEXT is cut there, and still longer than any that is taken.
 */
void request_add(struct buf *request, const char *name, const char *text);
/* A member that is a number. */
void request_add_number(struct buf *request, const char *name, int64_t number);
void request_end(struct buf *request);

enum { REQUEST_TEXT = 1024 };

#endif

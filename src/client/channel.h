/*
 * The client's end of a conversation in sealed lines: requests out, answers
 * in, each direction counted (crypto/jwe.h). One owner.
 */
#ifndef RIALTO_CLIENT_CHANNEL_H
#define RIALTO_CLIENT_CHANNEL_H

#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/session_keys.h"

struct channel;

/* Does not keep keys. */
struct channel *channel_new(const struct session_keys *keys);

/* Wipes it. */
void channel_free(struct channel **c);

/* Seals a request and adds it to out as a line, with its end. */
void channel_seal(struct channel *c, const void *text, size_t len,
		  struct buf *out);

/*
 * Opens a line (without its end) and adds the answer to text_r, which has to
 * be wiped. As jwe_open(): after a failure the channel is of no more use.
 */
NODISCARD enum err channel_open(struct channel *c, const char *line, size_t len,
				struct buf *text_r);

#endif

/*
 * The identities of servers (crypto/identity_key.h), remembered as their
 * certificates are (known_hosts.h) and in the same form, in a file beside
 * theirs: clients from before there were identities go on reading their own.
 */
#ifndef RIALTO_RIALTO_IDENTITIES_H
#define RIALTO_RIALTO_IDENTITIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "crypto/identity_key.h"

/* Where the file is; NULL when there is no home. */
NODISCARD char *identities_path(void);

/*
 * Reads "SHA256:…" as people paste it, also in base64 with '+', '/' and '=';
 * false when it is none.
 */
NODISCARD bool identities_parse(const char *text,
				char identity_r[IDENTITY_TEXT]);

/*
 * Whether the text of such a file knows this identity of host (no port), at
 * whatever port. A NULL host stands for any; whose is added to whose_r, which
 * may be NULL: "host:port".
 */
NODISCARD bool identities_know(const char *text, size_t len, const char *host,
			       const char *identity, struct buf *whose_r);

/* The same in the file; also as known_hosts_read(). */
NODISCARD enum err identities_search(const char *path, const char *host,
				     const char *identity, struct buf *whose_r);

#endif

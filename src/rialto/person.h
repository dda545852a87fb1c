/* With a person: the terminal and the server, side by side. */
#ifndef RIALTO_RIALTO_PERSON_H
#define RIALTO_RIALTO_PERSON_H

#include "base/attr.h"
#include "crypto/secret.h"
#include "rialto/link.h"
#include "rialto/options.h"
#include "rialto/trust.h"

/*
 * Talks over an open link, and over the next one when it breaks, until the
 * person leaves or the server will have no more of it. Takes link, and
 * password, which is NULL when it is to be asked for. 0, or 1 when the server
 * ended it.
 */
NODISCARD int person_run(const struct options *o, const struct link_trust *cas,
			 struct trust *trust, struct link *link,
			 struct secret *password);

#endif

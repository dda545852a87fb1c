/*
 * Wrong passwords slow down one name from one address, and nobody else.
 *
 * Three failures are free; the next makes that pair wait 1 s, then 2 s, 4 s …
 * up to `longest`. The right password after the wait clears it. Kept in
 * memory in a table of fixed size whose oldest entries make room. Names are
 * compared without case. The address is any text that stands for where a
 * peer comes from; of an IPv6 address the caller gives the /64, since one
 * peer owns all of it. Any thread.
 */
#ifndef RIALTO_USER_LOCKOUT_H
#define RIALTO_USER_LOCKOUT_H

#include <stdint.h>

#include "base/attr.h"

struct lockout;

/* longest_s: the setting users.lockout; 0 or less switches waiting off. */
struct lockout *lockout_new(int64_t longest_s);
void lockout_free(struct lockout **lockout);
void lockout_set_longest(struct lockout *lockout, int64_t longest_s);

/*
 * Asks for one try at a password, once for each, before it is hashed. Returns
 * 0 when it is granted, else the seconds to wait, rounded up. Past the free
 * failures a granted try makes others wait as if it had failed already, so
 * that many at once gain nothing over one after another.
 */
NODISCARD int64_t lockout_try(struct lockout *lockout, const char *name,
			      const char *address);

/* How the try ended: wrong, or right. */
void lockout_failed(struct lockout *lockout, const char *name,
		    const char *address);
void lockout_clear(struct lockout *lockout, const char *name,
		   const char *address);

#endif

/* "rialto verify-receipt": what a receipt says, without a server. */
#ifndef RIALTO_RIALTO_VERIFY_H
#define RIALTO_RIALTO_VERIFY_H

#include "base/attr.h"
#include "rialto/options.h"

/* 0 when it is valid, 1 when not, 2 when it cannot be read; says so. */
NODISCARD int verify_run(const struct options *o);

#endif

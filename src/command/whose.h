/* For whom a verb is, in words. Any thread. */
#ifndef RIALTO_COMMAND_WHOSE_H
#define RIALTO_COMMAND_WHOSE_H

#include "base/buf.h"
#include "user/user.h"

/* "administrators and auditors": those of the roles that not all have. */
void whose_print(role_set roles, struct buf *out);

#endif

/* The state of the daemon, for people and as JSON. Any thread. */
#ifndef RIALTO_COMMAND_STATUS_H
#define RIALTO_COMMAND_STATUS_H

#include "base/buf.h"
#include "command/realm.h"

/* Lines of "name: value". */
void status_print(struct realm *realm, struct buf *out);

/* One JSON object in one line (RFC 8259); members as in rialtoctl(8). */
void status_print_json(struct realm *realm, struct buf *out);

#endif

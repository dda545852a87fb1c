/*
 * The line service: the telnet-style protocol for people and scripts, see
 * doc/protocol.md. It turns lines into commands, and messages into lines; it
 * knows no rule.
 */
#ifndef RIALTO_FRONT_LINE_LINE_H
#define RIALTO_FRONT_LINE_LINE_H

#include "chat/subscriber.h"
#include "command/realm.h"
#include "net/service.h"

struct line;

/*
 * For a server with its workers made but not yet started; borrows the realm,
 * whose chat may be set later, but before the workers start.
 */
struct line *line_new(struct realm *realm, struct server *server);

/* After the workers have ended. */
void line_free(struct line **line);

/* Borrowed: for server_listen(), and for chat_new(), one per worker. */
const struct service *line_service(const struct line *line);
struct subscriber **line_subscribers(const struct line *line);

#endif

/*
 * The daemon's console: a Unix socket that speaks the line protocol without
 * TLS and knows its peer by its uid.
 */
#ifndef RIALTO_RIALTOCTL_CONSOLE_H
#define RIALTO_RIALTOCTL_CONSOLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"

struct console;

/*
 * Connects. ERR_NOT_FOUND when nobody listens at path, ERR_NOT_ALLOWED,
 * ERR_BAD_INPUT when the path is too long for a socket, ERR_IO.
 */
NODISCARD enum err console_open(const char *path, struct console **console_r);
void console_close(struct console **c);

/*
 * Sends one line, given with its end, in machine mode and waits for its
 * answer: the words of "--" lines go to out, refusals to complaints. True
 * when the daemon said ok.
 */
NODISCARD bool console_run(struct console *c, const struct buf *line, FILE *out,
			   FILE *complaints);

#endif

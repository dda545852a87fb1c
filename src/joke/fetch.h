/*
 * What lies behind one URL, fetched again and again, a time each, without
 * ever waiting (libcurl's multi interface).
 *
 * The answer may be hostile: it has FETCH_MOST bytes at most, headers among
 * them, and comes in time or not at all; at most FETCH_REDIRECTS are followed,
 * to http and https only, and to addresses that are not public (reach.h) only
 * at the host and port of the URL itself. The address is looked at when the
 * connection is made, so a name that changes its mind gains nothing. Neither
 * proxies nor cookies nor passwords are used, whatever the environment says.
 */
#ifndef RIALTO_JOKE_FETCH_H
#define RIALTO_JOKE_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"

enum { FETCH_MOST = 64 * 1024, FETCH_REDIRECTS = 3 };

struct fetch;

/* NULL, and why in *flaw_r (origin_parse()), when url cannot be fetched. */
NODISCARD struct fetch *fetch_new(const char *url, int64_t timeout_ms,
				  const char **flaw_r);

/* Frees *fetch and sets it to NULL. A NULL *fetch is left alone. */
void fetch_free(struct fetch **fetch);

/* Begins; none may be running. */
void fetch_start(struct fetch *f);

bool fetch_is_running(const struct fetch *f);

enum fetch_state { FETCH_RUNNING, FETCH_DONE, FETCH_FAILED };

/* Goes on with the one that is running as far as that takes no waiting. */
NODISCARD enum fetch_state fetch_step(struct fetch *f);

/* After FETCH_DONE: the answer. */
const struct buf *fetch_body(const struct fetch *f);

/* After FETCH_FAILED: why, as words for a log. */
const char *fetch_reason(const struct fetch *f);

/* The host that is asked. */
const char *fetch_host(const struct fetch *f);

/* Waits until it can go on, or fd may be read, or wait_ms passed. */
void fetch_wait(struct fetch *f, int fd, int wait_ms);

#endif

/*
 * The servers seen before: a text file with one "host:port SHA256:…" a line.
 * Lines that are neither that nor empty nor begin with '#' are ignored, and
 * kept.
 */
#ifndef RIALTO_RIALTO_KNOWN_HOSTS_H
#define RIALTO_RIALTO_KNOWN_HOSTS_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "crypto/certificate.h"

enum { KNOWN_HOSTS_MOST = 1 << 20 };

struct known_host {
	char fingerprint[FINGERPRINT_TEXT];
	unsigned line; /* in the file, from 1 */
};

/*
 * Looks for host ("host:port", in lower case) in the text of such a file;
 * ERR_NOT_FOUND. The last line about a host counts.
 */
NODISCARD enum err known_hosts_find(const char *text, size_t len,
				    const char *host,
				    struct known_host *known_r);

/* The same in the file; ERR_NOT_FOUND without a file, else as file_read(). */
NODISCARD enum err known_hosts_read(const char *path, const char *host,
				    struct known_host *known_r);

/*
 * Adds a line to the file, which only its owner may read, and makes the file
 * and its folders when they are missing. Durable; clients that add at the
 * same time do not lose each other's lines. As file_write().
 */
NODISCARD enum err known_hosts_add(const char *path, const char *host,
				   const char *fingerprint);

/*
 * Where the file is: $XDG_STATE_HOME/rialto/known_hosts, by default
 * ~/.local/state/rialto/known_hosts. NULL when there is no home either.
 */
NODISCARD char *known_hosts_path(void);

#endif

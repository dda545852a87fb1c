/*
 * What a server sends may be hostile; a terminal obeys control characters.
 * Any thread.
 */
#ifndef RIALTO_CLIENT_FILTER_H
#define RIALTO_CLIENT_FILTER_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Adds the bytes to out as text that is safe to show: valid UTF-8 (RFC 3629),
 * where a tab became a space, and each control character (C0, DEL, C1), each
 * character that reorders or hides text and each byte that is not UTF-8
 * became U+FFFD.
 */
void filter_text(const char *bytes, size_t len, struct buf *out);

#endif

/*
 * base64url without padding (RFC 4648, section 5; RFC 7515, section 2). What is
 * read must be what would be written: no padding, no white space, and the
 * unused bits of the last character are zero. Any thread.
 */
#ifndef RIALTO_CRYPTO_BASE64URL_H
#define RIALTO_CRYPTO_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/buf.h"

/* Characters for so many bytes, and bytes in so many characters. */
#define BASE64URL_TEXT(bytes) (((bytes)*4 + 2) / 3)
#define BASE64URL_BYTES(characters) ((characters)*3 / 4)

/* Writes BASE64URL_TEXT(len) characters, and no NUL. */
void base64url_write(const void *bytes, size_t len, char *text_r);

/* The same, behind what is there. */
void base64url_add(struct buf *out, const void *bytes, size_t len);

/*
 * Writes BASE64URL_BYTES(len) bytes. False, and nothing of use written, when
 * this is no base64url.
 */
NODISCARD bool base64url_read(const char *text, size_t len, void *bytes_r);

/* The same for text of just so many bytes. */
NODISCARD bool base64url_read_exactly(const char *text, size_t len,
				      void *bytes_r, size_t size);

#endif

/*
 * Globs: '*' stands for any run of bytes, '?' for any one, everything else for
 * itself, without case of ASCII letters. Any thread.
 */
#ifndef RIALTO_CHAT_GLOB_H
#define RIALTO_CHAT_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* Takes at most the product of both lengths, whatever they hold. */
bool glob_match(const char *glob, const char *text);

/* How many bytes of the first len are letters and digits. */
size_t glob_weight(const char *glob, size_t len);

#endif

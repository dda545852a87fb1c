/*
 * Folding: text in small letters, so that two texts that differ by case alone
 * are the same: ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic letters
 * with one small letter of as many bytes. Any thread.
 */
#ifndef RIALTO_CHAT_FOLD_H
#define RIALTO_CHAT_FOLD_H

#include <stddef.h>

/* Writes len bytes; text is UTF-8, but whatever is not stays as it is. */
void fold_text(const char *text, size_t len, char *folded_r);

#endif

/*
 * What text from outside may look like, and names of people and rooms.
 * Any thread.
 */
#ifndef RIALTO_BASE_TEXT_H
#define RIALTO_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The longest name, without its NUL. */
enum { NAME_MOST = 32 };

/*
 * Why text of len bytes may not be passed on to people, as words that fit
 * behind "a line may not hold"; NULL when it may. It must be valid UTF-8
 * (RFC 3629) without control characters (C0, DEL, C1) and without the
 * characters that reorder or hide text (U+2028, U+2029, U+202A to U+202E,
 * U+2066 to U+2069, U+FEFF).
 */
const char *text_flaw(const char *text, size_t len);

/* Puts '?' over every byte of text that text_flaw() objects to. */
void text_clean(char *text, size_t len);

/*
 * Cuts what *at begins with off it: up to a space or the end, or, when it
 * begins with a double quote, up to the next one or the end.
 */
char *text_cut(char **at);

/* An ASCII letter, then letters, digits, '-', '_'; 1 to NAME_MOST bytes. */
bool name_is_valid(const char *name);

/* As strcmp(), without case; ASCII whatever the locale. */
int name_compare(const char *a, const char *b);

/*
 * Writes name in lower case: the key under which it is stored. What is too
 * long to be a name gets the empty key, which no name has.
 */
void name_key(const char *name, char key_r[NAME_MOST + 1]);

#endif

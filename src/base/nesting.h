/*
 * How deep JSON is nested, found without a parser, so that no parser has to go
 * deeper than it should. Any thread.
 */
#ifndef RIALTO_BASE_NESTING_H
#define RIALTO_BASE_NESTING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * More than most objects and arrays within each other? Of what is no JSON, as
 * far as a parser would get.
 */
bool nesting_is_deep(const char *text, size_t len, int most);

#endif

/*
 * What a joke server answers, in the shapes of the official-joke-api: an
 * object, or an array of objects, with "setup" and "punchline", or with one
 * "joke". Whatever else stands there is left alone.
 */
#ifndef RIALTO_JOKE_READING_H
#define RIALTO_JOKE_READING_H

#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "joke/stock.h"

/*
 * Adds the jokes that may be told to stock. ERR_BAD_INPUT when the bytes are
 * no JSON (RFC 8259), ERR_NOT_FOUND when no joke is in it that may be told,
 * ERR_EXISTS when none was new.
 */
NODISCARD enum err reading_add(const char *bytes, size_t len,
			       struct stock *stock);

#endif

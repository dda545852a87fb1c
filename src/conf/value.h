/*
 * One setting: from text into its field, compared, freed. Any thread.
 */
#ifndef RIALTO_CONF_VALUE_H
#define RIALTO_CONF_VALUE_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"
#include "conf/conf.h"

/* What a file, or a preset, says. */
struct value_text {
	const char *text;
	bool is_quoted;   /* then "none" and "auto" are mere words of a text */
	const char *path; /* the settings file, for relative paths */
};

/*
 * Sets the item's field in the section's struct, which holds no value yet.
 * False, with nothing set, when the text does not fit; then what would be
 * right ("it must be 0 to 8") is added to advice, which may be NULL.
 */
NODISCARD bool value_set(const struct conf_item *item,
			 const struct value_text *from, void *section,
			 struct buf *advice);

/* Adds how to write the item's value: "write a duration such as 10s". */
void value_advise(const struct conf_item *item, struct buf *advice);

bool value_equals(const struct conf_item *item, const void *a, const void *b);

/* Frees what the field owns. */
void value_free(const struct conf_item *item, void *section);

#endif

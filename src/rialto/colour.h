/* Which line is shown how. Any thread. */
#ifndef RIALTO_RIALTO_COLOUR_H
#define RIALTO_RIALTO_COLOUR_H

#include <stdbool.h>

#include "base/attr.h"
#include "base/buf.h"

enum colour_when { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* False, changing nothing, for any other word than auto, always, never. */
NODISCARD bool colour_when_parse(const char *word, enum colour_when *when_r);

/*
 * Whether to colour what goes to fd: with COLOUR_AUTO, only when it is a
 * terminal that can, and NO_COLOR (https://no-color.org) is unset or empty.
 */
bool colour_is_wanted(enum colour_when when, int fd);

/*
 * Adds text, a line from line_take(), to out in its colours; name (NULL: not
 * known) is the person's own, which stands out in what others say.
 */
void colour_line(const char *text, const char *name, struct buf *out);

#endif

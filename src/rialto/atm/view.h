/*
 * What the terminal shows: a page, and lines said below it, both wrapped to
 * its width. On a terminal a page begins at the top; plain, below what was
 * there. One, since the terminal is one.
 */
#ifndef RIALTO_RIALTO_ATM_VIEW_H
#define RIALTO_RIALTO_ATM_VIEW_H

#include <stdbool.h>
#include <stddef.h>

/* Plain, or where standard output is no terminal that can do more. */
void view_open(bool is_plain);

bool view_is_plain(void);

/*
 * How wide lines may be, and how many there may be, on the terminal as it is
 * now.
 */
size_t view_columns(void);
size_t view_rows(void);

/* Forgets what is shown. */
void view_close(void);

/* A page instead of the one before. */
void view_show(const char *text);

/* A line, or some, below it; on a terminal once, if it is said again at once.
 */
void view_say(const char *text);

/* The same again, for another width; nothing where it is plain. */
void view_redraw(void);

/*
 * Away with all that was shown, also what was scrolled away, and plain, too:
 * who has it read aloud does not see what stays for the next one. Nothing
 * where the terminal cannot, or is none.
 */
void view_clear(void);

#endif

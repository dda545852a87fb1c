/*
 * Plugins whose strings the test pulls: what plugin/plugins.h offers to
 * commands, without processes. There is one plugin, "joke", with the command
 * of that name and the line "get_joke".
 */
#ifndef RIALTO_TESTS_UNIT_FRONT_LINE_PUPPET_H
#define RIALTO_TESTS_UNIT_FRONT_LINE_PUPPET_H

#include "plugin/plugins.h"

/* What a realm has as its plugins. */
struct plugins *puppet(void);

/* What plugins_use() says from now on; ERR_OK: it is under way. */
void puppet_set(enum err outcome);

/*
 * Waits for the next use and returns it in a few words, borrowed until its
 * answer: "joke(me) by ann guest+user in lobby", "joke() … : get_joke".
 */
const char *puppet_asked(void);

/* Answers the oldest use. Each text is one line, or NULL. */
void puppet_answer(const char *user, const char *room);
void puppet_refuse(enum err code, const char *text);

#endif

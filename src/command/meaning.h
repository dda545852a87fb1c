/*
 * What the words in capitals mean that stand in the arguments of commands, and
 * which command somebody had in mind. Any thread.
 */
#ifndef RIALTO_COMMAND_MEANING_H
#define RIALTO_COMMAND_MEANING_H

#include <stddef.h>

/*
 * The next sentence about these arguments, to be called with *at of 0 at first;
 * NULL when there are no more.
 */
const char *meaning_next(const char *arguments, size_t *at);

/*
 * The verb for what other chats call by another word, such as "inbox", whatever
 * the case; NULL when none is known. Not everybody may use that verb.
 */
const char *meaning_verb(const char *word);

#endif

/* What a server asks at the end of what it sent. Any thread. */
#ifndef RIALTO_RIALTO_PROMPT_H
#define RIALTO_RIALTO_PROMPT_H

#include <stddef.h>

enum prompt {
	PROMPT_NONE,
	PROMPT_PLAIN,  /* "username: " */
	PROMPT_SECRET, /* "password: ": the answer is not shown */
	PROMPT_CODE,   /* "code: ": of a second factor, another each time */
};

/*
 * What the bytes behind the last line end are. A prompt is a few plain words
 * and ": "; a line of chat that arrived in part never looks like one.
 */
enum prompt prompt_find(const char *bytes, size_t len);

#endif

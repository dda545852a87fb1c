/*
 * Why something was refused, in words for the person, where the code alone
 * says too little: until when one is banned, and what for. One owner.
 */
#ifndef RIALTO_CHAT_REFUSAL_H
#define RIALTO_CHAT_REFUSAL_H

#include "base/attr.h"
#include "base/err.h"

enum { REFUSAL_TEXT = 640 };

struct refusal {
	char text[REFUSAL_TEXT]; /* "": the code explains itself */
};

/* Sets the words and returns code. A NULL why is left alone. */
enum err refusal_give(struct refusal *why, enum err code, const char *format,
		      ...) PRINTF(3, 4);

#endif

#include "rialto/prompt.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { PROMPT_MOST = 64 };

static bool has_word(const char *text, const char *word)
{
	for (; *text != '\0'; text++) {
		if (strncasecmp(text, word, strlen(word)) == 0)
			return true;
	}
	return false;
}

enum prompt prompt_find(const char *bytes, size_t len)
{
	char text[PROMPT_MOST + 1];
	size_t words;

	if (len < 3 || len > PROMPT_MOST)
		return PROMPT_NONE;
	memcpy(text, bytes, len);
	text[len] = '\0';
	words = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz ");
	if (words == 0 || text[0] == ' ' || words + 2 != len ||
	    strcmp(text + words, ": ") != 0)
		return PROMPT_NONE;
	if (has_word(text, "password"))
		return PROMPT_SECRET;
	return has_word(text, "code") ? PROMPT_CODE : PROMPT_PLAIN;
}

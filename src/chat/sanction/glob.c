#include "chat/sanction/glob.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/*
 * Only the last star ever needs to take more than it did: an earlier one that
 * took more would leave the later ones less to choose from.
 */
bool glob_match(const char *glob, const char *text)
{
	const char *star = NULL; /* behind the last star */
	const char *taken = NULL;

	while (*text != '\0') {
		if (*glob == '*') {
			star = ++glob;
			taken = text;
		} else if (*glob == '?' || lower(*glob) == lower(*text)) {
			glob++;
			text++;
		} else if (star != NULL) {
			glob = star;
			text = ++taken;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}

size_t glob_weight(const char *glob, size_t len)
{
	size_t weight = 0;

	for (size_t i = 0; i < len; i++) {
		char c = lower(glob[i]);

		weight += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	}
	return weight;
}

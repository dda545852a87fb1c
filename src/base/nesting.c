#include "base/nesting.h"

bool nesting_is_deep(const char *text, size_t len, int most)
{
	bool is_text = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (is_text && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			is_text = !is_text;
		else if (!is_text && (text[i] == '{' || text[i] == '['))
			depth++;
		else if (!is_text && (text[i] == '}' || text[i] == ']'))
			depth--;
		if (depth > most)
			return true;
	}
	return false;
}

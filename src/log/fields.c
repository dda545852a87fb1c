#include "log/fields.h"

#include <stdbool.h>
#include <string.h>

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t key_len(const char *word)
{
	size_t len = 0;

	if (!is_letter(word[0]))
		return 0;
	while (is_letter(word[len]) || word[len] == '_' ||
	       (word[len] >= '0' && word[len] <= '9'))
		len++;
	return len;
}

/* Reads the pair at word; false when it is none. */
static bool read_field(const char *word, struct field *field_r)
{
	size_t len = key_len(word);

	if (len == 0 || len > FIELD_KEY_MOST || word[len] != '=')
		return false;
	field_r->key = word;
	field_r->key_len = len;
	field_r->value = word + len + 1;
	if (*field_r->value == '"') {
		field_r->value++;
		field_r->value_len = strcspn(field_r->value, "\"");
	} else {
		field_r->value_len = strcspn(field_r->value, " ");
	}
	return true;
}

size_t fields_find(const char *line, struct field fields_r[FIELDS_MOST])
{
	const char *at = line + strspn(line, " ");
	size_t count = 0;

	while (*at != '\0' && count < FIELDS_MOST) {
		struct field *field = &fields_r[count];

		if (read_field(at, field)) {
			at = field->value + field->value_len;
			count++;
		}
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	return count;
}

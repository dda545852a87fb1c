#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistr.h>

static bool is_plain_ascii(const uint8_t *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] < 0x20 || s[i] >= 0x7f)
			return false;
	}
	return true;
}

static bool is_disguise(ucs4_t c)
{
	return c == 0x2028 || c == 0x2029 || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/* Why the character at s, of *size_r bytes, may not pass; NULL when it may. */
static const char *flaw_at(const uint8_t *s, size_t len, size_t *size_r)
{
	ucs4_t c;
	int n = u8_mbtoucr(&c, s, len);

	*size_r = n > 0 ? (size_t)n : 1;
	if (n < 0)
		return "bytes that are not UTF-8";
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return "control characters";
	if (is_disguise(c))
		return "characters that reorder or hide text";
	return NULL;
}

const char *text_flaw(const char *text, size_t len)
{
	const uint8_t *s = (const uint8_t *)text;
	const char *flaw = NULL;
	size_t size;

	if (is_plain_ascii(s, len))
		return NULL;
	for (size_t i = 0; i < len && flaw == NULL; i += size)
		flaw = flaw_at(s + i, len - i, &size);
	return flaw;
}

void text_clean(char *text, size_t len)
{
	const uint8_t *s = (const uint8_t *)text;
	size_t size;

	if (is_plain_ascii(s, len))
		return;
	for (size_t i = 0; i < len; i += size) {
		if (flaw_at(s + i, len - i, &size) != NULL)
			memset(text + i, '?', size);
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

char *text_cut(char **at)
{
	bool is_quoted = **at == '"';
	char *word = *at + is_quoted;
	char *end = word + strcspn(word, is_quoted ? "\"" : " ");

	*at = end + (*end != '\0');
	*end = '\0';
	return word;
}

bool name_is_valid(const char *name)
{
	size_t i;

	if (!is_letter(name[0]))
		return false;
	for (i = 1; name[i] != '\0' && i <= NAME_MOST; i++) {
		if (!is_letter(name[i]) && (name[i] < '0' || name[i] > '9') &&
		    name[i] != '-' && name[i] != '_')
			return false;
	}
	return i <= NAME_MOST;
}

int name_compare(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)lower(*a) - (unsigned char)lower(*b);
}

void name_key(const char *name, char key_r[NAME_MOST + 1])
{
	size_t i;

	for (i = 0; i < NAME_MOST && name[i] != '\0'; i++)
		key_r[i] = lower(name[i]);
	key_r[i] = '\0';
	if (name[i] != '\0')
		key_r[0] = '\0';
}

#include "crypto/fingerprint.h"

#include <ctype.h>
#include <string.h>

#include "crypto/base64url.h"

enum { CHARACTERS = BASE64URL_TEXT(DIGEST_BYTES) };

/* base64 in its other alphabet (RFC 4648, 5). */
static bool parse_base64(const char *text, uint8_t digest_r[DIGEST_BYTES])
{
	char url[CHARACTERS];

	if (strlen(text) != CHARACTERS || strpbrk(text, "-_") != NULL)
		return false;
	for (size_t i = 0; i < CHARACTERS; i++)
		url[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
	return base64url_read_exactly(url, CHARACTERS, digest_r, DIGEST_BYTES);
}

static int digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, tolower((unsigned char)c));

	return c == '\0' || at == NULL ? -1 : (int)(at - digits);
}

static bool parse_hex(const char *text, uint8_t digest_r[DIGEST_BYTES])
{
	size_t step = strchr(text, ':') == NULL ? 2 : 3;

	if (strlen(text) != step * DIGEST_BYTES - (step - 2))
		return false;
	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		const char *at = text + i * step;
		int high = digit_of(at[0]);
		int low = digit_of(at[1]);

		if (high < 0 || low < 0 ||
		    (step == 3 && i + 1 < DIGEST_BYTES && at[2] != ':'))
			return false;
		digest_r[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

bool fingerprint_parse(const char *text, uint8_t digest_r[DIGEST_BYTES])
{
	static const char prefix[] = "SHA256:";
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) == 0
		       ? parse_base64(text + len, digest_r)
		       : parse_hex(text, digest_r);
}

#include "user/factor/code.h"

#include <string.h>

#include "base/mem.h"
#include "crypto/random.h"
#include "crypto/totp.h"
#include "store/record.h"

/* Base32 (RFC 4648). */
static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

enum { GROUP = 4 };

/* The letter that was meant; '\0' for what is none. */
static char letter_of(char c)
{
	static const char meant[][2] = { "0O", "1I", "8B" };

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	for (size_t i = 0; i < COUNT(meant); i++) {
		if (meant[i][0] == c)
			return meant[i][1];
	}
	return c != '\0' && strchr(letters, c) != NULL ? c : '\0';
}

static bool are_digits(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0';
}

/* False when there are more than fit. */
static bool squeeze(const char *text, char out_r[CODE_TEXT], size_t *len_r)
{
	size_t len = 0;

	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (len == CODE_LETTERS)
			return false;
		out_r[len++] = *text;
	}
	out_r[len] = '\0';
	*len_r = len;
	return true;
}

static bool read_letters(char text[CODE_TEXT])
{
	for (size_t i = 0; i < CODE_LETTERS; i++) {
		text[i] = letter_of(text[i]);
		if (text[i] == '\0')
			return false;
	}
	return true;
}

bool code_read(const char *text, struct code *code_r)
{
	struct code code = { 0 };
	size_t len;
	bool is_good;

	if (!squeeze(text, code.text, &len))
		return false;
	code.is_recovery = len == CODE_LETTERS;
	if (code.is_recovery)
		is_good = read_letters(code.text);
	else
		is_good = len == TOTP_DIGITS && are_digits(code.text);
	if (is_good)
		*code_r = code;
	mem_wipe(&code, sizeof(code));
	return is_good;
}

static void make_one(char code_r[CODE_GROUPS])
{
	uint8_t bytes[CODE_LETTERS];
	size_t at = 0;

	random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < CODE_LETTERS; i++) {
		if (i > 0 && i % GROUP == 0)
			code_r[at++] = '-';
		code_r[at++] = letters[bytes[i] % (sizeof(letters) - 1)];
	}
	code_r[at] = '\0';
	mem_wipe(bytes, sizeof(bytes));
}

void code_make_sheet(struct code_sheet *sheet_r)
{
	for (size_t i = 0; i < CODE_SHEET; i++)
		make_one(sheet_r->codes[i]);
}

void code_hash(uint64_t user, const struct code *code,
	       uint8_t hash_r[DIGEST_BYTES])
{
	uint8_t key[RECORD_KEY];

	record_key(user, key);
	digest_make(key, sizeof(key), code->text, strlen(code->text), hash_r);
}

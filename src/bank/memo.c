#include "bank/memo.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"

/* ASCII ones first, then what looks like them. */
static const struct {
	const char *text;
	char bracket;
} parentheses[] = {
	{ "(", '[' },
	{ ")", ']' },
	{ "\xef\xbc\x88", '[' }, /* U+FF08 */
	{ "\xef\xbc\x89", ']' }, /* U+FF09 */
	{ "\xef\xb9\x99", '[' }, /* U+FE59 */
	{ "\xef\xb9\x9a", ']' }, /* U+FE5A */
	{ "\xe2\x9d\xa8", '[' }, /* U+2768 */
	{ "\xe2\x9d\xa9", ']' }, /* U+2769 */
};

enum { ASCII = 2 };

/* Of which at least one is in what could be read as a balance or a number. */
static const char *const bank_words[] = {
	"balance",      ". ", "#", "\xe2\x80\xa4", /* U+2024, a full stop */
	"\xe3\x80\x82",                            /* U+3002 */
	"\xef\xbc\x8e",                            /* U+FF0E */
	"\xef\xb9\x92",                            /* U+FE52 */
	"\xef\xbc\x83",                            /* U+FF03, a number sign */
	"\xef\xb9\x9f",                            /* U+FE5F */
};

/* Behind a parenthesis: the end, another one, or more words. */
static bool goes_on(const char *text)
{
	return text[0] == '\0' || text[0] == ')' ||
	       (text[0] == ' ' && isalnum((unsigned char)text[1]));
}

static bool is_paired(const char *memo)
{
	int depth = 0;

	for (size_t i = ASCII; i < COUNT(parentheses); i++)
		if (strstr(memo, parentheses[i].text) != NULL)
			return false;
	for (const char *at = memo; *at != '\0'; at++) {
		if (*at == '(')
			depth++;
		else if (*at == ')' && (--depth < 0 || !goes_on(at + 1)))
			return false;
	}
	return depth == 0;
}

/* Cuts a parenthesis off *text; '\0' when it begins with none. */
static char take_parenthesis(const char **text)
{
	for (size_t i = 0; i < COUNT(parentheses); i++) {
		size_t len = strlen(parentheses[i].text);

		if (strncmp(*text, parentheses[i].text, len) != 0)
			continue;
		*text += len;
		return parentheses[i].bracket;
	}
	return '\0';
}

static void show(const char *memo, char text_r[MEMO])
{
	bool is_plain = is_paired(memo);
	size_t len = 0;

	while (*memo != '\0' && len < MEMO - 1) {
		char bracket = is_plain ? '\0' : take_parenthesis(&memo);

		text_r[len++] = bracket != '\0' ? bracket : *memo++;
	}
	text_r[len] = '\0';
}

void memo_remark(const char *memo, char text_r[MEMO_SHOWN])
{
	char shown[MEMO];

	show(memo, shown);
	(void)snprintf(text_r, MEMO_SHOWN, memo[0] != '\0' ? " (%s)" : "%s",
		       shown);
}

static bool is_like_ours(const char *memo)
{
	for (size_t i = 0; i < COUNT(bank_words); i++)
		if (strcasestr(memo, bank_words[i]) != NULL)
			return true;
	return false;
}

void memo_words(const char *memo, char text_r[MEMO_SHOWN])
{
	char shown[MEMO];

	if (is_like_ours(memo)) {
		memo_remark(memo, text_r);
		return;
	}
	show(memo, shown);
	(void)snprintf(text_r, MEMO_SHOWN, memo[0] != '\0' ? " %s" : "%s",
		       shown);
}

bool memo_is_amount(const char *amount, const char *memo)
{
	size_t len;

	memo += strspn(memo, " ");
	len = strspn(memo, "0123456789,.");
	return strchr(amount, '.') == NULL &&
	       strcspn(memo, "0123456789") < len &&
	       (memo[len] == '\0' || memo[len] == ' ');
}

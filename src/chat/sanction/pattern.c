#include "chat/sanction/pattern.h"

#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/mem.h"
#include "base/text.h"

static const char literal[] = "literal";
static const char glob[] = "glob";

/* The word at the start of *text, when something follows; then it is passed. */
static bool take_word(const char **text, const char *word)
{
	size_t len = strlen(word);
	const char *rest = *text + len;

	if (strncmp(*text, word, len) != 0 || *rest != ' ')
		return false;
	rest += strspn(rest, " ");
	if (*rest == '\0')
		return false;
	*text = rest;
	return true;
}

static enum sanction_kind take_kind(const char **text)
{
	for (int kind = SANCTION_REFUSE; kind < SANCTION_KINDS; kind++) {
		if (take_word(text, sanction_word((enum sanction_kind)kind)))
			return (enum sanction_kind)kind;
	}
	return SANCTION_REFUSE;
}

enum err pattern_parse(const char *words, enum sanction_kind *kind_r,
		       char pattern_r[PATTERN_MOST + 1], struct refusal *why)
{
	const char *text = words + strspn(words, " ");
	const char *form = literal;

	*kind_r = take_kind(&text);
	if (take_word(&text, glob))
		form = glob;
	else
		(void)take_word(&text, literal);
	if (strlen(text) > PATTERN_TEXT_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "The text of a filter has at most %d "
				    "bytes.",
				    PATTERN_TEXT_MOST);
	snprintf(pattern_r, PATTERN_MOST + 1, "%s:%s", form, text);
	return pattern_check(pattern_r, why);
}

/* Behind the word and its colon; NULL: there is none. */
static const char *skip_form(const char *pattern, bool *is_glob_r)
{
	const char *const forms[] = { literal, glob };

	for (size_t i = 0; i < COUNT(forms); i++) {
		size_t len = strlen(forms[i]);

		*is_glob_r = forms[i] == glob;
		if (strncmp(pattern, forms[i], len) == 0 && pattern[len] == ':')
			return pattern + len + 1;
	}
	return NULL;
}

/* Where the longest run without a star begins, and how long it is. */
static size_t find_run(const struct needle *needle, size_t *len_r)
{
	size_t at = 0;
	size_t i = 0;

	*len_r = needle->is_glob ? 0 : needle->len;
	while (needle->is_glob && i < needle->len) {
		size_t len = strcspn(needle->folded + i, "*");

		if (len > *len_r) {
			at = i;
			*len_r = len;
		}
		i += len + 1;
	}
	return at;
}

enum err pattern_check(const char *pattern, struct refusal *why)
{
	bool is_glob;
	const char *text = skip_form(pattern, &is_glob);
	struct needle needle;
	size_t run;
	bool is_narrow;

	if (text == NULL || strlen(text) > PATTERN_TEXT_MOST)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A filter is literal or glob, and has at "
				    "most %d bytes.",
				    PATTERN_TEXT_MOST);
	if (text_flaw(text, strlen(text)) != NULL)
		return refusal_give(why, ERR_BAD_INPUT,
				    "A filter may not hold %s.",
				    text_flaw(text, strlen(text)));
	needle_init(&needle, pattern);
	(void)find_run(&needle, &run);
	is_narrow = run >= NEEDLE_LEAST &&
		    strspn(needle.folded + needle.from, " ") < run;
	needle_fini(&needle);
	if (!is_narrow)
		return refusal_give(why, ERR_BAD_INPUT,
				    "\"%s\" would catch too much: a filter "
				    "needs %d letters in a row.",
				    text, NEEDLE_LEAST);
	return ERR_OK;
}

void needle_init(struct needle *needle, const char *pattern)
{
	const char *text = skip_form(pattern, &needle->is_glob);
	size_t len = strlen(text);
	size_t run;

	needle->folded = mem_alloc(FOLD_GROWTH * len + 1);
	needle->len = fold_text(text, len, needle->folded);
	needle->folded[needle->len] = '\0';
	needle->from = find_run(needle, &run);
}

void needle_fini(struct needle *needle)
{
	mem_free(needle->folded);
	memset(needle, 0, sizeof(*needle));
}

/*
 * Each part between stars at its first place behind the part before, the last
 * one at the end: so it takes one walk through the text.
 */
static bool fits_whole(const char *part, const char *text, size_t len)
{
	const char *end = text + len;
	size_t part_len = strcspn(part, "*");

	if (part_len > len || memcmp(part, text, part_len) != 0)
		return false;
	text += part_len;
	for (;;) {
		part += part_len;
		if (*part == '\0')
			return text == end;
		part++;
		part_len = strcspn(part, "*");
		if (part[part_len] == '\0')
			return (size_t)(end - text) >= part_len &&
			       memcmp(end - part_len, part, part_len) == 0;
		text = memmem(text, (size_t)(end - text), part, part_len);
		if (text == NULL)
			return false;
		text += part_len;
	}
}

bool needle_catches(const struct needle *needle, const char *folded, size_t len)
{
	return needle->is_glob ? fits_whole(needle->folded, folded, len)
			       : memmem(folded, len, needle->folded,
					needle->len) != NULL;
}

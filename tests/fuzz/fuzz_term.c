/*
 * Any text as "2h spamming": what is understood is within its bounds, and its
 * end does not overflow.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "chat/sanction/term.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(const struct term *term, const char *text)
{
	const int64_t now_ms = INT64_C(1) << 42;
	char end[TERM_TEXT];
	size_t text_len = strlen(text);
	size_t reason_len = strlen(term->reason);

	assert(term->seconds >= 0 && term->seconds <= 86400LL * TERM_DAYS_MOST);
	assert(reason_len <= REASON_MOST && reason_len <= text_len);
	assert(strcmp(text + text_len - reason_len, term->reason) == 0);
	assert(term->seconds == 0 || term_end_ms(term, now_ms) > now_ms);
	assert(term_print(term_end_ms(term, now_ms), end)[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = mem_alloc(len + 1);
	struct refusal why = { 0 };
	struct term term;

	memcpy(text, bytes, len);
	text[len] = '\0';
	if (term_parse(text, &term, &why) == ERR_OK)
		check(&term, text);
	else
		assert(why.text[0] != '\0');
	mem_free(text);
	return 0;
}

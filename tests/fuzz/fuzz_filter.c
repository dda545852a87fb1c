/*
 * A line as what somebody writes after /filter add, and the rest as a message
 * that passes: what holds a literal filter's text is caught, wherever it
 * stands.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "chat/sanction/pattern.h"
#include "chat/sanction/sieve.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(const struct sanction *s, const char *message)
{
	AUTO(buf_fini) struct buf around = { 0 };
	struct sieve *sieve = sieve_new();
	const char *text = strchr(s->mask.text, ':') + 1;
	bool is_caught;

	sieve_add(sieve, s);
	sieve_prepare(sieve);
	is_caught = sieve_catch(sieve, message, 0) != NULL;
	assert((sieve_catch(sieve, message, 0) != NULL) == is_caught);
	if (strncmp(s->mask.text, "literal:", 8) == 0) {
		buf_print(&around, "%s%s%s", message, text, message);
		assert(sieve_catch(sieve, buf_text(&around), 0) == s);
	} else if (strchr(text, '*') == NULL) {
		assert(sieve_catch(sieve, text, 0) == s);
	}
	sieve_free(&sieve);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *words = mem_alloc(len + 1);
	struct sanction s = { .id = 1 };
	struct refusal why = { 0 };
	char *message;
	enum err e;

	memcpy(words, bytes, len);
	words[len] = '\0';
	message = words + strcspn(words, "\n");
	if (*message != '\0')
		*message++ = '\0';
	e = pattern_parse(words, &s.kind, s.mask.text, &why);
	if (e != ERR_OK)
		assert(e == ERR_BAD_INPUT && why.text[0] != '\0');
	else
		assert(sanction_is_filter(s.kind));
	/* The front-ends let nothing else in. */
	if (e == ERR_OK && text_flaw(message, strlen(message)) == NULL)
		check(&s, message);
	mem_free(words);
	return 0;
}

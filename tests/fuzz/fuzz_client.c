/*
 * Any bytes as what a server sends, in pieces of any size: what the clients
 * cut, filter, take apart and learn from. Also as the file of known servers
 * and as an address that a person typed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "client/line.h"
#include "rialto/address.h"
#include "rialto/colour.h"
#include "rialto/known_hosts.h"
#include "rialto/login.h"
#include "rialto/prompt.h"
#include "rialto/vocabulary.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct client {
	struct vocabulary *words;
	struct login login;
};

static void check_span(struct span s, const char *text)
{
	assert(s.len == 0 ||
	       (s.at >= text && s.at + s.len <= text + strlen(text)));
}

static void try_line(struct client *c, const char *text)
{
	AUTO(buf_fini) struct buf shown = { 0 };
	struct line line;

	line_parse(text, &line);
	check_span(line.room, text);
	check_span(line.name, text);
	check_span(line.code, text);
	assert(line.words >= text && line.words <= text + strlen(text));
	colour_line(text, "ann", &shown);
	vocabulary_learn(c->words, text);
	login_learn(&c->login, &line);
	assert(c->login.name == NULL || name_is_valid(c->login.name));
}

static void try_stream(struct client *c, const char *bytes, size_t len)
{
	AUTO(buf_fini) struct buf in = { 0 }, text = { 0 };
	size_t piece = len > 0 ? (uint8_t)bytes[0] + 1U : 1;

	for (size_t at = 0; at < len; at += piece) {
		size_t n = len - at < piece ? len - at : piece;

		buf_add(&in, bytes + at, n);
		while (line_take(&in, &text)) {
			assert(text_flaw(buf_at(&text), buf_len(&text)) ==
			       NULL);
			try_line(c, buf_text(&text));
		}
		if (buf_len(&in) > 0)
			(void)prompt_find(buf_at(&in), buf_len(&in));
	}
}

static void try_completion(const struct client *c)
{
	static const char *const typed[] = { "", "/", ".", "hi " };

	for (size_t i = 0; i < COUNT(typed); i++) {
		size_t start = strlen(typed[i]) > 1 ? strlen(typed[i]) : 0;
		size_t at = 0;
		char *match;

		while ((match = vocabulary_match(c->words, typed[i], start,
						 &at)) != NULL) {
			assert(name_is_valid(match +
					     (strchr("/.", match[0]) != NULL)));
			mem_free(match);
		}
		assert(at <= 2 * VOCABULARY_MOST);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct client c = { .words = vocabulary_new() };
	AUTO(mem_free_text) char *text = mem_alloc(len + 1);
	struct known_host known;
	struct address address;

	if (len > 0)
		memcpy(text, bytes, len);
	text[len] = '\0';
	login_init(&c.login, NULL, false, NULL);
	try_stream(&c, text, len);
	try_completion(&c);
	login_fini(&c.login);
	vocabulary_free(&c.words);
	if (known_hosts_find(text, len, "host:1", &known) == ERR_OK)
		assert(strncmp(known.fingerprint, "SHA256:", 7) == 0);
	if (address_parse(text, &address) == NULL)
		address_fini(&address);
	return 0;
}

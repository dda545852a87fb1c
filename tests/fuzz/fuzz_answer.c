/*
 * What the client of the service atm takes from a server, and from its own
 * files. The first byte, a digit, says what the others are: an answer; the
 * answer to hello; a payload that the server has signed as its identity; a
 * receipt; a payload that it has signed as one; a line of a session; an answer
 * that it has sealed; or a file of known identities.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "client/channel.h"
#include "client/negotiation.h"
#include "client/receipt.h"
#include "crypto/jwe.h"
#include "crypto/jws.h"
#include "rialto/atm/answer.h"
#include "rialto/atm/lines.h"
#include "rialto/atm/receipts.h"
#include "rialto/atm/words.h"
#include "rialto/identities.h"
#include "rialto/known_hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* 32 zeros. */
static const char nonce[] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static struct identity_key *make_key(void)
{
	return identity_key_new((const uint8_t[IDENTITY_SEED]){ 1 });
}

/* Lines that a terminal may be shown. */
static void check_shown(const struct buf *text)
{
	const char *at = buf_at(text);
	const char *end = buf_len(text) > 0 ? at + buf_len(text) : at;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop != NULL ? stop : end) - at);

		assert(text_flaw(at, len) == NULL);
		at += len + (stop != NULL);
	}
}

enum { COLUMNS = 20, INDENT = 3, ROWS = 5, ITEMS = 9 };

/* A value of it, and that in lines. */
static void show_value(void (*words)(const json_t *json, struct buf *out),
		       const json_t *json)
{
	AUTO(buf_fini) struct buf text = { 0 };
	AUTO(buf_fini) struct buf out = { 0 };

	words(json, &text);
	check_shown(&text);
	words_wrap(buf_text(&text), COLUMNS, &out);
	check_shown(&out);
	assert(words_fit(&text, COLUMNS, ROWS) <= buf_len(&text));
}

static void print_item(const void *context, const json_t *item, size_t nth,
		       struct buf *line_r)
{
	assert(context == NULL && nth < ITEMS);
	words_account(item, line_r);
	words_posting(item, line_r);
	check_shown(line_r);
}

/* An array of it, page by page. */
static void show_items(const json_t *items)
{
	static const struct lines_space space = { COLUMNS, INDENT, ROWS,
						  ITEMS };
	AUTO(buf_fini) struct buf out = { 0 };
	size_t all = json_array_size(items);
	size_t first = 0;
	size_t count;

	do {
		buf_reset(&out);
		count = lines_fit(items, first, &space, print_item, NULL, &out);
		assert(count <= ITEMS && count <= all - first);
		assert((count > 0) == (first < all));
		check_shown(&out);
		first += count;
	} while (count > 0);
}

/* All that any screen shows of it, as often as it is nested. */
static void show_answer(const struct answer *a)
{
	static const char *const lists[] = { "accounts", "postings", "holds",
					     "results" };
	AUTO(buf_fini) struct buf out = { 0 };
	struct answer inner;

	show_value(words_balance, json_object_get(a->object, "balance"));
	for (size_t i = 0; i < COUNT(lists); i++)
		show_items(json_object_get(a->object, lists[i]));
	answer_add(a->object, "user", &out);
	if (a->text != NULL)
		buf_add_text(&out, a->text);
	check_shown(&out);
	(void)answer_is_to(a, "01890a5d-ac96-774b-bcce-b302099a8057");
	if (answer_of(json_object_get(a->object, "answer"), &inner)) {
		show_answer(&inner);
		answer_fini(&inner);
	}
}

static void read_answer(const char *bytes, size_t len)
{
	AUTO(answer_fini) struct answer a = { 0 };

	if (!answer_read(bytes, len, &a)) {
		assert(a.object == NULL && a.text == NULL);
		return;
	}
	assert(a.is_ok == (a.text == NULL));
	assert(!a.is_ok || a.code[0] == '\0');
	show_answer(&a);
}

static enum err negotiate(const char *server_nonce, const char *jws, size_t len,
			  char identity_r[IDENTITY_TEXT])
{
	static const struct negotiation n = { .exported = { 2 } };
	struct session_keys keys;
	const char *why = NULL;
	enum err e = negotiation_check(&n, server_nonce, strlen(server_nonce),
				       jws, len, &keys, identity_r, &why);

	assert((e == ERR_OK) == (why == NULL));
	assert((e == ERR_OK) == (identity_r[0] != '\0'));
	return e;
}

static void read_hello(const char *bytes, size_t len)
{
	AUTO(answer_fini) struct answer a = { 0 };
	char identity[IDENTITY_TEXT];
	const char *jws;

	if (!answer_read(bytes, len, &a))
		return;
	jws = answer_text(a.object, "identity");
	(void)negotiate(answer_text(a.object, "server_nonce"), jws, strlen(jws),
			identity);
}

static void check_identity(const char *bytes, size_t len)
{
	AUTO(identity_key_free) struct identity_key *key = make_key();
	AUTO(buf_fini) struct buf jws = { 0 };
	char identity[IDENTITY_TEXT];

	jws_sign(key, NULL, bytes, len, &jws);
	if (negotiate(nonce, buf_at(&jws), buf_len(&jws), identity) == ERR_OK)
		assert(strcmp(identity, identity_key_text(key)) == 0);
}

static enum err open_receipt(const char *bytes, size_t len)
{
	AUTO(buf_fini) struct buf words = { 0 };
	char identity[IDENTITY_TEXT];
	const char *why = NULL;
	enum err e = receipt_open(bytes, len, &words, identity, &why);

	assert(e == ERR_OK || e == ERR_BAD_INPUT || e == ERR_MAC_FAILED);
	assert((e == ERR_OK) == (why == NULL));
	assert((e == ERR_OK) == (buf_len(&words) > 0));
	check_shown(&words);
	return e;
}

static void read_receipt(const char *bytes, size_t len)
{
	(void)open_receipt(bytes, len);
}

static void read_signed(const char *bytes, size_t len)
{
	AUTO(identity_key_free) struct identity_key *key = make_key();
	AUTO(buf_fini) struct buf jws = { 0 };
	AUTO(buf_fini) struct buf words = { 0 };
	const char *why = NULL;
	enum err e;

	jws_sign(key, "rialto-receipt", bytes, len, &jws);
	e = open_receipt(buf_at(&jws), buf_len(&jws));
	assert(e != ERR_MAC_FAILED);
	assert(receipts_read(buf_text(&jws), identity_key_text(key), &words,
			     &why) == e);
	if (e == ERR_OK)
		assert(receipts_read(buf_text(&jws), "SHA256:another", &words,
				     &why) == ERR_MAC_FAILED);
}

static void open_line(const char *bytes, size_t len)
{
	static const struct session_keys keys = { .response = { 3 } };
	struct channel *channel = channel_new(&keys);
	AUTO(buf_fini) struct buf text = { 0 };
	enum err e = channel_open(channel, bytes, len, &text);

	if (e == ERR_OK)
		read_answer(buf_at(&text), buf_len(&text));
	else
		assert(buf_len(&text) == 0);
	channel_free(&channel);
}

static void open_sealed(const char *bytes, size_t len)
{
	struct jwe *server = jwe_new_to_seal((const uint8_t[JWE_KEY]){ 3 });
	AUTO(buf_fini) struct buf line = { 0 };

	jwe_seal(server, bytes, len, &line);
	open_line(buf_at(&line), buf_len(&line));
	jwe_free(&server);
}

static void read_pins(const char *bytes, size_t len)
{
	AUTO(identity_key_free) struct identity_key *key = make_key();
	AUTO(mem_free_text) char *text = mem_alloc(len + 1);
	AUTO(buf_fini) struct buf whose = { 0 };
	const char *identity = identity_key_text(key);
	char parsed[IDENTITY_TEXT];
	struct known_host known;

	memcpy(text, bytes, len);
	text[len] = '\0';
	if (identities_know(text, len, NULL, identity, &whose))
		assert(buf_len(&whose) > 0 &&
		       memmem(text, len, identity, strlen(identity)) != NULL);
	if (identities_know(text, len, "cafe", identity, NULL))
		assert(buf_len(&whose) > 0);
	if (known_hosts_find(text, len, "cafe:7171", &known) == ERR_OK)
		assert(strncmp(known.fingerprint, "SHA256:", 7) == 0);
	if (identities_parse(text, parsed))
		assert(identities_parse(parsed, parsed));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static void (*const ways[])(const char *bytes, size_t len) = {
		read_answer, read_hello, check_identity, read_receipt,
		read_signed, open_line,  open_sealed,    read_pins,
	};

	if (len > 0)
		ways[(uint8_t)(bytes[0] - '0') % COUNT(ways)](
			(const char *)bytes + 1, len - 1);
	return 0;
}

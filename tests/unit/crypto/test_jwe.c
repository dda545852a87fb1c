#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "crypto/base64url.h"
#include "crypto/cbc_hs512.h"
#include "crypto/jwe.h"

#define HEADER "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":0}"

static const char text[] = "{\"op\":\"accounts\"}";

/* The text under the key of the bytes 0 to 63; made by another program. */
static const char known[] =
	"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwic2VxIjowfQ"
	"..GvOMLcK5b_3YZpQJI0G8BA."
	"1KtP-XrQubWkKRiMbXqVzjE2ZjqK-ZS-zCJF7dT_Wdw"
	".iBhYGoyV32afa1CycYdcxenVt3UaNjAAI7z762tVi1o";

struct ends {
	struct jwe *seals;
	struct jwe *opens;
	uint8_t key[JWE_KEY];
	struct buf message;
	struct buf opened;
};

static int set_up(void **state)
{
	static struct ends ends;

	memset(&ends, 0, sizeof(ends));
	for (size_t i = 0; i < JWE_KEY; i++)
		ends.key[i] = (uint8_t)i;
	ends.seals = jwe_new_to_seal(ends.key);
	ends.opens = jwe_new_to_open(ends.key);
	*state = &ends;
	return 0;
}

static int tear_down(void **state)
{
	struct ends *e = *state;

	jwe_free(&e->seals);
	jwe_free(&e->opens);
	assert_null(e->seals);
	buf_fini(&e->message);
	buf_wipe(&e->opened);
	return 0;
}

static enum err open_it(struct ends *e, const char *message, size_t len)
{
	buf_reset(&e->opened);
	return jwe_open(e->opens, message, len, &e->opened);
}

static void assert_says(struct ends *e, const char *want)
{
	assert_int_equal(buf_len(&e->opened), strlen(want));
	assert_memory_equal(buf_at(&e->opened), want, strlen(want));
}

static void seal_it(struct ends *e, const char *what)
{
	buf_reset(&e->message);
	jwe_seal(e->seals, what, strlen(what), &e->message);
}

/* What another end may send: any header, any bytes to be encrypted. */
static void forge(struct ends *e, const char *header, const char *bytes,
		  size_t len)
{
	struct cbc_hs512 c;
	uint8_t iv[CBC_HS512_IV] = { 1, 2, 3 };
	uint8_t tag[CBC_HS512_TAG];
	uint8_t sealed[256];
	struct cbc_hs512_message m = { .iv = iv, .sealed = sealed };

	cbc_hs512_init_to_seal(&c, e->key);
	buf_reset(&e->message);
	base64url_add(&e->message, header, strlen(header));
	m.sealed_len = cbc_hs512_sealed_len(len);
	cbc_hs512_encrypt(&c, iv, bytes, len, sealed);
	m.beside = buf_at(&e->message);
	m.beside_len = buf_len(&e->message);
	cbc_hs512_sign(&c, &m, tag);
	buf_add_text(&e->message, "..");
	base64url_add(&e->message, iv, sizeof(iv));
	buf_add_char(&e->message, '.');
	base64url_add(&e->message, sealed, m.sealed_len);
	buf_add_char(&e->message, '.');
	base64url_add(&e->message, tag, sizeof(tag));
}

static void opens_what_others_made(void **state)
{
	struct ends *e = *state;

	assert_int_equal(open_it(e, known, strlen(known)), ERR_OK);
	assert_says(e, text);
	assert_int_equal(jwe_next(e->opens), 1);
}

static void has_five_parts_and_this_header(void **state)
{
	struct ends *e = *state;
	static const char begin[] =
		"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwic2VxIjowfQ..";
	size_t dots = 0;

	seal_it(e, text);
	assert_memory_equal(buf_at(&e->message), begin, strlen(begin));
	assert_int_equal(buf_len(&e->message), strlen(known));
	for (size_t i = 0; i < buf_len(&e->message); i++)
		dots += buf_at(&e->message)[i] == '.';
	assert_int_equal(dots, 4);
	assert_int_equal(jwe_open(e->opens, NULL, 0, &e->opened),
			 ERR_MAC_FAILED);
}

static void opens_all_in_order(void **state)
{
	struct ends *e = *state;
	char what[300];

	for (size_t i = 0; i < sizeof(what); i++) {
		memset(what, 'a' + (int)(i % 26), i);
		what[i] = '\0';
		seal_it(e, what);
		assert_int_equal(jwe_next(e->seals), i + 1);
		assert_int_equal(
			open_it(e, buf_at(&e->message), buf_len(&e->message)),
			ERR_OK);
		assert_says(e, what);
	}
}

/* The same text twice is not seen to be the same. */
static void never_repeats_itself(void **state)
{
	struct ends *e = *state;
	struct buf first = { 0 };

	seal_it(e, text);
	buf_add(&first, buf_at(&e->message), buf_len(&e->message));
	jwe_free(&e->seals);
	e->seals = jwe_new_to_seal(e->key);
	seal_it(e, text);
	assert_int_equal(buf_len(&first), buf_len(&e->message));
	assert_memory_not_equal(buf_at(&first), buf_at(&e->message),
				buf_len(&first));
	buf_fini(&first);
}

static void is_not_opened_twice(void **state)
{
	struct ends *e = *state;

	assert_int_equal(open_it(e, known, strlen(known)), ERR_OK);
	assert_int_equal(open_it(e, known, strlen(known)), ERR_REPLAY);
	assert_int_equal(buf_len(&e->opened), 0);
	assert_int_equal(jwe_next(e->opens), 1);
}

static void none_may_be_left_out(void **state)
{
	struct ends *e = *state;

	seal_it(e, "first");
	seal_it(e, "second");
	assert_int_equal(open_it(e, buf_at(&e->message), buf_len(&e->message)),
			 ERR_REPLAY);
	assert_int_equal(jwe_next(e->opens), 0);
}

static void another_key_opens_nothing(void **state)
{
	struct ends *e = *state;

	for (size_t i = 0; i < JWE_KEY; i++) {
		e->key[i] ^= 0x80;
		jwe_free(&e->opens);
		e->opens = jwe_new_to_open(e->key);
		if (i < JWE_KEY / 2)
			assert_int_equal(open_it(e, known, strlen(known)),
					 ERR_MAC_FAILED);
		else if (open_it(e, known, strlen(known)) == ERR_OK)
			assert_memory_not_equal(buf_at(&e->opened), text, 1);
		e->key[i] ^= 0x80;
	}
}

static void each_byte_counts(void **state)
{
	struct ends *e = *state;
	char message[sizeof(known)];
	size_t len = strlen(known);

	for (size_t i = 0; i < len; i++) {
		for (int flip = 1; flip < 256; flip++) {
			memcpy(message, known, sizeof(known));
			message[i] = (char)(message[i] ^ flip);
			assert_int_equal(open_it(e, message, len),
					 ERR_MAC_FAILED);
			assert_int_equal(buf_len(&e->opened), 0);
		}
	}
	assert_int_equal(open_it(e, known, len), ERR_OK);
}

static void no_length_but_its_own(void **state)
{
	struct ends *e = *state;
	char message[sizeof(known) + 1];

	for (size_t i = 0; i < strlen(known); i++)
		assert_int_equal(open_it(e, known, i), ERR_MAC_FAILED);
	for (size_t i = 1; i < strlen(known); i++)
		assert_int_equal(open_it(e, known + i, strlen(known) - i),
				 ERR_MAC_FAILED);
	for (int c = 0; c < 256; c++) {
		snprintf(message, sizeof(message), "%s", known);
		message[strlen(known)] = (char)c;
		assert_int_equal(open_it(e, message, sizeof(message) - 1),
				 ERR_MAC_FAILED);
	}
}

#define IV "GvOMLcK5b_3YZpQJI0G8BA"
#define SEALED "1KtP-XrQubWkKRiMbXqVzjE2ZjqK-ZS-zCJF7dT_Wdw"
#define TAG "iBhYGoyV32afa1CycYdcxenVt3UaNjAAI7z762tVi1o"
#define HEAD "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwic2VxIjowfQ"

/* Of parts that are right by themselves. */
static const char *const wrong_parts[] = {
	"",
	".",
	"....",
	HEAD,
	HEAD ".." IV "." SEALED,
	HEAD "." IV "." SEALED "." TAG,
	HEAD ".." IV "." SEALED "." TAG ".",
	HEAD ".." IV "." SEALED "." TAG "." TAG,
	"." HEAD ".." IV "." SEALED "." TAG,
	HEAD ".AA." IV "." SEALED "." TAG,
	HEAD ".." SEALED "." IV "." TAG,
	HEAD ".." IV "." TAG "." SEALED,
	HEAD ".." IV ".." TAG,
	HEAD ".." IV "." SEALED ".",
	HEAD "..." SEALED "." TAG,
	".." IV "." SEALED "." TAG,
	HEAD ".." IV "." SEALED SEALED "." TAG,
	HEAD ".." IV "==." SEALED "." TAG,
	HEAD ".." IV "." SEALED "." TAG "=",
	HEAD ".. " IV "." SEALED "." TAG,
	HEAD ".." IV "." SEALED "." TAG "\n",
	HEAD ".." IV "AA." SEALED "." TAG,
	HEAD ".." IV "." SEALED "." TAG "AA",
};

static void parts_stay_in_their_places(void **state)
{
	struct ends *e = *state;

	for (size_t i = 0; i < COUNT(wrong_parts); i++) {
		const char *message = wrong_parts[i];

		if (open_it(e, message, strlen(message)) != ERR_MAC_FAILED)
			fail_msg("%s", message);
	}
}

/*
 * RFC 7516, appendix A.3: the same five parts, of an algorithm that has a key
 * of the message's own. What it has of ours is RFC 7518, appendix B.3, in
 * test_cbc_hs512.
 */
static const char of_the_rfc[] =
	"eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0"
	".6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ"
	".AxY8DCtDaGlsbGljb3RoZQ"
	".KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY"
	".U0m_YmjN04DJvceFICbCVQ";

static void takes_no_other_algorithm(void **state)
{
	struct ends *e = *state;

	assert_int_equal(open_it(e, of_the_rfc, strlen(of_the_rfc)),
			 ERR_MAC_FAILED);
}

static const struct header_case {
	const char *header;
	enum err want;
} header_cases[] = {
	{ HEADER, ERR_OK },
	{ "{\"seq\":0,\"enc\":\"A256CBC-HS512\",\"alg\":\"dir\"}", ERR_OK },
	{ "{ \"alg\" : \"dir\" ,\n\"enc\":\"A256CBC-HS512\", \"seq\": 0 }",
	  ERR_OK },
	{ "{\"alg\":\"d\\u0069r\",\"enc\":\"A256CBC-HS512\",\"seq\":0}",
	  ERR_OK },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":1}", ERR_REPLAY },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":-1}",
	  ERR_REPLAY },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":"
	  "9007199254740993}",
	  ERR_REPLAY },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":"
	  "18446744073709551616}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":0.0}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":\"0\"}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":null}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":00}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\"}", ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"seq\":0}", ERR_MAC_FAILED },
	{ "{\"enc\":\"A256CBC-HS512\",\"seq\":0}", ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":0,\"zip\":"
	  "\"DEF\"}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":0,\"crit\":"
	  "[]}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":0,\"seq\":0}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\","
	  "\"seq\":0}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"none\",\"enc\":\"A256CBC-HS512\",\"seq\":0}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"DIR\",\"enc\":\"A256CBC-HS512\",\"seq\":0}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\",\"seq\":0}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"seq\":0}", ERR_MAC_FAILED },
	{ "{\"alg\":[\"dir\"],\"enc\":\"A256CBC-HS512\",\"seq\":0}",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":0}x",
	  ERR_MAC_FAILED },
	{ "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\",\"seq\":0",
	  ERR_MAC_FAILED },
	{ "[\"alg\",\"enc\",\"seq\"]", ERR_MAC_FAILED },
	{ "\"alg\"", ERR_MAC_FAILED },
	{ "\xff{}", ERR_MAC_FAILED },
	{ "", ERR_MAC_FAILED },
};

static void the_header_is_ours_in_any_order(void **state)
{
	for (size_t i = 0; i < COUNT(header_cases); i++) {
		const struct header_case *c = &header_cases[i];
		struct ends *e;

		tear_down(state);
		set_up(state);
		e = *state;
		forge(e, c->header, text, strlen(text));
		if (open_it(e, buf_at(&e->message), buf_len(&e->message)) !=
		    c->want)
			fail_msg("%s", c->header);
		assert_int_equal(jwe_next(e->opens), c->want == ERR_OK);
	}
}

/* Nobody makes us read a long header. */
static void the_header_is_bounded(void **state)
{
	struct ends *e = *state;
	char header[1024];
	int len = snprintf(header, sizeof(header), "%s", HEADER);

	memset(header + len, ' ', sizeof(header) - (size_t)len);
	header[300] = '\0';
	forge(e, header, text, strlen(text));
	assert_int_equal(open_it(e, buf_at(&e->message), buf_len(&e->message)),
			 ERR_OK);
	memset(header + len, ' ', sizeof(header) - (size_t)len);
	header[sizeof(header) - 1] = '\0';
	forge(e, header, text, strlen(text));
	assert_int_equal(open_it(e, buf_at(&e->message), buf_len(&e->message)),
			 ERR_MAC_FAILED);
}

/* Sealed under the right key, as nobody but the peer could: still no text. */
static void wrong_padding_is_no_message(void **state)
{
	struct ends *e = *state;
	struct cbc_hs512 c;
	struct cbc_hs512_message m;
	uint8_t iv[CBC_HS512_IV] = { 0 };
	uint8_t sealed[2 * CBC_HS512_BLOCK];
	uint8_t tag[CBC_HS512_TAG];

	cbc_hs512_init_to_seal(&c, e->key);
	base64url_add(&e->message, HEADER, strlen(HEADER));
	cbc_hs512_encrypt(&c, iv, "a block of bytes", CBC_HS512_BLOCK, sealed);
	m = (struct cbc_hs512_message){ buf_at(&e->message),
					buf_len(&e->message), iv, sealed,
					CBC_HS512_BLOCK };
	cbc_hs512_sign(&c, &m, tag);
	buf_add_text(&e->message, "..");
	base64url_add(&e->message, iv, sizeof(iv));
	buf_add_char(&e->message, '.');
	base64url_add(&e->message, sealed, CBC_HS512_BLOCK);
	buf_add_char(&e->message, '.');
	base64url_add(&e->message, tag, sizeof(tag));
	assert_int_equal(open_it(e, buf_at(&e->message), buf_len(&e->message)),
			 ERR_MAC_FAILED);
	assert_int_equal(buf_len(&e->opened), 0);
	assert_int_equal(jwe_next(e->opens), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
		ROW(opens_what_others_made),
		ROW(has_five_parts_and_this_header),
		ROW(opens_all_in_order),
		ROW(never_repeats_itself),
		ROW(is_not_opened_twice),
		ROW(none_may_be_left_out),
		ROW(another_key_opens_nothing),
		ROW(each_byte_counts),
		ROW(no_length_but_its_own),
		ROW(parts_stay_in_their_places),
		ROW(takes_no_other_algorithm),
		ROW(the_header_is_ours_in_any_order),
		ROW(the_header_is_bounded),
		ROW(wrong_padding_is_no_message),
	};

	return cmocka_run_group_tests_name("jwe", tests, NULL, NULL);
}

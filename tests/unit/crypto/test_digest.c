#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "crypto/digest.h"

/* FIPS 180-2, appendix B.1 and B.2; and the digest of nothing. */
static const struct digest_case {
	const char *first;
	const char *second;
	uint8_t want[DIGEST_BYTES];
} digest_cases[] = {
	{ "", "", { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
		    0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
		    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c,
		    0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 } },
	{ "a", "bc", { 0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
		       0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
		       0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
		       0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad } },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "",
	  { 0x24, 0x8d, 0x6a, 0x61, 0xd2, 0x06, 0x38, 0xb8, 0xe5, 0xc0, 0x26,
	    0x93, 0x0c, 0x3e, 0x60, 0x39, 0xa3, 0x3c, 0xe4, 0x59, 0x64, 0xff,
	    0x21, 0x67, 0xf6, 0xec, 0xed, 0xd4, 0x19, 0xdb, 0x06, 0xc1 } },
};

static void is_sha256(void **state)
{
	uint8_t digest[DIGEST_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(digest_cases); i++) {
		const struct digest_case *c = &digest_cases[i];

		digest_make(c->first, strlen(c->first), c->second,
			    strlen(c->second), digest);
		assert_memory_equal(digest, c->want, DIGEST_BYTES);
	}
}

static void is_read_as_it_is_printed(void **state)
{
	static const char *const others[] = {
		"",
		"0",
		"d7c1",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"
		"e",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"
		"ef0",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"
		"e ",
		"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcd"
		"ef",
	};
	uint8_t digest[DIGEST_BYTES];
	uint8_t again[DIGEST_BYTES] = { 0 };
	char text[DIGEST_TEXT];

	(void)state;
	digest_make("abc", 3, NULL, 0, digest);
	digest_print(digest, text);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(digest_read(others[i], again));
	assert_int_equal(again[0], 0);
	assert_true(digest_read(text, again));
	assert_memory_equal(again, digest, sizeof(digest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_sha256),
		cmocka_unit_test(is_read_as_it_is_printed),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}

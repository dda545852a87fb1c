#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "crypto/cbc_hs512.h"

/* RFC 7518, appendix B.3; the key is the bytes 0 to 63. */
static const char text[] =
	"A cipher system must not be required to be secret, and it must be "
	"able to fall into the hands of the enemy without inconvenience";
static const char beside[] = "The second principle of Auguste Kerckhoffs";
static const uint8_t iv[CBC_HS512_IV] = { 0x1a, 0xf3, 0x8c, 0x2d, 0xc2, 0xb9,
					  0x6f, 0xfd, 0xd8, 0x66, 0x94, 0x09,
					  0x23, 0x41, 0xbc, 0x04 };
static const uint8_t sealed[] = {
	0x4a, 0xff, 0xaa, 0xad, 0xb7, 0x8c, 0x31, 0xc5, 0xda, 0x4b, 0x1b, 0x59,
	0x0d, 0x10, 0xff, 0xbd, 0x3d, 0xd8, 0xd5, 0xd3, 0x02, 0x42, 0x35, 0x26,
	0x91, 0x2d, 0xa0, 0x37, 0xec, 0xbc, 0xc7, 0xbd, 0x82, 0x2c, 0x30, 0x1d,
	0xd6, 0x7c, 0x37, 0x3b, 0xcc, 0xb5, 0x84, 0xad, 0x3e, 0x92, 0x79, 0xc2,
	0xe6, 0xd1, 0x2a, 0x13, 0x74, 0xb7, 0x7f, 0x07, 0x75, 0x53, 0xdf, 0x82,
	0x94, 0x10, 0x44, 0x6b, 0x36, 0xeb, 0xd9, 0x70, 0x66, 0x29, 0x6a, 0xe6,
	0x42, 0x7e, 0xa7, 0x5c, 0x2e, 0x08, 0x46, 0xa1, 0x1a, 0x09, 0xcc, 0xf5,
	0x37, 0x0d, 0xc8, 0x0b, 0xfe, 0xcb, 0xad, 0x28, 0xc7, 0x3f, 0x09, 0xb3,
	0xa3, 0xb7, 0x5e, 0x66, 0x2a, 0x25, 0x94, 0x41, 0x0a, 0xe4, 0x96, 0xb2,
	0xe2, 0xe6, 0x60, 0x9e, 0x31, 0xe6, 0xe0, 0x2c, 0xc8, 0x37, 0xf0, 0x53,
	0xd2, 0x1f, 0x37, 0xff, 0x4f, 0x51, 0x95, 0x0b, 0xbe, 0x26, 0x38, 0xd0,
	0x9d, 0xd7, 0xa4, 0x93, 0x09, 0x30, 0x80, 0x6d, 0x07, 0x03, 0xb1, 0xf6
};
static const uint8_t tag[CBC_HS512_TAG] = {
	0x4d, 0xd3, 0xb4, 0xc0, 0x88, 0xa7, 0xf4, 0x5c, 0x21, 0x68, 0x39,
	0x64, 0x5b, 0x20, 0x12, 0xbf, 0x2e, 0x62, 0x69, 0xa8, 0xc5, 0x6a,
	0x81, 0x6d, 0xbc, 0x1b, 0x26, 0x77, 0x61, 0x95, 0x5b, 0xc5
};

enum { MOST = 200 };

static void begin(struct cbc_hs512 *c,
		  void (*init)(struct cbc_hs512 *, const uint8_t *))
{
	uint8_t key[CBC_HS512_KEY];

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	init(c, key);
}

static struct cbc_hs512_message message_of(const uint8_t *bytes, size_t len)
{
	struct cbc_hs512_message m = { beside, sizeof(beside) - 1, iv, bytes,
				       len };

	return m;
}

static void seals_as_in_the_rfc(void **state)
{
	struct cbc_hs512 c;
	uint8_t made[sizeof(sealed)];
	uint8_t made_tag[CBC_HS512_TAG];
	struct cbc_hs512_message m = message_of(made, sizeof(made));

	(void)state;
	begin(&c, cbc_hs512_init_to_seal);
	assert_int_equal(cbc_hs512_sealed_len(strlen(text)), sizeof(sealed));
	cbc_hs512_encrypt(&c, iv, text, strlen(text), made);
	assert_memory_equal(made, sealed, sizeof(sealed));
	for (int i = 0; i < 2; i++) {
		cbc_hs512_sign(&c, &m, made_tag);
		assert_memory_equal(made_tag, tag, sizeof(tag));
	}
	cbc_hs512_wipe(&c);
	for (size_t i = 0; i < sizeof(c); i++)
		assert_int_equal(((uint8_t *)&c)[i], 0);
}

static void opens_as_in_the_rfc(void **state)
{
	struct cbc_hs512 c;
	struct cbc_hs512_message m = message_of(sealed, sizeof(sealed));
	uint8_t opened[sizeof(sealed)];
	size_t len;

	(void)state;
	begin(&c, cbc_hs512_init_to_open);
	assert_true(cbc_hs512_is_genuine(&c, &m, tag));
	assert_true(cbc_hs512_decrypt(&c, &m, opened, &len));
	assert_int_equal(len, strlen(text));
	assert_memory_equal(opened, text, len);
}

static void every_length_comes_back(void **state)
{
	struct cbc_hs512 to;
	struct cbc_hs512 from;
	uint8_t long_text[MOST];
	uint8_t made[MOST];
	uint8_t opened[MOST];
	size_t len;

	(void)state;
	begin(&to, cbc_hs512_init_to_seal);
	begin(&from, cbc_hs512_init_to_open);
	for (size_t i = 0; i < MOST; i++)
		long_text[i] = (uint8_t)i;
	for (size_t i = 0; i < MOST - CBC_HS512_BLOCK; i++) {
		struct cbc_hs512_message m =
			message_of(made, cbc_hs512_sealed_len(i));

		cbc_hs512_encrypt(&to, iv, long_text, i, made);
		assert_true(cbc_hs512_decrypt(&from, &m, opened, &len));
		assert_int_equal(len, i);
		assert_memory_equal(opened, long_text, i);
	}
}

static void each_bit_is_authenticated(void **state)
{
	struct cbc_hs512 c;
	uint8_t bytes[sizeof(beside) - 1 + sizeof(iv) + sizeof(sealed) +
		      sizeof(tag)];
	uint8_t *at_iv = bytes + sizeof(beside) - 1;
	uint8_t *at_sealed = at_iv + sizeof(iv);
	uint8_t *at_tag = at_sealed + sizeof(sealed);
	struct cbc_hs512_message m = { bytes, sizeof(beside) - 1, at_iv,
				       at_sealed, sizeof(sealed) };

	(void)state;
	begin(&c, cbc_hs512_init_to_open);
	memcpy(bytes, beside, sizeof(beside) - 1);
	memcpy(at_iv, iv, sizeof(iv));
	memcpy(at_sealed, sealed, sizeof(sealed));
	memcpy(at_tag, tag, sizeof(tag));
	assert_true(cbc_hs512_is_genuine(&c, &m, at_tag));
	for (size_t i = 0; i < 8 * sizeof(bytes); i++) {
		bytes[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(cbc_hs512_is_genuine(&c, &m, at_tag));
		bytes[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	/* Nor can a byte go over from one field to the other. */
	m.beside_len--;
	assert_false(cbc_hs512_is_genuine(&c, &m, at_tag));
}

/* The last block as another end may have padded it. */
static const struct padding_case {
	const char *name;
	uint8_t last[CBC_HS512_BLOCK];
	bool is_right;
} padding_cases[] = {
	{ "one", { [15] = 1 }, true },
	{ "none", { [15] = 0 }, false },
	{ "more than a block", { [15] = 17 }, false },
	{ "far more", { [15] = 255 }, false },
	{ "two", { [14] = 2, [15] = 2 }, true },
	{ "two of which one is another", { [14] = 1, [15] = 2 }, false },
	{ "three of which the first is another",
	  { [13] = 1, [14] = 3, [15] = 3 },
	  false },
};

static void padding_is_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(padding_cases); i++) {
		const struct padding_case *p = &padding_cases[i];
		struct cbc_hs512 to;
		struct cbc_hs512 from;
		uint8_t made[2 * CBC_HS512_BLOCK];
		struct cbc_hs512_message m = message_of(made, CBC_HS512_BLOCK);
		uint8_t opened[CBC_HS512_BLOCK];
		size_t len;

		begin(&to, cbc_hs512_init_to_seal);
		begin(&from, cbc_hs512_init_to_open);
		/* The block with our padding behind it is left away. */
		cbc_hs512_encrypt(&to, iv, p->last, sizeof(p->last), made);
		if (cbc_hs512_decrypt(&from, &m, opened, &len) != p->is_right)
			fail_msg("%s", p->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seals_as_in_the_rfc),
		cmocka_unit_test(opens_as_in_the_rfc),
		cmocka_unit_test(every_length_comes_back),
		cmocka_unit_test(each_bit_is_authenticated),
		cmocka_unit_test(padding_is_checked),
	};

	return cmocka_run_group_tests_name("cbc_hs512", tests, NULL, NULL);
}

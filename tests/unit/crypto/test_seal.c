#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/seal.h"

enum { TEXT = 16, SEALED = TEXT + SEAL_TAG };

static const uint8_t key[SEAL_KEY];
static const struct seal_beside nothing;
static const struct seal_beside beside = { "beside", 6 };

/* McGrew and Viega, The Galois/Counter Mode of Operation, cases 13 and 14. */
static void is_as_in_the_paper(void **state)
{
	static const uint8_t zeros[TEXT];
	static const uint8_t tag_alone[SEAL_TAG] = { 0x53, 0x0f, 0x8a, 0xfb,
						     0xc7, 0x45, 0x36, 0xb9,
						     0xa9, 0x63, 0xb4, 0xf1,
						     0xc4, 0xcb, 0x73, 0x8b };
	static const uint8_t want[SEALED] = {
		0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e,
		0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18,
		0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0,
		0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19
	};
	struct seal *seal = seal_new(key);
	uint8_t sealed[SEALED];

	(void)state;
	seal_make(seal, 0, nothing, "", 0, sealed);
	assert_memory_equal(sealed, tag_alone, SEAL_TAG);
	seal_make(seal, 0, nothing, zeros, sizeof(zeros), sealed);
	assert_memory_equal(sealed, want, sizeof(want));
	seal_free(&seal);
	assert_null(seal);
}

static void opens_what_it_made(void **state)
{
	struct seal *seal = seal_new(key);
	uint8_t sealed[SEALED];
	char text[TEXT];

	(void)state;
	seal_make(seal, 7, beside, "sixteen bytes ..", TEXT, sealed);
	assert_true(seal_open(seal, 7, beside, sealed, sizeof(sealed), text));
	assert_memory_equal(text, "sixteen bytes ..", TEXT);
	seal_free(&seal);
}

static void opens_nothing_else(void **state)
{
	static const uint8_t other[SEAL_KEY] = { 1 };
	struct seal *seal = seal_new(key);
	struct seal *stranger = seal_new(other);
	uint8_t sealed[SEALED];
	char text[TEXT];

	(void)state;
	seal_make(seal, 7, beside, "sixteen bytes ..", TEXT, sealed);
	assert_false(seal_open(seal, 8, beside, sealed, SEALED, text));
	assert_false(seal_open(seal, 7, nothing, sealed, SEALED, text));
	assert_false(seal_open(stranger, 7, beside, sealed, SEALED, text));
	for (size_t i = 0; i < SEALED; i++)
		assert_false(seal_open(seal, 7, beside, sealed, i, text));
	for (size_t i = 0; i < SEALED; i++) {
		sealed[i] ^= 0x10;
		assert_false(seal_open(seal, 7, beside, sealed, SEALED, text));
		sealed[i] ^= 0x10;
	}
	seal_free(&stranger);
	seal_free(&seal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_in_the_paper),
		cmocka_unit_test(opens_what_it_made),
		cmocka_unit_test(opens_nothing_else),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}

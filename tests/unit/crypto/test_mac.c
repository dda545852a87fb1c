#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "crypto/mac.h"

/* RFC 4231, sections 4.2 and 4.3. */
static const struct mac_case {
	const char *key;
	const char *text;
	uint8_t want[MAC_BYTES];
} mac_cases[] = {
	{ "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
	  "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
	  "Hi There",
	  { 0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf,
	    0xce, 0xaf, 0x0b, 0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83,
	    0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c, 0x2e, 0x32, 0xcf, 0xf7 } },
	{ "Jefe",
	  "what do ya want for nothing?",
	  { 0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a, 0x04, 0x24,
	    0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27,
	    0x39, 0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43 } },
};

static void is_hmac_sha256(void **state)
{
	uint8_t mac[MAC_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(mac_cases); i++) {
		const struct mac_case *c = &mac_cases[i];

		mac_make(c->key, strlen(c->key), c->text, strlen(c->text), mac);
		assert_memory_equal(mac, c->want, MAC_BYTES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_hmac_sha256),
	};

	return cmocka_run_group_tests_name("mac", tests, NULL, NULL);
}

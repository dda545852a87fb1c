#include "crypto/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BASE64 "+/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnc"

static const uint8_t digest[DIGEST_BYTES] = {
	0xfb, 0xf0, 0x01, 0x08, 0x31, 0x05, 0x18, 0x72, 0x09, 0x28, 0xb3,
	0x0d, 0x38, 0xf4, 0x11, 0x49, 0x35, 0x15, 0x59, 0x76, 0x19, 0x69,
	0xb7, 0x1d, 0x79, 0xf8, 0x21, 0x8a, 0x39, 0x25, 0x9a, 0x77,
};

static const char *const right[] = {
	"SHA256:" BASE64,
	"fbf00108310518720928b30d38f41149351559761969b71d79f8218a39259a77",
	"FB:F0:01:08:31:05:18:72:09:28:B3:0D:38:F4:11:49:"
	"35:15:59:76:19:69:b7:1d:79:f8:21:8a:39:25:9a:77",
};

static const char *const wrong[] = {
	"",
	"SHA256:",
	BASE64,
	"sha256:" BASE64,
	"SHA256:" BASE64 "=",
	"SHA256:-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnc",
	/* Bits that no digest has. */
	"SHA256:+/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnd",
	"fbf0010831051872",
	"FB:F0:01:08:31:05:18:72:09:28:B3:0D:38:F4:11:49:"
	"35:15:59:76:19:69:b7:1d:79:f8:21:8a:39:25:9a:77:",
	"FB:F0:01:08:31:05:18:72:09:28:B3:0D:38:F4:11:49:"
	"35:15:59:76:19:69:b7:1d:79:f8:21:8a:39:25:9a:7g",
	"FB:F0:01:08:31:05:18:72:09:28:B3:0D:38:F4:11:49 "
	"35:15:59:76:19:69:b7:1d:79:f8:21:8a:39:25:9a:77",
};

static void both_forms_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		uint8_t read[DIGEST_BYTES] = { 0 };

		assert_true(fingerprint_parse(right[i], read));
		assert_memory_equal(read, digest, sizeof(read));
	}
}

static void nothing_else_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint8_t read[DIGEST_BYTES];

		assert_false(fingerprint_parse(wrong[i], read));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_forms_are_read),
		cmocka_unit_test(nothing_else_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "crypto/totp.h"

#include <liboath/oath.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "log/log.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void must(int rc)
{
	if (rc == OATH_OK)
		return;
	log_error("crypto", "no codes can be made: %s", oath_strerror(rc));
	_exit(71); /* EX_OSERR */
}

static void begin(void)
{
	must(oath_init());
}

uint64_t totp_step(int64_t wall_ms)
{
	return wall_ms < 0 ? 0 : (uint64_t)wall_ms / 1000 / TOTP_STEP_S;
}

void totp_make(const uint8_t secret[TOTP_SECRET], uint64_t step,
	       char code_r[TOTP_CODE])
{
	(void)pthread_once(&once, begin);
	must(oath_hotp_generate((const char *)secret, TOTP_SECRET, step,
				TOTP_DIGITS, false,
				OATH_HOTP_DYNAMIC_TRUNCATION, code_r));
}

/* In a time that does not depend on how much of it is right. */
static bool is_equal(const char code[TOTP_CODE], const char *other)
{
	unsigned char difference = 0;

	if (strlen(other) != TOTP_DIGITS)
		return false;
	for (int i = 0; i < TOTP_DIGITS; i++)
		difference |= (unsigned char)(code[i] ^ other[i]);
	return difference == 0;
}

bool totp_find(const uint8_t secret[TOTP_SECRET], const char *code,
	       uint64_t now, uint64_t last, uint64_t *step_r)
{
	char want[TOTP_CODE];
	bool is_found = false;

	for (uint64_t step = now > 0 ? now - 1 : 0; step <= now + 1; step++) {
		totp_make(secret, step, want);
		if (!is_equal(want, code) || step <= last || is_found)
			continue;
		is_found = true;
		*step_r = step;
	}
	mem_wipe(want, sizeof(want));
	return is_found;
}

void totp_print(const uint8_t secret[TOTP_SECRET], char text_r[TOTP_TEXT])
{
	char *text;
	size_t len;

	must(oath_base32_encode((const char *)secret, TOTP_SECRET, &text,
				&len));
	memcpy(text_r, text, TOTP_TEXT);
	mem_wipe(text, len);
	free(text); /* liboath's, so not mem_free() */
}

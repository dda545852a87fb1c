/*
 * Time-based codes (RFC 6238) by liboath: SHA-1, a code of six digits every 30
 * seconds, as authenticator apps have it. Any thread.
 */
#ifndef RIALTO_CRYPTO_TOTP_H
#define RIALTO_CRYPTO_TOTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum {
	TOTP_SECRET = 20, /* bytes: as many as HMAC-SHA-1 gives */
	TOTP_DIGITS = 6,
	TOTP_STEP_S = 30,
	TOTP_CODE = TOTP_DIGITS + 1,        /* bytes of one, with its NUL */
	TOTP_TEXT = TOTP_SECRET * 8 / 5 + 1 /* of a secret in base32 */
};

/* The number of the step that the time is in; from 0 on. */
uint64_t totp_step(int64_t wall_ms);

/* The code of a step. */
void totp_make(const uint8_t secret[TOTP_SECRET], uint64_t step,
	       char code_r[TOTP_CODE]);

/*
 * Is that the code of the step now, or of the one before or behind it, and
 * above last, the step that was used last (0: none)? Sets *step_r to the one.
 */
NODISCARD bool totp_find(const uint8_t secret[TOTP_SECRET], const char *code,
			 uint64_t now, uint64_t last, uint64_t *step_r);

/* In base32 (RFC 4648), as apps take it by hand. */
void totp_print(const uint8_t secret[TOTP_SECRET], char text_r[TOTP_TEXT]);

#endif

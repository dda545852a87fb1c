/*
 * A user's second factor: the record as it is stored, and what is to be found
 * out of it without the store. The secret in it is sealed, see factors.h.
 */
#ifndef RIALTO_USER_FACTOR_FACTOR_H
#define RIALTO_USER_FACTOR_FACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/seal.h"
#include "crypto/totp.h"
#include "user/factor/code.h"

enum factor_state {
	FACTOR_ON = 1,
	FACTOR_TAKEN, /* by an administrator; only since_ms and by count */
};

enum { FACTOR_SALT = 32, FACTOR_SEALED = TOTP_SECRET + SEAL_TAG };

struct factor {
	enum factor_state state;
	int64_t since_ms;
	char by[NAME_MOST + 1];

	uint8_t salt[FACTOR_SALT]; /* of the key that the secret is under */
	uint8_t sealed[FACTOR_SEALED];
	uint64_t last_step; /* the newest that was used */

	uint32_t wrong;    /* codes since the last right one */
	int64_t wrong_ms;  /* when the last of them came; 0: never */
	int64_t pay_by_ms; /* until then they are paid for, see below */

	unsigned recovery_count;
	uint8_t recovery[CODE_SHEET][DIGEST_BYTES];
};

void factor_encode(const struct factor *factor, struct buf *out);
NODISCARD bool factor_decode(const void *bytes, size_t len,
			     struct factor *factor_r);

/*
 * Wrong codes of a user, from wherever, over whatever service: FACTOR_FREE at
 * once, then one in FACTOR_PRICE_MS. It is told by how long one must wait, in
 * milliseconds; 0: not at all. Recovery codes need no such bound.
 */
enum { FACTOR_FREE = 10, FACTOR_PRICE_MS = 3600 * 1000 };
int64_t factor_wait_ms(const struct factor *factor, int64_t now_ms);
void factor_note_wrong(struct factor *factor, int64_t now_ms);

/* Takes the recovery code out; false when it is none, or was used. */
NODISCARD bool factor_spend(struct factor *factor, uint64_t user,
			    const struct code *code);

/* Puts the codes of the sheet in place of those before. */
void factor_keep_sheet(struct factor *factor, uint64_t user,
		       const struct code_sheet *sheet);

#endif

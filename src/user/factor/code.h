/*
 * What people type as their second factor: six digits of an authenticator, or
 * a recovery code, which is 80 random bits as letters and digits in groups of
 * four. Plain values; any thread.
 */
#ifndef RIALTO_USER_FACTOR_CODE_H
#define RIALTO_USER_FACTOR_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "crypto/digest.h"

enum {
	CODE_LETTERS = 16,              /* of a recovery code, without groups */
	CODE_TEXT = CODE_LETTERS + 1,   /* bytes of either kind, with its NUL */
	CODE_SHEET = 10,                /* recovery codes at once */
	CODE_GROUPS = CODE_LETTERS + 4, /* "ABCD-EFGH-IJKL-MNOP" and its NUL */
};

struct code {
	bool is_recovery;
	char text[CODE_TEXT];
};

/*
 * Reads either kind: of any case, with hyphens and spaces wherever, and with 0,
 * 1 and 8, which a recovery code has not, for the letters that look like them.
 * False, and nothing changed, when it can be none.
 */
NODISCARD bool code_read(const char *text, struct code *code_r);

/* Recovery codes, as they are shown once. */
struct code_sheet {
	char codes[CODE_SHEET][CODE_GROUPS];
};
void code_make_sheet(struct code_sheet *sheet_r);

/* What is kept of a recovery code of the user. */
void code_hash(uint64_t user, const struct code *code,
	       uint8_t hash_r[DIGEST_BYTES]);

#endif

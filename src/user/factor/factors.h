/*
 * The second factors in the store. A code is looked at and used up in one
 * transaction, so none is good twice, whatever is tried at once or after a
 * restart; and wrong ones are counted in it.
 *
 * Secrets are sealed under a key that is not in the store, so neither it nor a
 * backup of it is enough to make codes. Without the key, or with another one,
 * only recovery codes can be used.
 *
 * Everything here waits for the disk, so only jobs call it. As with users.h,
 * changes are not yet durable when a function returns, errors of the store may
 * come from all, and so may ERR_AUDIT_DOWN. Entries need an action and all that
 * is in the caller's knowledge; who the user is has no name here.
 */
#ifndef RIALTO_USER_FACTOR_FACTORS_H
#define RIALTO_USER_FACTOR_FACTORS_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/entry.h"
#include "audit/trail.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/text.h"
#include "crypto/secret.h"
#include "crypto/totp.h"
#include "store/store.h"
#include "user/factor/code.h"
#include "user/user.h"

struct factors;

/* Borrows store and trail; copies the key, which may be NULL. */
struct factors *factors_new(struct store *store, struct trail *trail,
			    const struct secret *key);
void factors_free(struct factors **factors);

/* Without a key nobody can enrol. Any thread. */
bool factors_have_key(const struct factors *factors);

/* What anybody may know of one. */
struct factor_facts {
	bool is_on;
	int64_t since_ms;
	unsigned recovery_left;
	char taken_by[NAME_MOST + 1]; /* "" : by nobody; since_ms says when */
};

/* There may be none: then it is not on, and that is no error. */
NODISCARD enum err factors_look(struct factors *factors, user_id user,
				struct factor_facts *facts_r);

/*
 * Turns the secret into the user's factor, when the code is one of its: then
 * the sheet has what may be used once in place of codes. ERR_BAD_CODE,
 * ERR_EXISTS (there is a factor), ERR_NO_SUCH_USER, ERR_NOT_FOUND (no key).
 */
struct factor_offer {
	user_id user;
	const uint8_t *secret; /* TOTP_SECRET bytes */
	const struct code *code;
	int64_t now_ms;
};
NODISCARD enum err factors_enrol(struct factors *factors,
				 const struct factor_offer *offer,
				 const struct audit_entry *entry,
				 struct code_sheet *sheet_r);

/* What becomes of the factor when the code is right. */
enum factor_use {
	FACTOR_PROVE, /* nothing: it was asked for */
	FACTOR_RENEW, /* new recovery codes */
	FACTOR_DROP,  /* it is switched off */
};

struct factor_proof {
	user_id user;
	const struct code *code;
	int64_t now_ms;
	enum factor_use use;
	/* The use is recorded by it; that of a recovery code in any case. */
	const struct audit_entry *entry;
};

/* How it went. */
struct factor_trial {
	bool is_recovery;        /* by such a code */
	bool was_used;           /* it was right, but for that: ERR_BAD_CODE */
	unsigned recovery_left;  /* after it */
	unsigned wrong;          /* codes before it, since the last right one */
	int64_t wrong_ms;        /* when the last of them came */
	int64_t wait_ms;         /* of ERR_LOCKED_OUT */
	struct code_sheet sheet; /* of FACTOR_RENEW */
};

/*
 * ERR_BAD_CODE (which counts), ERR_LOCKED_OUT (too many were wrong: only a
 * recovery code is looked at), ERR_NOT_FOUND (there is no factor),
 * ERR_INTERNAL (the secret cannot be read with this key; it was logged).
 */
NODISCARD enum err factors_try(struct factors *factors,
			       const struct factor_proof *proof,
			       struct factor_trial *trial_r);

/*
 * An administrator switches it off: factors_look() tells by whom until the
 * user has seen it. ERR_NOT_FOUND.
 */
NODISCARD enum err factors_take(struct factors *factors, user_id user,
				const char *by, int64_t now_ms,
				const struct audit_entry *entry);

/* The user has seen that. */
NODISCARD enum err factors_forget_taken(struct factors *factors, user_id user);

#endif

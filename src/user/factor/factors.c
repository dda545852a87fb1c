#include "user/factor/factors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/hkdf.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "log/log.h"
#include "store/record.h"
#include "user/factor/factor.h"
#include "user/users_tables.h"

/* Immutable after factors_new(). */
struct factors {
	struct store *store;
	struct trail *trail;
	struct users_tables tables;
	struct secret *key; /* or NULL */
};

struct factors *factors_new(struct store *store, struct trail *trail,
			    const struct secret *key)
{
	struct factors *factors = mem_zero(sizeof(*factors));

	factors->store = store;
	factors->trail = trail;
	factors->tables = users_tables_of(store);
	if (key != NULL)
		factors->key = secret_new(key->bytes, key->len);
	return factors;
}

void factors_free(struct factors **factors)
{
	if (*factors == NULL)
		return;
	secret_free(&(*factors)->key);
	mem_free(*factors);
	*factors = NULL;
}

bool factors_have_key(const struct factors *factors)
{
	return factors->key != NULL;
}

/* A key for each salt, so that no counter is needed. */
static struct seal *open_seal(const struct factors *factors,
			      const struct factor *factor)
{
	uint8_t key[SEAL_KEY];
	struct seal *seal;

	hkdf_make(factors->key->bytes, factors->key->len, factor->salt,
		  sizeof(factor->salt), "rialto/1 factor", key, sizeof(key));
	seal = seal_new(key);
	mem_wipe(key, sizeof(key));
	return seal;
}

static void seal_secret(const struct factors *factors, user_id user,
			const uint8_t secret[TOTP_SECRET],
			struct factor *factor)
{
	AUTO(seal_free) struct seal *seal = NULL;
	uint8_t owner[RECORD_KEY];

	record_key(user, owner);
	random_bytes(factor->salt, sizeof(factor->salt));
	seal = open_seal(factors, factor);
	seal_make(seal, 0, (struct seal_beside){ owner, sizeof(owner) }, secret,
		  TOTP_SECRET, factor->sealed);
}

static bool open_secret(const struct factors *factors, user_id user,
			const struct factor *factor,
			uint8_t secret_r[TOTP_SECRET])
{
	AUTO(seal_free) struct seal *seal = NULL;
	uint8_t owner[RECORD_KEY];

	if (factors->key == NULL)
		return false;
	record_key(user, owner);
	seal = open_seal(factors, factor);
	return seal_open(seal, 0, (struct seal_beside){ owner, sizeof(owner) },
			 factor->sealed, sizeof(factor->sealed), secret_r);
}

/* ERR_NOT_FOUND. */
static enum err get(struct store_txn *txn, const struct factors *factors,
		    user_id user, struct factor *factor_r)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];
	enum err e;

	record_key(user, key);
	e = store_get(txn, factors->tables.factors, key, sizeof(key), &value);
	if (e == ERR_OK &&
	    !factor_decode(buf_at(&value), buf_len(&value), factor_r))
		return ERR_CORRUPT;
	return e;
}

static enum err put(struct store_txn *txn, const struct factors *factors,
		    user_id user, const struct factor *factor)
{
	AUTO(buf_fini) struct buf value = { 0 };
	uint8_t key[RECORD_KEY];

	record_key(user, key);
	factor_encode(factor, &value);
	return store_put(txn, factors->tables.factors, key, sizeof(key),
			 buf_at(&value), buf_len(&value));
}

/* Of a record that is there and on. */
static enum err get_on(struct store_txn *txn, const struct factors *factors,
		       user_id user, struct factor *factor_r)
{
	enum err e = get(txn, factors, user, factor_r);

	return e == ERR_OK && factor_r->state != FACTOR_ON ? ERR_NOT_FOUND : e;
}

struct look {
	const struct factors *factors;
	user_id user;
	struct factor factor;
};

static enum err look(struct store_txn *txn, void *arg)
{
	struct look *l = arg;

	return get(txn, l->factors, l->user, &l->factor);
}

enum err factors_look(struct factors *factors, user_id user,
		      struct factor_facts *facts_r)
{
	struct look l = { .factors = factors, .user = user };
	enum err e = store_view(factors->store, look, &l);

	memset(facts_r, 0, sizeof(*facts_r));
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	facts_r->is_on = l.factor.state == FACTOR_ON;
	facts_r->since_ms = l.factor.since_ms;
	facts_r->recovery_left = l.factor.recovery_count;
	memcpy(facts_r->taken_by, l.factor.by, sizeof(l.factor.by));
	return ERR_OK;
}

struct enrol {
	struct factors *factors;
	user_id user;
	const struct factor *factor;
	const struct audit_entry *entry;
};

static enum err enrol(struct store_txn *txn, void *arg)
{
	const struct enrol *n = arg;
	struct factors *factors = n->factors;
	struct factor before;
	struct user user;
	/* Whoever is removed at the same time waits for it, or was first. */
	enum err e = users_get_record(txn, &factors->tables, n->user, &user);

	if (e == ERR_OK)
		e = get_on(txn, factors, n->user, &before);
	if (e == ERR_OK)
		return ERR_EXISTS;
	if (e == ERR_NOT_FOUND)
		e = put(txn, factors, n->user, n->factor);
	if (e == ERR_OK)
		e = trail_write(txn, factors->trail, n->entry);
	return e;
}

enum err factors_enrol(struct factors *factors,
		       const struct factor_offer *offer,
		       const struct audit_entry *entry,
		       struct code_sheet *sheet_r)
{
	struct factor factor = { .state = FACTOR_ON,
				 .since_ms = offer->now_ms };
	struct enrol n = { factors, offer->user, &factor, entry };

	if (factors->key == NULL)
		return ERR_NOT_FOUND;
	if (offer->code->is_recovery ||
	    !totp_find(offer->secret, offer->code->text,
		       totp_step(offer->now_ms), 0, &factor.last_step))
		return ERR_BAD_CODE;
	seal_secret(factors, offer->user, offer->secret, &factor);
	code_make_sheet(sheet_r);
	factor_keep_sheet(&factor, offer->user, sheet_r);
	return store_run(factors->store, enrol, &n);
}

struct trial {
	struct factors *factors;
	const struct factor_proof *proof;
	struct factor_trial *trial;
	enum err result; /* what the code came to */
};

static enum err judge_digits(const struct trial *t, struct factor *factor)
{
	const struct factor_proof *proof = t->proof;
	uint64_t now = totp_step(proof->now_ms);
	uint8_t secret[TOTP_SECRET];
	uint64_t step;
	bool is_right;

	t->trial->wait_ms = factor_wait_ms(factor, proof->now_ms);
	if (t->trial->wait_ms > 0)
		return ERR_LOCKED_OUT;
	if (!open_secret(t->factors, proof->user, factor, secret))
		return ERR_INTERNAL;
	is_right = totp_find(secret, proof->code->text, now, factor->last_step,
			     &factor->last_step);
	t->trial->was_used = !is_right && totp_find(secret, proof->code->text,
						    now, 0, &step);
	mem_wipe(secret, sizeof(secret));
	return is_right ? ERR_OK : ERR_BAD_CODE;
}

static enum err judge(const struct trial *t, struct factor *factor)
{
	const struct factor_proof *proof = t->proof;

	if (!proof->code->is_recovery)
		return judge_digits(t, factor);
	return factor_spend(factor, proof->user, proof->code) ? ERR_OK
							      : ERR_BAD_CODE;
}

static enum err record(struct store_txn *txn, const struct trial *t)
{
	static const char *const words[] = {
		[FACTOR_RENEW] = "new recovery codes",
		[FACTOR_DROP] = "off",
	};
	struct audit_entry entry = *t->proof->entry;
	bool is_recovery = t->proof->code->is_recovery;

	if (t->proof->use == FACTOR_PROVE && !is_recovery)
		return ERR_OK;
	AUDIT_SET(entry.action, t->proof->use == FACTOR_PROVE ? "user.recovery"
							      : "user.factor");
	(void)snprintf(entry.detail, sizeof(entry.detail), "%s%s",
		       t->proof->use == FACTOR_PROVE ? ""
						     : words[t->proof->use],
		       is_recovery ? t->proof->use == FACTOR_PROVE
					     ? "a code was used"
					     : ", by a recovery code"
				   : "");
	return trail_write(txn, t->factors->trail, &entry);
}

static enum err write_use(struct store_txn *txn, const struct trial *t,
			  struct factor *factor)
{
	struct factor_trial *trial = t->trial;
	user_id user = t->proof->user;

	factor->wrong = 0;
	if (t->proof->use == FACTOR_DROP)
		return users_delete_factor(txn, &t->factors->tables, user);
	if (t->proof->use == FACTOR_RENEW) {
		code_make_sheet(&trial->sheet);
		factor_keep_sheet(factor, user, &trial->sheet);
	}
	trial->recovery_left = factor->recovery_count;
	return put(txn, t->factors, user, factor);
}

static enum err try_code(struct store_txn *txn, void *arg)
{
	struct trial *t = arg;
	const struct factor_proof *proof = t->proof;
	struct factor factor;
	enum err e = get_on(txn, t->factors, proof->user, &factor);

	if (e != ERR_OK)
		return e;
	t->trial->is_recovery = proof->code->is_recovery;
	t->trial->wrong = factor.wrong;
	t->trial->wrong_ms = factor.wrong_ms;
	t->result = judge(t, &factor);
	if (t->result == ERR_OK) {
		e = write_use(txn, t, &factor);
		return e == ERR_OK ? record(txn, t) : e;
	}
	if (t->result != ERR_BAD_CODE)
		return ERR_OK;
	/* A recovery code cannot be guessed, so it costs no try. */
	if (!proof->code->is_recovery)
		factor_note_wrong(&factor, proof->now_ms);
	return put(txn, t->factors, proof->user, &factor);
}

enum err factors_try(struct factors *factors, const struct factor_proof *proof,
		     struct factor_trial *trial_r)
{
	struct trial t = { .factors = factors,
			   .proof = proof,
			   .trial = trial_r };
	enum err e;

	memset(trial_r, 0, sizeof(*trial_r));
	e = store_run(factors->store, try_code, &t);
	if (e == ERR_OK && t.result == ERR_INTERNAL)
		log_warning("user",
			    "the second factor of user %" PRIu64
			    " cannot be read with the key of users.factor_key",
			    proof->user);
	return e == ERR_OK ? t.result : e;
}

struct take {
	struct factors *factors;
	user_id user;
	const struct factor *after;
	const struct audit_entry *entry;
};

static enum err take(struct store_txn *txn, void *arg)
{
	const struct take *t = arg;
	struct factor before;
	enum err e = get_on(txn, t->factors, t->user, &before);

	/* What cannot be read must not keep anybody out for ever. */
	if (e == ERR_OK || e == ERR_CORRUPT)
		e = put(txn, t->factors, t->user, t->after);
	if (e == ERR_OK)
		e = trail_write(txn, t->factors->trail, t->entry);
	return e;
}

enum err factors_take(struct factors *factors, user_id user, const char *by,
		      int64_t now_ms, const struct audit_entry *entry)
{
	struct factor after = { .state = FACTOR_TAKEN, .since_ms = now_ms };
	struct take t = { factors, user, &after, entry };

	(void)snprintf(after.by, sizeof(after.by), "%s", by);
	return store_run(factors->store, take, &t);
}

static enum err forget(struct store_txn *txn, void *arg)
{
	struct look *l = arg;
	enum err e = get(txn, l->factors, l->user, &l->factor);

	if (e == ERR_NOT_FOUND || (e == ERR_OK && l->factor.state == FACTOR_ON))
		return ERR_OK;
	return e == ERR_OK
		       ? users_delete_factor(txn, &l->factors->tables, l->user)
		       : e;
}

enum err factors_forget_taken(struct factors *factors, user_id user)
{
	struct look l = { .factors = factors, .user = user };

	return store_run(factors->store, forget, &l);
}

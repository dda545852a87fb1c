/*
 * An entry of the journal: written once, never changed, chained by hash to
 * the one before. Whatever shapes balances or permissions is one. Plain
 * values; any thread. Times are milliseconds UTC.
 */
#ifndef RIALTO_BANK_ENTRY_H
#define RIALTO_BANK_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/money.h"
#include "base/attr.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "crypto/uuid.h"
#include "user/user.h"

/* Stored: only ever add at the end. */
enum entry_kind {
	ENTRY_CURRENCY = 1, /* name: "RIA R"; changes: CHANGE_SCALE */
	ENTRY_RULES,        /* what accounts have by default: changes */
	ENTRY_OPEN,         /* subject: the account; name; changes */
	ENTRY_TERMS,        /* subject; changes: terms */
	ENTRY_FREEZE,       /* subject; changes: CHANGE_FLAGS */
	ENTRY_CLOSE,        /* subject; changes: CHANGE_FLAGS */
	ENTRY_HOLDERS,      /* subject; changes: CHANGE_HOLDER_IN or _OUT */
	ENTRY_TILL,         /* subject; amount counted; legs: over and short */
	ENTRY_DEPOSIT,
	ENTRY_WITHDRAW,
	ENTRY_PAY,
	ENTRY_TRANSFER, /* between accounts of the same people */
	ENTRY_HOLD,    /* subject: the payer's, other: the receiver's, amount */
	ENTRY_CAPTURE, /* reference: the hold; subject, amount: as the hold */
	ENTRY_RELEASE, /* likewise, without legs */
	ENTRY_EXPIRE,  /* likewise */
	ENTRY_REVERSE, /* reference: the entry that it takes back */
	ENTRY_INTEREST,
	ENTRY_OPENING, /* a balance from before */
	ENTRY_ADJUST,  /* between house accounts, by an administrator */
	ENTRY_KINDS,
};

/* What an entry without money changes. Stored: only ever add at the end. */
enum change_tag {
	CHANGE_FLOOR = 1, /* the first are enum account_term + 1 */
	CHANGE_CEILING,
	CHANGE_PER_TRANSFER,
	CHANGE_PER_DAY,
	CHANGE_RATE,
	CHANGE_NOTICE,
	CHANGE_KIND,  /* enum account_kind */
	CHANGE_OWNER, /* a user_id, as are the next two */
	CHANGE_HOLDER_IN,
	CHANGE_HOLDER_OUT,
	CHANGE_FLAGS, /* all of them */
	CHANGE_SCALE, /* of the currency */
	CHANGE_TILL,  /* the user_id who works at it from now on; 0: closed */
	CHANGE_TAGS,
};

struct change {
	enum change_tag tag;
	int64_t value;
};

/* The debit account loses what the credit account gains; above zero. */
struct leg {
	account_id debit;
	account_id credit;
	money amount;
};

/* What an entry left of one account, and the entry before in its chain. */
struct posting {
	account_id account;
	money posted;
	money held;
	uint64_t previous; /* 0: it is the account's first */
};

enum {
	LEGS_MOST = 8,
	POSTINGS_MOST = 8, /* different accounts of one entry */
	CHANGES_MOST = 24,
	MEMO = 161,      /* bytes of a memo, with its NUL */
	ENTRY_BY = 33,   /* of the actor's name */
	ENTRY_NAME = 49, /* of a name */
};

struct entry {
	uint64_t seq;    /* 1, 2, 3 … without a gap */
	int64_t time_ms; /* wall clock, never before the entry before */
	uint32_t date;   /* yyyymmdd where the daemon was */
	enum entry_kind kind;
	user_id actor;      /* 0: no user */
	char by[ENTRY_BY];  /* "ann", "console:0", "" : the bank itself */
	struct uuid id;     /* what the client called it; may be none */
	uint64_t reference; /* to another entry; 0: none */
	uint64_t request;   /* the request that it pays; 0: none */
	account_id subject; /* see the kinds */
	account_id other;   /* likewise */
	money amount;       /* likewise */
	int64_t due_ms;     /* when a hold ends */
	char name[ENTRY_NAME];
	char memo[MEMO];

	struct leg legs[LEGS_MOST];
	unsigned leg_count;
	struct posting postings[POSTINGS_MOST]; /* each account once */
	unsigned posting_count;
	struct change changes[CHANGES_MOST];
	unsigned change_count;

	/* SHA-256 (FIPS 180-4) of the hash before and the bytes of this one. */
	uint8_t hash[DIGEST_BYTES];
};

/* "pay", "deposit": for people, exports and the audit trail. */
const char *entry_kind_word(enum entry_kind kind);

/*
 * The stored form: version first, at the end the hash, which is also set in
 * entry. out is empty.
 */
void entry_encode(struct entry *entry, const uint8_t before[DIGEST_BYTES],
		  struct buf *out);

/*
 * False, and nothing changed, for what entry_encode() cannot have made. The
 * hash is as stored: see entry_follows().
 */
NODISCARD bool entry_decode(const void *bytes, size_t len,
			    struct entry *entry_r);

/* True when the bytes carry the hash that follows `before`. */
NODISCARD bool entry_follows(const void *bytes, size_t len,
			     const uint8_t before[DIGEST_BYTES]);

/* What it left of the account; NULL when it did not touch it. */
const struct posting *entry_posting(const struct entry *entry,
				    account_id account);

/* Adds the account to the postings, when it is not there; false: too many. */
NODISCARD bool entry_touch(struct entry *entry, account_id account);

/* Adds a leg and touches both; false: too many, or an amount of nothing. */
NODISCARD bool entry_add_leg(struct entry *entry, account_id debit,
			     account_id credit, money amount);

/* Adds a change; there is room for every tag and all holders. */
void entry_add_change(struct entry *entry, enum change_tag tag, int64_t value);

/* The first change of that tag; NULL. */
const struct change *entry_change(const struct entry *entry,
				  enum change_tag tag);

/* What the legs add to (or, below zero, take from) the account. */
money entry_net(const struct entry *entry, account_id account);

#endif

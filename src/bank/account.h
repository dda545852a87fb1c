/*
 * An account of the bank: whose it is, what it may do, and what is in it. It
 * is the fold of the entries that touch it: account_apply() is the only thing
 * that changes one, for the ledger and for whoever checks the ledger. Plain
 * values; any thread.
 */
#ifndef RIALTO_BANK_ACCOUNT_H
#define RIALTO_BANK_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/money.h"
#include "base/attr.h"
#include "base/buf.h"
#include "user/user.h"

/* The number of the entry that opened it; 0: none. */
typedef uint64_t account_id;

enum account_kind {
	ACCOUNT_USER =
		1,      /* a user's: owner, and a label or "" (the main one) */
	ACCOUNT_SHARED, /* of its holders */
	ACCOUNT_HOUSE,  /* "cash:till", "fees" */
};

enum account_flag {
	ACCOUNT_FROZEN_IN = 1,  /* nothing may come in */
	ACCOUNT_FROZEN_OUT = 2, /* nothing may go out */
	ACCOUNT_CLOSED = 4,
};

/* What an account may have of its own. */
enum account_term {
	TERM_FLOOR = 0,    /* available may not be brought below */
	TERM_CEILING,      /* posted may not be brought above */
	TERM_PER_TRANSFER, /* the most that may leave at once */
	TERM_PER_DAY,      /* the most that may leave in a day */
	TERM_RATE,         /* yearly interest, tenths of a percent; no money */
	TERM_NOTICE,       /* the owner is told when available falls below */
	TERMS,
};

/* A term that is as the rules of the bank have it, see struct bank_rules. */
#define TERM_DEFAULT (INT64_MIN + 1)

enum {
	ACCOUNT_NAME = 33, /* bytes of a name, with its NUL */
	HOLDERS_MOST = 16,
};

struct account {
	account_id id;
	enum account_kind kind;
	user_id owner;           /* 0 unless ACCOUNT_USER */
	char name[ACCOUNT_NAME]; /* a label; the name of another kind */
	unsigned flags;          /* enum account_flag */
	money posted;            /* the balance */
	money held;              /* of it, set aside by holds */
	int64_t terms[TERMS];    /* TERM_DEFAULT, MONEY_NONE, or the value */
	user_id holders[HOLDERS_MOST]; /* of ACCOUNT_SHARED */
	unsigned holder_count;

	uint64_t last;    /* the newest entry that touched it */
	uint64_t entries; /* how many did */
	int64_t opened_ms;

	/* Of the last day and month with an entry, as dates of entries. */
	uint32_t date; /* yyyymmdd */
	money day_out;
	money day_deposited;
	money month_in;
	money month_out;
	uint64_t month_entries;

	/* A till: who works at it, and the entry that opened it; or zeros. */
	user_id till_user;
	uint64_t till_opened;
};

/* What became of the month that an entry has ended for an account. */
struct account_month {
	uint32_t month; /* yyyymm */
	money in;
	money out;
	uint64_t entries;
	money posted;  /* at its end */
	uint64_t last; /* its last entry: the way back begins there */
};

/* posted less held. */
money account_available(const struct account *account);

/* The user is its owner or one of its holders. */
bool account_is_of(const struct account *account, user_id user);

/* A cash account of the house, "cash:till": what it is below zero is in it. */
bool account_is_till(const struct account *account);

/* The yyyymm of its last entry. */
uint32_t account_month(const struct account *account);

/* The stored form, version first; out is empty. */
void account_encode(const struct account *account, struct buf *out);
/* False, and nothing changed, for what account_encode() cannot have made. */
NODISCARD bool account_decode(const void *bytes, size_t len,
			      struct account *account_r);
void account_month_encode(const struct account_month *month, struct buf *out);
NODISCARD bool account_month_decode(const void *bytes, size_t len,
				    struct account_month *month_r);

/*
 * The clock was put back into a month that had ended: *month goes on where
 * earlier ended.
 */
void account_month_join(struct account_month *month,
			const struct account_month *earlier);

struct entry;

/*
 * What the entry makes of an account that it touches: for an entry that opens
 * one, *account is all zero. When it is the first of another month,
 * ended_r->month is not 0 and it says how the last one with entries ended.
 * False when a sum is out of range, or more is released than held; *account is
 * spoiled then.
 */
NODISCARD bool account_apply(struct account *account, const struct entry *entry,
			     struct account_month *ended_r);

#endif

/*
 * An order: what somebody asks of the bank, and the answer. It is judged and
 * carried out by the ledger, see ledger.h. The one who gives it owns it, and
 * leaves it alone from ledger_submit() until done is called. Any thread; times
 * are milliseconds UTC.
 */
#ifndef RIALTO_BANK_ORDER_H
#define RIALTO_BANK_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "bank/account.h"
#include "bank/entry.h"
#include "bank/money.h"
#include "base/err.h"
#include "crypto/uuid.h"
#include "user/user.h"

/* What each needs is said behind it; by is needed by all, memo by none. */
enum order_kind {
	ORDER_OPEN = 1, /* changes: kind, owner, holders, terms; name */
	ORDER_TERMS,    /* from: the account; changes: terms */
	ORDER_FREEZE,   /* from; changes: CHANGE_FLAGS (frozen ones) */
	ORDER_CLOSE,    /* from: empty, without holds */
	ORDER_HOLDERS,  /* from; changes: one CHANGE_HOLDER_IN or _OUT */
	ORDER_TILL,     /* from: cash; changes: CHANGE_TILL; amount: counted */
	ORDER_DEPOSIT,  /* from: cash; to; amount */
	ORDER_WITHDRAW, /* from; to: cash; amount */
	ORDER_PAY,      /* from; to; amount */
	ORDER_TRANSFER, /* from; to: of the same people; amount */
	ORDER_HOLD,     /* from; to; amount; due_ms */
	ORDER_CAPTURE,  /* reference: the hold; amount, 0: all */
	ORDER_RELEASE,  /* reference */
	ORDER_REVERSE,  /* reference; authority says within what bounds */
	ORDER_REFUND,   /* reference: by the receiver, at any time */
	ORDER_INTEREST, /* from: house; to; amount; of the bank itself */
	ORDER_OPENING,  /* from: house; to; amount (below zero: it owes) */
	ORDER_ADJUST,  /* from, to: house; amount. A teller: to is the own till,
			  out of which the cash goes */
	ORDER_REQUEST, /* from: who shall pay; to; amount; due_ms */
	ORDER_ACCEPT,  /* reference: the request; from */
	ORDER_DECLINE, /* reference, by who shall pay */
	ORDER_CANCEL,  /* reference, by who has asked */
	ORDER_SWEEP,   /* expires what is due now, some of it at a time */
	ORDER_RULES,   /* makes the rules those of the settings */
	ORDER_KINDS,
};

/* In what office the order is given; that it may be, the giver has checked. */
enum authority {
	AUTHORITY_MEMBER = 0, /* only over accounts that are the actor's */
	AUTHORITY_TELLER,
	AUTHORITY_ADMIN,
	AUTHORITY_BANK, /* the daemon itself: schedules, interest */
};

struct order_actor {
	enum authority authority;
	user_id user;
	char name[ENTRY_BY];
	char address[64];
	uint64_t session;
	bool is_at_terminal; /* whose cash the order names, see judge_move.c */
};

enum { ORDER_WORDS = 200, ORDER_TARGET = 80, ORDER_REASON = 161 };

/* Bytes of a digest of the words of an order; zeros: it has none. */
enum { ORDER_WORDING = 16 };

struct order {
	/* The question. */
	enum order_kind kind;
	struct order_actor by;
	struct uuid id; /* none: not to be repeated */
	account_id from;
	account_id to;
	money amount;
	uint64_t reference;
	int64_t due_ms;
	char name[ENTRY_NAME];
	char memo[MEMO];
	struct change changes[CHANGES_MOST];
	unsigned change_count;
	user_id approved_by; /* a second person who has agreed; 0: nobody */
	uint64_t approval;   /* that waits, and is done by it; 0: none */
	bool is_scheduled;   /* given by the clock: no quota counts it */
	bool is_proved;      /* by a code of the actor's second factor */
	/* For the audit trail; not part of the question. */
	char target[ORDER_TARGET];      /* whom it is about */
	char reason[ORDER_REASON];      /* "" : none */
	uint8_t wording[ORDER_WORDING]; /* see order_note_wording() */

	/* The answer. */
	enum err result;
	char words[ORDER_WORDS]; /* why not, as a sentence; "": see the code */
	bool is_repeated;        /* it had been answered before */
	uint64_t number;         /* of a request that was made */
	struct entry entry;      /* seq is 0 unless one was written */
	money left[POSTINGS_MOST]; /* see order_left() */

	/*
	 * Called once, in the thread that drains: the order is committed but
	 * perhaps not durable. It must not block.
	 */
	void (*done)(struct order *order);
	void *arg;

	uint8_t question[DIGEST_BYTES]; /* the ledger's: see order_digest() */
	struct order *next;             /* likewise */
	struct order *together;         /* the next of a group; the giver's */
};

/*
 * Bytes of everything that the order asks, but not until when: equal for the
 * same question.
 */
void order_digest(const struct order *order, uint8_t digest_r[DIGEST_BYTES]);

/*
 * In what words it is asked, as names may lead elsewhere later: account and
 * whom, as they were written (at most 127 bytes), with all else that is asked.
 * cash is that of the terminal where it is asked, or "". For an order with an
 * id that takes its accounts from these alone, before it is filled in.
 */
void order_note_wording(struct order *order, const char *account,
			const char *whom, const char *cash);

/*
 * What could be spent of the account after the entry, down to its floor as that
 * is now. MONEY_NONE: it has none, or the entry has left the account alone.
 */
money order_left(const struct order *order, account_id account);

/* Adds a change; there is room for CHANGES_MOST. */
void order_add_change(struct order *order, enum change_tag tag, int64_t value);

/* Sets the answer, and returns result. */
enum err order_refuse(struct order *order, enum err result, const char *format,
		      ...) PRINTF(3, 4);

#endif

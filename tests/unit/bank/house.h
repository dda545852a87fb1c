/*
 * A bank for the tests of this folder and whoever checks a bank: a store in a
 * folder of its own, trail, users and a ledger. The clock stands still, days
 * are those of UTC. One thread, unless a test says otherwise.
 */
#ifndef RIALTO_TESTS_UNIT_BANK_HOUSE_H
#define RIALTO_TESTS_UNIT_BANK_HOUSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "audit/trail.h"
#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/settings.h"
#include "store/store.h"
#include "user/users.h"

/* 2026-11-20 12:00 UTC: when it opens. */
#define HOUSE_BEGIN_MS INT64_C(1795176000000)

enum {
	HOUSE_HOUR_MS = 3600 * 1000,
	HOUSE_DAY_MS = 24 * HOUSE_HOUR_MS,
};

struct house {
	char *root; /* what is removed in the end */
	char *data; /* of the store, within it */
	struct bank_settings settings;
	struct store *store;
	struct trail *trail;
	struct users *users;
	struct ledger *ledger;
	atomic_uint wakes;       /* how often the ledger asked for a drain */
	const char *const *more; /* tables, or NULL */
	bool is_spoiled;         /* it need not be whole in the end */
};

/* The settings of house_init(): no limits, no fees, a till for members. */
void house_settings(struct bank_settings *settings_r);

/*
 * Makes the folder and opens a bank in it; or ends it, and fails the test
 * unless the bank is whole.
 */
void house_init(struct house *h);
/* With tables of others, too; NULL behind the last, borrowed. */
void house_init_with(struct house *h, const char *const *more);
void house_fini(struct house *h);

/* For cmocka: *state is the house. */
int house_set_up(void **state);
int house_tear_down(void **state);

/* Without ledger_set(), for who wants to see it fail. */
void house_open_bare(struct house *h);
void house_open(struct house *h);
void house_close(struct house *h);
/* Closes all and opens it from the disk. */
void house_restart(struct house *h);

/* Takes over h->settings, as a reload does. */
void house_reload(struct house *h);

/* A user who is stored; its number. */
user_id house_user(struct house *h, const char *name);

/* An order of a member, or (user 0) of the bank itself; no id, no memo. */
struct order house_order(enum order_kind kind, user_id user);
/* The same in an office. */
struct order house_order_as(enum order_kind kind, user_id user,
			    enum authority authority);

/* An id made of a number, not none. */
struct uuid house_id(uint64_t number);

/* Runs it; fails the test unless that comes to `want`. */
void house_want(struct house *h, struct order *order, enum err want);

/* An account of a user, opened by the bank; label "": the main one. */
account_id house_account(struct house *h, user_id user, const char *label);
account_id house_shared(struct house *h, const char *name, user_id first,
			user_id second);
/* The one of that name, which must be there. */
account_id house_find(struct house *h, const char *name);

/* As it is stored. */
struct account house_look(struct house *h, account_id id);
money house_posted(struct house *h, account_id id);
money house_held(struct house *h, account_id id);

/* An opening balance; below zero: a debt. */
void house_fund(struct house *h, account_id id, money amount);

/* A member pays from one account to another; what it comes to. */
enum err house_pay(struct house *h, user_id user, account_id from,
		   account_id to, money amount);

/* A member sets money aside, until so many ms from now; the hold's number. */
uint64_t house_hold(struct house *h, user_id user, account_id from,
		    account_id to, money amount, int64_t for_ms);

/* Fails the test unless all balances add up to nothing. */
void house_assert_balanced(struct house *h);

/* Fails the test unless bank_verify() has nothing against it. */
void house_assert_whole(struct house *h);

/*
 * Puts (value NULL: deletes) a record behind the back of the bank, which is
 * spoiled then.
 */
void house_spoil(struct house *h, const char *table, const void *key,
		 size_t key_len, const void *value, size_t value_len);

#endif

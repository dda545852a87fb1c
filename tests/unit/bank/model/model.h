/*
 * A bank of plain arrays, as slow and simple as can be: what the ledger should
 * make of an order, written down a second time from what the headers say. It
 * knows orders and their kinds, and calls nothing of the bank.
 */
#ifndef RIALTO_TESTS_UNIT_BANK_MODEL_H
#define RIALTO_TESTS_UNIT_BANK_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bank/order.h"
#include "bank/settings.h"

enum {
	MODEL_LEGS = 3,
	MODEL_SIDES = 4,
	MODEL_HOLDS = 100,
	MODEL_IDS = 1024, /* that can be asked again */
};

/* An account's side of an entry. */
struct model_line {
	uint64_t seq;
	money posted;
	money held;
};

struct model_month {
	uint32_t month;
	money in;
	money out;
	uint64_t entries;
	money posted;
	uint64_t last;
};

struct model_account {
	account_id id;
	enum account_kind kind;
	user_id owner;
	char name[ACCOUNT_NAME];
	unsigned flags;
	money posted;
	money held;
	int64_t terms[TERMS];
	user_id holders[HOLDERS_MOST];
	unsigned holder_count;
	user_id till_user;
	uint64_t till_opened;
	uint32_t date;
	money day_out;
	money day_deposited;
	struct model_line *lines;
	size_t line_count;
	struct model_month *months;
	size_t month_count;
	size_t holds[MODEL_HOLDS]; /* open ones that it pays */
	size_t hold_count;
};

struct model_entry {
	enum entry_kind kind;
	user_id actor;
	int64_t time_ms;
	struct leg legs[MODEL_LEGS];
	unsigned leg_count;
	size_t hold; /* that it made: its place + 1 */
	bool is_reversed;
};

struct model_hold {
	uint64_t seq;
	account_id from;
	account_id to;
	money amount;
	int64_t due_ms;
	bool is_open;
};

struct model_request {
	account_id payer;
	account_id asker;
	user_id by;
	money amount;
	int64_t due_ms;
	bool is_open;
};

/* What is expected of an order. */
struct model_answer {
	enum err result;
	uint64_t seq;
	uint64_t number;
	bool is_repeated;
	unsigned side_count;
	account_id sides[MODEL_SIDES];
	struct model_line lines[MODEL_SIDES]; /* what it left of them */
};

/* What was asked under an id, and answered. */
struct model_id {
	struct order question;
	enum err result;
	uint64_t seq;
	uint64_t number;
};

struct model {
	struct bank_settings settings;
	int64_t terms[TERMS];
	int64_t now_ms;
	int64_t last_ms; /* of the newest entry */
	uint32_t date;
	account_id cash;
	account_id fees;
	account_id income;
	account_id over_short;
	account_id opening;

	struct model_account *accounts;
	size_t account_count;
	struct model_entry *entries; /* the first is number 1 */
	size_t entry_count;
	size_t *account_of; /* by entry that opened it: its place + 1 */
	struct model_hold *holds;
	size_t hold_count;
	size_t *open_holds; /* their places, in any order */
	size_t open_hold_count;
	struct model_request *requests; /* the first is number 1 */
	size_t request_count;
	size_t *open_requests;
	size_t open_request_count;
	struct model_id *ids; /* the newest, by the number in house_id() */
	size_t id_count;      /* that were ever given */

	struct model_answer answer; /* of the order that is judged */
};

/* An entry that is about to be written. */
struct model_draft {
	money approve; /* a second person must, of so much; 0: none */
	enum entry_kind kind;
	account_id subject;
	money amount;
	uint64_t till_by;
	struct leg legs[MODEL_LEGS];
	unsigned leg_count;
	account_id sides[MODEL_SIDES];
	unsigned side_count;
	const struct change *changes;
	unsigned change_count;
};

/* The bank as ledger_set() makes it. */
void model_init(struct model *m, const struct bank_settings *settings,
		int64_t now_ms);
void model_fini(struct model *m);

/* Other settings, or another time of the wall clock. */
void model_set(struct model *m, const struct bank_settings *settings);
void model_clock(struct model *m, int64_t wall_ms);

/* What the order comes to; id_number 0: it has no id. */
void model_judge(struct model *m, const struct order *order, uint64_t id_number,
		 struct model_answer *answer_r);

/* NULL: there is none. */
struct model_account *model_account(const struct model *m, account_id id);
bool model_is_of(const struct model_account *account, user_id user);
bool model_is_cash(const struct model_account *account);
money model_available(const struct model_account *account);

/* From the inside: an account that is touched, with overdue holds ended. */
struct model_account *model_touch(struct model *m, account_id id);
/* The same, for a member only when it is the member's. */
enum err model_own(struct model *m, const struct order *order, account_id id,
		   struct model_account **account_r);
void model_side(struct model_draft *draft, account_id account);
/* False: nothing, or more than an amount can be. */
bool model_leg(struct model_draft *draft, account_id debit, account_id credit,
	       money amount);
enum err model_post(struct model *m, const struct order *order,
		    struct model_draft *draft);
/* Makes room for one more of count things; room doubles. */
void *model_grow(void *things, size_t count, size_t size);
struct model_account *model_add_account(struct model *m);
struct model_entry *model_add_entry(struct model *m, enum entry_kind kind,
				    user_id actor);
void model_end_hold(struct model *m, size_t place);
/* So much is above what one alone may do. */
bool model_needs_approval(const struct model *m, const struct order *order,
			  money amount);

typedef enum err model_fn(struct model *m, const struct order *order);
model_fn model_open, model_terms, model_freeze, model_close, model_holders,
	model_till;
model_fn model_deposit, model_withdraw, model_pay, model_transfer,
	model_interest, model_opening, model_adjust;
model_fn model_hold, model_capture, model_release, model_sweep;
model_fn model_reverse, model_refund;
model_fn model_request, model_accept, model_decline, model_cancel;

/* Ends holds for the account whose time has come. */
void model_end_incoming(struct model *m, account_id account);
enum err model_payment(struct model *m, const struct order *order,
		       account_id from, account_id to, money amount);

/*
 * A random order, sensible or not, given what there is; *id_r is the number of
 * its id, 0: none. The generator's state is *random.
 */
void model_draw(struct model *m, uint64_t *random, struct order *order_r,
		uint64_t *id_r);
uint64_t model_random(uint64_t *random, uint64_t below);

#endif

/*
 * A deal: an order of the bank that a command gives. A job finds the accounts
 * that it names, the ledger carries it out, the others whom it concerns are
 * told, and the caller is answered: all once it is durable.
 *
 * A deal begins in the session's worker, belongs to its task while that goes on
 * (see task.h), and is back in the worker for the answer. So it needs no lock.
 * What is printed may be printed in either.
 */
#ifndef RIALTO_COMMAND_DEAL_H
#define RIALTO_COMMAND_DEAL_H

#include <stdbool.h>

#include "bank/book.h"
#include "bank/ledger.h"
#include "bank/money.h"
#include "bank/order.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "command/command.h"
#include "command/proof.h"
#include "command/task.h"
#include "command/under_way.h"

enum { DEAL_WORD = 80, DEAL_TOLD = 2 * HOLDERS_MOST };

struct deal;
struct pledge;
struct move;

/* A job: fills in the order. What it returns, unless ERR_OK, is the answer. */
typedef enum err deal_prepare_fn(struct deal *deal);

/*
 * In the session's worker: fills in the order with what is remembered, so that
 * no job is needed; it must not block. False: prepare does it.
 */
typedef bool deal_remember_fn(struct deal *deal);

/*
 * A job: the order was asked in the same words before, and became this; fills
 * it in as it was then, and what is called as it is now.
 */
typedef enum err deal_take_fn(struct deal *deal,
			      const struct book_answer *known);

/* In the session's worker: answers; only called when the order was obeyed. */
typedef void deal_finish_fn(struct call *call, struct deal *deal);

/* Somebody who is told, of an account and an order. */
struct deal_told {
	user_id user;
	account_id account;
	char into[BOOK_NAME]; /* what it is called; "": their main one */
	bool pays;            /* they share the account that pays */
	const struct order *order;
};

/*
 * What the others read, a line. memo is that of the entry, or of an order that
 * makes none; "" for who wants to see none from the actor. When the order was
 * obeyed, also if the caller has gone meanwhile; it must not block.
 */
typedef void deal_notice_fn(const struct deal *deal, const char *memo,
			    struct buf *text);

/*
 * A command that keeps more embeds one as the first field of its own struct,
 * see deal_new_in(). A group of orders begins with order, see order.h.
 */
struct deal {
	struct task task;
	struct order order;
	struct bank_settings settings; /* of when it was asked */
	const char *const *ways;       /* the caller's, see caller.h */
	const struct move *move;       /* NULL: it is none, see move.h */
	deal_remember_fn *remember;    /* NULL: a job prepares it */
	deal_prepare_fn *prepare;
	deal_take_fn *take; /* NULL: a move's, or other words ask else */
	deal_finish_fn *finish;
	deal_notice_fn *notice; /* NULL: nobody else is told */

	/* Words of the line, for prepare; "": not given. See deal_line.h. */
	char whom[DEAL_WORD];
	char account[DEAL_WORD];
	char second[DEAL_WORD];
	char target[BOOK_NAME]; /* the other account, by name */
	char payer[BOOK_NAME];  /* the one that pays; "": the main one */
	char own[BOOK_NAME];    /* see deal_name_own(); "": the main one */
	char about[DEAL_WORD];  /* begins the words of a refusal */

	/* Who is told; and for the notice, of what this one is. */
	account_id told_account;
	const char *told_into; /* what it is called; "": their main one */
	bool told_pays;        /* they share the account that pays */
	const struct order *told_order;
	struct deal_told told[DEAL_TOLD];
	unsigned told_count;
	bool is_told;
	struct proof proof;    /* see deal_give_code() */
	struct pledge *pledge; /* the line, when it may wait for a code; NULL */
	enum err flaw; /* of its memo, unless the id was answered before */
	struct under_way_id asked; /* its id, see deal_take_id() */
	const void *giver;     /* of the id: it, or the list that it is of */
	bool is_proof_refused; /* the result is what came of the code */
	struct buf petition; /* what administrators are told, see petition.h */
};

/* A deal of the caller, as a member. It is given to deal_start() or freed. */
struct deal *deal_new(struct call *call, enum order_kind kind);

/* One that was not started; sets *deal to NULL. */
void deal_free(struct deal **deal);

/* The same, within size zeroed bytes that begin with it. */
struct deal *deal_new_in(struct call *call, enum order_kind kind, size_t size);

/* Another order of the same actor, for a group. */
void deal_init_order(const struct deal *deal, enum order_kind kind,
		     struct order *order);

/*
 * Its id, which is under way from now on: before anything is looked at that the
 * order may be refused for.
 */
void deal_take_id(struct call *call, struct deal *deal, const struct uuid *id);

/* Takes over the deal; returns as task_start(). */
NODISCARD enum err deal_start(struct call *call, struct deal *deal,
			      deal_prepare_fn *prepare, deal_finish_fn *finish);

/*
 * The same for a job that does more: stage gives the order with deal_obey(),
 * once it is filled in, and answers the task. It looks for flaws itself.
 */
NODISCARD enum err deal_begin(struct call *call, struct deal *deal,
			      task_fn *stage, deal_finish_fn *finish);

/*
 * In a job: fills in the order by prepare, as deal_start() has it done. What it
 * returns, unless ERR_OK, goes to deal_recall().
 */
NODISCARD enum err deal_prepare(struct deal *deal);

/*
 * In a job: e is against the order, today. What is returned is the answer: e,
 * unless the same was asked before under the id. That was answered for good,
 * whoever was muted, renamed or removed since, or what they may do; ERR_BUSY,
 * with words, while it is not answered yet.
 */
NODISCARD enum err deal_recall(struct deal *deal, enum err e);

/* Why it is ERR_BUSY then. */
extern const char deal_words_under_way[];

/* Nothing was refused: something is broken, or the time is bad. */
bool deal_is_damage(enum err e);

/* Before it is prepared: in what words it is asked, for deal_recall(). */
void deal_note_wording(struct deal *deal);

/*
 * In a job: gives the order, and waits until it was carried out. A refusal is
 * the order's, see ledger_submit(), with its words.
 */
NODISCARD enum err deal_obey(struct deal *deal);

/*
 * For prepare, as all that follows up to deal_tell_user(): in a job. Besides
 * what is named, the errors of book.h.
 *
 * An account of the actor's: the main one where text is "".
 * ERR_NO_SUCH_ACCOUNT, with words.
 */
NODISCARD enum err deal_own(struct deal *deal, const char *text,
			    struct account *account_r);

/* The same, when only its number is asked for. */
NODISCARD enum err deal_own_number(struct deal *deal, const char *text,
				   account_id *id_r);

/*
 * The account that pays: the main one, or what "from=" names. Whoever shares it
 * is told, when there is a notice: before deal_other().
 */
NODISCARD enum err deal_payer(struct deal *deal, account_id *id_r);

/* The same of one that is known. */
void deal_set_payer(struct deal *deal, const struct account *account);

/*
 * Any account, or with is_main somebody's main one; those behind it are told
 * when there is a notice. Sets target. ERR_NO_SUCH_USER, ERR_NO_SUCH_ACCOUNT,
 * as if there were none, for what a member has no business to know of;
 * ERR_NOT_ALLOWED for tills.
 * Of somebody's main one only number, kind and owner are set.
 */
NODISCARD enum err deal_other(struct deal *deal, const char *text, bool is_main,
			      struct account *account_r);

/*
 * For remember: the actor's main account and that of who is named, who is told
 * then; sets target. False, and nothing is set, unless both are remembered.
 */
NODISCARD bool deal_remember(struct deal *deal, account_id *own_r,
			     const char *text, account_id *other_r);

/*
 * Those behind the account shall be told, too, but not the actor, and nobody
 * twice of one order; DEAL_TOLD in all.
 */
void deal_tell(struct deal *deal, const struct account *account);

/* The same, of another order of the group. */
void deal_tell_order(struct deal *deal, const struct account *account,
		     const struct order *order);

/* Somebody else shall be told of it. */
void deal_tell_user(struct deal *deal, const struct account *account,
		    user_id user);

/* The deal's own: tells them, once, of what was obeyed. Any thread. */
void deal_tell_others(struct deal *deal);

/* The same by a function of the caller's, called for each of them. */
struct takings_cause;
typedef void deal_tell_fn(void *arg, user_id user,
			  const struct takings_cause *cause, const char *text);
void deal_tell_each(struct deal *deal, deal_tell_fn *fn, void *arg);

/* Is the notice for somebody who only shares the account that pays? */
bool deal_tells_payer(const struct deal *deal);

/* Sets own to the name of an account, for who answers with it. */
NODISCARD enum err deal_name_own(struct deal *deal, account_id id);

/*
 * The code of the actor's second factor, "" for none, that came with the deal:
 * it is looked at when the order turns out to need it, and so costs nothing
 * when it does not, or was answered before. A line has none; it waits for
 * /code, see pledge.h.
 */
void deal_give_code(struct deal *deal, const char *code);

/*
 * A job: for what is no order of its own, but moves so much. ERR_OK, or it is
 * the answer, with words: ERR_CODE_REQUIRED, or that of proof_try().
 */
NODISCARD enum err deal_prove(struct deal *deal, money amount);

/* For deal.c: when a deal begins and ends; whether the order may be given. */
void deal_begin_code(struct call *call, struct deal *deal);
void deal_end_code(struct deal *deal);
NODISCARD enum err deal_try_code(struct deal *deal);

/* Answers a deal that was refused, by whatever. */
enum err deal_refuse_code(struct call *call, struct deal *deal);

/* An amount with the currency's symbol. */
void deal_print(const struct deal *deal, money amount, char text_r[MONEY_TEXT]);

/* " Fee: 0.10 R."; "" where there was none. */
enum { DEAL_FEE = MONEY_TEXT + 8 };
void deal_print_fee(const struct deal *deal, char text_r[DEAL_FEE]);

/* " of shared:flat", after a balance's name; "" for the main one. */
enum { DEAL_OF = BOOK_NAME + 4 };
void deal_print_of(const char *name, char text_r[DEAL_OF]);

/* What the entry left of the account, likewise. */
void deal_print_balance(const struct deal *deal, account_id account,
			char text_r[MONEY_TEXT]);

#endif

/*
 * What stands behind a verb of the bank: words in the order of a form, and at
 * the end perhaps "id=UUID". In the session's worker, before a deal is given.
 *
 * A line that cannot be read is refused with what would be right; *deal is
 * freed then, and NULL.
 */
#ifndef RIALTO_COMMAND_DEAL_LINE_H
#define RIALTO_COMMAND_DEAL_LINE_H

#include "base/attr.h"
#include "base/err.h"
#include "command/command.h"
#include "command/deal.h"

/* What a word is, and where it goes. */
enum deal_part {
	DEAL_END,  /* behind the last one */
	DEAL_WHOM, /* into the deal's field of that name; so the next two */
	DEAL_ACCOUNT,
	DEAL_SECOND,
	DEAL_AMOUNT,  /* the order's, above zero */
	DEAL_COUNTED, /* the same, or zero: what is in a till */
	DEAL_MEMO,    /* the order's */
	DEAL_REASON,  /* the order's, and its memo */
	DEAL_NUMBER,  /* the order's reference: "57" or "#57" */
	DEAL_OWN,     /* the command's own to read */
};

enum { DEAL_PARTS = 4 };

struct deal_form {
	int least; /* as many must be there */
	enum deal_part parts[DEAL_PARTS];
};

/* "USER AMOUNT [MEMO]", of all that gives or asks for money. */
extern const struct deal_form deal_form_payment;

/*
 * Takes the id, then each word: ERR_USAGE when there are too few or too many,
 * or a number is none; otherwise as the functions below.
 */
NODISCARD enum err deal_read(struct call *call, struct deal **deal,
			     const struct deal_form *form);

/* The same, without the id. */
NODISCARD enum err deal_read_words(struct call *call, struct deal **deal,
				   const struct deal_form *form);

/*
 * "[N] [id=UUID]", where without N it is the one that can be meant. Asked again
 * under an id that would be another one: refused with the words, ERR_BAD_INPUT.
 */
NODISCARD enum err deal_read_choice(struct call *call, struct deal **deal,
				    const char *words);

/* ERR_USAGE, with how the command is written. */
NODISCARD enum err deal_usage(struct call *call, struct deal **deal);

/*
 * When the last argument ends with a word that begins with mark ("until="),
 * cuts that off, and returns what is behind the mark; else NULL.
 */
const char *deal_cut(struct call *call, const char *mark);

/* Cuts "from=ACCOUNT" off: the deal's account. ERR_BAD_INPUT: twice. */
NODISCARD enum err deal_from(struct call *call, struct deal **deal);

/*
 * Reads a line of deal_form_payment and its id, with "from=ACCOUNT" right
 * behind the amount or at the end.
 */
NODISCARD enum err deal_read_payment(struct call *call, struct deal **deal);

/* Cuts off "id=UUID", which becomes the order's: before words are counted. */
NODISCARD enum err deal_id(struct call *call, struct deal **deal);

/* The name of somebody or of an account; ERR_NO_SUCH_ACCOUNT when too long. */
NODISCARD enum err deal_word(struct call *call, struct deal **deal,
			     char word_r[DEAL_WORD], const char *text);

/* ERR_BAD_AMOUNT. */
NODISCARD enum err deal_amount(struct call *call, struct deal **deal,
			       const char *text);

/*
 * Speech: ERR_MUTED and so on, which is left to deal_prepare() when there is an
 * id, as it may have been answered before; ERR_BAD_INPUT when too long.
 */
NODISCARD enum err deal_memo(struct call *call, struct deal **deal,
			     const char *text);

/* As deal_memo(): for the audit trail, and who reads the account's history. */
NODISCARD enum err deal_reason(struct call *call, struct deal **deal,
			       const char *text);

#endif

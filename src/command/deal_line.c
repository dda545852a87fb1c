#include "command/deal_line.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "bank/memo.h"
#include "base/quantity.h"

const struct deal_form deal_form_payment = {
	2, { DEAL_WHOM, DEAL_AMOUNT, DEAL_MEMO }
};

static const char from_mark[] = "from=";

typedef enum err read_fn(struct call *call, struct deal **deal,
			 const char *text);

static enum err read_whom(struct call *call, struct deal **deal,
			  const char *text)
{
	return deal_word(call, deal, (*deal)->whom, text);
}

static enum err read_account(struct call *call, struct deal **deal,
			     const char *text)
{
	return deal_word(call, deal, (*deal)->account, text);
}

static enum err read_second(struct call *call, struct deal **deal,
			    const char *text)
{
	return deal_word(call, deal, (*deal)->second, text);
}

static enum err read_counted(struct call *call, struct deal **deal,
			     const char *text)
{
	money *counted = &(*deal)->order.amount;

	if (money_parse_signed(text, &(*deal)->settings.currency, counted) &&
	    *counted == 0)
		return ERR_OK;
	return deal_amount(call, deal, text);
}

static enum err read_number(struct call *call, struct deal **deal,
			    const char *text)
{
	return quantity_id(text, &(*deal)->order.reference)
		       ? ERR_OK
		       : deal_usage(call, deal);
}

static enum err read_own(struct call *call, struct deal **deal,
			 const char *text)
{
	(void)call;
	(void)deal;
	(void)text;
	return ERR_OK;
}

static read_fn *const readers[] = {
	[DEAL_WHOM] = read_whom,       [DEAL_ACCOUNT] = read_account,
	[DEAL_SECOND] = read_second,   [DEAL_AMOUNT] = deal_amount,
	[DEAL_COUNTED] = read_counted, [DEAL_MEMO] = deal_memo,
	[DEAL_REASON] = deal_reason,   [DEAL_NUMBER] = read_number,
	[DEAL_OWN] = read_own,
};

/* "1 000" is one amount to many people, and "1" with a memo to us. */
static enum err refuse_digits(struct call *call, struct deal **deal,
			      const char *amount)
{
	deal_free(deal);
	return call_refuse(call, ERR_BAD_AMOUNT,
			   "Is the number behind %.20s part of the amount? "
			   "That is written without spaces and commas, as 1000 "
			   "or 10.50; as a memo, put it behind a word.",
			   amount);
}

static bool is_memo_of_digits(const struct call *call,
			      const struct deal_form *form, int i)
{
	return i > 0 && form->parts[i] == DEAL_MEMO &&
	       form->parts[i - 1] == DEAL_AMOUNT &&
	       memo_is_amount(call->argv[i - 1], call->argv[i]);
}

enum err deal_read_words(struct call *call, struct deal **deal,
			 const struct deal_form *form)
{
	int most = 0;
	enum err e = ERR_OK;

	while (most < DEAL_PARTS && form->parts[most] != DEAL_END)
		most++;
	if (call->argc < form->least || call->argc > most)
		return deal_usage(call, deal);
	for (int i = 0; e == ERR_OK && i < call->argc; i++) {
		read_fn *read = readers[form->parts[i]];

		assert(read != NULL);
		e = is_memo_of_digits(call, form, i)
			    ? refuse_digits(call, deal, call->argv[i - 1])
			    : read(call, deal, call->argv[i]);
	}
	return e;
}

enum err deal_read(struct call *call, struct deal **deal,
		   const struct deal_form *form)
{
	enum err e = deal_id(call, deal);

	return e == ERR_OK ? deal_read_words(call, deal, form) : e;
}

enum err deal_read_choice(struct call *call, struct deal **deal,
			  const char *words)
{
	static const struct deal_form form = { 0, { DEAL_NUMBER } };
	enum err e = deal_read(call, deal, &form);

	if (e != ERR_OK || call->argc > 0 || uuid_is_none(&(*deal)->order.id))
		return e;
	deal_free(deal);
	return call_refuse(call, ERR_BAD_INPUT, "%s", words);
}

enum err deal_usage(struct call *call, struct deal **deal)
{
	deal_free(deal);
	return call_usage(call);
}

const char *deal_cut(struct call *call, const char *mark)
{
	const char *text;
	char *last;
	char *at;

	if (call->argc == 0)
		return NULL;
	last = call->argv[call->argc - 1];
	at = strrchr(last, ' ');
	at = at == NULL ? last : at + 1;
	if (strncmp(at, mark, strlen(mark)) != 0)
		return NULL;
	text = at + strlen(mark);
	while (at > last && at[-1] == ' ')
		at--;
	if (at == last)
		call->argc--;
	*at = '\0';
	return text;
}

/* "from=savings" in front of the memo; NULL: there is none. */
static const char *cut_first(struct call *call, int part, const char *mark)
{
	char *text = call->argc > part ? call->argv[part] : NULL;
	char *end;

	if (text == NULL || strncmp(text, mark, strlen(mark)) != 0)
		return NULL;
	end = text + strcspn(text, " ");
	call->argv[part] = end + strspn(end, " ");
	if (*call->argv[part] == '\0')
		call->argc--;
	*end = '\0';
	return text + strlen(mark);
}

/* Where it stands once; NULL: nowhere yet. */
static enum err take_from(struct call *call, struct deal **deal,
			  const char *text)
{
	if (text == NULL)
		return ERR_OK;
	if (text[0] != '\0' && (*deal)->account[0] == '\0')
		return deal_word(call, deal, (*deal)->account, text);
	deal_free(deal);
	return call_refuse(call, ERR_BAD_INPUT,
			   "from=ACCOUNT says once which account of yours "
			   "pays; /accounts lists them.");
}

enum err deal_from(struct call *call, struct deal **deal)
{
	return take_from(call, deal, deal_cut(call, from_mark));
}

enum err deal_read_payment(struct call *call, struct deal **deal)
{
	enum err e = deal_from(call, deal);

	if (e == ERR_OK)
		e = deal_id(call, deal);
	if (e == ERR_OK)
		e = deal_from(call, deal);
	if (e == ERR_OK)
		e = take_from(call, deal, cut_first(call, 2, from_mark));
	return e == ERR_OK ? deal_read_words(call, deal, &deal_form_payment)
			   : e;
}

enum err deal_id(struct call *call, struct deal **deal)
{
	const char *text = deal_cut(call, "id=");
	struct uuid id;

	if (text == NULL)
		return ERR_OK;
	if (uuid_parse(text, &id)) {
		deal_take_id(call, *deal, &id);
		return ERR_OK;
	}
	deal_free(deal);
	return call_refuse(call, ERR_BAD_INPUT,
			   "An id is a UUID: 32 hexadecimal digits as "
			   "8-4-4-4-12.");
}

enum err deal_word(struct call *call, struct deal **deal,
		   char word_r[DEAL_WORD], const char *text)
{
	if (strlen(text) < DEAL_WORD) {
		(void)snprintf(word_r, DEAL_WORD, "%s", text);
		return ERR_OK;
	}
	deal_free(deal);
	return call_refuse(call, ERR_NO_SUCH_ACCOUNT,
			   "No name is as long as that.");
}

enum err deal_amount(struct call *call, struct deal **deal, const char *text)
{
	const struct currency *currency = &(*deal)->settings.currency;
	char words[MONEY_WORDS];

	if (money_parse(text, currency, &(*deal)->order.amount))
		return ERR_OK;
	money_explain(text, currency, words);
	deal_free(deal);
	return call_refuse(call, ERR_BAD_AMOUNT, "%s", words);
}

enum err deal_memo(struct call *call, struct deal **deal, const char *text)
{
	struct order *order = &(*deal)->order;
	struct refusal why = { 0 };
	enum err e = caller_may_speak(call->caller, &why);

	if (e != ERR_OK && uuid_is_none(&order->id)) {
		deal_free(deal);
		return call_refuse_why(call, e, &why);
	}
	(*deal)->flaw = e;
	(*deal)->task.why = why;
	if (strlen(text) < sizeof(order->memo)) {
		(void)snprintf(order->memo, sizeof(order->memo), "%s", text);
		return ERR_OK;
	}
	deal_free(deal);
	return call_refuse(call, ERR_BAD_INPUT,
			   "A memo is at most %d bytes long.", MEMO - 1);
}

enum err deal_reason(struct call *call, struct deal **deal, const char *text)
{
	enum err e = deal_memo(call, deal, text);

	if (e == ERR_OK)
		(void)snprintf((*deal)->order.reason,
			       sizeof((*deal)->order.reason), "%s", text);
	return e;
}

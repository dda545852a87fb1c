#include "rialto/atm/acts.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "rialto/atm/accounts.h"
#include "rialto/atm/receipts.h"
#include "rialto/atm/request.h"
#include "rialto/atm/view.h"
#include "rialto/atm/words.h"

/*
 * Logs in, over another connection where this one has ended: after too many
 * wrong passwords, or when somebody took long to type.
 */
static enum desk_outcome try_login(struct machine *m, const struct secret *code,
				   struct answer *answer_r)
{
	AUTO(buf_fini) struct buf words = { 0 };
	enum desk_outcome outcome =
		visit_login(&m->visit, m->user, m->password, code, answer_r);

	if (outcome != DESK_LOST)
		return outcome;
	outcome = desk_open(m->visit.desk, false, &words);
	if (outcome == DESK_UNTRUSTED)
		machine_say(m, "%s", buf_text(&words));
	if (outcome != DESK_OK)
		return outcome;
	answer_fini(answer_r);
	return visit_login(&m->visit, m->user, m->password, code, answer_r);
}

void act_learn(struct machine *m, const json_t *login)
{
	currency_take(login, &m->currency);
	m->has_no_factor =
		json_is_false(json_object_get(login, "second_factor"));
}

/* Another code may do: where too many were wrong, a recovery code. */
static bool is_about_code(const struct answer *answer, bool had_code)
{
	return strcmp(answer->code, "bad-code") == 0 ||
	       (had_code && strcmp(answer->code, "locked-out") == 0);
}

static enum at log_in(struct machine *m, const struct secret *code)
{
	AUTO(answer_fini) struct answer answer = { 0 };
	char time[CLOCK_TEXT];
	json_int_t last;
	enum desk_outcome outcome = try_login(m, code, &answer);

	if (outcome == DESK_UNTRUSTED)
		return AT_START;
	if (outcome != DESK_OK)
		return machine_to_start(m);
	if (answer.is_ok) {
		secret_free(&m->password);
		act_learn(m, answer.object);
		machine_say(m, "Welcome, %s.",
			    answer_text(answer.object, "user"));
		last = json_integer_value(
			json_object_get(answer.object, "last_login"));
		clock_print(last, time);
		if (last > 0)
			machine_say(m, "You were here before on %s.", time);
		return accounts_learn(m);
	}
	if (strcmp(answer.code, "code-required") == 0)
		return AT_CODE;
	machine_say(m, "%s", answer.text);
	if (!desk_is_open(m->visit.desk))
		return AT_START;
	if (is_about_code(&answer, code != NULL))
		return AT_CODE;
	secret_free(&m->password);
	secret_free(&m->given); /* the same would only be refused again */
	return m->options->address.user != NULL ? AT_PASSWORD : AT_NAME;
}

enum at act_begin(struct machine *m)
{
	if (!machine_connect(m))
		return AT_START;
	if (m->options->address.user == NULL)
		return AT_NAME;
	machine_set(&m->user, m->options->address.user);
	if (m->given == NULL)
		return AT_PASSWORD;
	m->password = secret_new(m->given->bytes, m->given->len);
	return log_in(m, NULL);
}

bool act_is_name(struct machine *m, const char *typed)
{
	if (name_is_valid(typed))
		return true;
	machine_say(m,
		    "That is no name. A name is a letter, then letters, "
		    "digits, - and _, at most %d in all.",
		    NAME_MOST);
	return false;
}

enum at act_name(struct machine *m, const char *typed)
{
	if (!act_is_name(m, typed))
		return AT_NAME;
	machine_set(&m->user, typed);
	return AT_PASSWORD;
}

enum at act_password(struct machine *m, const char *typed)
{
	secret_free(&m->password);
	m->password = secret_new(typed, strlen(typed));
	return log_in(m, NULL);
}

enum at act_code(struct machine *m, const char *typed)
{
	AUTO(secret_free)
	struct secret *code = secret_new(typed, strlen(typed));

	return log_in(m, code);
}

enum at act_balance(struct machine *m)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	AUTO(answer_fini) struct answer answer = { 0 };
	char id[UUID_TEXT];
	enum at next;

	request_begin(&request, "balance", id);
	request_end(&request);
	if (machine_ask(m, &request, id, &answer, &next))
		words_balance(json_object_get(answer.object, "balance"),
			      &m->text);
	return next;
}

enum at act_receipt(struct machine *m)
{
	if (m->receipt != NULL)
		buf_add_text(&m->text, m->receipt);
	else
		machine_say(m, "There is no receipt of this visit yet.");
	return AT_TEXT;
}

enum at act_signed_receipt(struct machine *m)
{
	if (m->signed_receipt == NULL)
		return act_receipt(m);
	machine_say(m, "All of what follows is the receipt, in a file for "
		       "'rialto verify-receipt':");
	buf_add_char(&m->text, '\n');
	machine_say(m, "%s", m->signed_receipt);
	return AT_TEXT;
}

static const struct transaction deposit = {
	.op = "deposit",
	.question = "Deposit",
	.done = "Deposited",
	.to_word = "into",
	.receiver_member = "account",
};

static const struct transaction withdrawal = {
	.op = "withdraw",
	.question = "Withdraw",
	.done = "Withdrew",
	.payer_member = "account",
	.spends = true,
};

static const struct transaction payment = {
	.op = "pay",
	.question = "Pay",
	.done = "Paid",
	.payer_member = "account",
	.spends = true,
	.has_receiver = true,
};

enum at act_deposit(struct machine *m)
{
	m->transaction = &deposit;
	return accounts_are_many(m) ? accounts_choose(m, AT_TO)
				    : act_to_amount(m);
}

enum at act_withdraw(struct machine *m)
{
	m->transaction = &withdrawal;
	return accounts_choose_payer(m);
}

enum at act_pay(struct machine *m)
{
	m->transaction = &payment;
	return accounts_choose_payer(m);
}

enum at act_receiver(struct machine *m, const char *typed)
{
	machine_set(&m->receiver, typed);
	return act_to_amount(m);
}

/* "Pay 30.25 to ben (lunch)?" */
void act_say(struct machine *m, const char *verb, const char *end)
{
	AUTO(buf_fini) struct buf words = { 0 };
	const char *to = m->transaction->to_word;
	char behind[CURRENCY_CODE + 1];
	char time[CLOCK_TEXT];

	buf_print(&words, "%s %s%s", verb, m->amount,
		  currency_behind(&m->currency, behind));
	if (m->payer != NULL)
		buf_print(&words, " from %s", m->payer);
	if (m->receiver != NULL)
		buf_print(&words, " %s %s", to != NULL ? to : "to",
			  m->receiver);
	if (m->memo != NULL && m->memo[0] != '\0')
		buf_print(&words, " (%s)", m->memo);
	if (m->expires_ms != 0) {
		clock_print(m->expires_ms, time);
		buf_print(&words, " until %s", time);
	}
	machine_say(m, "%s%s", buf_text(&words), end);
}

enum at act_ask(struct machine *m)
{
	act_say(m, m->transaction->question, "?");
	return AT_CONFIRM;
}

enum at act_memo(struct machine *m, const char *typed)
{
	machine_set(&m->memo, typed);
	return m->transaction->has_life ? AT_LIFE : act_ask(m);
}

/* Money has moved, and there is nothing to show for it. */
static void warn_of_receipt(struct machine *m, const char *why)
{
	machine_say(m, "WARNING: THE RECEIPT IS NOT VALID: %s.", why);
	machine_say(m, "It was not saved. Somebody may stand between you and "
		       "the bank, or be in its place: do not go on here, and "
		       "tell the administrator in another way than this "
		       "one.");
}

static void save_receipt(struct machine *m, const json_t *object)
{
	AUTO(mem_free_text) char *folder = receipts_folder();
	AUTO(mem_free_text) char *path = NULL;
	enum err e = ERR_NOT_FOUND;

	if (folder != NULL)
		e = receipts_save(
			folder, m->signed_receipt,
			json_integer_value(json_object_get(object, "time")),
			json_integer_value(json_object_get(object, "entry")),
			&path);
	if (e == ERR_OK)
		machine_say(m, "Saved as %s.", path);
	else
		machine_say(m, "The receipt could not be saved: %s.",
			    err_words(e));
}

/* Keeps it, and what it says, if it is what it should be. */
static void take_receipt(struct machine *m, const json_t *object)
{
	AUTO(buf_fini) struct buf words = { 0 };
	const char *receipt = answer_text(object, "receipt");
	const char *why = NULL;

	machine_forget_receipt(m);
	if (receipts_read(receipt, desk_identity(m->visit.desk), &words,
			  &why) != ERR_OK) {
		warn_of_receipt(m, why);
		return;
	}
	m->receipt = mem_text(buf_text(&words));
	m->signed_receipt = mem_text(receipt);
	buf_add_text(&m->text, m->receipt);
	if (!m->options->saves_nothing)
		save_receipt(m, object);
}

static void say_balance(struct machine *m, const json_t *balance)
{
	const char *account = answer_text(balance, "account");
	bool is_main = machine_is_main(m, account);
	char behind[CURRENCY_CODE + 1];

	machine_say(m, "New balance%s%s: %s%s", is_main ? "" : " of ",
		    is_main ? "" : account, answer_text(balance, "posted"),
		    currency_behind(&m->currency, behind));
}

/* A release has changed nothing of one's own, and tells no balance. */
static enum at show_done(struct machine *m, const struct answer *answer)
{
	const json_t *balance = json_object_get(answer->object, "balance");
	char behind[CURRENCY_CODE + 1];

	(void)currency_behind(&m->currency, behind);
	act_say(m, m->transaction->done, ".");
	if (balance != NULL)
		say_balance(m, balance);
	if (m->transaction->has_life)
		machine_say(m, "Of that %s%s is set aside.",
			    answer_text(balance, "held"), behind);
	buf_add_char(&m->text, '\n');
	take_receipt(m, answer->object);
	return AT_TEXT;
}

static void add_members(const struct machine *m, struct buf *request)
{
	const char *receiver = m->transaction->receiver_member;

	if (m->transaction->is_of_hold) {
		request_add_number(request, "hold", m->hold);
	} else {
		request_add(request, m->transaction->payer_member, m->payer);
		request_add(request, receiver != NULL ? receiver : "to",
			    m->receiver);
		request_add(request, "memo", m->memo);
	}
	if (!m->transaction->has_no_amount)
		request_add(request, "amount", m->amount);
	if (m->transaction->has_life)
		request_add_number(request, "expires_ms", m->expires_ms);
}

static enum at carry_out(struct machine *m, const char *code)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	AUTO(answer_fini) struct answer answer = { 0 };
	char id[UUID_TEXT];

	request_begin(&request, m->transaction->op, id);
	add_members(m, &request);
	request_add(&request, "code", code);
	request_end(&request);
	view_say("One moment, please.");
	if (visit_ask(&m->visit, &request, id, true, &answer) != DESK_OK) {
		machine_say(m, "It is not known whether this was done:");
		act_say(m, m->transaction->question, ".");
		machine_say(m, "Look at the statement before you do it again. "
			       "Its id is");
		machine_say(m, "%s.", id);
		(void)machine_to_start(m);
		return AT_DOUBT;
	}
	if (answer.is_ok)
		return show_done(m, &answer);
	machine_say(m, "%s", answer.text);
	if (strcmp(answer.code, "code-required") == 0 && code == NULL &&
	    !m->has_no_factor)
		return AT_MONEY_CODE;
	machine_say(m, "Nothing was moved.");
	if (!desk_is_open(m->visit.desk))
		return AT_START;
	return is_about_code(&answer, code != NULL) ? AT_MONEY_CODE : AT_TEXT;
}

enum at act_confirm(struct machine *m)
{
	return carry_out(m, NULL);
}

enum at act_money_code(struct machine *m, const char *typed)
{
	return carry_out(m, typed);
}

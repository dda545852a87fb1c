/* Money that is set aside, by oneself and for oneself. */
#include <string.h>

#include "base/mem.h"
#include "rialto/atm/accounts.h"
#include "rialto/atm/acts.h"
#include "rialto/atm/answer.h"
#include "rialto/atm/list.h"
#include "rialto/atm/request.h"
#include "rialto/atm/words.h"

static const struct transaction hold = {
	.op = "hold",
	.question = "Set aside",
	.done = "Set aside",
	.to_word = "for",
	.payer_member = "account",
	.spends = true,
	.has_receiver = true,
	.has_life = true,
};

static const struct transaction capture = {
	.op = "capture",
	.question = "Take",
	.done = "Took",
	.to_word = "for",
	.is_of_hold = true,
};

static const struct transaction release = {
	.op = "release",
	.question = "Give back",
	.done = "Gave back",
	.is_of_hold = true,
	.has_no_amount = true,
};

enum at act_holds(struct machine *m)
{
	AUTO(buf_wipe) struct buf request = { 0 };
	AUTO(answer_fini) struct answer answer = { 0 };
	char id[UUID_TEXT];
	enum at next;
	json_t *holds;

	request_begin(&request, "holds", id);
	request_end(&request);
	if (!machine_ask(m, &request, id, &answer, &next))
		return next;
	holds = json_object_get(answer.object, "holds");
	list_set(m, json_incref(holds));
	if (json_array_size(holds) == 0)
		machine_say(m, "Nothing is set aside, by you or for you.");
	if (json_is_true(json_object_get(answer.object, "more")))
		machine_say(m, "There is more than is shown.");
	return AT_HOLDS;
}

static void add_name(const struct machine *m, const json_t *one,
		     const char *member, struct buf *out)
{
	if (machine_is_main(m, answer_text(one, member)))
		buf_add_text(out, "you");
	else
		answer_add(one, member, out);
}

void holds_print(const void *context, const json_t *one, size_t nth UNUSED,
		 struct buf *line_r)
{
	const struct machine *m = context;

	answer_add(one, "amount", line_r);
	buf_add_text(line_r, " from ");
	add_name(m, one, "from", line_r);
	buf_add_text(line_r, " for ");
	add_name(m, one, "to", line_r);
	buf_add_text(line_r, " until ");
	words_time(one, "expires_ms", line_r);
	words_memo(one, line_r);
	words_number(one, "hold", line_r);
}

enum at act_set_aside(struct machine *m)
{
	machine_forget_transaction(m);
	m->transaction = &hold;
	return accounts_choose_payer(m);
}

/* Who pays it can only wait. */
enum at act_hold(struct machine *m, const json_t *one)
{
	AUTO(buf_fini) struct buf words = { 0 };
	bool is_mine = strcmp(answer_text(one, "side"), "receiver") == 0;

	machine_forget_transaction(m);
	holds_print(m, one, 0, &words);
	machine_say(m, "%s", buf_text(&words));
	if (!is_mine) {
		machine_say(m,
			    "Only %s can take it or give it back; what is "
			    "left by then goes back.\n\n",
			    answer_text(one, "to"));
		return AT_HOLDS;
	}
	m->hold = json_integer_value(json_object_get(one, "hold"));
	machine_set(&m->payer, answer_text(one, "from"));
	if (!machine_is_main(m, answer_text(one, "to")))
		machine_set(&m->receiver, answer_text(one, "to"));
	machine_set(&m->amount, answer_text(one, "amount"));
	machine_set(&m->memo, answer_text(one, "memo"));
	return AT_HOLD;
}

enum at act_capture(struct machine *m)
{
	m->transaction = &capture;
	return act_ask(m);
}

enum at act_part(struct machine *m, const char *typed)
{
	AUTO(mem_free_text)
	char *doubt = currency_doubt(&m->currency, typed, "");

	if (doubt != NULL) {
		machine_say(m, "%s", doubt);
		return AT_PART;
	}
	machine_set(&m->amount, typed);
	machine_say(m, "What you leave is free again for %s.", m->payer);
	return act_capture(m);
}

enum at act_release(struct machine *m)
{
	m->transaction = &release;
	mem_free(m->receiver);
	m->receiver = m->payer;
	m->payer = NULL;
	return act_ask(m);
}

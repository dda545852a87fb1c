/* The words behind a verb of the bank. */
#include "command/deal_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "command/under_way.h"

#define ID "01890a5d-ac96-774b-bcce-b302099a8057"
#define WORD_79                                                                \
	"a123456789b123456789c123456789d123456789"                             \
	"e123456789f123456789g123456789h12345678"
#define MEMO_160 WORD_79 "i" WORD_79 "i"

/* A front-end that keeps the words of a refusal. */
struct desk {
	struct caller caller;
	char refusal[512];
};

static void op_refuse(struct caller *caller, enum err code, const char *text)
{
	struct desk *desk = CONTAINER(caller, struct desk, caller);

	(void)snprintf(desk->refusal, sizeof(desk->refusal), "!! %s %s",
		       err_code(code), text);
}

/* A way to read a line. */
typedef enum err way_fn(struct call *call, struct deal **deal);

static enum err payment(struct call *call, struct deal **deal)
{
	return deal_read_payment(call, deal);
}

static enum err transfer(struct call *call, struct deal **deal)
{
	static const struct deal_form form = {
		3, { DEAL_ACCOUNT, DEAL_SECOND, DEAL_AMOUNT }
	};

	return deal_read(call, deal, &form);
}

static enum err capture(struct call *call, struct deal **deal)
{
	static const struct deal_form form = { 1,
					       { DEAL_NUMBER, DEAL_AMOUNT } };

	return deal_read(call, deal, &form);
}

static enum err counted(struct call *call, struct deal **deal)
{
	static const struct deal_form form = { 1,
					       { DEAL_COUNTED, DEAL_ACCOUNT } };

	return deal_read(call, deal, &form);
}

static enum err reason(struct call *call, struct deal **deal)
{
	static const struct deal_form form = { 2,
					       { DEAL_ACCOUNT, DEAL_REASON } };

	return deal_read(call, deal, &form);
}

static enum err choice(struct call *call, struct deal **deal)
{
	return deal_read_choice(call, deal, "Say which.");
}

#define USAGE "!! usage Write /try IT: help."
#define BAD_ID                                                                 \
	"!! bad-input An id is a UUID: 32 hexadecimal digits as 8-4-4-4-12."
#define BAD_FROM                                                               \
	"!! bad-input from=ACCOUNT says once which account of yours pays; "    \
	"/accounts lists them."
#define TOO_LONG "!! no-such-account No name is as long as that."
#define LONG_MEMO "!! bad-input A memo is at most 160 bytes long."
#define IS_AMOUNT                                                              \
	"!! bad-amount Is the number behind 1 part of the amount? That is "    \
	"written without spaces and commas, as 1000 or 10.50; as a memo, put " \
	"it behind a word."

/* The words, as the table of commands cuts them: "|" between them. */
static const struct line_case {
	way_fn *way;
	const char *line;
	const char *want; /* what was read, or a refusal */
} cases[] = {
	{ payment, "ben|10", "whom=ben amount=1000" },
	{ payment, "ben|10.5|lunch at noon",
	  "whom=ben amount=1050 memo=lunch at noon" },
	{ payment, "ben", USAGE },
	{ payment, "", USAGE },
	{ payment, "ben|10|lunch|x", USAGE },
	{ payment, "ben|1|000", IS_AMOUNT },
	{ payment, "ben|1|000 for all", IS_AMOUNT },
	{ payment, "ben|1.00|2 beers", "whom=ben amount=100 memo=2 beers" },
	{ payment, "ben|1|for 2", "whom=ben amount=100 memo=for 2" },
	{ payment, WORD_79 "|1", "whom=" WORD_79 " amount=100" },
	{ payment, WORD_79 "i|1", TOO_LONG },
	{ payment, "ben|1|" MEMO_160, "whom=ben amount=100 memo=" MEMO_160 },
	{ payment, "ben|1|" MEMO_160 "x", LONG_MEMO },

	/* An id is the last word, of the memo or by itself. */
	{ payment, "ben|10|id=" ID, "whom=ben amount=1000 id" },
	{ payment, "ben|10|lunch  id=" ID,
	  "whom=ben amount=1000 memo=lunch id" },
	{ payment, "ben|10|id=" ID " lunch",
	  "whom=ben amount=1000 memo=id=" ID " lunch" },
	{ payment, "ben|10|id=", BAD_ID },
	{ payment, "ben|10|id=7", BAD_ID },
	{ payment, "id=" ID, USAGE },

	/* An account to pay from: behind the amount or at the end, once. */
	{ payment, "ben|10|from=savings",
	  "whom=ben account=savings amount=1000" },
	{ payment, "ben|10|from=savings lunch",
	  "whom=ben account=savings amount=1000 memo=lunch" },
	{ payment, "ben|10|lunch from=savings",
	  "whom=ben account=savings amount=1000 memo=lunch" },
	{ payment, "ben|10|lunch from=savings id=" ID,
	  "whom=ben account=savings amount=1000 memo=lunch id" },
	{ payment, "ben|10|lunch id=" ID " from=savings",
	  "whom=ben account=savings amount=1000 memo=lunch id" },
	{ payment, "ben|10|greetings from=ann and all",
	  "whom=ben amount=1000 memo=greetings from=ann and all" },
	{ payment, "ben|10|from=a lunch from=b", BAD_FROM },
	{ payment, "ben|10|from=a from=b", BAD_FROM },
	{ payment, "ben|10|from=", BAD_FROM },
	{ payment, "ben|10|from= lunch", BAD_FROM },
	{ payment, "ben|10|from=" WORD_79 "i", TOO_LONG },
	{ payment, "ben|1|from=savings 000", IS_AMOUNT },

	{ transfer, "ann|savings|3", "account=ann second=savings amount=300" },
	{ transfer, "ann|savings|3|id=" ID,
	  "account=ann second=savings amount=300 id" },
	{ transfer, "ann|savings", USAGE },
	{ transfer, "ann|savings|id=" ID, USAGE },
	{ transfer, "ann|" WORD_79 "i|3", TOO_LONG },

	{ capture, "57", "reference=57" },
	{ capture, "#57|2.5", "amount=250 reference=57" },
	{ capture, "57|2.5|id=" ID, "amount=250 reference=57 id" },
	{ capture, "0", USAGE },
	{ capture, "-1", USAGE },
	{ capture, "57x", USAGE },
	{ capture, "99999999999999999999", USAGE },

	{ counted, "0", "amount=0" },
	{ counted, "0.00|till", "account=till amount=0" },
	{ counted, "12.34", "amount=1234" },

	{ reason, "ben|he owes us", "account=ben memo=he owes us reason" },
	{ reason, "ben|" MEMO_160 "x", LONG_MEMO },
	{ reason, "ben", USAGE },

	{ choice, "", "" },
	{ choice, "7", "reference=7" },
	{ choice, "7|id=" ID, "reference=7 id" },
	{ choice, "id=" ID, "!! bad-input Say which." },
	{ choice, "x", USAGE },
};

static int cut(char *line, char *argv[ARGS_MOST])
{
	char *at = line[0] != '\0' ? line : NULL;
	int argc = 0;

	while (at != NULL)
		argv[argc++] = strsep(&at, "|");
	return argc;
}

static void add_word(const char *name, const char *text, struct buf *out)
{
	if (text[0] != '\0')
		buf_print(out, " %s=%s", name, text);
}

static void print_deal(const struct deal *deal, bool has_amount,
		       struct buf *out)
{
	const struct order *order = &deal->order;

	add_word("whom", deal->whom, out);
	add_word("account", deal->account, out);
	add_word("second", deal->second, out);
	if (has_amount)
		buf_print(out, " amount=%lld", (long long)order->amount);
	if (order->reference != 0)
		buf_print(out, " reference=%llu",
			  (unsigned long long)order->reference);
	add_word("memo", order->memo, out);
	if (order->reason[0] != '\0' && strcmp(order->reason, order->memo) == 0)
		buf_add_text(out, " reason");
	if (!uuid_is_none(&order->id))
		buf_add_text(out, " id");
}

enum { NO_AMOUNT = -1 };

static struct deal *new_deal(void)
{
	struct deal *deal = mem_zero(sizeof(*deal));

	deal->giver = deal;
	deal->settings.currency = (struct currency){ "RIA", "R", 2 };
	deal->order.amount = NO_AMOUNT;
	return deal;
}

/* What was read, or the refusal: then the deal is gone. */
static void read_line(const struct line_case *c, struct buf *out)
{
	static const struct caller_ops ops = { .refuse = op_refuse };
	static const struct command command = {
		"try", 0, ARGS_MOST, 0, 0, NULL, "IT", "help"
	};
	struct realm realm = { .under_way = under_way_new() };
	struct desk desk = { .caller = { .ops = &ops } };
	struct call call = { .caller = &desk.caller,
			     .realm = &realm,
			     .command = &command };
	struct deal *deal = new_deal();
	char *line = mem_text(c->line);
	enum err e;

	call.argc = cut(line, call.argv);
	e = c->way(&call, &deal);
	if (e != ERR_OK) {
		assert_null(deal);
		buf_print(out, " %s", desk.refusal);
	} else {
		print_deal(deal, deal->order.amount != NO_AMOUNT, out);
		deal_free(&deal);
	}
	under_way_free(&realm.under_way);
	mem_free(line);
}

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO(buf_fini) struct buf out = { 0 };
		const char *text;

		read_line(&cases[i], &out);
		text = buf_text(&out);
		print_message("# %s\n", cases[i].line);
		assert_string_equal(text + (text[0] == ' '), cases[i].want);
	}
}

/* Whatever is no amount is refused in words that say what would be one. */
static void test_amounts(void **state)
{
	static const char *const bad[] = { "1,5",   "x",
					   "0",     "-1",
					   "1.234", "",
					   "1e3",   ".",
					   "+1",    "0.001",
					   "1 ",    "1R",
					   "0x1",   "99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		AUTO(buf_fini) struct buf out = { 0 };
		char line[64];
		struct line_case c = { payment, line, NULL };

		(void)snprintf(line, sizeof(line), "ben|%s|lunch", bad[i]);
		read_line(&c, &out);
		print_message("# %s\n", line);
		assert_memory_equal(buf_text(&out), " !! bad-amount ", 15);
		assert_true(buf_len(&out) > 15 + 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_amounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

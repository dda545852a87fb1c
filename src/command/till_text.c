#include "command/till_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bank/book.h"
#include "bank/sheet.h"
#include "base/clock.h"

static const char prefix[] = "cash:";

enum err till_find(const struct realm *realm, const char *name,
		   struct account *till_r, struct refusal *why)
{
	bool has_prefix = strncmp(name, prefix, strlen(prefix)) == 0;
	char whole[BOOK_NAME + sizeof(prefix)];
	enum err e;

	(void)snprintf(whole, sizeof(whole), "%s%s", has_prefix ? "" : prefix,
		       name);
	e = book_find(realm->store, ACCOUNT_HOUSE, 0, whole, till_r);
	return e != ERR_NO_SUCH_ACCOUNT
		       ? e
		       : refusal_give(why, e,
				      "There is no %s; /teller tills lists "
				      "them.",
				      whole);
}

enum err till_own(const struct realm *realm, user_id user,
		  struct account *till_r, struct refusal *why)
{
	enum err e = book_till_of(realm->store, user, till_r);

	return e != ERR_NOT_FOUND
		       ? e
		       : refusal_give(why, e,
				      "You have no till open: /teller open "
				      "TILL COUNTED opens one.");
}

enum err till_print(const struct bank_text *t, const struct account *till,
		    struct buf *out)
{
	char amount[MONEY_TEXT];
	char when[CLOCK_TEXT];
	struct entry opening;
	struct user user;
	enum err e;

	money_print_symbol(-till->posted, &t->currency, amount);
	buf_print(out, "%s %s", till->name, amount);
	bank_text_flags(till->flags, out);
	if (till->till_user == 0) {
		buf_add_text(out, ", not open\n");
		return ERR_OK;
	}
	e = book_entry(t->realm->store, till->till_opened, &opening);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_CORRUPT : e;
	e = users_get(t->realm->users, till->till_user, &user);
	clock_print(opening.time_ms, when);
	/* Who was removed is still known by the name in the entry. */
	buf_print(out, ", open by %s since %s\n",
		  e == ERR_OK ? user.name : opening.by, when);
	return e == ERR_NO_SUCH_USER ? ERR_OK : e;
}

void till_compare(const struct currency *currency, money over,
		  char words_r[TILL_WORDS])
{
	char amount[MONEY_TEXT];

	money_print_symbol(over < 0 ? -over : over, currency, amount);
	(void)snprintf(words_r, TILL_WORDS, "%s%s", over == 0 ? "" : amount,
		       over == 0  ? "as much as"
		       : over > 0 ? " more than"
				  : " less than");
}

static void print_money(const struct bank_text *t, const char *words,
			money amount, struct buf *out)
{
	char text[MONEY_TEXT];

	money_print_symbol(amount, &t->currency, text);
	buf_print(out, "%s%s", words, text);
}

static void print_count(const struct bank_text *t, const char *words,
			const struct sheet_count *count, struct buf *out)
{
	char when[CLOCK_TEXT];

	clock_print(count->time_ms, when);
	buf_print(out, "%s: %s by %s", words, when, count->by);
	print_money(t, ", counted: ", count->counted, out);
	print_money(t, ", difference: ", count->over, out);
	buf_print(out, " #%" PRIu64 "\n", count->seq);
}

static void print_sheet(const struct bank_text *t, const struct account *till,
			const struct sheet *sheet, struct buf *out)
{
	static const char *const lines[SHEET_LINES] = {
		[SHEET_DEPOSITS] = "deposits: ",
		[SHEET_WITHDRAWALS] = "withdrawals: ",
		[SHEET_MOVED_IN] = "moved in: ",
		[SHEET_MOVED_OUT] = "moved out: ",
		[SHEET_CORRECTED] = "corrections: ",
	};

	buf_print(out, "till: %s\n", till->name);
	if (sheet->opened.seq != 0)
		print_count(t, "opened", &sheet->opened, out);
	for (int i = 0; i < SHEET_LINES; i++) {
		print_money(t, lines[i], sheet->lines[i].sum, out);
		buf_print(out, " in %" PRIu64 "\n", sheet->lines[i].count);
	}
	print_money(t, "expected: ", sheet->expected, out);
	buf_add_char(out, '\n');
	if (sheet->closed.seq != 0)
		print_count(t, "closed", &sheet->closed, out);
	buf_print(out, "entries: %" PRIu64 "\n", sheet->entries);
}

struct filling {
	struct sheet sheet;
	unsigned read;
	bool is_whole;
};

static bool fill(const struct entry *entry, void *arg)
{
	struct filling *f = arg;

	f->is_whole = !sheet_add(&f->sheet, entry);
	return !f->is_whole && ++f->read < TILL_ENTRIES_MOST;
}

enum err till_print_sheet(const struct bank_text *t, const struct account *till,
			  uint64_t close, struct buf *out)
{
	struct filling f = { .read = 0 };
	enum err e;

	sheet_begin(&f.sheet, till);
	/* Somebody may have opened it again since then. */
	if (close != 0)
		f.sheet.is_open = false;
	e = book_statement(t->realm->store, till, close != 0 ? close + 1 : 0,
			   fill, &f);
	if (e != ERR_OK)
		return e;
	if (f.sheet.entries == 0) {
		buf_print(out, "%s has not been opened%s.\n", till->name,
			  f.read < TILL_ENTRIES_MOST ? "" : " lately");
		return ERR_OK;
	}
	print_sheet(t, till, &f.sheet, out);
	if (!f.is_whole)
		buf_print(out, "These are the newest %d entries only.\n",
			  TILL_ENTRIES_MOST);
	return ERR_OK;
}

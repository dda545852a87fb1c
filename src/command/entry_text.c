#include "command/entry_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "bank/memo.h"
#include "base/clock.h"
#include "base/mem.h"

const char *const entry_text_terms[TERMS] = {
	[TERM_FLOOR] = "floor",
	[TERM_CEILING] = "ceiling",
	[TERM_PER_TRANSFER] = "per_transfer",
	[TERM_PER_DAY] = "per_day",
	[TERM_RATE] = "rate",
	[TERM_NOTICE] = "notice",
};

static void add_money(const struct bank_text *t, money amount, struct buf *out)
{
	char text[MONEY_TEXT];

	money_print_symbol(amount, &t->currency, text);
	buf_add_text(out, text);
}

static void add_name(const struct bank_text *t, account_id id, struct buf *out)
{
	char name[BOOK_NAME];

	bank_text_name(t, id, name);
	buf_add_text(out, name);
}

static void add_user(const struct bank_text *t, user_id id, struct buf *out)
{
	struct user user;

	if (users_get(t->realm->users, id, &user) == ERR_OK)
		buf_add_text(out, user.name);
	else
		buf_print(out, "user:%" PRIu64, id);
}

void entry_text_term(const struct bank_text *t, enum account_term term,
		     int64_t value, struct buf *out)
{
	if (value == MONEY_NONE)
		buf_add_text(out, "none");
	else if (value == TERM_DEFAULT)
		buf_add_text(out, "default");
	else if (term == TERM_RATE)
		buf_print(out, "%" PRId64 ".%" PRId64 " %%", value / 10,
			  value % 10);
	else
		add_money(t, value, out);
}

static void add_change(const struct bank_text *t, const struct change *c,
		       struct buf *out)
{
	static const char *const whose[CHANGE_TAGS] = {
		[CHANGE_OWNER] = "of",
		[CHANGE_HOLDER_IN] = "holder in",
		[CHANGE_HOLDER_OUT] = "holder out",
		[CHANGE_TILL] = "till of",
	};

	if (c->tag <= CHANGE_NOTICE) {
		enum account_term term = (enum account_term)(c->tag - 1);

		buf_print(out, ", %s=", entry_text_terms[term]);
		entry_text_term(t, term, c->value, out);
	} else if (c->tag == CHANGE_FLAGS) {
		bank_text_flags((unsigned)c->value, out);
		if (c->value == 0)
			buf_add_text(out, ", nothing is frozen");
	} else if (c->tag == CHANGE_TILL && c->value == 0) {
		buf_add_text(out, ", till closed");
	} else if (whose[c->tag] != NULL) {
		buf_print(out, ", %s ", whose[c->tag]);
		add_user(t, (user_id)c->value, out);
	}
}

static void add_legs(const struct bank_text *t, const struct entry *entry,
		     struct buf *out)
{
	char from[BOOK_NAME];
	char to[BOOK_NAME];

	for (unsigned i = 0; i < entry->leg_count; i++) {
		const struct leg *leg = &entry->legs[i];

		bank_text_sides(t, leg->debit, leg->credit, from, to);
		buf_add_text(out, i == 0 ? " " : ", ");
		add_money(t, leg->amount, out);
		buf_print(out, " %s to %s", from, to);
	}
}

/* What there is instead of legs, or beside them. */
static void add_act(const struct bank_text *t, const struct entry *entry,
		    struct buf *out)
{
	if (entry->leg_count == 0 && entry->amount != 0) {
		buf_add_char(out, ' ');
		add_money(t, entry->amount, out);
	}
	if (entry->leg_count == 0 && entry->subject != 0) {
		buf_add_char(out, ' ');
		add_name(t, entry->subject, out);
	}
	if (entry->leg_count == 0 && entry->other != 0) {
		buf_add_text(out, " for ");
		add_name(t, entry->other, out);
	}
	if (entry->kind == ENTRY_OPEN)
		return; /* the name says it */
	for (unsigned i = 0; i < entry->change_count; i++)
		add_change(t, &entry->changes[i], out);
}

void entry_text_line(const struct bank_text *t, const struct entry *entry,
		     struct buf *out)
{
	char words[MEMO_SHOWN];
	char when[CLOCK_TEXT];

	clock_print(entry->time_ms, when);
	buf_print(out, "%s %s", when, entry_kind_word(entry->kind));
	add_legs(t, entry, out);
	add_act(t, entry, out);
	if (entry->reference != 0)
		buf_print(out, " (#%" PRIu64 ")", entry->reference);
	buf_print(out, ", by %s",
		  entry->by[0] != '\0' ? entry->by : "the bank");
	memo_words(entry->memo, words);
	if (words[0] != '\0')
		buf_print(out, ":%s", words);
	buf_print(out, ". #%" PRIu64 "\n", entry->seq);
}

static void add_posting(const struct bank_text *t,
			const struct posting *posting, struct buf *out)
{
	buf_add_text(out, "left ");
	add_name(t, posting->account, out);
	buf_add_text(out, " with ");
	add_money(t, posting->posted, out);
	if (posting->held != 0) {
		buf_add_text(out, ", held ");
		add_money(t, posting->held, out);
	}
	if (posting->previous != 0)
		buf_print(out, "; its entry before is #%" PRIu64,
			  posting->previous);
	buf_add_char(out, '\n');
}

void entry_text_all(const struct bank_text *t, const struct entry *entry,
		    struct buf *out)
{
	char hash[DIGEST_TEXT];
	char when[CLOCK_TEXT];
	char id[UUID_TEXT];

	entry_text_line(t, entry, out);
	for (unsigned i = 0; i < entry->posting_count; i++)
		add_posting(t, &entry->postings[i], out);
	if (entry->due_ms != 0) {
		clock_print(entry->due_ms, when);
		buf_print(out, "ends: %s\n", when);
	}
	if (entry->request != 0)
		buf_print(out, "pays request: #%" PRIu64 "\n", entry->request);
	if (!uuid_is_none(&entry->id)) {
		uuid_print(&entry->id, id);
		buf_print(out, "id: %s\n", id);
	}
	digest_print(entry->hash, hash);
	buf_print(out, "hash: %s\n", hash);
}

#include <inttypes.h>
#include <string.h>

#include "bank/exchange/export.h"
#include "crypto/uuid.h"

static const char header[] =
	"entry,leg,time,date,kind,by,debit,debit_number,credit,credit_number,"
	"amount,debit_balance,credit_balance,memo,reference,request,id,"
	"subject,subject_number,other,other_number,value,due,name,changes\r\n";

/* RFC 4180: in quotes where it must be, and no formula. */
static void put_text(const char *text, struct buf *out)
{
	bool is_formula = text[0] != '\0' && strchr("=+-@'\t", text[0]) != NULL;

	buf_add_char(out, ',');
	if (!is_formula && strpbrk(text, "\",\r\n") == NULL) {
		buf_add_text(out, text);
		return;
	}
	buf_add_char(out, '"');
	if (is_formula)
		buf_add_char(out, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_add_char(out, '"');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static void put_number(uint64_t number, struct buf *out)
{
	buf_add_char(out, ',');
	if (number != 0)
		buf_print(out, "%" PRIu64, number);
}

static void put_money(const struct bank_export *x, money amount,
		      struct buf *out)
{
	char text[MONEY_TEXT];

	money_print(amount, &x->currency, text);
	buf_print(out, ",%s", text);
}

static void put_account(const struct bank_export *x, account_id id,
			struct buf *out)
{
	struct bank_export_name name = { .text = "" };

	if (id != 0)
		x->name(x->arg, id, &name);
	put_text(name.text, out);
	put_number(id, out);
}

static void put_balance(const struct bank_export *x, const struct entry *entry,
			account_id id, struct buf *out)
{
	const struct posting *posting = entry_posting(entry, id);

	if (posting != NULL)
		put_money(x, posting->posted, out);
	else
		buf_add_char(out, ',');
}

static void put_leg(const struct bank_export *x, const struct entry *entry,
		    const struct leg *leg, struct buf *out)
{
	put_account(x, leg->debit, out);
	put_account(x, leg->credit, out);
	put_money(x, leg->amount, out);
	put_balance(x, entry, leg->debit, out);
	put_balance(x, entry, leg->credit, out);
}

static void put_id(const struct entry *entry, struct buf *out)
{
	char text[UUID_TEXT] = "";

	if (!uuid_is_none(&entry->id))
		uuid_print(&entry->id, text);
	put_text(text, out);
}

static void put_due(const struct entry *entry, struct buf *out)
{
	char text[EXPORT_TIME] = "";

	if (entry->due_ms != 0)
		export_print_time(entry->due_ms, text);
	put_text(text, out);
}

static void put_changes(const struct bank_export *x, const struct entry *entry,
			struct buf *out)
{
	AUTO(buf_fini) struct buf all = { 0 };
	char text[MONEY_TEXT];

	for (unsigned i = 0; i < entry->change_count; i++) {
		const struct change *c = &entry->changes[i];

		export_print_change(x, c, text);
		buf_print(&all, "%s%s=%s", i > 0 ? " " : "",
			  export_change_word(c->tag), text);
	}
	put_text(buf_text(&all), out);
}

static void put_rest(const struct bank_export *x, const struct entry *entry,
		     struct buf *out)
{
	put_text(entry->memo, out);
	put_number(entry->reference, out);
	put_number(entry->request, out);
	put_id(entry, out);
	put_account(x, entry->subject, out);
	put_account(x, entry->other, out);
	if (entry->amount != 0)
		put_money(x, entry->amount, out);
	else
		buf_add_char(out, ',');
	put_due(entry, out);
	put_text(entry->name, out);
	put_changes(x, entry, out);
	buf_add_text(out, "\r\n");
}

static void put_row(const struct bank_export *x, const struct entry *entry,
		    unsigned leg, struct buf *out)
{
	char time[EXPORT_TIME];
	char date[EXPORT_TIME];

	export_print_time(entry->time_ms, time);
	export_print_date(entry->date, date);
	buf_print(out, "%" PRIu64 ",%u,%s,%s,%s", entry->seq, leg, time, date,
		  entry_kind_word(entry->kind));
	put_text(entry->by, out);
	if (leg > 0)
		put_leg(x, entry, &entry->legs[leg - 1], out);
	else
		buf_add_text(out, ",,,,,,,");
	put_rest(x, entry, out);
}

static void begin(const struct bank_export *x, struct buf *out)
{
	(void)x;
	buf_add_text(out, header);
}

static void put_entry(const struct bank_export *x, const struct entry *entry,
		      struct buf *out)
{
	for (unsigned leg = 1; leg <= entry->leg_count; leg++)
		put_row(x, entry, leg, out);
	if (entry->leg_count == 0)
		put_row(x, entry, 0, out);
}

const struct bank_export_format export_csv = { "csv", begin, put_entry };

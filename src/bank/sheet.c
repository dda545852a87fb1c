#include "bank/sheet.h"

#include <stdio.h>
#include <string.h>

void sheet_begin(struct sheet *sheet, const struct account *till)
{
	memset(sheet, 0, sizeof(*sheet));
	sheet->till = till->id;
	sheet->is_open = till->till_user != 0;
	sheet->expected = -till->posted;
}

static void take_count(struct sheet_count *count, const struct entry *entry,
		       money cash)
{
	count->seq = entry->seq;
	count->time_ms = entry->time_ms;
	(void)snprintf(count->by, sizeof(count->by), "%s", entry->by);
	count->counted = entry->amount;
	count->over = cash;
}

static enum sheet_line line_of(const struct entry *entry, money cash)
{
	switch (entry->kind) {
	case ENTRY_DEPOSIT:
		return SHEET_DEPOSITS;
	case ENTRY_WITHDRAW:
		return SHEET_WITHDRAWALS;
	case ENTRY_ADJUST:
		return cash > 0 ? SHEET_MOVED_IN : SHEET_MOVED_OUT;
	default:
		return SHEET_CORRECTED;
	}
}

static void add_line(struct sheet *sheet, const struct entry *entry, money cash)
{
	enum sheet_line line = line_of(entry, cash);
	bool is_out = line == SHEET_WITHDRAWALS || line == SHEET_MOVED_OUT;

	money *sum = &sheet->lines[line].sum;

	sheet->lines[line].count++;
	/* What went through may be more than a balance may be. */
	if (!money_add(*sum, is_out ? -cash : cash, sum))
		*sum = MONEY_MOST;
}

/* The opening or the closing; false for any other entry. */
static bool is_count(const struct sheet *sheet, const struct entry *entry,
		     bool *opens_r)
{
	const struct change *change = entry_change(entry, CHANGE_TILL);

	*opens_r = change != NULL && change->value != 0;
	return entry->kind == ENTRY_TILL && entry->subject == sheet->till &&
	       change != NULL;
}

bool sheet_add(struct sheet *sheet, const struct entry *entry)
{
	money cash = -entry_net(entry, sheet->till);
	bool is_within = sheet->is_open || sheet->closed.seq != 0;
	bool opens;

	if (!is_count(sheet, entry, &opens)) {
		if (is_within) {
			add_line(sheet, entry, cash);
			sheet->entries++;
		}
		return true;
	}
	sheet->entries++;
	if (opens) {
		take_count(&sheet->opened, entry, cash);
		return false;
	}
	take_count(&sheet->closed, entry, cash);
	sheet->expected = sheet->closed.counted - cash;
	return true;
}

#include "bank/exchange/export.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

enum { MS = 1000, MONTHS = 10000, DAYS = 100 };

const struct bank_export_format *export_find(const char *word)
{
	static const struct bank_export_format *const all[] = {
		&export_csv, &export_json, &export_ledger
	};

	for (size_t i = 0; i < COUNT(all); i++)
		if (strcmp(all[i]->word, word) == 0)
			return all[i];
	return NULL;
}

void export_print_time(int64_t time_ms, char text_r[EXPORT_TIME])
{
	time_t seconds = (time_t)(time_ms / MS);
	struct tm tm;
	size_t len;

	gmtime_r(&seconds, &tm);
	len = strftime(text_r, EXPORT_TIME, "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(text_r + len, EXPORT_TIME - len, ".%03dZ",
		       (int)(time_ms % MS));
}

void export_print_date(uint32_t date, char text_r[EXPORT_TIME])
{
	(void)snprintf(text_r, EXPORT_TIME, "%04u-%02u-%02u", date / MONTHS,
		       date / DAYS % DAYS, date % DAYS);
}

const char *export_change_word(enum change_tag tag)
{
	static const char *const words[CHANGE_TAGS] = {
		[CHANGE_FLOOR] = "floor",
		[CHANGE_CEILING] = "ceiling",
		[CHANGE_PER_TRANSFER] = "per_transfer",
		[CHANGE_PER_DAY] = "per_day",
		[CHANGE_RATE] = "rate",
		[CHANGE_NOTICE] = "notice",
		[CHANGE_KIND] = "kind",
		[CHANGE_OWNER] = "owner",
		[CHANGE_HOLDER_IN] = "holder_in",
		[CHANGE_HOLDER_OUT] = "holder_out",
		[CHANGE_FLAGS] = "flags",
		[CHANGE_SCALE] = "scale",
		[CHANGE_TILL] = "till",
	};
	const char *word = tag > 0 && tag < CHANGE_TAGS ? words[tag] : NULL;

	return word != NULL ? word : "other";
}

void export_print_change(const struct bank_export *x,
			 const struct change *change, char text_r[MONEY_TEXT])
{
	bool is_term = change->tag <= CHANGE_NOTICE;

	if (is_term && change->value == MONEY_NONE)
		(void)snprintf(text_r, MONEY_TEXT, "none");
	else if (is_term && change->value == TERM_DEFAULT)
		(void)snprintf(text_r, MONEY_TEXT, "default");
	else if (is_term && change->tag != CHANGE_RATE)
		money_print(change->value, &x->currency, text_r);
	else
		(void)snprintf(text_r, MONEY_TEXT, "%" PRId64, change->value);
}

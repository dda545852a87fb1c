/*
 * Any text as an amount, a fee, an id and a month, in a currency that its first
 * byte chooses: what is understood is within bounds and reads the same once it
 * was printed; what is not leaves everything as it was, and is explained in
 * words that may be shown.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "bank/judge/fee.h"
#include "bank/money.h"
#include "bank/schedule/calendar.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/uuid.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_amount(const char *text, const struct currency *currency)
{
	char printed[MONEY_TEXT];
	char words[MONEY_WORDS];
	money with_sign = MONEY_NONE;
	money amount = MONEY_NONE;
	money again;

	money_explain(text, currency, words);
	assert(words[strlen(words) - 1] == '.');
	assert(text_flaw(words, strlen(words)) == NULL);
	if (money_parse_signed(text, currency, &with_sign)) {
		assert(with_sign >= -MONEY_MOST && with_sign <= MONEY_MOST);
		money_print(with_sign, currency, printed);
		assert(money_parse_signed(printed, currency, &again));
		assert(again == with_sign);
	} else {
		assert(with_sign == MONEY_NONE);
	}
	if (money_parse(text, currency, &amount))
		assert(amount == with_sign && amount > 0);
	else
		assert(amount == MONEY_NONE);
}

static void check_fee(const char *text, const struct currency *currency)
{
	struct fee fee;

	if (!fee_parse(text, currency, &fee))
		return;
	assert(fee.fixed == 0 || fee.per_10000 == 0);
	assert(fee_of(&fee, 1) >= 0);
	assert(fee_of(&fee, MONEY_MOST) >= 0);
	assert(fee_of(&fee, MONEY_MOST) <= MONEY_MOST);
}

static void check_id(const char *text)
{
	char printed[UUID_TEXT];
	struct uuid uuid;
	struct uuid again;

	if (!uuid_parse(text, &uuid))
		return;
	assert(!uuid_is_none(&uuid));
	uuid_print(&uuid, printed);
	assert(name_compare(text, printed) == 0);
	assert(uuid_parse(printed, &again) && uuid_equal(&uuid, &again));
}

static void check_month(const char *text)
{
	char printed[MONTH_TEXT];
	int month;

	if (!calendar_parse_month(text, &month))
		return;
	calendar_print_month(month, printed);
	assert(strcmp(text, printed) == 0);
	assert(calendar_month(calendar_month_begin(month)) == month);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct currency currency = { "RIA", "R", 2 };
	char *text;

	if (len == 0)
		return 0;
	currency.scale = bytes[0] % (CURRENCY_SCALE_MOST + 1);
	text = mem_alloc(len);
	memcpy(text, bytes + 1, len - 1);
	text[len - 1] = '\0';
	check_amount(text, &currency);
	check_fee(text, &currency);
	check_id(text);
	check_month(text);
	mem_free(text);
	return 0;
}

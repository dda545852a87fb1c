#include "bank/order.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "crypto/digest.h"
#include "store/record.h"

enum { QUESTION_VERSION = 1, WORDING_VERSION = 1, NAME_WRITTEN = 128 };

void order_digest(const struct order *order, uint8_t digest_r[DIGEST_BYTES])
{
	AUTO(buf_fini) struct buf b = { 0 };

	record_begin(&b, QUESTION_VERSION);
	record_put_u8(&b, (uint8_t)order->kind);
	record_put_u64(&b, order->from);
	record_put_u64(&b, order->to);
	record_put_i64(&b, order->amount);
	record_put_u64(&b, order->reference);
	/* Not when it ends: who asks again counts that from a later moment. */
	record_put_text(&b, order->name);
	record_put_text(&b, order->memo);
	for (unsigned i = 0; i < order->change_count; i++) {
		record_put_u8(&b, (uint8_t)order->changes[i].tag);
		record_put_i64(&b, order->changes[i].value);
	}
	digest_make(buf_at(&b), buf_len(&b), NULL, 0, digest_r);
}

/* Names are the same in upper and lower case. */
static void put_name(struct buf *b, const char *name)
{
	char lower[NAME_WRITTEN];
	size_t len = 0;

	for (; name[len] != '\0'; len++) {
		char c = name[len];

		assert(len + 1 < sizeof(lower));
		lower[len] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	lower[len] = '\0';
	record_put_text(b, lower);
}

void order_note_wording(struct order *order, const char *account,
			const char *whom, const char *cash)
{
	AUTO(buf_fini) struct buf b = { 0 };
	uint8_t digest[DIGEST_BYTES];

	record_begin(&b, WORDING_VERSION);
	record_put_u8(&b, (uint8_t)order->kind);
	record_put_i64(&b, order->amount);
	record_put_u64(&b, order->reference);
	record_put_text(&b, order->memo);
	put_name(&b, account);
	put_name(&b, whom);
	put_name(&b, cash);
	digest_make(buf_at(&b), buf_len(&b), NULL, 0, digest);
	memcpy(order->wording, digest, sizeof(order->wording));
}

void order_add_change(struct order *order, enum change_tag tag, int64_t value)
{
	assert(order->change_count < CHANGES_MOST);
	order->changes[order->change_count++] = (struct change){ tag, value };
}

enum err order_refuse(struct order *order, enum err result, const char *format,
		      ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(order->words, sizeof(order->words), format, args);
	va_end(args);
	order->result = result;
	return result;
}

money order_left(const struct order *order, account_id account)
{
	const struct posting *posting = entry_posting(&order->entry, account);

	return posting == NULL ? MONEY_NONE
			       : order->left[posting - order->entry.postings];
}

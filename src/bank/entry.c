#include "bank/entry.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "store/record.h"

enum { ENTRY_VERSION = 1 };

static const char *const words[ENTRY_KINDS] = {
	[ENTRY_CURRENCY] = "currency", [ENTRY_RULES] = "rules",
	[ENTRY_OPEN] = "open",         [ENTRY_TERMS] = "terms",
	[ENTRY_FREEZE] = "freeze",     [ENTRY_CLOSE] = "close",
	[ENTRY_HOLDERS] = "holders",   [ENTRY_TILL] = "till",
	[ENTRY_DEPOSIT] = "deposit",   [ENTRY_WITHDRAW] = "withdraw",
	[ENTRY_PAY] = "pay",           [ENTRY_TRANSFER] = "transfer",
	[ENTRY_HOLD] = "hold",         [ENTRY_CAPTURE] = "capture",
	[ENTRY_RELEASE] = "release",   [ENTRY_EXPIRE] = "expire",
	[ENTRY_REVERSE] = "reverse",   [ENTRY_INTEREST] = "interest",
	[ENTRY_OPENING] = "opening",   [ENTRY_ADJUST] = "adjust",
};

const char *entry_kind_word(enum entry_kind kind)
{
	assert(kind > 0 && kind < ENTRY_KINDS);
	return words[kind];
}

static void put_lists(const struct entry *entry, struct buf *out)
{
	record_put_u8(out, (uint8_t)entry->leg_count);
	for (unsigned i = 0; i < entry->leg_count; i++) {
		record_put_u64(out, entry->legs[i].debit);
		record_put_u64(out, entry->legs[i].credit);
		record_put_i64(out, entry->legs[i].amount);
	}
	record_put_u8(out, (uint8_t)entry->posting_count);
	for (unsigned i = 0; i < entry->posting_count; i++) {
		record_put_u64(out, entry->postings[i].account);
		record_put_i64(out, entry->postings[i].posted);
		record_put_i64(out, entry->postings[i].held);
		record_put_u64(out, entry->postings[i].previous);
	}
	record_put_u8(out, (uint8_t)entry->change_count);
	for (unsigned i = 0; i < entry->change_count; i++) {
		record_put_u8(out, (uint8_t)entry->changes[i].tag);
		record_put_i64(out, entry->changes[i].value);
	}
}

void entry_encode(struct entry *entry, const uint8_t before[DIGEST_BYTES],
		  struct buf *out)
{
	record_begin(out, ENTRY_VERSION);
	record_put_u64(out, entry->seq);
	record_put_i64(out, entry->time_ms);
	record_put_u32(out, entry->date);
	record_put_u8(out, (uint8_t)entry->kind);
	record_put_u64(out, entry->actor);
	record_put_text(out, entry->by);
	buf_add(out, entry->id.bytes, sizeof(entry->id.bytes));
	record_put_u64(out, entry->reference);
	record_put_u64(out, entry->request);
	record_put_u64(out, entry->subject);
	record_put_u64(out, entry->other);
	record_put_i64(out, entry->amount);
	record_put_i64(out, entry->due_ms);
	record_put_text(out, entry->name);
	record_put_text(out, entry->memo);
	put_lists(entry, out);
	digest_make(before, DIGEST_BYTES, buf_at(out), buf_len(out),
		    entry->hash);
	buf_add(out, entry->hash, DIGEST_BYTES);
}

static bool is_money(money amount)
{
	return amount >= -MONEY_MOST && amount <= MONEY_MOST;
}

static bool get_legs(struct record_reader *r, struct entry *entry)
{
	entry->leg_count = record_get_u8(r);
	if (entry->leg_count > LEGS_MOST)
		return false;
	for (unsigned i = 0; i < entry->leg_count; i++) {
		struct leg *leg = &entry->legs[i];

		leg->debit = record_get_u64(r);
		leg->credit = record_get_u64(r);
		leg->amount = record_get_i64(r);
		if (leg->amount <= 0 || leg->amount > MONEY_MOST ||
		    leg->debit == 0 || leg->credit == 0)
			return false;
	}
	return true;
}

static bool get_postings(struct record_reader *r, struct entry *entry)
{
	entry->posting_count = record_get_u8(r);
	if (entry->posting_count > POSTINGS_MOST)
		return false;
	for (unsigned i = 0; i < entry->posting_count; i++) {
		struct posting *posting = &entry->postings[i];

		posting->account = record_get_u64(r);
		posting->posted = record_get_i64(r);
		posting->held = record_get_i64(r);
		posting->previous = record_get_u64(r);
		if (posting->account == 0 || !is_money(posting->posted) ||
		    posting->held < 0 || !is_money(posting->held) ||
		    posting->previous >= entry->seq)
			return false;
	}
	return true;
}

static bool get_changes(struct record_reader *r, struct entry *entry)
{
	entry->change_count = record_get_u8(r);
	if (entry->change_count > CHANGES_MOST)
		return false;
	for (unsigned i = 0; i < entry->change_count; i++) {
		unsigned tag = record_get_u8(r);

		if (tag == 0 || tag >= CHANGE_TAGS)
			return false;
		entry->changes[i].tag = (enum change_tag)tag;
		entry->changes[i].value = record_get_i64(r);
	}
	return true;
}

static void get_id(struct record_reader *r, struct uuid *id)
{
	for (size_t i = 0; i < sizeof(id->bytes); i++)
		id->bytes[i] = record_get_u8(r);
}

static bool get_head(struct record_reader *r, struct entry *entry)
{
	unsigned kind;

	entry->seq = record_get_u64(r);
	entry->time_ms = record_get_i64(r);
	entry->date = record_get_u32(r);
	kind = record_get_u8(r);
	if (kind == 0 || kind >= ENTRY_KINDS || entry->seq == 0)
		return false;
	entry->kind = (enum entry_kind)kind;
	entry->actor = record_get_u64(r);
	record_get_text(r, entry->by, sizeof(entry->by));
	get_id(r, &entry->id);
	entry->reference = record_get_u64(r);
	entry->request = record_get_u64(r);
	entry->subject = record_get_u64(r);
	entry->other = record_get_u64(r);
	entry->amount = record_get_i64(r);
	entry->due_ms = record_get_i64(r);
	record_get_text(r, entry->name, sizeof(entry->name));
	record_get_text(r, entry->memo, sizeof(entry->memo));
	return is_money(entry->amount);
}

bool entry_decode(const void *bytes, size_t len, struct entry *entry_r)
{
	struct entry entry = { 0 };
	struct record_reader r;

	if (len <= DIGEST_BYTES)
		return false;
	len -= DIGEST_BYTES;
	record_open(&r, bytes, len);
	if (r.version != ENTRY_VERSION || !get_head(&r, &entry) ||
	    !get_legs(&r, &entry) || !get_postings(&r, &entry) ||
	    !get_changes(&r, &entry) || !record_close(&r))
		return false;
	memcpy(entry.hash, (const uint8_t *)bytes + len, DIGEST_BYTES);
	*entry_r = entry;
	return true;
}

bool entry_follows(const void *bytes, size_t len,
		   const uint8_t before[DIGEST_BYTES])
{
	uint8_t hash[DIGEST_BYTES];

	if (len <= DIGEST_BYTES)
		return false;
	len -= DIGEST_BYTES;
	digest_make(before, DIGEST_BYTES, bytes, len, hash);
	return memcmp(hash, (const uint8_t *)bytes + len, sizeof(hash)) == 0;
}

const struct posting *entry_posting(const struct entry *entry,
				    account_id account)
{
	for (unsigned i = 0; i < entry->posting_count; i++)
		if (entry->postings[i].account == account)
			return &entry->postings[i];
	return NULL;
}

bool entry_touch(struct entry *entry, account_id account)
{
	assert(account != 0);
	if (entry_posting(entry, account) != NULL)
		return true;
	if (entry->posting_count == POSTINGS_MOST)
		return false;
	entry->postings[entry->posting_count++].account = account;
	return true;
}

bool entry_add_leg(struct entry *entry, account_id debit, account_id credit,
		   money amount)
{
	assert(debit != credit);
	if (amount <= 0 || amount > MONEY_MOST || entry->leg_count == LEGS_MOST)
		return false;
	entry->legs[entry->leg_count++] = (struct leg){ debit, credit, amount };
	return entry_touch(entry, debit) && entry_touch(entry, credit);
}

void entry_add_change(struct entry *entry, enum change_tag tag, int64_t value)
{
	assert(entry->change_count < CHANGES_MOST);
	entry->changes[entry->change_count++] = (struct change){ tag, value };
}

const struct change *entry_change(const struct entry *entry,
				  enum change_tag tag)
{
	for (unsigned i = 0; i < entry->change_count; i++)
		if (entry->changes[i].tag == tag)
			return &entry->changes[i];
	return NULL;
}

money entry_net(const struct entry *entry, account_id account)
{
	money net = 0;

	/* At most LEGS_MOST times MONEY_MOST: no overflow. */
	for (unsigned i = 0; i < entry->leg_count; i++) {
		const struct leg *leg = &entry->legs[i];

		if (leg->credit == account)
			net += leg->amount;
		if (leg->debit == account)
			net -= leg->amount;
	}
	return net;
}

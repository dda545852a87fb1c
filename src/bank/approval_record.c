/* The stored form of what waits for a second person. */
#include "bank/approval.h"

#include <string.h>

#include "store/record.h"

/* Before version 2 there was no wording. */
enum { APPROVAL_VERSION = 2 };

static void encode_order(const struct order *o, struct buf *out)
{
	record_put_u8(out, (uint8_t)o->kind);
	record_put_u8(out, (uint8_t)o->by.authority);
	record_put_u64(out, o->by.user);
	record_put_text(out, o->by.name);
	record_put_text(out, o->by.address);
	record_put_u64(out, o->by.session);
	buf_add(out, o->id.bytes, UUID_BYTES);
	record_put_u64(out, o->from);
	record_put_u64(out, o->to);
	record_put_i64(out, o->amount);
	record_put_u64(out, o->reference);
	record_put_i64(out, o->due_ms);
	record_put_text(out, o->name);
	record_put_text(out, o->memo);
	record_put_text(out, o->target);
	record_put_text(out, o->reason);
	record_put_u8(out, (uint8_t)o->change_count);
	for (unsigned i = 0; i < o->change_count; i++) {
		record_put_u8(out, (uint8_t)o->changes[i].tag);
		record_put_i64(out, o->changes[i].value);
	}
}

void approval_encode(const struct approval *approval, struct buf *out)
{
	record_begin(out, APPROVAL_VERSION);
	record_put_u64(out, approval->number);
	record_put_i64(out, approval->made_ms);
	record_put_i64(out, approval->due_ms);
	encode_order(&approval->order, out);
	buf_add(out, approval->order.wording, ORDER_WORDING);
}

static bool decode_changes(struct record_reader *r, struct order *o)
{
	o->change_count = record_get_u8(r);
	if (o->change_count > CHANGES_MOST)
		return false;
	for (unsigned i = 0; i < o->change_count; i++) {
		unsigned tag = record_get_u8(r);

		if (tag < CHANGE_FLOOR || tag >= CHANGE_TAGS)
			return false;
		o->changes[i].tag = (enum change_tag)tag;
		o->changes[i].value = record_get_i64(r);
	}
	return true;
}

static bool decode_order(struct record_reader *r, struct order *o)
{
	unsigned kind = record_get_u8(r);
	unsigned authority = record_get_u8(r);

	if (kind < ORDER_OPEN || kind >= ORDER_KINDS ||
	    authority > AUTHORITY_BANK)
		return false;
	o->kind = (enum order_kind)kind;
	o->by.authority = (enum authority)authority;
	o->by.user = record_get_u64(r);
	record_get_text(r, o->by.name, sizeof(o->by.name));
	record_get_text(r, o->by.address, sizeof(o->by.address));
	o->by.session = record_get_u64(r);
	for (size_t i = 0; i < UUID_BYTES; i++)
		o->id.bytes[i] = record_get_u8(r);
	o->from = record_get_u64(r);
	o->to = record_get_u64(r);
	o->amount = record_get_i64(r);
	o->reference = record_get_u64(r);
	o->due_ms = record_get_i64(r);
	record_get_text(r, o->name, sizeof(o->name));
	record_get_text(r, o->memo, sizeof(o->memo));
	record_get_text(r, o->target, sizeof(o->target));
	record_get_text(r, o->reason, sizeof(o->reason));
	return decode_changes(r, o);
}

bool approval_decode(const void *bytes, size_t len, struct approval *approval_r)
{
	struct approval approval;
	struct record_reader r;

	memset(&approval, 0, sizeof(approval));
	record_open(&r, bytes, len);
	approval.number = record_get_u64(&r);
	approval.made_ms = record_get_i64(&r);
	approval.due_ms = record_get_i64(&r);
	if (!decode_order(&r, &approval.order))
		return false;
	for (size_t i = 0; r.version > 1 && i < ORDER_WORDING; i++)
		approval.order.wording[i] = record_get_u8(&r);
	if (!record_close(&r) || r.version == 0 || r.version > APPROVAL_VERSION)
		return false;
	*approval_r = approval;
	return true;
}

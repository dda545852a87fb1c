#include "audit/entry.h"

#include <string.h>

#include "store/record.h"

enum { RECORD_VERSION = 1 };

void audit_text(char *field_r, size_t size, const char *text)
{
	size_t len = text == NULL ? 0 : strnlen(text, size - 1);

	/* Not within a character: its later bytes are 10xxxxxx. */
	while (len > 0 && text[len] != '\0' &&
	       ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	if (len > 0)
		memcpy(field_r, text, len);
	memset(field_r + len, 0, size - len);
}

void audit_record_encode(const struct audit_record *record,
			 const uint8_t before[DIGEST_BYTES], struct buf *out)
{
	const struct audit_entry *entry = &record->entry;
	uint8_t hash[DIGEST_BYTES];

	record_begin(out, RECORD_VERSION);
	record_put_u64(out, record->sequence);
	record_put_i64(out, record->time_ms);
	record_put_text(out, entry->action);
	record_put_text(out, entry->actor);
	record_put_u64(out, entry->user);
	record_put_u64(out, entry->session);
	record_put_text(out, entry->address);
	record_put_text(out, entry->room);
	record_put_text(out, entry->target);
	record_put_text(out, entry->outcome);
	record_put_text(out, entry->detail);
	digest_make(before, DIGEST_BYTES, buf_at(out), buf_len(out), hash);
	buf_add(out, hash, sizeof(hash));
}

bool audit_record_decode(const void *bytes, size_t len,
			 struct audit_record *record_r)
{
	struct audit_entry *entry = &record_r->entry;
	struct record_reader r;

	memset(record_r, 0, sizeof(*record_r));
	if (len < DIGEST_BYTES)
		return false;
	record_open(&r, bytes, len - DIGEST_BYTES);
	record_r->sequence = record_get_u64(&r);
	record_r->time_ms = record_get_i64(&r);
	record_get_text(&r, entry->action, sizeof(entry->action));
	record_get_text(&r, entry->actor, sizeof(entry->actor));
	entry->user = record_get_u64(&r);
	entry->session = record_get_u64(&r);
	record_get_text(&r, entry->address, sizeof(entry->address));
	record_get_text(&r, entry->room, sizeof(entry->room));
	record_get_text(&r, entry->target, sizeof(entry->target));
	record_get_text(&r, entry->outcome, sizeof(entry->outcome));
	record_get_text(&r, entry->detail, sizeof(entry->detail));
	memcpy(record_r->hash, (const uint8_t *)bytes + len - DIGEST_BYTES,
	       DIGEST_BYTES);
	return record_close(&r) && r.version == RECORD_VERSION;
}

bool audit_record_follows(const void *bytes, size_t len,
			  const uint8_t before[DIGEST_BYTES])
{
	uint8_t hash[DIGEST_BYTES];

	if (len < DIGEST_BYTES)
		return false;
	digest_make(before, DIGEST_BYTES, bytes, len - DIGEST_BYTES, hash);
	return memcmp(hash, (const uint8_t *)bytes + len - DIGEST_BYTES,
		      DIGEST_BYTES) == 0;
}

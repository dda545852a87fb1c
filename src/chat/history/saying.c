#include "chat/history/saying.h"

#include <string.h>

#include "base/mem.h"
#include "store/record.h"

enum { SAYING_VERSION = 1 };

void saying_of(const struct message *m, struct saying *saying_r)
{
	saying_r->id = m->id;
	saying_r->time_ms = m->time_ms;
	saying_r->kind = m->kind;
	saying_r->user = m->user;
	memcpy(saying_r->from, m->from, sizeof(saying_r->from));
	saying_r->text = m->text;
	saying_r->text_len = strlen(m->text);
}

struct message *saying_message(const struct saying *saying, struct room *room)
{
	char *text = mem_alloc(saying->text_len + 1);
	struct message *m;

	memcpy(text, saying->text, saying->text_len);
	text[saying->text_len] = '\0';
	m = message_new(saying->kind, room, NULL, saying->from, text);
	m->id = saying->id;
	m->time_ms = saying->time_ms;
	m->user = saying->user;
	mem_free(text);
	return m;
}

size_t saying_bytes(const struct saying *saying)
{
	enum { FIXED = 1 + 1 + 8 + 8 + 2 + 2 };

	return FIXED + strlen(saying->from) + saying->text_len;
}

void saying_encode(const struct saying *saying, struct buf *out)
{
	record_begin(out, SAYING_VERSION);
	record_put_u8(out, (uint8_t)saying->kind);
	record_put_i64(out, saying->time_ms);
	record_put_u64(out, saying->user);
	record_put_text(out, saying->from);
	record_put_text(out, saying->text);
}

static uint64_t key_id(const void *key, size_t len)
{
	size_t name_len = strnlen(key, len);

	return name_len >= 1 && name_len <= NAME_MOST &&
			       len == name_len + 1 + RECORD_KEY
		       ? record_key_number((const char *)key + name_len + 1)
		       : 0;
}

bool saying_decode(const struct store_record *record, struct saying *saying_r)
{
	struct record_reader r;

	memset(saying_r, 0, sizeof(*saying_r));
	saying_r->id = key_id(record->key, record->key_len);
	record_open(&r, record->value, record->value_len);
	saying_r->kind = record_get_u8(&r);
	saying_r->time_ms = record_get_i64(&r);
	saying_r->user = record_get_u64(&r);
	record_get_text(&r, saying_r->from, sizeof(saying_r->from));
	saying_r->text = record_see_text(&r, &saying_r->text_len);
	return record_close(&r) && r.version == SAYING_VERSION &&
	       saying_r->id != 0 &&
	       (saying_r->kind == MESSAGE_SAY ||
		saying_r->kind == MESSAGE_ACTION) &&
	       name_is_valid(saying_r->from);
}

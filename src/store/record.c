#include "store/record.h"

#include <assert.h>
#include <string.h>

/* Big-endian, so that a key's bytes sort as its number does. */
static void put_number(uint8_t *bytes, uint64_t value, size_t len)
{
	while (len-- > 0) {
		bytes[len] = (uint8_t)value;
		value >>= 8;
	}
}

static uint64_t get_number(const uint8_t *bytes, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value = value << 8 | bytes[i];
	return value;
}

static void add_number(struct buf *b, uint64_t value, size_t len)
{
	put_number((uint8_t *)buf_reserve(b, len), value, len);
	buf_added(b, len);
}

void record_begin(struct buf *b, uint8_t version)
{
	assert(buf_len(b) == 0);
	add_number(b, version, 1);
}

void record_put_u8(struct buf *b, uint8_t value)
{
	add_number(b, value, 1);
}

void record_put_u32(struct buf *b, uint32_t value)
{
	add_number(b, value, 4);
}

void record_put_u64(struct buf *b, uint64_t value)
{
	add_number(b, value, 8);
}

void record_put_i64(struct buf *b, int64_t value)
{
	add_number(b, (uint64_t)value, 8);
}

void record_put_text(struct buf *b, const char *text)
{
	size_t len = strlen(text);

	assert(len <= UINT16_MAX);
	add_number(b, len, 2);
	buf_add(b, text, len);
}

/* The next len bytes; NULL, from the first time on, when there are fewer. */
static const uint8_t *take(struct record_reader *r, size_t len)
{
	const uint8_t *at = r->at;

	if (r->is_bad || r->left < len) {
		r->is_bad = true;
		return NULL;
	}
	r->at += len;
	r->left -= len;
	return at;
}

static uint64_t take_number(struct record_reader *r, size_t len)
{
	const uint8_t *at = take(r, len);

	return at != NULL ? get_number(at, len) : 0;
}

void record_open(struct record_reader *r, const void *bytes, size_t len)
{
	memset(r, 0, sizeof(*r));
	r->at = bytes;
	r->left = len;
	r->version = record_get_u8(r);
}

uint8_t record_get_u8(struct record_reader *r)
{
	return (uint8_t)take_number(r, 1);
}

uint32_t record_get_u32(struct record_reader *r)
{
	return (uint32_t)take_number(r, 4);
}

uint64_t record_get_u64(struct record_reader *r)
{
	return take_number(r, 8);
}

int64_t record_get_i64(struct record_reader *r)
{
	uint64_t value = take_number(r, 8);
	int64_t number;

	/* The same bits: a cast of the large ones is the compiler's choice. */
	memcpy(&number, &value, sizeof(number));
	return number;
}

const char *record_see_text(struct record_reader *r, size_t *len_r)
{
	size_t len = take_number(r, 2);
	const uint8_t *at = take(r, len);

	*len_r = at == NULL ? 0 : len;
	if (at != NULL && memchr(at, '\0', len) == NULL)
		return (const char *)at;
	r->is_bad = true;
	*len_r = 0;
	return "";
}

void record_get_text(struct record_reader *r, char *text_r, size_t size)
{
	size_t len;
	const char *text = record_see_text(r, &len);

	assert(size > 0);
	if (len >= size) {
		r->is_bad = true;
		len = 0;
	}
	memcpy(text_r, text, len);
	text_r[len] = '\0';
}

bool record_close(const struct record_reader *r)
{
	return !r->is_bad && r->left == 0;
}

void record_key(uint64_t number, uint8_t key_r[RECORD_KEY])
{
	put_number(key_r, number, RECORD_KEY);
}

void record_key_pair(uint64_t first, uint64_t second,
		     uint8_t key_r[RECORD_KEY_PAIR])
{
	put_number(key_r, first, RECORD_KEY);
	put_number(key_r + RECORD_KEY, second, RECORD_KEY);
}

uint64_t record_key_number(const void *key)
{
	return get_number(key, RECORD_KEY);
}

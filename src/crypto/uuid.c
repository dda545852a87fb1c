#include "crypto/uuid.h"

#include <assert.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/random.h"

static bool is_dash_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

void uuid_make(int64_t time_ms, struct uuid *uuid_r)
{
	uint8_t *bytes = uuid_r->bytes;

	random_bytes(bytes, UUID_BYTES);
	for (size_t i = 0; i < 6; i++)
		bytes[i] = (uint8_t)((uint64_t)time_ms >> (40 - 8 * i));
	bytes[6] = 0x70 | (bytes[6] & 0x0f);
	bytes[8] = 0x80 | (bytes[8] & 0x3f);
}

void uuid_derive(const void *bytes, size_t len, struct uuid *uuid_r)
{
	uint8_t digest[DIGEST_BYTES];

	digest_make(bytes, len, NULL, 0, digest);
	memcpy(uuid_r->bytes, digest, UUID_BYTES);
	uuid_r->bytes[6] = 0x80 | (uuid_r->bytes[6] & 0x0f);
	uuid_r->bytes[8] = 0x80 | (uuid_r->bytes[8] & 0x3f);
}

void uuid_derive_series(const struct uuid *of, struct uuid *first_r)
{
	enum { TAIL = 8 };
	uint8_t digest[DIGEST_BYTES];
	struct uuid first = *of;

	digest_make(of->bytes, UUID_BYTES, NULL, 0, digest);
	memcpy(first.bytes + TAIL, digest, UUID_BYTES - TAIL);
	first.bytes[TAIL] = 0x80 | (first.bytes[TAIL] & 0x3f);
	uuid_set_index(&first, 0);
	*first_r = first;
}

void uuid_set_index(struct uuid *uuid, unsigned index)
{
	assert(index < UUID_SERIES);
	uuid->bytes[6] = (uint8_t)(0x80 | index >> 8);
	uuid->bytes[7] = (uint8_t)(index & 0xff);
}

bool uuid_parse(const char *text, struct uuid *uuid_r)
{
	struct uuid uuid;

	for (size_t i = 0; i < UUID_BYTES; i++) {
		int high;
		int low;

		if (is_dash_before(i) && *text++ != '-')
			return false;
		high = digit_value(text[0]);
		low = high < 0 ? -1 : digit_value(text[1]);
		if (low < 0)
			return false;
		uuid.bytes[i] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	if (*text != '\0' || uuid_is_none(&uuid))
		return false;
	*uuid_r = uuid;
	return true;
}

void uuid_print(const struct uuid *uuid, char text_r[UUID_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	char *at = text_r;

	for (size_t i = 0; i < UUID_BYTES; i++) {
		if (is_dash_before(i))
			*at++ = '-';
		*at++ = digits[uuid->bytes[i] >> 4];
		*at++ = digits[uuid->bytes[i] & 0x0f];
	}
	*at = '\0';
}

bool uuid_is_none(const struct uuid *uuid)
{
	static const struct uuid none;

	return uuid_equal(uuid, &none);
}

bool uuid_equal(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->bytes, b->bytes, UUID_BYTES) == 0;
}

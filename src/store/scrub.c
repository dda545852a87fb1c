#include "store/scrub.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "store/checksum.h"
#include "store/env.h"

/* A page of Berkeley DB 5.3: dbinc/db_page.h. */
enum {
	PAGE_NUMBER = 8,
	PAGE_ENTRIES = 20,
	PAGE_OFFSET = 22, /* of the lowest record; of long ones: bytes */
	PAGE_TYPE = 25,
	PAGE_CHECKSUM = 28,
	PAGE_HEADER = 32,

	TYPE_FREE = 0,
	TYPE_INNER = 3,
	TYPE_LEAF = 5,
	TYPE_LONG = 7, /* a part of a long record */
	TYPE_META = 9,
};

static uint16_t get_u16(const uint8_t *page, size_t at)
{
	uint16_t value;

	memcpy(&value, page + at, sizeof(value));
	return value;
}

static uint32_t get_u32(const uint8_t *page, size_t at)
{
	uint32_t value;

	memcpy(&value, page + at, sizeof(value));
	return value;
}

/* Over the whole page, with zeros in the checksum's place. */
static uint32_t checksum(const uint8_t *page)
{
	static const uint8_t none[PAGE_HEADER - PAGE_CHECKSUM];
	uint32_t sum = checksum_add(0, page, PAGE_CHECKSUM);

	sum = checksum_add(sum, none, sizeof(none));
	return checksum_add(sum, page + PAGE_HEADER, STORE_PAGE - PAGE_HEADER);
}

/* The part without a record. False: there is none, or it is no such page. */
static bool find_gap(const uint8_t *page, size_t *from_r, size_t *upto_r)
{
	size_t offset = get_u16(page, PAGE_OFFSET);

	*from_r = PAGE_HEADER;
	*upto_r = STORE_PAGE;
	switch (page[PAGE_TYPE]) {
	case TYPE_FREE:
		break;
	case TYPE_INNER:
	case TYPE_LEAF:
		*from_r += 2 * (size_t)get_u16(page, PAGE_ENTRIES);
		*upto_r = offset;
		break;
	case TYPE_LONG:
		*from_r += offset;
		break;
	default:
		return false;
	}
	return *from_r < *upto_r && *upto_r <= STORE_PAGE;
}

bool scrub_is_ours(const uint8_t page[STORE_PAGE])
{
	switch (page[PAGE_TYPE]) {
	case TYPE_FREE:
	case TYPE_INNER:
	case TYPE_LEAF:
	case TYPE_LONG:
	case TYPE_META:
		return true;
	default:
		return false;
	}
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0;
}

ssize_t scrub_write(int fd, const void *bytes, size_t len, off_t at)
{
	const uint8_t *page = bytes;
	uint8_t clean[STORE_PAGE];
	size_t from;
	size_t upto;
	uint32_t sum;

	if (len != STORE_PAGE || at % STORE_PAGE != 0 ||
	    get_u32(page, PAGE_NUMBER) != at / STORE_PAGE ||
	    !find_gap(page, &from, &upto) ||
	    is_zero(page + from, upto - from) ||
	    checksum(page) != get_u32(page, PAGE_CHECKSUM))
		return pwrite(fd, bytes, len, at);
	memcpy(clean, page, sizeof(clean));
	memset(clean + from, 0, upto - from);
	sum = checksum(clean);
	memcpy(clean + PAGE_CHECKSUM, &sum, sizeof(sum));
	return pwrite(fd, clean, sizeof(clean), at);
}

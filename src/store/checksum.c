#include "store/checksum.h"

#include <endian.h>
#include <string.h>

/* 33 to the power of how many bytes one goes on by. */
enum { BY_1 = 33, BY_2 = 1089, BY_4 = 1185921 };
static const uint32_t by_8 = 1954312449;

/*
 * The sum of eight bytes, the first in the lowest bits. Each is joined with
 * its neighbour, in four lanes of 16 bits, none of which can overflow; then
 * each two with theirs, in two lanes of 32.
 */
static uint32_t sum_of_eight(uint64_t bytes)
{
	const uint64_t each_second = 0x00ff00ff00ff00ff;
	const uint64_t each_fourth = 0x0000ffff0000ffff;
	uint64_t twos =
		(bytes & each_second) * BY_1 + (bytes >> 8 & each_second);
	uint64_t fours =
		(twos & each_fourth) * BY_2 + (twos >> 16 & each_fourth);

	return (uint32_t)fours * BY_4 + (uint32_t)(fours >> 32);
}

uint32_t checksum_add(uint32_t sum, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint64_t eight;

	for (; len >= sizeof(eight); len -= sizeof(eight)) {
		memcpy(&eight, at, sizeof(eight));
		sum = sum * by_8 + sum_of_eight(le64toh(eight));
		at += sizeof(eight);
	}
	for (; len > 0; len--)
		sum = sum * BY_1 + *at++;
	return sum;
}

uint32_t checksum_for_library(DB *db, const void *bytes, uint32_t len)
{
	(void)db;
	return checksum_add(0, bytes, len);
}

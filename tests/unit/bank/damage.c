#include "damage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

static void assert_same(const uint8_t *bytes, size_t len, const struct buf *b)
{
	assert_int_equal(buf_len(b), len);
	assert_memory_equal(buf_at(b), bytes, len);
}

static void flip_each(uint8_t *bytes, size_t len, damage_fn *read)
{
	AUTO(buf_fini) struct buf again = { 0 };

	for (size_t bit = 0; bit < 8 * len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
		buf_reset(&again);
		if (read(bytes, len, &again))
			assert_same(bytes, len, &again);
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
}

void damage_assert(const struct buf *whole, damage_fn *read)
{
	AUTO(buf_fini) struct buf again = { 0 };
	size_t len = buf_len(whole);
	uint8_t *bytes = mem_zero(len + 1);

	memcpy(bytes, buf_at(whole), len);
	assert_true(read(bytes, len, &again));
	assert_same(bytes, len, &again);
	assert_false(read(bytes, len + 1, &again));
	for (size_t cut = 0; cut < len; cut++) {
		/* Of its own, so that a sanitizer sees who reads beyond. */
		uint8_t *part = mem_zero(cut > 0 ? cut : 1);

		memcpy(part, bytes, cut);
		assert_false(read(part, cut, &again));
		mem_free(part);
	}
	flip_each(bytes, len, read);
	mem_free(bytes);
}

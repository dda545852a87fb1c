#include "store/scrub.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"

enum { PAGE = 4096, HEADER = 32, NUMBER = 3 };

/* Where nothing is, from and up to; 0: the page is left as it is. */
static const struct {
	const char *name;
	uint8_t type;
	uint16_t entries;
	uint16_t offset;
	uint32_t number;
	bool is_damaged;
	size_t from;
	size_t upto;
} cases[] = {
	{ "a leaf", 5, 10, 3000, NUMBER, false, HEADER + 20, 3000 },
	{ "an empty leaf", 5, 0, PAGE, NUMBER, false, HEADER, PAGE },
	{ "a full leaf", 5, 10, HEADER + 20, NUMBER, false, 0, 0 },
	{ "an inner page", 3, 2, 4000, NUMBER, false, HEADER + 4, 4000 },
	{ "a long record", 7, 1, 1000, NUMBER, false, HEADER + 1000, PAGE },
	{ "a free page", 0, 0, PAGE, NUMBER, false, HEADER, PAGE },
	{ "another kind", 9, 10, 3000, NUMBER, false, 0, 0 },
	{ "too many records", 5, 3000, 3000, NUMBER, false, 0, 0 },
	{ "behind the page", 5, 10, PAGE + 1, NUMBER, false, 0, 0 },
	{ "too long a record", 7, 1, 5000, NUMBER, false, 0, 0 },
	{ "another number", 5, 10, 3000, NUMBER + 1, false, 0, 0 },
	{ "a wrong checksum", 5, 10, 3000, NUMBER, true, 0, 0 },
};

static uint32_t sum_of(const uint8_t *page)
{
	uint8_t copy[PAGE];
	uint32_t sum = 0;

	memcpy(copy, page, PAGE);
	memset(copy + 28, 0, 4);
	for (size_t i = 0; i < PAGE; i++)
		sum = (sum << 5) + sum + copy[i];
	return sum;
}

static void seal(uint8_t *page)
{
	uint32_t sum = sum_of(page);

	memcpy(page + 28, &sum, 4);
}

static void make_page(size_t i, uint8_t *page)
{
	memset(page, 0x5a, PAGE);
	memcpy(page + 8, &cases[i].number, 4);
	memcpy(page + 20, &cases[i].entries, 2);
	memcpy(page + 22, &cases[i].offset, 2);
	page[25] = cases[i].type;
	seal(page);
	page[100] ^= cases[i].is_damaged;
}

static void only_what_is_no_record_goes(void **state)
{
	char path[] = "/tmp/rialto-scrub-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t want[PAGE];
		uint8_t got[PAGE];

		print_message("%s\n", cases[i].name);
		make_page(i, want);
		assert_int_equal(
			scrub_write(fd, want, PAGE, (off_t)NUMBER * PAGE),
			PAGE);
		assert_int_equal(pread(fd, got, PAGE, (off_t)NUMBER * PAGE),
				 PAGE);
		if (cases[i].upto > 0) {
			memset(want + cases[i].from, 0,
			       cases[i].upto - cases[i].from);
			seal(want);
		}
		assert_memory_equal(got, want, PAGE);
	}
	close(fd);
}

static void other_writes_are_left_alone(void **state)
{
	char path[] = "/tmp/rialto-scrub-XXXXXX";
	int fd = mkstemp(path);
	uint8_t page[PAGE];
	uint8_t got[PAGE];

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	make_page(0, page);
	assert_int_equal(scrub_write(fd, page, 100, 0), 100);
	assert_int_equal(scrub_write(fd, page, PAGE, 100), PAGE);
	assert_int_equal(pread(fd, got, PAGE, 100), PAGE);
	assert_memory_equal(got, page, PAGE);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_no_record_goes),
		cmocka_unit_test(other_writes_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

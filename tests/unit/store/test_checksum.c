#include "store/checksum.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 300 };

typedef uint32_t checksum_fn(DB *db, const void *bytes, uint32_t len);

/* The library's own, which ours has hidden. */
static checksum_fn *library_own(void)
{
	checksum_fn *fn;

	/* So that it is linked at all. */
	assert_non_null(db_version(NULL, NULL, NULL));
	*(void **)&fn = dlsym(RTLD_NEXT, "__ham_func4");
	assert_non_null(fn);
	return fn;
}

static void the_library_calls_ours(void **state)
{
	checksum_fn *called;

	(void)state;
	*(void **)&called = dlsym(RTLD_DEFAULT, "__ham_func4");
	assert_ptr_equal(called, checksum_for_library);
	assert_ptr_not_equal(called, library_own());
}

static void it_is_the_library_s(void **state)
{
	checksum_fn *own = library_own();
	uint8_t bytes[MOST];

	(void)state;
	srandom(1);
	for (size_t i = 0; i < MOST; i++)
		bytes[i] = (uint8_t)(i % 3 == 0 ? 0xff : random());
	for (uint32_t from = 0; from < 8; from++)
		for (uint32_t len = 0; len <= MOST - from; len++)
			assert_int_equal(
				checksum_for_library(NULL, bytes + from, len),
				own(NULL, bytes + from, len));
}

static void the_highest_bytes_do_not_overflow(void **state)
{
	checksum_fn *own = library_own();
	uint8_t bytes[MOST];

	(void)state;
	for (size_t i = 0; i < MOST; i++)
		bytes[i] = 0xff;
	assert_int_equal(checksum_for_library(NULL, bytes, MOST),
			 own(NULL, bytes, MOST));
}

static void it_goes_on_in_pieces(void **state)
{
	uint8_t bytes[MOST];

	(void)state;
	srandom(2);
	for (size_t i = 0; i < MOST; i++)
		bytes[i] = (uint8_t)random();
	for (size_t cut = 0; cut <= MOST; cut++)
		assert_int_equal(checksum_add(checksum_add(0, bytes, cut),
					      bytes + cut, MOST - cut),
				 checksum_add(0, bytes, MOST));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_library_calls_ours),
		cmocka_unit_test(it_is_the_library_s),
		cmocka_unit_test(the_highest_bytes_do_not_overflow),
		cmocka_unit_test(it_goes_on_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "crypto/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

static const struct parse_case {
	const char *text;
	const char *want; /* NULL: refused */
} parse_cases[] = {
	/* The examples of RFC 9562, appendices A.1, A.3 and A.6. */
	{ "C232AB00-9414-11EC-B3C8-9F6BDECED846",
	  "c232ab00-9414-11ec-b3c8-9f6bdeced846" },
	{ "919108f7-52d1-4320-9bac-f847db4148a8",
	  "919108f7-52d1-4320-9bac-f847db4148a8" },
	{ "017F22E2-79B0-7cc3-98C4-DC0C0C07398F",
	  "017f22e2-79b0-7cc3-98c4-dc0c0c07398f" },
	{ "00000000-0000-0000-0000-000000000001",
	  "00000000-0000-0000-0000-000000000001" },
	{ "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF",
	  "ffffffff-ffff-ffff-ffff-ffffffffffff" },
	{ "00000000-0000-0000-0000-000000000000", NULL },
	{ "", NULL },
	{ "9", NULL },
	{ "919108f7", NULL },
	{ "919108f7-", NULL },
	{ "919108f7-52d1-4320-9bac-f847db4148a", NULL },
	{ "919108f7-52d1-4320-9bac-f847db4148a80", NULL },
	{ "919108f7-52d1-4320-9bac-f847db4148a8 ", NULL },
	{ " 919108f7-52d1-4320-9bac-f847db4148a8", NULL },
	{ "{919108f7-52d1-4320-9bac-f847db4148a8}", NULL },
	{ "urn:uuid:919108f7-52d1-4320-9bac-f847db4148a8", NULL },
	{ "919108f752d143209bacf847db4148a8", NULL },
	{ "919108f75-2d1-4320-9bac-f847db4148a8", NULL },
	{ "919108f7-52d1-4320-9bac_f847db4148a8", NULL },
	{ "919108f7-52d1-4320-9bac-f847db4148ag", NULL },
	{ "g19108f7-52d1-4320-9bac-f847db4148a8", NULL },
	{ "91 108f7-52d1-4320-9bac-f847db4148a8", NULL },
	{ "-19108f7-52d1-4320-9bac-f847db4148a8", NULL },
};

static void ids_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		struct uuid untouched;
		struct uuid uuid;
		char text[UUID_TEXT];

		memset(&uuid, 0x47, sizeof(uuid));
		untouched = uuid;
		if (uuid_parse(c->text, &uuid)) {
			assert_non_null(c->want);
			uuid_print(&uuid, text);
			assert_string_equal(text, c->want);
		} else {
			assert_null(c->want);
			assert_true(uuid_equal(&uuid, &untouched));
		}
	}
}

static void bytes_are_in_order(void **state)
{
	struct uuid uuid;

	(void)state;
	assert_true(uuid_parse("00112233-4455-6677-8899-aabbccddeeff", &uuid));
	for (size_t i = 0; i < UUID_BYTES; i++)
		assert_int_equal(uuid.bytes[i], 0x11 * i);
}

static const struct make_case {
	int64_t time_ms;
	const char *begin; /* up to the version */
} make_cases[] = {
	{ 0, "00000000-0000-7" },
	{ 1, "00000000-0001-7" },
	/* RFC 9562, appendix A.6 */
	{ INT64_C(1645557742000), "017f22e2-79b0-7" },
	{ (INT64_C(1) << 48) - 1, "ffffffff-ffff-7" },
};

static void ids_begin_with_their_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(make_cases); i++) {
		const struct make_case *c = &make_cases[i];
		struct uuid first;
		struct uuid second;
		char text[UUID_TEXT];

		uuid_make(c->time_ms, &first);
		uuid_make(c->time_ms, &second);
		assert_false(uuid_equal(&first, &second));
		uuid_print(&first, text);
		assert_memory_equal(text, c->begin, strlen(c->begin));
		/* The variant of the RFC. */
		assert_non_null(strchr("89ab", text[19]));
		assert_true(uuid_parse(text, &second));
		assert_true(uuid_equal(&first, &second));
	}
}

static void later_ids_sort_later(void **state)
{
	struct uuid before;
	struct uuid now;

	(void)state;
	uuid_make(INT64_C(1795205670000), &before);
	for (int64_t ms = 1; ms < 1000; ms++) {
		uuid_make(INT64_C(1795205670000) + ms, &now);
		assert_true(memcmp(before.bytes, now.bytes, UUID_BYTES) < 0);
		before = now;
	}
}

static void none_is_all_zero(void **state)
{
	struct uuid uuid = { { 0 } };

	(void)state;
	assert_true(uuid_is_none(&uuid));
	for (size_t i = 0; i < UUID_BYTES; i++) {
		uuid.bytes[i] = 0x80;
		assert_false(uuid_is_none(&uuid));
		uuid.bytes[i] = 0;
	}
}

/* SHA-256 of "abc" is in FIPS 180-4. */
static void derived_ids_are_of_version_8(void **state)
{
	char text[UUID_TEXT];
	struct uuid uuid;

	(void)state;
	uuid_derive("abc", 3, &uuid);
	uuid_print(&uuid, text);
	assert_string_equal(text, "ba7816bf-8f01-8fea-8141-40de5dae2223");
}

static const struct series_case {
	const char *of;
	unsigned index;
	const char *want; /* made by Python's hashlib and uuid */
} series_cases[] = {
	{ "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", 0,
	  "017f22e2-79b0-8000-8e2e-22477383ff21" },
	{ "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", 1,
	  "017f22e2-79b0-8001-8e2e-22477383ff21" },
	{ "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", 999,
	  "017f22e2-79b0-83e7-8e2e-22477383ff21" },
	{ "919108f7-52d1-4320-9bac-f847db4148a8", 255,
	  "919108f7-52d1-80ff-bf02-550db7709634" },
	{ "919108f7-52d1-4320-9bac-f847db4148a8", 256,
	  "919108f7-52d1-8100-bf02-550db7709634" },
	{ "ffffffff-ffff-ffff-ffff-ffffffffffff", UUID_SERIES - 1,
	  "ffffffff-ffff-8fff-9ac6-a5945f165009" },
};

static void series_are_of_version_8(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(series_cases); i++) {
		const struct series_case *c = &series_cases[i];
		char text[UUID_TEXT];
		struct uuid uuid;
		struct uuid of;

		assert_true(uuid_parse(c->of, &of));
		uuid_derive_series(&of, &uuid);
		uuid_set_index(&uuid, c->index);
		uuid_print(&uuid, text);
		assert_string_equal(text, c->want);
	}
}

static void series_ascend(void **state)
{
	struct uuid before = { { 0 } };
	struct uuid now;
	struct uuid of;

	(void)state;
	for (int64_t ms = 0; ms < 4; ms++) {
		uuid_make(INT64_C(1795205670000) + ms, &of);
		uuid_derive_series(&of, &now);
		for (unsigned i = 0; i < UUID_SERIES; i++) {
			uuid_set_index(&now, i);
			assert_true(memcmp(before.bytes, now.bytes,
					   UUID_BYTES) < 0);
			before = now;
		}
	}
}

static void series_of_one_moment_differ(void **state)
{
	struct uuid series[2];
	struct uuid of;

	(void)state;
	for (size_t i = 0; i < COUNT(series); i++) {
		uuid_make(INT64_C(1795205670000), &of);
		uuid_derive_series(&of, &series[i]);
	}
	assert_false(uuid_equal(&series[0], &series[1]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_read),
		cmocka_unit_test(bytes_are_in_order),
		cmocka_unit_test(ids_begin_with_their_time),
		cmocka_unit_test(later_ids_sort_later),
		cmocka_unit_test(none_is_all_zero),
		cmocka_unit_test(derived_ids_are_of_version_8),
		cmocka_unit_test(series_are_of_version_8),
		cmocka_unit_test(series_ascend),
		cmocka_unit_test(series_of_one_moment_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

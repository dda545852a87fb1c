#include "chat/crowd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct crowd_case {
	unsigned count;
	const char *want;
} crowd_cases[] = {
	{ 1, "p0 joined" },
	{ 2, "p0 and p1 joined" },
	{ 3, "p0, p1 and p2 joined" },
	{ 4, "p0, p1, p2 and 1 other joined" },
	{ 5, "p0, p1, p2 and 2 others joined" },
	{ 212, "p0, p1, p2 and 209 others joined" },
};

static void crowds_are_told_in_a_line(void **state)
{
	struct crowd crowd = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(crowd_cases); i++) {
		const struct crowd_case *c = &crowd_cases[i];
		AUTO(buf_fini) struct buf text = { 0 };
		char name[16];

		for (unsigned n = 0; n < c->count; n++) {
			snprintf(name, sizeof(name), "p%u", n);
			crowd_add(&crowd, name);
		}
		crowd_tell(&crowd, "joined", &text);
		assert_string_equal(buf_text(&text), c->want);
		assert_int_equal(crowd.count, 0);
	}
}

static void the_longest_names_fit(void **state)
{
	struct crowd crowd = { 0 };
	AUTO(buf_fini) struct buf text = { 0 };
	char name[NAME_MOST + 1];

	(void)state;
	memset(name, 'n', NAME_MOST);
	name[NAME_MOST] = '\0';
	crowd_add(&crowd, name);
	crowd_tell(&crowd, "left", &text);
	assert_int_equal(buf_len(&text), NAME_MOST + strlen(" left"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crowds_are_told_in_a_line),
		cmocka_unit_test(the_longest_names_fit),
	};

	return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}

#include "chat/sanction/sanction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "chat/sanction/sanctions.h"

enum { CLEO = 3 };

static const struct rest_case {
	int64_t since_ms;
	int64_t until_ms;
	int64_t now_ms;
	bool is_against;
} rest_cases[] = {
	{ 1000, 0, 5000, true },
	{ 1000, 6000, 5000, true },
	{ 1000, 5000, 5000, false },
	{ 1000, 2000, 5000, false },
	/* The clock was put back: it is longer, not for ever, nor undone. */
	{ 9000000, 9001000, 5000, true },
};

static void time_ends_them(void **state)
{
	struct subject *who = mem_zero(sizeof(*who));

	(void)state;
	atomic_init(&who->refs, 1);
	who->user = CLEO;
	for (size_t i = 0; i < COUNT(rest_cases); i++) {
		const struct rest_case *c = &rest_cases[i];
		struct sanctions all = { 0 };
		struct verdict verdict = { 0 };
		struct sanction s = { .id = 1,
				      .kind = SANCTION_QUIET,
				      .by_rank = RANK_OP,
				      .since_ms = c->since_ms,
				      .until_ms = c->until_ms };

		mask_of_user(CLEO, "cleo", &s.mask);
		sanctions_add(&all, &s);
		assert_int_equal(sanctions_judge(&all, who, RANK_MEMBER,
						 c->now_ms, &verdict) != NULL,
				 c->is_against);
		/* Remembered, but not beyond the end. */
		assert_int_equal(sanctions_judge(&all, who, RANK_MEMBER,
						 c->now_ms, &verdict) != NULL,
				 c->is_against);
		if (c->until_ms != 0)
			assert_null(sanctions_judge(&all, who, RANK_MEMBER,
						    c->until_ms, &verdict));
		sanctions_fini(&all);
	}
	subject_unref(&who);
}

static void records_are_decoded(void **state)
{
	AUTO(buf_fini) struct buf bytes = { 0 };
	struct sanction s = { .id = 7,
			      .kind = SANCTION_BAN,
			      .by = "ann",
			      .by_rank = RANK_OP,
			      .until_ms = 1,
			      .reason = "spam" };
	struct sanction back;

	(void)state;
	assert_int_equal(mask_parse("192.0.2.0/24", &s.mask, NULL), ERR_OK);
	sanction_encode(&s, &bytes);
	assert_true(sanction_decode(buf_at(&bytes), buf_len(&bytes), &back));
	assert_string_equal(back.mask.text, "192.0.2.0/24");
	assert_string_equal(back.reason, "spam");
	for (size_t len = 0; len < buf_len(&bytes); len++)
		assert_false(sanction_decode(buf_at(&bytes), len, &back));
	buf_reset(&bytes);
	snprintf(s.mask.text, sizeof(s.mask.text), "0.0.0.0/0");
	sanction_encode(&s, &bytes);
	assert_false(sanction_decode(buf_at(&bytes), buf_len(&bytes), &back));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_ends_them),
		cmocka_unit_test(records_are_decoded),
	};

	return cmocka_run_group_tests_name("sanction", tests, NULL, NULL);
}

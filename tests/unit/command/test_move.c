/* Whose an entry is, to the one who has made it. */
#include "command/move.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

enum { ANN = 1, BEN };

static const struct side_case {
	enum entry_kind kind;
	enum entry_kind original; /* 0: none */
	user_id by;               /* of the original */
	account_id own;           /* 10 is debited or the subject, 20 not */
	account_id other;
} cases[] = {
	{ ENTRY_DEPOSIT, 0, 0, 20, 10 },
	{ ENTRY_WITHDRAW, 0, 0, 10, 20 },
	{ ENTRY_PAY, 0, 0, 10, 20 },
	{ ENTRY_TRANSFER, 0, 0, 10, 20 },
	{ ENTRY_HOLD, 0, 0, 10, 20 },
	{ ENTRY_CAPTURE, 0, 0, 20, 10 },
	{ ENTRY_RELEASE, 0, 0, 20, 10 },
	{ ENTRY_REVERSE, ENTRY_PAY, ANN, 10, 20 },
	{ ENTRY_REVERSE, ENTRY_PAY, BEN, 20, 10 },
	{ ENTRY_REVERSE, ENTRY_DEPOSIT, ANN, 20, 10 },
	{ ENTRY_REVERSE, ENTRY_WITHDRAW, ANN, 10, 20 },
	{ ENTRY_REVERSE, ENTRY_CAPTURE, ANN, 20, 10 },
	{ ENTRY_REVERSE, ENTRY_CAPTURE, BEN, 20, 10 },
	{ ENTRY_OPEN, 0, 0, 0, 0 },
	{ ENTRY_REVERSE, ENTRY_INTEREST, ANN, 0, 0 },
};

static void sides_are_the_actors_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct side_case *c = &cases[i];
		struct entry entry = { .kind = c->kind,
				       .actor = ANN,
				       .subject = 10,
				       .other = 20 };
		struct entry original = { .kind = c->original,
					  .actor = c->by,
					  .subject = 10,
					  .other = 20 };
		account_id own;
		account_id other;

		assert_true(entry_add_leg(&original, 10, 20, 5));
		assert_true(entry_add_leg(&entry, 10, 20, 5));
		assert_int_equal(move_sides(&entry,
					    c->original != 0 ? &original : NULL,
					    &own, &other),
				 c->own != 0);
		if (c->own == 0)
			continue;
		assert_int_equal(own, c->own);
		assert_int_equal(other, c->other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sides_are_the_actors_first),
	};

	return cmocka_run_group_tests_name("move", tests, NULL, NULL);
}

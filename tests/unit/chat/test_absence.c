#include "chat/mail/absence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_is_told_once(void **state)
{
	struct absence absence = { 0 };

	(void)state;
	absence_set(&absence, "lunch");
	assert_string_equal(absence.text, "lunch");
	assert_true(absence_note(&absence, 1));
	assert_false(absence_note(&absence, 1));
	assert_true(absence_note(&absence, 2));
	assert_false(absence_note(&absence, 1));
	absence_set(&absence, "dinner");
	assert_true(absence_note(&absence, 1));
	absence_set(&absence, "");
	assert_null(absence.text);
	absence_fini(&absence);
}

static void memory_is_bounded(void **state)
{
	struct absence absence = { 0 };

	(void)state;
	absence_set(&absence, "lunch");
	for (uint64_t who = 1; who <= ABSENCE_TOLD_MOST; who++)
		assert_true(absence_note(&absence, who));
	for (uint64_t who = 1; who <= ABSENCE_TOLD_MOST; who++)
		assert_false(absence_note(&absence, who));
	/* One more: the first is forgotten, and nobody else. */
	assert_true(absence_note(&absence, ABSENCE_TOLD_MOST + 1));
	assert_false(absence_note(&absence, 2));
	assert_true(absence_note(&absence, 1));
	assert_true(absence_note(&absence, 2));
	absence_fini(&absence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_told_once),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests_name("absence", tests, NULL, NULL);
}

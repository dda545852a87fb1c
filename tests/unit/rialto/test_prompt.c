#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "rialto/prompt.h"

static const struct prompt_case {
	const char *bytes;
	enum prompt want;
} prompt_cases[] = {
	{ "username: ", PROMPT_PLAIN },
	{ "password: ", PROMPT_SECRET },
	{ "New password again: ", PROMPT_SECRET },
	{ "code: ", PROMPT_CODE },
	{ "", PROMPT_NONE },
	{ ": ", PROMPT_NONE },
	{ " : ", PROMPT_NONE },
	{ "username:", PROMPT_NONE },
	{ "username", PROMPT_NONE },
	{ "username:  ", PROMPT_NONE },
	{ "[lobby] ann: ", PROMPT_NONE },
	{ "ann -> you: ", PROMPT_NONE },
	{ "-- password: ", PROMPT_NONE },
	{ "pass\x1bword: ", PROMPT_NONE },
	{ "a: password: ", PROMPT_NONE },
	{ "a very long line that goes on and on and is surely no prompt any "
	  "more: ",
	  PROMPT_NONE },
};

static void test_tells_prompts_from_parts(void **state UNUSED)
{
	for (size_t i = 0; i < COUNT(prompt_cases); i++) {
		const struct prompt_case *c = &prompt_cases[i];

		if (prompt_find(c->bytes, strlen(c->bytes)) != c->want)
			fail_msg("'%s'", c->bytes);
	}
	assert_int_equal(prompt_find("password\0: ", 11), PROMPT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tells_prompts_from_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

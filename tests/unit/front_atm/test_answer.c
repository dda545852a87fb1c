#include "front/atm/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct currency currency = { "RIA", "R", 2 };

static void values_are_written(void **state)
{
	AUTO(buf_fini) struct buf out = { 0 };

	(void)state;
	answer_open(&out, NULL, '{');
	answer_text(&out, "text", "a \"b\\\" \xc3\xa4\x01");
	answer_number(&out, "number", -9007199254740991);
	answer_bool(&out, "yes", true);
	answer_bool(&out, "no", false);
	answer_null(&out, "null");
	answer_time(&out, "never", 0);
	answer_time(&out, "once", 5);
	answer_money(&out, "money", -305, &currency);
	answer_open(&out, "empty", '[');
	answer_close(&out, ']');
	answer_open(&out, "array", '[');
	answer_number(&out, NULL, 1);
	answer_open(&out, NULL, '{');
	answer_number(&out, "a", 2);
	answer_close(&out, '}');
	answer_open(&out, NULL, '{');
	answer_close(&out, '}');
	answer_close(&out, ']');
	answer_raw(&out, "raw", "[0]", 3);
	answer_error(&out, ERR_BAD_LOGIN, "no");
	answer_close(&out, '}');
	assert_string_equal(
		buf_text(&out),
		"{\"text\":\"a \\\"b\\\\\\\" \xc3\xa4\\u0001\","
		"\"number\":-9007199254740991,\"yes\":true,\"no\":false,"
		"\"null\":null,\"never\":null,\"once\":5,\"money\":\"-3.05\","
		"\"empty\":[],\"array\":[1,{\"a\":2},{}],\"raw\":[0],"
		"\"error\":{\"code\":\"bad-login\",\"text\":\"no\"}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "log/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"

/* want is "KEY<value>" for each field. */
static const struct fields_case {
	const char *line;
	const char *want;
} fields_cases[] = {
	{ "", "" },
	{ "   ", "" },
	{ "nothing here", "" },
	{ "user=ann", "user<ann>" },
	{ "ready service=line address=127.0.0.1:7170",
	  "service<line>address<127.0.0.1:7170>" },
	{ "a=1  b=2 ", "a<1>b<2>" },
	{ "a=", "a<>" },
	{ "a= b=2", "a<>b<2>" },
	{ "a=b=c", "a<b=c>" },
	{ "text=\"two words\" n=1", "text<two words>n<1>" },
	{ "text=\"\" n=1", "text<>n<1>" },
	{ "text=\"never closed n=1", "text<never closed n=1>" },
	{ "text=\"x\"rest n=1", "text<x>n<1>" },
	{ "=x 1a=x _a=x a-b=x (a=x", "" },
	{ "a_1=x", "a_1<x>" },
	{ "abcdefghijabcdefghijabcdefghij12=x",
	  "abcdefghijabcdefghijabcdefghij12<x>" },
	{ "abcdefghijabcdefghijabcdefghij123=x", "" },
	{ "a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 a=1 "
	  "seventeenth=1",
	  "a<1>a<1>a<1>a<1>a<1>a<1>a<1>a<1>"
	  "a<1>a<1>a<1>a<1>a<1>a<1>a<1>a<1>" },
};

static void finds_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fields_cases); i++) {
		struct field fields[FIELDS_MOST];
		size_t count = fields_find(fields_cases[i].line, fields);
		char got[512] = "";
		size_t used = 0;

		for (size_t j = 0; j < count; j++)
			used += (size_t)snprintf(
				got + used, sizeof(got) - used, "%.*s<%.*s>",
				(int)fields[j].key_len, fields[j].key,
				(int)fields[j].value_len, fields[j].value);
		assert_string_equal(got, fields_cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

char *sample_parse(const char *text, conf_check_fn *check, struct settings *s)
{
	struct buf complaints;
	char *got;
	enum err e;

	memset(s, 0, sizeof(*s));
	buf_init(&complaints);
	e = conf_parse(sample_schema, check, "dir/t.yaml", text, strlen(text),
		       s, &complaints);
	got = e == ERR_OK ? NULL : mem_text(buf_text(&complaints));
	assert_int_equal(e == ERR_OK, buf_len(&complaints) == 0);
	assert_true(e == ERR_OK || e == ERR_BAD_INPUT);
	buf_fini(&complaints);
	return got;
}

void assert_zero(const struct settings *s)
{
	static const struct settings nothing;

	assert_memory_equal(s, &nothing, sizeof(nothing));
}

char *sample_complaints(const char *want)
{
	struct buf lines;
	char *text;

	buf_init(&lines);
	while (*want != '\0') {
		size_t len = strcspn(want, "\n");

		buf_print(&lines, "dir/t.yaml:%.*s\n", (int)len, want);
		want += len + (want[len] == '\n');
	}
	text = mem_text(buf_text(&lines));
	buf_fini(&lines);
	return text;
}

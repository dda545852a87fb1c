/*
 * Any bytes as a settings file: read, or refused with complaints that a
 * terminal can show, and nothing left behind.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "../unit/conf/sample.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void never(void *arg, const char *name, bool is_live)
{
	(void)arg;
	(void)name;
	(void)is_live;
	assert(!"settings differ from themselves");
}

static void complain_of_all(struct conf_check *check, const void *settings)
{
	const struct settings *s = settings;

	(void)s;
	conf_complain(check, "limits.sessions", "is here");
	conf_complain(check, "listeners[0].address", "is here");
	conf_complain(check, "bank.currency", "is here");
}

static void assert_nothing_left(const struct settings *s)
{
	static const struct settings nothing;

	assert(memcmp(s, &nothing, sizeof(nothing)) == 0);
}

static void assert_readable(struct buf *complaints)
{
	const char *line = buf_text(complaints);

	assert(*line != '\0');
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		assert(line[len] == '\n');
		assert(strncmp(line, "t.yaml:", 7) == 0);
		assert(text_flaw(line, len) == NULL);
		line += len + 1;
	}
}

static void parse(const uint8_t *bytes, size_t len, conf_check_fn *check)
{
	struct settings s;
	struct buf complaints;
	enum err e;

	memset(&s, 0, sizeof(s));
	buf_init(&complaints);
	e = conf_parse(sample_schema, check, "t.yaml", (const char *)bytes, len,
		       &s, &complaints);
	if (e == ERR_OK) {
		assert(buf_len(&complaints) == 0 && check == NULL);
		conf_compare(sample_schema, &s, &s, never, NULL);
		conf_free(sample_schema, &s);
	} else {
		assert(e == ERR_BAD_INPUT);
		assert_readable(&complaints);
	}
	assert_nothing_left(&s);
	buf_fini(&complaints);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	parse(bytes, len, NULL);
	parse(bytes, len, complain_of_all);
	return 0;
}

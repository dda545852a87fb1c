#include "bench/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bench/dialect.h"

static void a_message_is_read_back(void **state)
{
	static const unsigned lengths[] = { MESSAGE_LEAST, 48, MESSAGE_MOST };

	(void)state;
	for (unsigned i = 0; i < COUNT(lengths); i++) {
		char text[MESSAGE_MOST];
		uint32_t sender = 0;
		uint32_t seq = 0;

		message_write(text, lengths[i], 0xbe, 0xdeadbeef);
		assert_true(message_read(text, lengths[i], &sender, &seq));
		assert_int_equal(sender, 0xbe);
		assert_int_equal(seq, 0xdeadbeef);
	}
}

static void any_damage_is_seen(void **state)
{
	enum { LEN = 48 };
	char text[LEN];
	uint32_t sender;
	uint32_t seq;

	(void)state;
	message_write(text, LEN, 1, 2);
	for (unsigned i = 0; i < LEN; i++) {
		char was = text[i];

		text[i] = '~';
		assert_false(message_read(text, LEN, &sender, &seq));
		text[i] = was;
	}
	assert_true(message_read(text, LEN, &sender, &seq));
}

static const struct verdict_case {
	const char *protocol;
	unsigned step;
	const char *line;
	enum verdict want;
} verdict_cases[] = {
	{ "line", 0, "== ok", VERDICT_DONE },
	{ "line", 1, "== error busy", VERDICT_REFUSED },
	{ "line", 1, "[lobby] ann: == ok", VERDICT_OTHER },
	{ "line", 1, "-- Welcome", VERDICT_OTHER },
	{ "line", 1, "", VERDICT_OTHER },
	{ "irc", 0, ":irc.x 001 ann :Welcome", VERDICT_DONE },
	{ "irc", 1, ":irc.x 001 ann :Welcome", VERDICT_OTHER },
	{ "irc", 1, ":irc.x 366 ann #room :End", VERDICT_DONE },
	{ "irc", 1, ":irc.x 422 ann :No message", VERDICT_OTHER },
	{ "irc", 0, ":irc.x 433 ann :In use", VERDICT_REFUSED },
	{ "irc", 0, "PING :1234", VERDICT_PING },
	{ "irc", 0, ":irc.x PING :1234", VERDICT_PING },
	{ "irc", 0, "ERROR :go away", VERDICT_REFUSED },
	{ "irc", 2, ":ann!a@b PRIVMSG #room :001", VERDICT_OTHER },
	{ "irc", 2, ":lonely", VERDICT_OTHER },
};

static void lines_are_judged(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COUNT(verdict_cases); i++) {
		const struct verdict_case *c = &verdict_cases[i];
		const struct dialect *d = dialect_find(c->protocol);

		assert_int_equal(
			d->judge(&d->steps[c->step], c->line, strlen(c->line)),
			c->want);
	}
}

static void names_and_rooms_are_filled_in(void **state)
{
	char text[DIALECT_LINE_MOST];

	(void)state;
	assert_int_equal(dialect_print(text, "JOIN %r as %n!", "ann", "den"),
			 16);
	assert_string_equal(text, "JOIN den as ann!");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_read_back),
		cmocka_unit_test(any_damage_is_seen),
		cmocka_unit_test(lines_are_judged),
		cmocka_unit_test(names_and_rooms_are_filled_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

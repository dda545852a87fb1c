#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "plugin/message.h"

#define HELLO "{\"op\":\"hello\",\"v\":1,"
#define ANSWER "{\"op\":\"answer\",\"id\":7,"
#define SAY "{\"op\":\"say\",\"room\":\"den\","

/* What breaks the protocol, and what is said of it. */
static const struct wrong_case {
	const char *line;
	const char *why;
} wrong_cases[] = {
	{ "", "a line that is no JSON object" },
	{ "hello", "a line that is no JSON object" },
	{ "[]", "a line that is no JSON object" },
	{ "{} {}", "a line that is no JSON object" },
	{ "{\"op\":\"log\",\"op\":\"log\",\"text\":\"x\"}",
	  "a line that is no JSON object" },
	{ "{\"op\":\"log\",\"text\":\"\xff\"}",
	  "a line that is no JSON object" },
	{ "{\"op\":\"log\",\"text\":\"\\u0000\"}",
	  "a line that is no JSON object" },
	{ "{}", "an object without an op that plugins have" },
	{ "{\"op\":5}", "an object without an op that plugins have" },
	{ "{\"op\":\"use\"}", "an object without an op that plugins have" },
	{ "{\"op\":\"log\"}", "a log text that is no text" },
	{ "{\"op\":\"log\",\"text\":\"a\\u001bb\"}",
	  "a log text with control characters" },
	{ "{\"op\":\"hello\"}", "a hello without v=1" },
	{ "{\"op\":\"hello\",\"v\":2}", "a hello without v=1" },
	{ "{\"op\":\"hello\",\"v\":\"1\"}", "a hello without v=1" },
	{ HELLO "\"commands\":5}", "commands that is no list of at most 16" },
	{ HELLO "\"commands\":[5]}",
	  "a command without a name of letters, digits, - and _" },
	{ HELLO "\"commands\":[{\"name\":\"9lives\"}]}",
	  "a command without a name of letters, digits, - and _" },
	{ HELLO "\"commands\":[{\"name\":\"joke\",\"help\":5}]}",
	  "help that is no text" },
	{ HELLO "\"commands\":[{\"name\":\"joke\",\"help\":\"\\n\"}]}",
	  "help with control characters" },
	{ HELLO "\"lines\":[\"get_joke\"]}",
	  "a trigger line that is empty, begins with / or has no command" },
	{ HELLO "\"commands\":[{\"name\":\"joke\"}],\"lines\":[\"/quit\"]}",
	  "a trigger line that is empty, begins with / or has no command" },
	{ HELLO "\"commands\":[{\"name\":\"joke\"}],\"lines\":[\"\"]}",
	  "a trigger line that is empty, begins with / or has no command" },
	{ "{\"op\":\"answer\"}", "an answer without an id" },
	{ "{\"op\":\"answer\",\"id\":-1}", "an answer without an id" },
	{ "{\"op\":\"answer\",\"id\":1.0}", "an answer without an id" },
	{ ANSWER "\"user\":\"x\"}",
	  "user that is no list of at most 20 texts" },
	{ ANSWER "\"user\":[5]}", "user that is no text" },
	{ ANSWER "\"room\":[\"\"]}", "room with an empty line" },
	{ ANSWER "\"room\":[\"a\\nb\"]}", "room with control characters" },
	{ ANSWER "\"refusal\":{\"code\":\"usage\"}}",
	  "a refusal's text that is no text" },
	{ ANSWER "\"refusal\":{\"code\":\"banned\",\"text\":\"x\"}}",
	  "a refusal with a code that plugins have not" },
	{ ANSWER "\"refusal\":5}", "a refusal's text that is no text" },
	{ "{\"op\":\"say\",\"lines\":[]}", "a say without a room" },
	{ "{\"op\":\"say\",\"room\":\"a b\"}", "a say without a room" },
	{ SAY "\"lines\":{}}", "lines that is no list of at most 20 texts" },
};

static void what_is_wrong_is_said(void **state)
{
	struct plugin_message m;
	char why[PLUGIN_WHY];

	(void)state;
	for (size_t i = 0; i < COUNT(wrong_cases); i++) {
		const char *line = wrong_cases[i].line;

		if (message_read(line, strlen(line), &m, why))
			fail_msg("taken: %s", line);
		assert_string_equal(why, wrong_cases[i].why);
		assert_null(m.root);
	}
}

static struct plugin_message read_right(const char *line)
{
	struct plugin_message m;
	char why[PLUGIN_WHY] = "";

	if (!message_read(line, strlen(line), &m, why))
		fail_msg("%s: %s", line, why);
	return m;
}

/* prefix, then what, count times, then suffix; the caller's. */
static char *repeated(const char *prefix, const char *what, size_t count,
		      const char *suffix)
{
	AUTO(buf_fini) struct buf b = { 0 };

	buf_add_text(&b, prefix);
	for (size_t i = 0; i < count; i++)
		buf_add_text(&b, what);
	buf_add_text(&b, suffix);
	return mem_text(buf_text(&b));
}

/* Exactly so much is taken, and not one more. */
static const struct bound_case {
	const char *prefix;
	const char *what;
	size_t most;
	const char *suffix;
} bound_cases[] = {
	{ "{\"op\":\"log\",\"text\":\"", "x", 1000, "\"}" },
	{ ANSWER "\"user\":[\"", "x", 1000, "\"]}" },
	{ ANSWER "\"user\":[\"x\"", ",\"x\"", 19, "]}" },
	{ SAY "\"lines\":[\"x\"", ",\"x\"", 19, "]}" },
	{ ANSWER "\"refusal\":{\"code\":\"busy\",\"text\":\"", "x", 400,
	  "\"}}" },
	{ ANSWER "\"state\":\"", "x", 65534, "\"}" },
	{ HELLO "\"commands\":[{\"name\":\"a\"}", ",{\"name\":\"a\"}", 15,
	  "]}" },
	{ HELLO "\"commands\":[{\"name\":\"", "x", 32, "\"}]}" },
	{ HELLO "\"commands\":[{\"name\":\"a\",\"usage\":\"", "x", 80,
	  "\"}]}" },
	{ HELLO "\"commands\":[{\"name\":\"a\"}],\"lines\":[\"", "x", 80,
	  "\"]}" },
	{ HELLO "\"commands\":[{\"name\":\"a\"}],\"lines\":[\"b\"", ",\"b\"",
	  15, "]}" },
};

static void bounds_are_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bound_cases); i++) {
		const struct bound_case *c = &bound_cases[i];
		AUTO(mem_free_text)
		char *right = repeated(c->prefix, c->what, c->most, c->suffix);
		AUTO(mem_free_text)
		char *wrong =
			repeated(c->prefix, c->what, c->most + 1, c->suffix);
		struct plugin_message m = read_right(right);
		char why[PLUGIN_WHY];

		message_fini(&m);
		if (message_read(wrong, strlen(wrong), &m, why))
			fail_msg("taken: %.200s", wrong);
	}
}

static void depth_is_bounded(void **state)
{
	AUTO(mem_free_text)
	char *open = repeated(ANSWER "\"state\":", "[", PLUGIN_DEPTH - 1, "");
	AUTO(mem_free_text)
	char *right = repeated(open, "]", PLUGIN_DEPTH - 1, "}");
	AUTO(mem_free_text) char *wrong = repeated(open, "[", 1, right);
	AUTO(mem_free_text)
	char *text = repeated(ANSWER "\"state\":\"", "[", 2 * PLUGIN_DEPTH,
			      "\\\"\"}");
	struct plugin_message m = read_right(right);
	char why[PLUGIN_WHY];

	(void)state;
	message_fini(&m);
	assert_false(message_read(wrong, strlen(wrong), &m, why));
	assert_string_equal(why, "objects more than 32 deep");
	m = read_right(text); /* brackets in a text are none */
	message_fini(&m);
}

static void hello_is_read(void **state)
{
	struct plugin_message m = read_right(
		HELLO "\"commands\":[{\"name\":\"Joke\",\"usage\":\"[me]\","
		      "\"help\":null},{\"name\":\"pun\",\"help\":\"h\"}],"
		      "\"lines\":[\"get_joke\"],"
		      "\"events\":[\"said\",\"exploded\",5,\"joined\"],"
		      "\"more\":{}}");

	(void)state;
	assert_int_equal(m.op, OP_HELLO);
	assert_int_equal(m.offer->command_count, 2);
	assert_string_equal(m.offer->commands[0].name, "joke");
	assert_string_equal(m.offer->commands[0].usage, "[me]");
	assert_string_equal(m.offer->commands[0].help, "");
	assert_string_equal(m.offer->commands[1].help, "h");
	assert_string_equal(m.offer->triggers[0], "get_joke");
	assert_int_equal(m.offer->trigger_count, 1);
	assert_int_equal(m.offer->events,
			 1U << PLUGIN_SAID | 1U << PLUGIN_JOINED);
	message_fini(&m);
}

static void answers_are_read(void **state)
{
	struct plugin_message m =
		read_right(ANSWER "\"user\":[\"a\",\"b\"],\"room\":null,"
				  "\"state\":{\"n\": [1, 2.5, null]}}");

	(void)state;
	assert_int_equal(m.op, OP_ANSWER);
	assert_int_equal(m.id, 7);
	assert_int_equal(m.result, ERR_OK);
	assert_int_equal(m.user.count, 2);
	assert_string_equal(m.user.all[1], "b");
	assert_int_equal(m.room.count, 0);
	assert_string_equal(m.state, "{\"n\":[1,2.5,null]}");
	message_fini(&m);
	m = read_right(ANSWER "\"refusal\":{\"code\":\"not-found\","
			      "\"text\":\"No.\"},\"user\":5,\"state\":null}");
	assert_int_equal(m.result, ERR_NOT_FOUND);
	assert_string_equal(m.text, "No.");
	assert_string_equal(m.state, "null");
	message_fini(&m);
}

static void says_and_logs_are_read(void **state)
{
	struct plugin_message m = read_right(SAY "\"lines\":[\"hi\"]}");

	(void)state;
	assert_int_equal(m.op, OP_SAY);
	assert_string_equal(m.where, "den");
	assert_string_equal(m.room.all[0], "hi");
	assert_null(m.state);
	message_fini(&m);
	m = read_right("{\"op\":\"log\",\"text\":\"caf\u00e9\"}");
	assert_int_equal(m.op, OP_LOG);
	assert_string_equal(m.text, "caf\u00e9");
	message_fini(&m);
}

static void what_is_sent(void **state)
{
	static const char *const roles[] = { "user", "admin", NULL };
	struct plugin_use use = { .command = "joke",
				  .args = "a \"b\"",
				  .user = "ann",
				  .roles = roles,
				  .room = "den" };
	struct plugin_event event = { PLUGIN_LEFT, "den", true, "ann", NULL };
	AUTO(buf_fini) struct buf out = { 0 };

	(void)state;
	message_put_use(&out, 17, &use);
	use.room = NULL;
	use.args = "";
	use.line = "get_joke";
	message_put_use(&out, 18, &use);
	message_put_event(&out, &event);
	event.kind = PLUGIN_SAID;
	event.text = "hi";
	message_put_event(&out, &event);
	message_put_bye(&out);
	assert_string_equal(
		buf_text(&out),
		"{\"op\":\"use\",\"id\":17,\"command\":\"joke\",\"args\":"
		"\"a \\\"b\\\"\",\"user\":\"ann\",\"roles\":[\"user\","
		"\"admin\"],\"room\":\"den\",\"line\":false}\n"
		"{\"op\":\"use\",\"id\":18,\"command\":\"joke\",\"args\":\"\","
		"\"user\":\"ann\",\"roles\":[\"user\",\"admin\"],"
		"\"room\":null,\"line\":true,\"text\":\"get_joke\"}\n"
		"{\"op\":\"event\",\"event\":\"left\",\"room\":\"den\","
		"\"user\":\"ann\"}\n"
		"{\"op\":\"event\",\"event\":\"said\",\"room\":\"den\","
		"\"user\":\"ann\",\"text\":\"hi\"}\n"
		"{\"op\":\"bye\"}\n");
}

/* Values as a settings file has them, and what becomes of them. */
static void settings_are_sent(void **state)
{
	static char name[][4] = { "a", "b", "c", "d", "e", "f", "g" };
	static char text[][8] = { "12", "-1.5", "true", "none",
				  "12", "012",  "x y" };
	struct conf_pair pairs[COUNT(text)];
	const struct conf_pairs all = { pairs, COUNT(text) };
	AUTO(buf_fini) struct buf out = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(text); i++)
		pairs[i] = (struct conf_pair){ name[i], text[i], i == 4 };
	message_put_hello(&out, "joke", "Rialto", &all, "{\"n\":1}");
	message_put_hello(&out, "joke", "Rialto", &(struct conf_pairs){ 0 },
			  NULL);
	assert_string_equal(
		buf_text(&out),
		"{\"op\":\"hello\",\"v\":1,\"name\":\"joke\",\"server\":"
		"\"Rialto\",\"settings\":{\"a\":12,\"b\":-1.5,\"c\":true,"
		"\"d\":null,\"e\":\"12\",\"f\":\"012\",\"g\":\"x y\"},"
		"\"state\":{\"n\":1}}\n"
		"{\"op\":\"hello\",\"v\":1,\"name\":\"joke\",\"server\":"
		"\"Rialto\",\"settings\":{},\"state\":null}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(bounds_are_exact),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(hello_is_read),
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(says_and_logs_are_read),
		cmocka_unit_test(what_is_sent),
		cmocka_unit_test(settings_are_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

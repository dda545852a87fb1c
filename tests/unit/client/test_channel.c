#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "client/channel.h"

static const struct session_keys keys = {
	.request = { 1 },
	.response = { 2 },
};

/* The server seals with what the client opens with. */
static const struct session_keys turned = {
	.request = { 2 },
	.response = { 1 },
};

static enum err hear(struct channel *c, const struct buf *line,
		     struct buf *text_r)
{
	assert_int_equal(buf_at(line)[buf_len(line) - 1], '\n');
	return channel_open(c, buf_at(line), buf_len(line) - 1, text_r);
}

static void test_lines_go_both_ways(void **state UNUSED)
{
	struct channel *client = channel_new(&keys);
	struct channel *server = channel_new(&turned);

	for (int i = 0; i < 3; i++) {
		AUTO(buf_fini) struct buf line = { 0 }, text = { 0 };

		channel_seal(client, "{}", 2, &line);
		assert_int_equal(hear(server, &line, &text), ERR_OK);
		assert_string_equal(buf_text(&text), "{}");
		buf_reset(&line);
		buf_reset(&text);
		channel_seal(server, "[1]", 3, &line);
		assert_int_equal(hear(client, &line, &text), ERR_OK);
		assert_string_equal(buf_text(&text), "[1]");
	}
	channel_free(&client);
	channel_free(&server);
}

static void test_a_line_comes_once_and_in_order(void **state UNUSED)
{
	AUTO(buf_fini) struct buf first = { 0 }, second = { 0 }, text = { 0 };
	struct channel *client = channel_new(&keys);
	struct channel *server = channel_new(&turned);

	channel_seal(server, "1", 1, &first);
	channel_seal(server, "2", 1, &second);
	assert_int_equal(hear(client, &second, &text), ERR_REPLAY);
	assert_int_equal(hear(client, &first, &text), ERR_OK);
	assert_int_equal(hear(client, &first, &text), ERR_REPLAY);
	assert_int_equal(hear(client, &second, &text), ERR_OK);
	assert_string_equal(buf_text(&text), "12");
	channel_free(&client);
	channel_free(&server);
}

/* What the client says cannot be played back to it. */
static void test_directions_do_not_mix(void **state UNUSED)
{
	AUTO(buf_fini) struct buf line = { 0 }, text = { 0 };
	struct channel *client = channel_new(&keys);

	channel_seal(client, "{}", 2, &line);
	assert_int_equal(hear(client, &line, &text), ERR_MAC_FAILED);
	channel_free(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_go_both_ways),
		cmocka_unit_test(test_a_line_comes_once_and_in_order),
		cmocka_unit_test(test_directions_do_not_mix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "front/line/telnet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define IAC "\xff"
#define DONT "\xfe"
#define DO "\xfd"
#define WONT "\xfc"
#define WILL "\xfb"
#define SB "\xfa"
#define NOP "\xf1"
#define SE "\xf0"
#define ECHO "\x01"
#define GO_AHEAD "\x03"
#define WINDOW "\x1f"

#define DO_ECHO IAC DO ECHO
#define DONT_ECHO IAC DONT ECHO
#define WILL_ECHO IAC WILL ECHO
#define WONT_ECHO IAC WONT ECHO

/* One end of a conversation, and what it has answered. */
struct talk {
	struct telnet telnet;
	struct buf text;
	struct buf reply;
	bool is_sound;
};

static void begin(struct talk *t, enum listener_telnet mode)
{
	memset(t, 0, sizeof(*t));
	t->is_sound = true;
	telnet_init(&t->telnet, mode);
}

static void end(struct talk *t)
{
	buf_fini(&t->text);
	buf_fini(&t->reply);
}

static void hear(struct talk *t, const char *bytes, size_t len)
{
	t->is_sound = t->is_sound && telnet_filter(&t->telnet, bytes, len,
						   &t->text, &t->reply);
}

/* What has been answered since the last look; borrowed until the next. */
static void assert_reply(struct talk *t, const char *want)
{
	assert_string_equal(buf_text(&t->reply), want);
	buf_reset(&t->reply);
}

/* RFC 1143: what an event does to our option ECHO in a state. */
enum state { NO, YES, WANT_NO, WANT_NO_OPP, WANT_YES, WANT_YES_OPP };

/*
 * Events: '+' and '-', the prompt hides the echo and is over; 'y' and 'n', the
 * peer says DO and DONT.
 */
static const char *const ways[] = {
	[NO] = "",         [YES] = "+y",
	[WANT_NO] = "+y-", [WANT_NO_OPP] = "+y-+",
	[WANT_YES] = "+",  [WANT_YES_OPP] = "+-",
};

static const struct echo_case {
	enum state state;
	char event;
	const char *reply;
	enum state next;
} echo_cases[] = {
	{ NO, '+', WILL_ECHO, WANT_YES },
	{ NO, '-', "", NO },
	{ NO, 'y', WONT_ECHO, NO },
	{ NO, 'n', "", NO },
	{ YES, '+', "", YES },
	{ YES, '-', WONT_ECHO, WANT_NO },
	{ YES, 'y', "", YES },
	{ YES, 'n', WONT_ECHO, NO },
	{ WANT_NO, '+', "", WANT_NO_OPP },
	{ WANT_NO, '-', "", WANT_NO },
	{ WANT_NO, 'y', "", NO }, /* an error of the peer */
	{ WANT_NO, 'n', "", NO },
	{ WANT_NO_OPP, '+', "", WANT_NO_OPP },
	{ WANT_NO_OPP, '-', "", WANT_NO },
	{ WANT_NO_OPP, 'y', "", YES }, /* an error of the peer */
	{ WANT_NO_OPP, 'n', WILL_ECHO, WANT_YES },
	{ WANT_YES, '+', "", WANT_YES },
	{ WANT_YES, '-', "", WANT_YES_OPP },
	{ WANT_YES, 'y', "", YES },
	{ WANT_YES, 'n', "", NO },
	{ WANT_YES_OPP, '+', "", WANT_YES },
	{ WANT_YES_OPP, '-', "", WANT_YES_OPP },
	{ WANT_YES_OPP, 'y', WONT_ECHO, WANT_NO },
	{ WANT_YES_OPP, 'n', "", NO },
};

static void act(struct talk *t, char event)
{
	if (event == '+' || event == '-')
		telnet_hide_echo(&t->telnet, event == '+', &t->reply);
	else if (event == 'y')
		hear(t, DO_ECHO, 3);
	else
		hear(t, DONT_ECHO, 3);
}

static void bring(struct talk *t, enum state state)
{
	begin(t, TELNET_AUTO);
	hear(t, IAC NOP, 2);
	for (const char *event = ways[state]; *event != '\0'; event++)
		act(t, *event);
	buf_reset(&t->reply);
}

static void echo_goes_by_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(echo_cases); i++) {
		const struct echo_case *c = &echo_cases[i];
		struct talk want;
		struct talk t;

		print_message("# state %d, event %c\n", (int)c->state,
			      c->event);
		bring(&t, c->state);
		bring(&want, c->next);
		act(&t, c->event);
		assert_reply(&t, c->reply);
		assert_int_equal(t.telnet.echo, want.telnet.echo);
		end(&t);
		end(&want);
	}
}

static const struct filter_case {
	const char *name;
	const char *bytes;
	const char *text;
	const char *reply;
} filter_cases[] = {
	{ "text alone", "hello\n", "hello\n", "" },
	{ "CR LF", "a\r\nb\r\n", "a\nb\n", "" },
	{ "CR alone stays", "a\rb\r\rc", "a\rb\r\rc", "" },
	{ "an option refused", "a" IAC DO WINDOW "b", "ab", IAC WONT WINDOW },
	{ "an offer refused", IAC WILL WINDOW "b", "b", IAC DONT WINDOW },
	{ "what is off stays off", IAC WONT WINDOW IAC DONT WINDOW "b", "b",
	  "" },
	{ "an offer of echo refused", IAC WILL ECHO, "", IAC DONT ECHO },
	{ "go-ahead suppressed", IAC DO GO_AHEAD "x", "x", IAC WILL GO_AHEAD },
	{ "and again", IAC DO GO_AHEAD IAC DO GO_AHEAD, "", IAC WILL GO_AHEAD },
	{ "and not any more", IAC DO GO_AHEAD IAC DONT GO_AHEAD, "",
	  IAC WILL GO_AHEAD IAC WONT GO_AHEAD },
	{ "a byte 255", "a" IAC IAC "b",
	  "a\xff"
	  "b",
	  "" },
	{ "commands without options", "a" IAC NOP IAC SE "b", "ab", "" },
	{ "a subnegotiation", "a" IAC SB WINDOW "80x24" IAC SE "b", "ab", "" },
	{ "with a byte 255 in it", IAC SB WINDOW IAC IAC SE IAC SE "b", "b",
	  "" },
	{ "with a command in it", IAC SB IAC NOP "x\ny" IAC SE "b", "b", "" },
	{ "negotiation between CR and LF", "a\r" IAC NOP "\nb", "a\r\nb", "" },
	{ "a byte that is no command", "a" IAC "bc", "ac", "" },
};

static void options_are_taken_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(filter_cases); i++) {
		const struct filter_case *c = &filter_cases[i];
		struct talk t;

		print_message("# %s\n", c->name);
		begin(&t, TELNET_AUTO);
		hear(&t, c->bytes, strlen(c->bytes));
		assert_true(t.is_sound);
		assert_string_equal(buf_text(&t.text), c->text);
		assert_reply(&t, c->reply);
		end(&t);
	}
}

/* Wherever reads cut the bytes, the outcome is the same. */
static void reads_may_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(filter_cases); i++) {
		const struct filter_case *c = &filter_cases[i];
		size_t len = strlen(c->bytes);

		print_message("# %s\n", c->name);
		for (size_t cut = 0; cut <= len + 1; cut++) {
			struct talk t;

			begin(&t, TELNET_AUTO);
			if (cut <= len) {
				hear(&t, c->bytes, cut);
				hear(&t, c->bytes + cut, len - cut);
			} else {
				for (size_t k = 0; k < len; k++)
					hear(&t, c->bytes + k, 1);
			}
			assert_string_equal(buf_text(&t.text), c->text);
			assert_reply(&t, c->reply);
			end(&t);
		}
	}
}

static void cr_nul_is_a_line_end(void **state)
{
	struct talk t;

	(void)state;
	begin(&t, TELNET_ALWAYS);
	hear(&t, "a\r\0b\0", 5);
	assert_int_equal(buf_len(&t.text), 4);
	assert_memory_equal(buf_at(&t.text), "a\nb\0", 4);
	end(&t);
}

static void always_asks_by_itself(void **state)
{
	struct talk t;

	(void)state;
	begin(&t, TELNET_ALWAYS);
	assert_reply(&t, "");
	assert_false(telnet_is_idle(&t.telnet, "a", 1));
	telnet_hide_echo(&t.telnet, true, &t.reply);
	assert_reply(&t, WILL_ECHO);
	hear(&t, IAC DO GO_AHEAD DO_ECHO, 6);
	assert_reply(&t, IAC WILL GO_AHEAD);
	telnet_hide_echo(&t.telnet, false, &t.reply);
	assert_reply(&t, WONT_ECHO);
	end(&t);
}

static void auto_waits_for_the_peer(void **state)
{
	struct talk t;

	(void)state;
	begin(&t, TELNET_AUTO);
	assert_reply(&t, "");
	assert_true(telnet_is_idle(&t.telnet, "a\r\n", 3));
	telnet_hide_echo(&t.telnet, true, &t.reply);
	assert_reply(&t, "");
	assert_false(telnet_is_idle(&t.telnet, "a" IAC, 2));
	hear(&t, IAC NOP, 2);
	assert_false(telnet_is_idle(&t.telnet, "a", 1));
	telnet_hide_echo(&t.telnet, true, &t.reply);
	assert_reply(&t, WILL_ECHO);
	end(&t);
}

static void never_means_never(void **state)
{
	struct talk t;

	(void)state;
	begin(&t, TELNET_NEVER);
	assert_reply(&t, "");
	assert_true(telnet_is_idle(&t.telnet, IAC DO ECHO, 3));
	telnet_hide_echo(&t.telnet, true, &t.reply);
	assert_reply(&t, "");
	end(&t);
}

static const struct loop_case {
	const char *name;
	const char *begin;
	const char *bytes; /* again and again */
	bool is_found_out;
} loop_cases[] = {
	{ "a subnegotiation without end", IAC SB WINDOW, "xxxxxxxx", true },
	{ "one full of bytes 255", IAC SB WINDOW, IAC IAC, true },
	{ "one full of commands", IAC SB WINDOW, IAC NOP, true },
	{ "an option asked for without end", "", IAC DO WINDOW, true },
	{ "an offer without end", "", IAC WILL WINDOW, true },
	{ "echo asked for without end", "", DO_ECHO, true },
	{ "on and off without end", "", IAC DO GO_AHEAD IAC DONT GO_AHEAD,
	  true },
	{ "refusals need no answer", "", IAC DONT WINDOW IAC WONT WINDOW,
	  false },
	{ "nothing without end", "", IAC NOP, false },
	{ "short subnegotiations", "", IAC SB WINDOW "80x24" IAC SE, false },
	{ "text without end", "", "hello there\r\n", false },
};

static void loops_are_found_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(loop_cases); i++) {
		const struct loop_case *c = &loop_cases[i];
		size_t most_reply = 0;
		struct talk t;

		print_message("# %s\n", c->name);
		begin(&t, TELNET_AUTO);
		hear(&t, c->begin, strlen(c->begin));
		for (int n = 0; n < 100000 && t.is_sound; n++) {
			hear(&t, c->bytes, strlen(c->bytes));
			buf_reset(&t.text);
			most_reply = buf_len(&t.reply);
		}
		assert_int_equal(t.is_sound, !c->is_found_out);
		assert_true(most_reply < 1024);
		end(&t);
	}
}

/* A peer that agrees to everything, through many prompts. */
static void many_prompts_are_no_loop(void **state)
{
	struct talk t;

	(void)state;
	begin(&t, TELNET_ALWAYS);
	for (int i = 0; i < 60; i++) {
		telnet_hide_echo(&t.telnet, true, &t.reply);
		hear(&t, DO_ECHO, 3);
		telnet_hide_echo(&t.telnet, false, &t.reply);
		hear(&t, DONT_ECHO "secret\r\n", 11);
		assert_true(t.is_sound);
	}
	end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(echo_goes_by_the_table),
		cmocka_unit_test(options_are_taken_out),
		cmocka_unit_test(reads_may_cut_anywhere),
		cmocka_unit_test(cr_nul_is_a_line_end),
		cmocka_unit_test(always_asks_by_itself),
		cmocka_unit_test(auto_waits_for_the_peer),
		cmocka_unit_test(never_means_never),
		cmocka_unit_test(loops_are_found_out),
		cmocka_unit_test(many_prompts_are_no_loop),
	};

	return cmocka_run_group_tests_name("telnet", tests, NULL, NULL);
}

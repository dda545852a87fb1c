#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "rialto/vocabulary.h"

static const char *const heard[] = {
	"Welcome to the Rialto",
	"-- Welcome, ann. Last login yesterday.",
	"-- /join ROOM [KEY]   enter a room",
	"-- /leave, /topic and (/who)",
	"-- /users approve NAME  let a registered user in",
	"-- /users add NAME PASSWORD  make a user",
	"-- /quit  end this session",
	"-- /reopen den opens it again",
	"[lobby] Bob: see /etc/passwd",
	"[lobby] bob: again",
	"[den] 20:14 cleo: hello",
	"[den] * dan waves",
	"[lobby] -- eve joined",
	"fred -> you: psst",
	"-- attic: gus (owner), hal (away a while); away: ida",
	"-- cellar 2 here, wine",
	"-- Note: nothing to learn",
	"-- /var/lib is no command",
	"!! no-such-room nowhere: jane, kim",
};

/* Every match for what is typed, the last word of it, joined by spaces. */
static void matches(const struct vocabulary *v, const char *typed,
		    struct buf *out)
{
	const char *space = strrchr(typed, ' ');
	size_t start = space != NULL ? (size_t)(space + 1 - typed) : 0;
	size_t at = 0;
	char *match;

	while ((match = vocabulary_match(v, typed, start, &at)) != NULL) {
		buf_print(out, "%s%s", buf_len(out) > 0 ? " " : "", match);
		mem_free(match);
	}
}

static const struct match_case {
	const char *typed;
	const char *want;
} match_cases[] = {
	{ "/", "/join /leave /topic /who /users /quit /reopen" },
	{ "/J", "/join" },
	{ "/v", "" },
	{ "/e", "" },
	{ ".b", ".Bob" },
	{ ".l", "" },
	{ "b", "Bob" },
	{ "/join l", "lobby" },
	{ "/join a", "attic" },
	{ "/tell g", "gus" },
	{ "/users a", "approve add attic" },
	{ "/USERS AP", "approve" },
	{ "/users approve a", "attic" },
	{ "/user a", "attic" },
	{ "/reopen d", "dan den" },
	{ "/quit e", "eve" },
	{ "hi ", "Bob cleo dan eve fred gus hal ida lobby den attic cellar" },
	{ "hi /j", "" },
	{ "zz", "" },
};

static void test_learns_what_passes_by(void **state UNUSED)
{
	AUTO(vocabulary_free) struct vocabulary *v = vocabulary_new();

	for (size_t i = 0; i < COUNT(heard); i++)
		vocabulary_learn(v, heard[i]);
	for (size_t i = 0; i < COUNT(match_cases); i++) {
		AUTO(buf_fini) struct buf got = { 0 };

		matches(v, match_cases[i].typed, &got);
		if (strcmp(buf_text(&got), match_cases[i].want) != 0)
			fail_msg("'%s': '%s'", match_cases[i].typed,
				 buf_text(&got));
	}
}

static void test_keeps_the_newest(void **state UNUSED)
{
	AUTO(vocabulary_free) struct vocabulary *v = vocabulary_new();
	AUTO(buf_fini) struct buf first = { 0 }, last = { 0 };

	for (int i = 0; i <= VOCABULARY_MOST; i++) {
		AUTO(mem_free_text)
		char *line = mem_print("[r] -- user%dx joined", i);

		vocabulary_learn(v, line);
	}
	matches(v, "user0x", &first);
	assert_string_equal(buf_text(&first), "");
	matches(v, "user512x", &last);
	assert_string_equal(buf_text(&last), "user512x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learns_what_passes_by),
		cmocka_unit_test(test_keeps_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

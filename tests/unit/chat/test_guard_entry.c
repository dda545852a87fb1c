#include "chat/guard/guard_entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { SINCE_MS = 1000 };

static struct guard_entry entry(user_id user, const char *network,
				const char *name)
{
	struct guard_entry entry = { .id = 1,
				     .kind = GUARD_MUTE,
				     .user = user,
				     .by_rank = RANK_MODERATOR,
				     .since_ms = SINCE_MS };

	if (network != NULL)
		assert_true(network_parse(network, &entry.network));
	snprintf(entry.name, sizeof(entry.name), "%s", name);
	return entry;
}

static const struct hit_case {
	const char *name;
	user_id on; /* 0: on 192.0.2.0/24 */
	const char *guest;
	user_id user;
	role_set roles;
	int64_t since_ms;
	const char *address;
	bool want;
} hit_cases[] = {
	{ "a user anywhere", 7, "", 7, ROLE_USER, 0, "local", true },
	{ "nobody else", 7, "", 8, ROLE_USER, 0, "192.0.2.1", false },
	{ "all of a network", 0, "", 8, ROLE_USER, 0, "192.0.2.1", true },
	{ "its guests", 0, "", 0, ROLE_GUEST, 0, "192.0.2.1", true },
	{ "not the next", 0, "", 0, ROLE_GUEST, 0, "192.0.3.1", false },
	{ "nobody without one", 0, "", 0, ROLE_GUEST, 0, "local", false },
	{ "no administrator", 0, "", 8, ROLE_USER | ROLE_ADMIN, 0, "192.0.2.1",
	  false },
	{ "a guest's: guests", 0, "zoe", 0, ROLE_GUEST, 0, "192.0.2.1", true },
	{ "a guest's: not the users", 0, "zoe", 8, ROLE_USER, 0, "192.0.2.1",
	  false },
	{ "nor those from before", 0, "zoe", 8, ROLE_USER, SINCE_MS - 1,
	  "192.0.2.1", false },
	{ "but those since", 0, "zoe", 8, ROLE_USER, SINCE_MS, "192.0.2.1",
	  true },
	{ "from there", 0, "zoe", 8, ROLE_USER, SINCE_MS, "192.0.3.1", false },
};

static void it_hits_whom_it_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hit_cases); i++) {
		const struct hit_case *c = &hit_cases[i];
		struct guard_entry e = entry(
			c->on, c->on == 0 ? "192.0.2.0/24" : NULL, c->guest);
		struct guard_subject subject =
			guard_subject(c->user, c->roles, c->address);

		print_message("# %s\n", c->name);
		subject.since_ms = c->since_ms;
		assert_int_equal(guard_entry_hits(&e, &subject), c->want);
	}
}

static void it_says_whom(void **state)
{
	char text[GUARD_WHOM_TEXT];
	struct guard_entry e = entry(7, NULL, "ann");

	(void)state;
	guard_entry_print_whom(&e, text);
	assert_string_equal(text, "ann");
	e = entry(0, "192.0.2.0/24", "");
	guard_entry_print_whom(&e, text);
	assert_string_equal(text, "192.0.2.0/24");
	e = entry(0, "192.0.2.7", "zoe");
	guard_entry_print_whom(&e, text);
	assert_string_equal(text, "guests of 192.0.2.7 (zoe)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_hits_whom_it_should),
		cmocka_unit_test(it_says_whom),
	};

	return cmocka_run_group_tests_name("guard_entry", tests, NULL, NULL);
}

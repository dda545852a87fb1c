#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/mem.h"
#include "chat/sanction/glob.h"
#include "chat/sanction/mask.h"

static const uint8_t key[CLOAK_KEY] = { 1, 2, 3 };

static const struct glob_case {
	const char *glob;
	const char *text;
	bool want;
} glob_cases[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "*", "", true },
	{ "*", "anything", true },
	{ "a?c", "abc", true },
	{ "a?c", "ac", false },
	{ "ANN", "ann", true },
	{ "*spam*", "get SPAM now", true },
	{ "*spam", "spammer", false },
	{ "a*b*c", "axxbxxc", true },
	{ "a*b*c", "axxcxxb", false },
	{ "*a", "aaab", false },
	{ "**a**", "bab", true },
};

static void globs_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(glob_cases); i++) {
		print_message("# %s %s\n", glob_cases[i].glob,
			      glob_cases[i].text);
		assert_int_equal(
			glob_match(glob_cases[i].glob, glob_cases[i].text),
			glob_cases[i].want);
	}
}

/* NULL: refused. */
static const struct parse_case {
	const char *text;
	const char *want;
} parse_cases[] = {
	{ "user:ann", "user:ann" },
	{ "guest:zoe", "guest:zoe" },
	{ "user:1st", NULL },
	{ "guest:", NULL },
	{ "192.0.2.7", "192.0.2.7" },
	{ "192.0.2.7/24", "192.0.2.0/24" },
	{ "10.0.0.0/16", "10.0.0.0/16" },
	{ "10.0.0.0/15", NULL },
	{ "0.0.0.0/0", NULL },
	{ "192.0.2.0/33", NULL },
	{ "192.0.2.300", NULL },
	{ "2001:db8::/32", "2001:db8::/32" },
	{ "2001:db8::/31", NULL },
	{ "::/0", NULL },
	{ "::/64", NULL },
	{ "::ffff:0:0/96", NULL },
	{ "::ffff:192.0.2.7", "192.0.2.7" },
	{ "troll*", "troll*!*@*" },
	{ "troll*!guest", "troll*!guest@*" },
	{ "*@*.abc.cloak", "*!*@*.abc.cloak" },
	{ "tr**ll***!*@*", "tr*ll*!*@*" },
	{ "zoe!guest@10.0.*", "zoe!guest@10.0.*" },
	{ "", NULL },
	{ "*", NULL },
	{ "?", NULL },
	{ "*!*@*", NULL },
	{ "*!guest@*", NULL },
	{ "*!*", NULL },
	{ "@", NULL },
	{ "a*", NULL },
	{ "?????*", NULL },
	{ "*!*@*.cloak", NULL },
	{ "*!*@*.?.cloak", NULL },
	{ "*!*@*cloak", NULL },
	{ "*!*@*lo*", NULL },
	{ "*!*@????????.????????.*k", NULL },
	{ "*!*@1*", NULL },
	{ "*!*@*.*.*", NULL },
	{ "a!b!c@d", NULL },
	{ "ann@ben!cleo", NULL },
	{ "ann!user@a@b", NULL },
	{ "ann ben", NULL },
	{ "änn", NULL },
	{ "ann\x01", NULL },
};

static void masks_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(parse_cases); i++) {
		const struct parse_case *c = &parse_cases[i];
		struct refusal why = { 0 };
		struct mask mask;

		print_message("# %s\n", c->text);
		assert_int_equal(mask_parse(c->text, &mask, &why),
				 c->want == NULL ? ERR_BAD_INPUT : ERR_OK);
		if (c->want == NULL)
			assert_true(strlen(why.text) > 0);
		else
			assert_string_equal(mask.text, c->want);
	}
}

static void long_masks_are_refused(void **state)
{
	char text[2 * MASK_MOST];
	struct mask mask;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[MASK_MOST + 1] = '\0';
	assert_int_equal(mask_parse(text, &mask, NULL), ERR_BAD_INPUT);
	/* Completed, it would be too long. */
	text[MASK_MOST - 3] = '\0';
	assert_int_equal(mask_parse(text, &mask, NULL), ERR_BAD_INPUT);
	text[MASK_MOST - 4] = '\0';
	assert_int_equal(mask_parse(text, &mask, NULL), ERR_OK);
	assert_int_equal(strlen(mask.text), MASK_MOST);
}

/* Somebody from 192.0.2.7 and from 2001:db8::1. */
static struct subject *make_subject(user_id user, const char *name)
{
	static const char *const addresses[] = { "192.0.2.7", "2001:db8::1" };
	struct subject *s =
		mem_zero(sizeof(*s) + 2 * sizeof(struct subject_host));

	atomic_init(&s->refs, 1);
	s->user = user;
	snprintf(s->name, sizeof(s->name), "%s", name);
	for (; s->count < 2; s->count++) {
		struct subject_host *host = &s->hosts[s->count];

		snprintf(host->address, sizeof(host->address), "%s",
			 addresses[s->count]);
		assert_true(
			network_parse_address(host->address, &host->network));
		cloak_print(key, &host->network, host->cloak);
	}
	return s;
}

static const struct match_case {
	const char *mask;
	bool is_user; /* the user ann, else the guest zoe */
	bool want;
} match_cases[] = {
	{ "guest:zoe", false, true },
	{ "guest:ZOE", false, true },
	{ "guest:ann", true, false },
	{ "192.0.2.7", true, true },
	{ "192.0.2.0/24", false, true },
	{ "192.0.3.0/24", false, false },
	{ "2001:db8::/48", false, true },
	{ "2001:db9::/48", false, false },
	{ "zo*", false, true },
	{ "zo*", true, false },
	{ "zoe!user@*", false, false },
	{ "zoe!guest@*", false, true },
	{ "ann!user@*", true, true },
	{ "*!guest@192.0.2.*", false, true },
	{ "*!guest@192.0.3.*", false, false },
	{ "*@192.0.2.?", true, true },
};

static void masks_match(void **state)
{
	struct subject *ann = make_subject(1, "ann");
	struct subject *zoe = make_subject(0, "zoe");

	(void)state;
	for (size_t i = 0; i < COUNT(match_cases); i++) {
		const struct match_case *c = &match_cases[i];
		struct mask mask;

		print_message("# %s\n", c->mask);
		assert_int_equal(mask_parse(c->mask, &mask, NULL), ERR_OK);
		assert_int_equal(mask_match(&mask, c->is_user ? ann : zoe),
				 c->want);
	}
	subject_unref(&ann);
	subject_unref(&zoe);
}

/* By the number, whatever the user is called. */
static void a_user_cannot_be_renamed_away(void **state)
{
	struct subject *ann = make_subject(7, "anna");
	struct mask mask;

	(void)state;
	mask_of_user(7, "ann", &mask);
	assert_string_equal(mask.text, "user:ann");
	assert_true(mask_match(&mask, ann));
	mask_of_user(8, "anna", &mask);
	assert_false(mask_match(&mask, ann));
	assert_int_equal(mask_parse("user:anna", &mask, NULL), ERR_OK);
	assert_false(mask_match(&mask, ann));
	subject_unref(&ann);
}

static void a_guest_is_masked_by_cloak(void **state)
{
	struct subject *zoe = make_subject(0, "zoe");
	struct subject *ann = make_subject(1, "ann");
	struct mask mask;

	(void)state;
	mask_of_guest(zoe, &mask);
	assert_true(strncmp(mask.text, "*!guest@", 8) == 0);
	assert_true(strstr(mask.text, "192") == NULL);
	assert_true(mask_match(&mask, zoe));
	assert_false(mask_match(&mask, ann));
	zoe->hosts[0].is_local = true;
	mask_of_guest(zoe, &mask);
	assert_string_equal(mask.text, "guest:zoe");
	subject_unref(&zoe);
	subject_unref(&ann);
}

static void cloak(const char *address, char text_r[CLOAK_TEXT])
{
	struct network network;

	assert_true(network_parse_address(address, &network));
	cloak_print(key, &network, text_r);
}

/* How many parts of their cloaks, from the end, are the same. */
static const struct cloak_case {
	const char *a;
	const char *b;
	int same;
} cloak_cases[] = {
	{ "192.0.2.7", "192.0.2.7", 3 },
	{ "192.0.2.7", "192.0.2.8", 2 },
	{ "192.0.2.7", "192.0.3.7", 1 },
	{ "192.0.2.7", "192.1.2.7", 0 },
	{ "2001:db8:0:1::1", "2001:db8:0:1:2:3:4:5", 3 },
	{ "2001:db8:0:1::1", "2001:db8:0:2::1", 2 },
	{ "2001:db8:0:1::1", "2001:db8:1:1::1", 1 },
	{ "2001:db8::1", "2001:db9::1", 0 },
};

static void cloaks_are_stable_for_networks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cloak_cases); i++) {
		const struct cloak_case *c = &cloak_cases[i];
		char a[CLOAK_TEXT];
		char b[CLOAK_TEXT];

		cloak(c->a, a);
		cloak(c->b, b);
		print_message("# %s %s\n", a, b);
		assert_int_equal(strlen(a), CLOAK_TEXT - 1);
		for (int part = 0; part < CLOAK_PARTS; part++) {
			int at = part * (CLOAK_PART + 1);

			assert_int_equal(strcmp(a + at, b + at) == 0,
					 c->same >= CLOAK_PARTS - part);
		}
	}
}

static const struct public_case {
	const char *mask;
	const char *shown; /* NULL: a cloak */
} public_cases[] = {
	{ "user:ann", "user:ann" },
	{ "192.0.2.7", NULL },
	{ "2001:db8::/64", NULL },
	{ "192.0.2.0/24", "(address hidden)" },
	{ "2001:db8::/48", "(address hidden)" },
	{ "*!*@192.0.2.*", "(address hidden)" },
	{ "ann!*@*.*.*.*", "(address hidden)" },
	{ "*!*@*.abc.def.cloak", "*!*@*.abc.def.cloak" },
	{ "troll*!*@*", "troll*!*@*" },
};

static void addresses_are_hidden(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(public_cases); i++) {
		const struct public_case *c = &public_cases[i];
		char text[MASK_MOST + 1];
		struct mask mask;

		print_message("# %s\n", c->mask);
		assert_int_equal(mask_parse(c->mask, &mask, NULL), ERR_OK);
		mask_print_public(&mask, key, text);
		if (c->shown != NULL)
			assert_string_equal(text, c->shown);
		else
			assert_non_null(strstr(text, CLOAK_END));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs_match),
		cmocka_unit_test(masks_are_read),
		cmocka_unit_test(long_masks_are_refused),
		cmocka_unit_test(masks_match),
		cmocka_unit_test(a_user_cannot_be_renamed_away),
		cmocka_unit_test(a_guest_is_masked_by_cloak),
		cmocka_unit_test(cloaks_are_stable_for_networks),
		cmocka_unit_test(addresses_are_hidden),
	};

	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}

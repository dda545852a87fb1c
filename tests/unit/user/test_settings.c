#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/password.h"
#include "user/settings.h"

struct all {
	struct user_settings users;
};

static const struct conf_section schema[] = {
	{ "users", CONF_MAP, user_conf_items, offsetof(struct all, users),
	  sizeof(struct user_settings), NULL },
	{ 0 },
};

static void check(struct conf_check *conf_check, const void *settings)
{
	user_settings_check(conf_check, &((const struct all *)settings)->users);
}

static enum err parse(const char *text, struct all *all, struct buf *complaints)
{
	return conf_parse(schema, check, "rialto.yaml", text, strlen(text), all,
			  complaints);
}

static void has_the_documented_presets(void **state)
{
	struct all all = { 0 };
	struct buf complaints = { 0 };

	(void)state;
	assert_int_equal(parse("", &all, &complaints), ERR_OK);
	assert_int_equal(all.users.registration, REGISTRATION_OPEN);
	assert_int_equal(all.users.registrations_per_address.count, 60);
	assert_int_equal(all.users.registrations_per_address.period_s, 3600);
	assert_true(all.users.guests);
	assert_int_equal(all.users.password_hash, PASSWORD_YESCRYPT);
	assert_int_equal(all.users.password_cost, 5);
	assert_int_equal(all.users.password_min, 8);
	assert_int_equal(all.users.lockout_s, 900);
	assert_non_null(strstr(all.users.factor_key, "/keys/factor.key"));
	assert_int_equal(user_settings_factor_roles(&all.users), 0);
	conf_free(schema, &all);
	buf_fini(&complaints);
}

static const struct text_case {
	const char *text;
	const char *complaint; /* a part of it; NULL: none */
} text_cases[] = {
	{ "users: { registration: approval }", NULL },
	{ "users: { registration: closed }", NULL },
	{ "users: { registration: never }", "users.registration" },
	{ "users: { registrations_per_address: none, lockout: none }", NULL },
	{ "users: { registrations_per_address: 0/1h }",
	  "users.registrations_per_address" },
	{ "users: { lockout: 8d }", "users.lockout" },
	{ "users: { password_min: 7 }", "users.password_min" },
	{ "users: { password_min: 512 }", NULL },
	{ "users: { password_min: 513 }", "users.password_min" },
	{ "users: { password_cost: 0 }", "users.password_cost" },
	{ "users: { password_cost: 1 }", NULL },
	{ "users: { password_cost: 11 }", NULL },
	{ "users: { password_cost: 12 }",
	  "rialto.yaml:1:25: users.password_cost is 12; "
	  "with yescrypt it must be 1 to 11" },
	{ "users: { password_cost: 17 }", "users.password_cost" },
	{ "users: { password_hash: bcrypt, password_cost: 9 }",
	  "is 9; with bcrypt it must be 10 to 16" },
	{ "users: { password_hash: bcrypt, password_cost: 10 }", NULL },
	{ "users: { password_hash: bcrypt, password_cost: 16 }", NULL },
	{ "users: { password_hash: md5 }", "users.password_hash" },
	{ "users: { second_factor: admin }", NULL },
	{ "users: { second_factor: [teller, moderator] }", NULL },
	{ "users: { second_factor: [teller, user] }",
	  "users.second_factor has \"user\"; it must be none, or a list of" },
	{ "users: { second_factor: [boss] }", "has \"boss\"" },
};

static void knows_the_roles_that_need_a_factor(void **state)
{
	struct all all = { 0 };
	struct buf complaints = { 0 };

	(void)state;
	assert_int_equal(parse("users: { second_factor: [teller, admin] }",
			       &all, &complaints),
			 ERR_OK);
	assert_int_equal(user_settings_factor_roles(&all.users),
			 ROLE_TELLER | ROLE_ADMIN);
	conf_free(schema, &all);
	buf_fini(&complaints);
}

static void complains_about_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(text_cases); i++) {
		const struct text_case *c = &text_cases[i];
		struct all all = { 0 };
		struct buf complaints = { 0 };
		enum err e = parse(c->text, &all, &complaints);

		print_message("# %s\n# %s\n", c->text, buf_text(&complaints));
		assert_int_equal(e, c->complaint ? ERR_BAD_INPUT : ERR_OK);
		if (c->complaint != NULL)
			assert_non_null(
				strstr(buf_text(&complaints), c->complaint));
		conf_free(schema, &all);
		buf_fini(&complaints);
	}
}

static void everything_but_the_key_is_live(void **state)
{
	(void)state;
	for (const struct conf_item *i = user_conf_items; i->name != NULL; i++)
		assert_int_equal((i->flags & CONF_LIVE) != 0,
				 i->type != CONF_PATH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_documented_presets),
		cmocka_unit_test(knows_the_roles_that_need_a_factor),
		cmocka_unit_test(complains_about_what_is_wrong),
		cmocka_unit_test(everything_but_the_key_is_live),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}

#include "chat/guard/samesite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO, DAN };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static const struct actor dan = { .roles = ROLE_USER | ROLE_MODERATOR };

static struct person *come(struct hall *h, user_id user, const char *name,
			   const char *address, uint64_t session)
{
	struct person *person;

	assert_int_equal(
		chat_arrive(h->chat,
			    &(struct chat_arrival){
				    .user = user,
				    .roles = user != 0 ? ROLE_USER : ROLE_GUEST,
				    .name = name,
				    .address = address,
				    .session = session },
			    &person),
		ERR_OK);
	return person;
}

static enum err set_address(struct user *user, void *arg)
{
	snprintf(user->last_address, sizeof(user->last_address), "%s",
		 (const char *)arg);
	user->last_login_ms = 1;
	return ERR_OK;
}

static void was_at(struct hall *h, user_id user, char *address)
{
	assert_int_equal(users_edit(h->users, user, set_address, address,
				    &hall_entry, NULL),
			 ERR_OK);
}

static void print_hit(const struct samesite_hit *hit, void *arg)
{
	buf_print(arg, "%s%s %s%s;", hit->name, hit->is_guest ? "?" : "",
		  hit->address, hit->is_here ? "" : " once");
}

static const struct find_case {
	const char *whom;
	enum err want;
	const char *hits;
} find_cases[] = {
	{ "192.0.2.1", ERR_OK, "ann 192.0.2.1;zoe? 192.0.2.1;" },
	{ "ann", ERR_OK,
	  "ann 192.0.2.1;ann 2001:db8::1;zed? 2001:db8::2;zoe? 192.0.2.1;"
	  "user3 2001:db8::3 once;" },
	{ "ZOE", ERR_OK, "ann 192.0.2.1;zoe? 192.0.2.1;" },
	{ "192.0.2.0/24", ERR_OK,
	  "ann 192.0.2.1;zoe? 192.0.2.1;user2 192.0.2.9 once;" },
	{ "2001:db8::9", ERR_OK,
	  "ann 2001:db8::1;zed? 2001:db8::2;user3 2001:db8::3 once;" },
	{ "user2", ERR_OK, "user2 192.0.2.9 once;" },
	{ "198.51.100.1", ERR_OK, "" },
	{ "user4", ERR_NOT_FOUND, "" },
	{ "local", ERR_NO_SUCH_USER, "" },
	{ "nobody", ERR_NO_SUCH_USER, "" },
	{ "*", ERR_BAD_INPUT, "" },
};

static void who_shares_an_address_is_found(void **state)
{
	static char four[] = "192.0.2.1", nine[] = "192.0.2.9",
		    six[] = "2001:db8::3";
	struct hall *h = *state;
	struct person *people[] = {
		come(h, ANN, "ann", "192.0.2.1", 1),
		come(h, ANN, "ann", "192.0.2.1", 2),
		come(h, ANN, "ann", "2001:db8::1", 3),
		come(h, 0, "zoe", "192.0.2.1", 4),
		come(h, 0, "zed", "2001:db8::2", 5),
		come(h, 0, "unix", "local", 6),
	};

	was_at(h, ANN, four); /* is here: not told twice */
	was_at(h, BEN, nine);
	was_at(h, CLEO, six);
	for (size_t i = 0; i < COUNT(find_cases); i++) {
		const struct find_case *c = &find_cases[i];
		AUTO(buf_fini) struct buf hits = { 0 };
		bool is_cut = true;

		print_message("# %s\n", c->whom);
		assert_int_equal(samesite_find(h->chat, &dan, c->whom,
					       print_hit, &hits, &is_cut, NULL),
				 c->want);
		assert_string_equal(buf_text(&hits), c->hits);
		assert_false(is_cut);
	}
	for (size_t i = 0; i < COUNT(people); i++)
		hall_go(h, &people[i], 0);
}

static void only_moderators_are_told(void **state)
{
	static const struct actor ben = { .roles = ROLE_USER | ROLE_AUDITOR };
	AUTO(buf_fini) struct buf hits = { 0 };
	struct hall *h = *state;
	bool is_cut;

	assert_int_equal(samesite_find(h->chat, &ben, "192.0.2.1", print_hit,
				       &hits, &is_cut, NULL),
			 ERR_NOT_ALLOWED);
	assert_int_equal(buf_len(&hits), 0);
}

static void answers_are_bounded(void **state)
{
	struct hall *h = *state;
	struct person *people[SAMESITE_MOST + 1];
	AUTO(buf_fini) struct buf hits = { 0 };
	size_t told = 0;
	bool is_cut;

	for (size_t i = 0; i < COUNT(people); i++) {
		char name[16];

		snprintf(name, sizeof(name), "zoe%zu", i);
		people[i] = come(h, 0, name, "192.0.2.1", i + 1);
	}
	assert_int_equal(samesite_find(h->chat, &dan, "zoe7", print_hit, &hits,
				       &is_cut, NULL),
			 ERR_OK);
	assert_true(is_cut);
	for (const char *at = buf_text(&hits); *at != '\0'; at++)
		told += *at == ';';
	assert_int_equal(told, SAMESITE_MOST);
	for (size_t i = 0; i < COUNT(people); i++)
		hall_go(h, &people[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(who_shares_an_address_is_found),
		IN_HALL(only_moderators_are_told),
		IN_HALL(answers_are_bounded),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("samesite", tests, NULL, NULL);
}

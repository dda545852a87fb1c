/* Removals that were broken off, and what the next start makes of them. */
#include "command/removal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../bank/house.h"
#include "bank/approval.h"
#include "bank/departures.h"
#include "bank/heard.h"
#include "bank/mark.h"
#include "bank/schedule/low.h"
#include "bank/schedule/standing.h"
#include "base/clock.h"
#include "base/mem.h"
#include "chat/settings.h"
#include "command/takings.h"

static const char mark_name[] = "leaving:00000000000000000002";

/* ann (1) removes ben (2), for whom cleo (3) has set something aside. */
struct scene {
	struct house house;
	struct realm realm;
	account_id bens;
	account_id cleos;
};

static const char *const more_tables[] = { CHAT_TABLES, NULL };

static void open_chat(struct scene *s)
{
	static char lobby[] = "lobby";
	static const struct chat_settings settings = {
		.default_room = lobby,
		.rooms_per_user = 3,
		.history_count = CONF_NONE,
		.history_bytes = CONF_NONE,
		.history_age_s = CONF_NONE,
		.replay = 4
	};
	struct house *h = &s->house;

	s->realm.store = h->store;
	s->realm.trail = h->trail;
	s->realm.users = h->users;
	s->realm.ledger = h->ledger;
	s->realm.takings = takings_new(h->store);
	s->realm.arrivals = arrivals_new();
	s->realm.directory = directory_new();
	s->realm.chat =
		chat_new(&(struct chat_parts){ h->store, h->users, h->trail },
			 &settings, NULL, 0);
	mutex_init(&s->realm.acts, LOCK_ACT);
	assert_int_equal(chat_load(s->realm.chat), ERR_OK);
}

static int set_up(void **state)
{
	struct scene *s = mem_zero(sizeof(*s));

	house_init_with(&s->house, more_tables);
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			house_user(&s->house, ((const char *[]){ "ann", "ben",
								 "cleo" })[i]),
			i + 1);
	s->bens = house_account(&s->house, 2, "");
	s->cleos = house_account(&s->house, 3, "");
	house_fund(&s->house, s->cleos, 1000);
	open_chat(s);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;

	mutex_fini(&s->realm.acts);
	chat_free(&s->realm.chat);
	directory_free(&s->realm.directory);
	arrivals_free(&s->realm.arrivals);
	takings_free(&s->realm.takings);
	house_fini(&s->house);
	mem_free(s);
	return 0;
}

static void break_off(struct scene *s)
{
	const struct mark mark = { 7, 1 };

	assert_int_equal(mark_put(s->house.store, mark_name, &mark), ERR_OK);
}

static void assert_gone(struct scene *s)
{
	struct account *list;
	struct mark mark;
	size_t count;

	assert_int_equal(book_accounts_of(s->house.store, 2, &list, &count),
			 ERR_OK);
	mem_free(list);
	assert_int_equal(count, 0);
	assert_int_equal(mark_get(s->house.store, mark_name, &mark),
			 ERR_NOT_FOUND);
}

static enum err find_ben(struct scene *s)
{
	struct user ben;

	return users_get(s->house.users, 2, &ben);
}

/* Killed before anything of it was done. */
static void test_goes_on(void **state)
{
	struct scene *s = *state;

	(void)house_hold(&s->house, 3, s->cleos, s->bens, 400, HOUSE_DAY_MS);
	break_off(s);
	removal_resume(&s->realm);
	assert_int_equal(find_ben(s), ERR_NO_SUCH_USER);
	assert_int_equal(house_held(&s->house, s->cleos), 0);
	assert_gone(s);
}

static void test_accounts_were_closed(void **state)
{
	struct scene *s = *state;
	struct order order = house_order(ORDER_CLOSE, 0);

	order.from = s->bens;
	house_want(&s->house, &order, ERR_OK);
	break_off(s);
	removal_resume(&s->realm);
	assert_int_equal(find_ben(s), ERR_NO_SUCH_USER);
	assert_gone(s);
}

/* Somebody has paid before anything of it was done: ben stays. */
static void test_there_is_money(void **state)
{
	struct scene *s = *state;
	struct mark mark;

	assert_int_equal(house_pay(&s->house, 3, s->cleos, s->bens, 100),
			 ERR_OK);
	break_off(s);
	removal_resume(&s->realm);
	assert_int_equal(find_ben(s), ERR_OK);
	assert_int_equal(house_posted(&s->house, s->bens), 100);
	assert_int_equal(mark_get(s->house.store, mark_name, &mark),
			 ERR_NOT_FOUND);
	(void)house_account(&s->house, 2, "savings");
}

/* Killed when the user was gone, but not yet what waited for the user. */
static void test_user_was_gone(void **state)
{
	static const struct audit_entry entry = { .action = "user.remove" };
	struct scene *s = *state;
	const struct standings standings = { s->house.store, s->house.trail };
	struct standing standing = { .user = 2,
				     .from = s->bens,
				     .to = s->cleos,
				     .amount = 1,
				     .recurrence = { .month_day = 1 } };
	struct order order = house_order(ORDER_CLOSE, 0);
	struct standing *list;
	size_t count;

	assert_int_equal(standing_add(&standings, &standing, &entry), ERR_OK);
	order.from = s->bens;
	house_want(&s->house, &order, ERR_OK);
	assert_int_equal(users_remove(s->house.users, 2, &entry), ERR_OK);
	break_off(s);
	removal_resume(&s->realm);
	assert_int_equal(standing_list(&standings, 2, &list, &count), ERR_OK);
	mem_free(list);
	assert_int_equal(count, 0);
	assert_gone(s);
}

/* Who is being removed gets no account any more, and is made no holder. */
static void test_nothing_comes_to_who_goes(void **state)
{
	struct scene *s = *state;
	struct house *h = &s->house;
	struct order order = house_order(ORDER_OPEN, 2);
	struct order join = house_order(ORDER_HOLDERS, 1);

	join.from = house_shared(h, "flat", 1, 3);
	departures_add(ledger_departures(h->ledger), 2);
	order_add_change(&order, CHANGE_KIND, ACCOUNT_USER);
	order_add_change(&order, CHANGE_OWNER, 2);
	memcpy(order.name, "savings", sizeof("savings"));
	house_want(h, &order, ERR_NO_SUCH_USER);
	order_add_change(&join, CHANGE_HOLDER_IN, 2);
	house_want(h, &join, ERR_NO_SUCH_USER);
	departures_drop(ledger_departures(h->ledger), 2);
	house_want(h, &join, ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_goes_on, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_accounts_were_closed,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_there_is_money, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_user_was_gone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_comes_to_who_goes,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

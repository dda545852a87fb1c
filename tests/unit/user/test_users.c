#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/thread.h"
#include "fixture.h"

static void assert_found(struct fixture *f, const char *name, user_id id)
{
	struct identity identity;
	struct user user;

	assert_int_equal(users_find(f->users, name, &user), ERR_OK);
	assert_int_equal(user.id, id);
	assert_int_equal(users_identify(f->users, name, &identity), ERR_OK);
	assert_int_equal(identity.id, id);
	assert_string_equal(identity.name, user.name);
}

static void assert_missing(struct fixture *f, const char *name)
{
	struct user user = { .id = 42 };
	struct identity identity;

	assert_int_equal(users_find(f->users, name, &user), ERR_NO_SUCH_USER);
	assert_int_equal(user.id, 42);
	assert_int_equal(users_identify(f->users, name, &identity),
			 ERR_NO_SUCH_USER);
}

static void assert_verified(struct fixture *f)
{
	struct buf report = { 0 };
	enum err e = users_verify(f->users, &report);

	if (e != ERR_OK)
		print_message("# %s", buf_text(&report));
	assert_int_equal(e, ERR_OK);
	assert_int_equal(buf_len(&report), 0);
	buf_fini(&report);
}

static void who_was_added_is_found(void **state)
{
	struct fixture *f = *state;
	struct user ann = fixture_user("Ann");
	struct user again;

	assert_int_equal(users_add(f->users, &ann, &fixture_entry), ERR_OK);
	assert_int_equal(ann.id, 1);
	assert_in_range(ann.created_ms, clock_wall_ms() - 60000,
			clock_wall_ms());
	assert_int_equal(users_get(f->users, ann.id, &again), ERR_OK);
	assert_string_equal(again.name, "Ann");
	assert_string_equal(again.hash, ann.hash);
	assert_int_equal(again.created_ms, ann.created_ms);
	assert_found(f, "Ann", ann.id);
	assert_found(f, "ANN", ann.id);
	assert_found(f, "ann", ann.id);
	assert_int_equal(fixture_add(f, "ben").id, 2);
	assert_verified(f);
}

static const char *const missing_names[] = {
	"an",
	"anne",
	"bob",
	"",
	"1",
	"a b",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

static void who_was_not_added_is_not(void **state)
{
	struct fixture *f = *state;
	struct user user;

	fixture_add(f, "ann");
	for (size_t i = 0; i < COUNT(missing_names); i++)
		assert_missing(f, missing_names[i]);
	assert_int_equal(users_get(f->users, 0, &user), ERR_NO_SUCH_USER);
	assert_int_equal(users_get(f->users, 2, &user), ERR_NO_SUCH_USER);
	assert_int_equal(users_get(f->users, UINT64_MAX, &user),
			 ERR_NO_SUCH_USER);
}

static const struct refused_case {
	const char *name;
	enum err want;
} refused_cases[] = {
	{ "ann", ERR_NAME_TAKEN }, { "ANN", ERR_NAME_TAKEN },
	{ "", ERR_BAD_NAME },      { "1ann", ERR_BAD_NAME },
	{ "an n", ERR_BAD_NAME },
};

static void refusals_change_nothing(void **state)
{
	struct fixture *f = *state;

	fixture_add(f, "Ann");
	for (size_t i = 0; i < COUNT(refused_cases); i++) {
		struct user user = fixture_user(refused_cases[i].name);

		assert_int_equal(users_add(f->users, &user, &fixture_entry),
				 refused_cases[i].want);
		assert_int_equal(user.id, 0);
		assert_int_equal(user.created_ms, 0);
	}
	/* The number was given back, too. */
	assert_int_equal(fixture_add(f, "ben").id, 2);
	assert_verified(f);
}

static void users_survive_a_restart(void **state)
{
	struct fixture *f = *state;

	fixture_add(f, "ann");
	fixture_reopen(f);
	assert_found(f, "ann", 1);
	assert_int_equal(fixture_add(f, "ben").id, 2);
}

static enum err seen(struct user *user, void *arg)
{
	user->last_login_ms = 99;
	snprintf(user->last_address, sizeof(user->last_address), "%s",
		 (const char *)arg);
	return ERR_OK;
}

static enum err rename_to(struct user *user, void *arg)
{
	snprintf(user->name, sizeof(user->name), "%s", (const char *)arg);
	return ERR_OK;
}

static enum err refuse(struct user *user, void *arg)
{
	(void)arg;
	user->state = USER_DISABLED;
	return ERR_DISABLED;
}

static void an_edit_is_kept(void **state)
{
	struct fixture *f = *state;
	user_id id = fixture_add(f, "ann").id;
	char address[] = "127.0.0.1";
	struct user user;

	assert_int_equal(
		users_edit(f->users, id, seen, address, &fixture_entry, &user),
		ERR_OK);
	assert_string_equal(user.last_address, address);
	assert_int_equal(users_get(f->users, id, &user), ERR_OK);
	assert_int_equal(user.last_login_ms, 99);
	assert_string_equal(user.last_address, address);
	assert_int_equal(
		users_edit(f->users, id, seen, address, &fixture_entry, NULL),
		ERR_OK);
	assert_found(f, "ann", id);
	assert_verified(f);
}

static void a_refused_edit_changes_nothing(void **state)
{
	struct fixture *f = *state;
	user_id id = fixture_add(f, "ann").id;
	struct user user = { .id = 42 };

	assert_int_equal(
		users_edit(f->users, id, refuse, NULL, &fixture_entry, &user),
		ERR_DISABLED);
	assert_int_equal(user.id, 42);
	assert_int_equal(users_get(f->users, id, &user), ERR_OK);
	assert_int_equal(user.state, USER_ACTIVE);
	assert_int_equal(
		users_edit(f->users, 9, refuse, NULL, &fixture_entry, NULL),
		ERR_NO_SUCH_USER);
}

static const struct rename_case {
	const char *to;
	enum err want;
} rename_cases[] = {
	{ "ann", ERR_OK },          { "ANN", ERR_OK },
	{ "ben", ERR_NAME_TAKEN },  { "Ben", ERR_NAME_TAKEN },
	{ "", ERR_BAD_NAME },       { "an n", ERR_BAD_NAME },
	{ "Ann-Marie", ERR_OK },    { "a", ERR_OK },
	{ "ben-and-more", ERR_OK },
};

static void a_rename_moves_the_name(void **state)
{
	struct fixture *f = *state;
	user_id ann = fixture_add(f, "Ann").id;
	user_id ben = fixture_add(f, "ben").id;
	char before[NAME_MOST + 1] = "Ann";
	char to[NAME_MOST + 1];
	struct user user;

	for (size_t i = 0; i < COUNT(rename_cases); i++) {
		const struct rename_case *c = &rename_cases[i];

		print_message("# %s to %s\n", before, c->to);
		snprintf(to, sizeof(to), "%s", c->to);
		assert_int_equal(users_edit(f->users, ann, rename_to, to,
					    &fixture_entry, &user),
				 c->want);
		if (c->want == ERR_OK) {
			if (name_compare(before, to) != 0)
				assert_missing(f, before);
			assert_string_equal(user.name, to);
			memcpy(before, to, sizeof(before));
		}
		assert_found(f, before, ann);
		assert_found(f, "ben", ben);
		assert_verified(f);
	}
	/* The old name is free for somebody else. */
	assert_int_equal(fixture_add(f, "ann").id, 3);
	assert_found(f, "ann", 3);
}

static void who_was_removed_is_gone(void **state)
{
	struct fixture *f = *state;
	user_id id = fixture_add(f, "Ann").id;
	struct user user;

	fixture_add(f, "ben");
	assert_found(f, "ann", id);
	assert_int_equal(users_remove(f->users, id, &fixture_entry), ERR_OK);
	assert_missing(f, "ann");
	assert_int_equal(users_get(f->users, id, &user), ERR_NO_SUCH_USER);
	assert_int_equal(users_remove(f->users, id, &fixture_entry),
			 ERR_NO_SUCH_USER);
	assert_verified(f);
	/* A number is never used again. */
	assert_int_equal(fixture_add(f, "ann").id, 3);
}

/* More than two batches of a walk. */
enum { MANY = 150 };

struct visits {
	struct fixture *f;
	char last[NAME_MOST + 1];
	int count;
	int end; /* stop there; 0: never */
};

static bool visit(const struct user *user, void *arg)
{
	struct visits *v = arg;

	assert_true(name_compare(v->last, user->name) < 0);
	name_key(user->name, v->last);
	return ++v->count != v->end;
}

static void add_many(struct fixture *f, int count)
{
	char name[NAME_MOST + 1];

	/* Not in their order; some names begin others; cases differ. */
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%c%d", "aBc"[i % 3],
			 i * 37 % count);
		fixture_add(f, name);
	}
}

static void a_walk_visits_all_by_name(void **state)
{
	static const int ends[] = { 0, 1, 63, 64, 65, MANY };
	struct fixture *f = *state;

	add_many(f, MANY);
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct visits v = { .f = f, .end = ends[i] };

		assert_int_equal(users_walk(f->users, visit, &v), ERR_OK);
		assert_int_equal(v.count, ends[i] == 0 ? MANY : ends[i]);
	}
	assert_verified(f);
}

static void walks_of_whole_batches_end(void **state)
{
	static const int counts[] = { 0, 64, 128 };
	struct fixture *f = *state;
	int there = 0;
	char name[NAME_MOST + 1];

	for (size_t i = 0; i < COUNT(counts); i++) {
		struct visits v = { .f = f };

		for (; there < counts[i]; there++) {
			snprintf(name, sizeof(name), "u%d", there);
			fixture_add(f, name);
		}
		assert_int_equal(users_walk(f->users, visit, &v), ERR_OK);
		assert_int_equal(v.count, counts[i]);
	}
}

static bool remove_visited(const struct user *user, void *arg)
{
	struct visits *v = arg;

	v->count++;
	assert_int_equal(users_remove(v->f->users, user->id, &fixture_entry),
			 ERR_OK);
	return true;
}

static void a_visitor_may_change_users(void **state)
{
	struct fixture *f = *state;
	struct visits v = { .f = f };

	add_many(f, MANY);
	assert_int_equal(users_walk(f->users, remove_visited, &v), ERR_OK);
	assert_int_equal(v.count, MANY);
	v.count = 0;
	assert_int_equal(users_walk(f->users, visit, &v), ERR_OK);
	assert_int_equal(v.count, 0);
}

static void add_with(struct fixture *f, const char *name, role_set roles,
		     enum user_state user_state)
{
	struct user user = fixture_user(name);

	user.roles = roles;
	user.state = user_state;
	assert_int_equal(users_add(f->users, &user, &fixture_entry), ERR_OK);
}

static void roles_of_the_active_are_counted(void **state)
{
	struct fixture *f = *state;
	uint64_t count;

	add_with(f, "a", ROLE_USER | ROLE_ADMIN, USER_ACTIVE);
	add_with(f, "b", ROLE_USER | ROLE_ADMIN | ROLE_TELLER, USER_ACTIVE);
	add_with(f, "c", ROLE_USER | ROLE_ADMIN, USER_DISABLED);
	add_with(f, "d", ROLE_USER | ROLE_ADMIN, USER_PENDING);
	add_with(f, "e", ROLE_USER, USER_ACTIVE);
	assert_int_equal(users_count_role(f->users, ROLE_ADMIN, &count),
			 ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(users_count_role(f->users, ROLE_TELLER, &count),
			 ERR_OK);
	assert_int_equal(count, 1);
	assert_int_equal(users_count_role(f->users, ROLE_USER, &count), ERR_OK);
	assert_int_equal(count, 3);
	assert_int_equal(users_count_role(f->users, ROLE_AUDITOR, &count),
			 ERR_OK);
	assert_int_equal(count, 0);
}

struct rival {
	struct fixture *f;
	int won;
};

static enum err count_up(struct user *user, void *arg)
{
	(void)arg;
	user->last_login_ms++;
	return ERR_OK;
}

enum { ROUNDS = 40 };

static void compete(void *arg)
{
	struct rival *r = arg;
	char name[NAME_MOST + 1];

	for (int i = 0; i < ROUNDS; i++) {
		struct user user;
		enum err e;

		snprintf(name, sizeof(name), "name%d", i);
		user = fixture_user(name);
		e = users_add(r->f->users, &user, &fixture_entry);
		r->won += e == ERR_OK;
		if (e != ERR_OK && e != ERR_NAME_TAKEN)
			r->won = -1000;
		if (users_edit(r->f->users, 1, count_up, NULL, &fixture_entry,
			       NULL) != ERR_OK)
			r->won = -1000;
	}
}

static void rivals_get_a_name_once(void **state)
{
	struct fixture *f = *state;
	struct rival rivals[3] = { { f, 0 }, { f, 0 }, { f, 0 } };
	struct thread threads[COUNT(rivals)];
	struct user user;
	int won = 0;

	fixture_add(f, "zoe");
	for (size_t i = 0; i < COUNT(rivals); i++)
		thread_start(&threads[i], "rival", compete, &rivals[i]);
	for (size_t i = 0; i < COUNT(rivals); i++) {
		thread_join(&threads[i]);
		won += rivals[i].won;
	}
	assert_int_equal(won, ROUNDS);
	assert_int_equal(users_get(f->users, 1, &user), ERR_OK);
	assert_int_equal(user.last_login_ms, ROUNDS * COUNT(rivals));
	assert_verified(f);
}

#define WITH_STORE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STORE(who_was_added_is_found),
		WITH_STORE(who_was_not_added_is_not),
		WITH_STORE(refusals_change_nothing),
		WITH_STORE(users_survive_a_restart),
		WITH_STORE(an_edit_is_kept),
		WITH_STORE(a_refused_edit_changes_nothing),
		WITH_STORE(a_rename_moves_the_name),
		WITH_STORE(who_was_removed_is_gone),
		WITH_STORE(a_walk_visits_all_by_name),
		WITH_STORE(walks_of_whole_batches_end),
		WITH_STORE(a_visitor_may_change_users),
		WITH_STORE(roles_of_the_active_are_counted),
		WITH_STORE(rivals_get_a_name_once),
	};

	return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}

/* Every change of a user and its record stand or fall together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

struct last {
	struct audit_record record;
	unsigned count;
};

static bool see_one(const struct audit_record *record, void *arg)
{
	struct last *last = arg;

	last->record = *record;
	last->count++;
	return true;
}

static struct last look(struct fixture *f)
{
	struct last last = { .count = 0 };

	assert_int_equal(trail_walk(f->trail, 1, see_one, &last), ERR_OK);
	return last;
}

static void assert_last(struct fixture *f, unsigned count, const char *action,
			const char *actor, const char *target)
{
	struct last last = look(f);

	assert_int_equal(last.count, count);
	assert_string_equal(last.record.entry.action, action);
	assert_string_equal(last.record.entry.actor, actor);
	assert_string_equal(last.record.entry.target, target);
	assert_string_equal(last.record.entry.outcome, "ok");
}

static enum err rename_to(struct user *user, void *arg)
{
	snprintf(user->name, sizeof(user->name), "%s", (const char *)arg);
	return ERR_OK;
}

static void every_change_has_its_record(void **state)
{
	struct fixture *f = *state;
	struct audit_entry entry = { .action = "user.register" };
	struct user ann = fixture_user("Ann");
	char name[] = "bea";

	assert_int_equal(users_add(f->users, &ann, &entry), ERR_OK);
	assert_last(f, 1, "user.register", "Ann", "Ann");
	assert_int_equal(look(f).record.entry.user, ann.id);
	AUDIT_SET(entry.action, "user.rename");
	AUDIT_SET(entry.actor, "console:0");
	assert_int_equal(
		users_edit(f->users, ann.id, rename_to, name, &entry, NULL),
		ERR_OK);
	assert_last(f, 2, "user.rename", "console:0", "Ann");
	assert_int_equal(look(f).record.entry.user, 0);
	AUDIT_SET(entry.action, "user.remove");
	assert_int_equal(users_remove(f->users, ann.id, &entry), ERR_OK);
	assert_last(f, 3, "user.remove", "console:0", "bea");
}

static enum err refuse(struct user *user, void *arg)
{
	(void)user;
	(void)arg;
	return ERR_EXISTS;
}

static void what_is_refused_has_none(void **state)
{
	struct fixture *f = *state;
	struct user ann = fixture_add(f, "ann");
	struct user again = fixture_user("ANN");
	char taken[] = "ben";

	fixture_add(f, "ben");
	assert_int_equal(users_add(f->users, &again, &fixture_entry),
			 ERR_NAME_TAKEN);
	assert_int_equal(users_edit(f->users, ann.id, refuse, NULL,
				    &fixture_entry, NULL),
			 ERR_EXISTS);
	assert_int_equal(users_edit(f->users, ann.id, rename_to, taken,
				    &fixture_entry, NULL),
			 ERR_NAME_TAKEN);
	assert_int_equal(users_remove(f->users, 77, &fixture_entry),
			 ERR_NO_SUCH_USER);
	assert_int_equal(look(f).count, 2);
}

enum { BACKLOG = 100 };

static enum err write_many(struct store_txn *txn, void *arg)
{
	struct fixture *f = arg;
	enum err e = ERR_OK;

	for (int i = 0; i < BACKLOG && e == ERR_OK; i++)
		e = trail_write(txn, f->trail, &fixture_entry);
	return e;
}

/* With the trail full of what nobody exports, nothing changes. */
static void what_cannot_be_recorded_is_not_done(void **state)
{
	struct fixture *f = *state;
	struct user ann = fixture_add(f, "ann");
	struct user ben = fixture_user("ben");
	char name[] = "bea";

	trail_bound(f->trail, BACKLOG);
	trail_follow(f->trail, 1);
	assert_int_equal(store_run(f->store, write_many, f), ERR_OK);
	assert_int_equal(users_add(f->users, &ben, &fixture_entry),
			 ERR_AUDIT_DOWN);
	assert_int_equal(users_edit(f->users, ann.id, rename_to, name,
				    &fixture_entry, NULL),
			 ERR_AUDIT_DOWN);
	assert_int_equal(users_remove(f->users, ann.id, &fixture_entry),
			 ERR_AUDIT_DOWN);
	assert_int_equal(users_find(f->users, "ben", &ben), ERR_NO_SUCH_USER);
	assert_int_equal(users_find(f->users, "bea", &ben), ERR_NO_SUCH_USER);
	assert_int_equal(users_find(f->users, "ann", &ann), ERR_OK);
	trail_follow(f->trail, BACKLOG);
	assert_int_equal(users_remove(f->users, ann.id, &fixture_entry),
			 ERR_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_change_has_its_record,
						fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_refused_has_none,
						fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(
			what_cannot_be_recorded_is_not_done, fixture_setup,
			fixture_teardown),
	};

	return cmocka_run_group_tests_name("users_audit", tests, NULL, NULL);
}

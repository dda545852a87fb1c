#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit/tally.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"
#include "house.h"

enum { THREADS = 4, EACH = 2000 };

/* What the trail holds, as short texts in order. */
struct reading {
	struct buf text;
	unsigned count;
};

static bool read_one(const struct audit_record *record, void *arg)
{
	const struct audit_entry *e = &record->entry;
	struct reading *r = arg;

	r->count++;
	buf_print(&r->text, "%s/%s/%s/%s/%s;", e->action, e->outcome, e->target,
		  e->address, e->detail);
	return true;
}

static void read_trail(struct house *h, struct reading *r)
{
	buf_reset(&r->text);
	r->count = 0;
	assert_int_equal(trail_walk(h->trail, 1, read_one, r), ERR_OK);
}

static void assert_holds(struct house *h, const char *text)
{
	struct reading r = { 0 };

	read_trail(h, &r);
	assert_string_equal(buf_text(&r.text), text);
	buf_fini(&r.text);
}

static struct audit_entry entry_of(const char *target, const char *address,
				   const char *outcome)
{
	struct audit_entry entry = { .action = "user.login" };

	AUDIT_SET(entry.target, target);
	AUDIT_SET(entry.address, address);
	AUDIT_SET(entry.outcome, outcome);
	return entry;
}

static void fail_login(struct tally *t, const char *target, const char *address)
{
	struct audit_entry entry = entry_of(target, address, "bad-login");

	tally_count(t, &entry);
}

static void end_minute(struct tally *t)
{
	clock_fake_advance(TALLY_MINUTE_MS);
	tally_tick(t);
}

static void a_note_is_written_at_the_next_tick(void **state)
{
	struct house *h = *state;
	struct tally *t = tally_new(h->trail);
	struct audit_entry entry = entry_of("ann", "::1", "ok");

	tally_note(t, &entry);
	tally_note(t, &entry);
	assert_holds(h, "");
	tally_tick(t);
	assert_holds(h, "user.login/ok/ann/::1/;user.login/ok/ann/::1/;");
	tally_tick(t);
	assert_holds(h, "user.login/ok/ann/::1/;user.login/ok/ann/::1/;");
	tally_free(&t);
	assert_null(t);
}

static void a_minute_is_one_record_for_each(void **state)
{
	struct house *h = *state;
	struct tally *t = tally_new(h->trail);

	fail_login(t, "ann", "10.0.0.1");
	for (int i = 0; i < 3; i++)
		fail_login(t, "ben", "10.0.0.1");
	clock_fake_advance(TALLY_MINUTE_MS - 1);
	fail_login(t, "ben", "10.0.0.2");
	tally_tick(t);
	assert_holds(h, "");
	clock_fake_advance(1);
	tally_tick(t);
	assert_holds(h, "user.login/bad-login/ann/10.0.0.1/;"
			"user.login/bad-login/ben/10.0.0.1/"
			"3 times since 1970-01-12T13:46:40.000Z;"
			"user.login/bad-login/ben/10.0.0.2/;");
	fail_login(t, "ann", "10.0.0.1");
	tally_finish(t);
	assert_holds(h, "user.login/bad-login/ann/10.0.0.1/;"
			"user.login/bad-login/ben/10.0.0.1/"
			"3 times since 1970-01-12T13:46:40.000Z;"
			"user.login/bad-login/ben/10.0.0.2/;"
			"user.login/bad-login/ann/10.0.0.1/;");
	tally_free(&t);
}

static void one_address_cannot_fill_it(void **state)
{
	struct house *h = *state;
	struct tally *t = tally_new(h->trail);
	struct reading r = { 0 };
	char name[16];

	for (int i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "name%d", i);
		fail_login(t, name, "10.0.0.1");
	}
	fail_login(t, "ann", "10.0.0.2");
	end_minute(t);
	read_trail(h, &r);
	assert_int_equal(r.count, TALLY_OF_ADDRESS + 2);
	assert_non_null(strstr(buf_text(&r.text),
			       "user.login/bad-login//10.0.0.1/99936 times "));
	assert_non_null(strstr(buf_text(&r.text), ", under several names;"));
	assert_non_null(strstr(buf_text(&r.text), "/ann/10.0.0.2/;"));
	buf_fini(&r.text);
	tally_free(&t);
}

static void many_addresses_cannot_fill_it(void **state)
{
	struct house *h = *state;
	struct tally *t = tally_new(h->trail);
	struct audit_entry other = entry_of("", "10.0.0.1", "banned");
	struct reading r = { 0 };
	char address[32];

	for (int i = 0; i < 20000; i++) {
		snprintf(address, sizeof(address), "10.%d.%d.%d", i >> 16,
			 i >> 8 & 255, i & 255);
		fail_login(t, "ann", address);
	}
	tally_count(t, &other);
	end_minute(t);
	read_trail(h, &r);
	assert_true(r.count < TALLY_MOST);
	assert_non_null(strstr(buf_text(&r.text), ", from several addresses;"));
	assert_non_null(strstr(buf_text(&r.text), "/banned///;"));
	buf_fini(&r.text);
	tally_free(&t);
}

/* Nothing is lost while the trail refuses, and nothing written twice. */
static void waits_until_the_trail_takes_it(void **state)
{
	struct house *h = *state;
	struct tally *t = tally_new(h->trail);
	struct audit_entry entry = entry_of("ann", "::1", "ok");
	struct reading r = { 0 };

	trail_follow(h->trail, 0);
	assert_int_equal(house_note_many(h, TRAIL_BACKLOG), ERR_OK);
	tally_note(t, &entry);
	fail_login(t, "ben", "::1");
	tally_tick(t);
	end_minute(t);
	read_trail(h, &r);
	assert_int_equal(r.count, TRAIL_BACKLOG);
	trail_follow(h->trail, TRAIL_BACKLOG);
	tally_tick(t);
	tally_tick(t);
	tally_tick(t);
	read_trail(h, &r);
	assert_int_equal(r.count, TRAIL_BACKLOG + 2);
	buf_fini(&r.text);
	tally_free(&t);
}

static void what_is_too_much_to_note_is_counted(void **state)
{
	struct house *h = *state;
	struct tally *t = tally_new(h->trail);
	struct audit_entry entry = entry_of("ann", "::1", "ok");
	struct reading r = { 0 };

	for (int i = 0; i < TALLY_NOTED + 10; i++)
		tally_note(t, &entry);
	tally_tick(t);
	read_trail(h, &r);
	assert_int_equal(r.count, TALLY_MOST); /* the rest comes in turn */
	tally_finish(t);
	read_trail(h, &r);
	assert_int_equal(r.count, TALLY_NOTED + 1);
	assert_non_null(strstr(buf_text(&r.text), "/10 times since "));
	buf_fini(&r.text);
	tally_free(&t);
}

static void report(void *arg)
{
	struct audit_entry entry = entry_of("ann", "::1", "ok");

	for (int i = 0; i < EACH; i++) {
		fail_login(arg, "ann", "10.0.0.1");
		tally_note(arg, &entry);
	}
}

static void takes_reports_of_many_threads(void **state)
{
	struct house *h = *state;
	struct tally *t = tally_new(h->trail);
	struct thread threads[THREADS];
	struct reading r = { 0 };

	for (int i = 0; i < THREADS; i++)
		thread_start(&threads[i], "report", report, t);
	for (int i = 0; i < 10; i++)
		tally_tick(t);
	for (int i = 0; i < THREADS; i++)
		thread_join(&threads[i]);
	tally_finish(t);
	read_trail(h, &r);
	assert_int_equal(r.count, THREADS * EACH + 1);
	assert_non_null(strstr(buf_text(&r.text), "/8000 times since "));
	buf_fini(&r.text);
	tally_free(&t);
}

static void forgets_what_is_never_written(void **state)
{
	struct house *h = *state;
	struct tally *t = tally_new(h->trail);
	struct audit_entry entry = entry_of("ann", "::1", "ok");

	fail_login(t, "ann", "10.0.0.1");
	tally_note(t, &entry);
	tally_free(&t);
	tally_free(&t);
	assert_holds(h, "");
}

#define HOUSE(test)                                                            \
	cmocka_unit_test_setup_teardown(test, house_set_up, house_tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		HOUSE(a_note_is_written_at_the_next_tick),
		HOUSE(a_minute_is_one_record_for_each),
		HOUSE(one_address_cannot_fill_it),
		HOUSE(many_addresses_cannot_fill_it),
		HOUSE(waits_until_the_trail_takes_it),
		HOUSE(what_is_too_much_to_note_is_counted),
		HOUSE(takes_reports_of_many_threads),
		HOUSE(forgets_what_is_never_written),
	};

	clock_fake(1000000 * INT64_C(1000));
	return cmocka_run_group_tests(tests, NULL, NULL);
}

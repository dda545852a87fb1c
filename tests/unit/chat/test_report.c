#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "chat/chat_fields.h"
#include "chat/report/report_close.h"
#include "chat/report/report_desk.h"
#include "chat/report/report_file.h"
#include "chat/report/report_news.h"
#include "chat/verify.h"
#include "hall.h"

enum { ANN = 1, BEN, CLEO };

#define IN_HALL(test)                                                          \
	cmocka_unit_test_setup_teardown(test, hall_setup, hall_teardown)

static struct actor moderator(const char *name, user_id user, role_set role)
{
	struct actor by = { .user = user, .roles = ROLE_USER | role };

	snprintf(by.name, sizeof(by.name), "%s", name);
	return by;
}

static enum err file(struct hall *h, struct person *who, const char *room_name,
		     const char *target, struct report_context *context_r)
{
	struct room *room = chat_room(h->chat, room_name);
	struct actor by = hall_actor(who);
	struct report_ask ask = { room, target, "is rude", "192.0.2.1" };
	struct report report;
	enum err e;

	by.origin = 2; /* the session of hall_come() in these tests */
	e = report_file(h->chat, &by, &ask, &report, context_r, NULL);
	room_unref(&room);
	return e;
}

static void a_report_quotes_the_room(void **state)
{
	struct hall *h = *state;
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct person *zoe = hall_come(h, 0, "zoe", 1, 3);
	struct report_context context;
	struct report report;

	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	assert_int_equal(hall_say(h, ben, "den", "hello"), ERR_OK);
	assert_int_equal(hall_join(h, zoe, "den"), ERR_OK);
	assert_int_equal(hall_say(h, zoe, "den", "boo"), ERR_OK);
	assert_int_equal(file(h, ben, "den", "ZOE", &context), ERR_OK);
	assert_int_equal(context.count, 2);
	hall_go(h, &ben, 0);
	hall_go(h, &zoe, 1);
	hall_reopen(h);
	assert_int_equal(report_get(h->store, 1, &report, &context), ERR_OK);
	assert_string_equal(report.name, "user2");
	assert_string_equal(report.target, "zoe");
	assert_string_equal(report.room, "den");
	assert_string_equal(report.words, "is rude");
	assert_int_equal(report.state, REPORT_OPEN);
	assert_int_equal(context.count, 2);
	assert_string_equal(context.lines[1].from, "zoe");
	assert_string_equal(context.lines[1].text, "boo");
	assert_true(context.lines[1].id > context.lines[0].id);
	assert_int_equal(report_get(h->store, 2, &report, NULL), ERR_NOT_FOUND);
}

static void who_is_not_inside_gets_no_lines(void **state)
{
	struct hall *h = *state;
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct person *cleo = hall_come(h, CLEO, "user3", 0, 3);
	struct report_context context;

	assert_int_equal(hall_join(h, ben, "den"), ERR_OK);
	assert_int_equal(hall_say(h, ben, "den", "a secret"), ERR_OK);
	assert_int_equal(file(h, cleo, "den", "user2", &context), ERR_OK);
	assert_int_equal(context.count, 0);
	/* Nor may the lines tell who has been in it. */
	hall_go(h, &ben, 0);
	assert_int_equal(file(h, cleo, "den", "nobody", &context),
			 ERR_NO_SUCH_USER);
	hall_go(h, &cleo, 0);
}

/* The name is gone, the lines are not. */
static void a_guest_who_left_can_be_reported(void **state)
{
	struct hall *h = *state;
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct person *zoe = hall_come(h, 0, "zoe", 1, 3);
	struct report_context context;

	assert_int_equal(hall_say(h, zoe, "lobby", "boo"), ERR_OK);
	hall_go(h, &zoe, 1);
	assert_int_equal(file(h, ben, "lobby", "zoe", &context), ERR_OK);
	assert_int_equal(file(h, ben, "lobby", "yan", &context),
			 ERR_NO_SUCH_USER);
	assert_int_equal(file(h, ben, "lobby", "user2", &context),
			 ERR_BAD_INPUT);
	hall_go(h, &ben, 0);
}

/* By user, whatever the session; of guests by address. */
static void nobody_reports_without_end(void **state)
{
	struct hall *h = *state;
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct person *zoe = hall_come(h, 0, "zoe", 1, 3);
	struct person *yan = hall_come(h, 0, "yan", 1, 4);
	struct report_context context;

	for (int i = 0; i < REPORTS_PER_HOUR; i++) {
		assert_int_equal(file(h, ben, "lobby", "zoe", &context),
				 ERR_OK);
		assert_int_equal(file(h, zoe, "lobby", "user2", &context),
				 ERR_OK);
	}
	assert_int_equal(file(h, ben, "lobby", "zoe", &context), ERR_FLOOD);
	assert_int_equal(file(h, yan, "lobby", "zoe", &context), ERR_FLOOD);
	clock_fake_advance(60 * 60 * 1000 / REPORTS_PER_HOUR);
	assert_int_equal(file(h, ben, "lobby", "zoe", &context), ERR_OK);
	assert_int_equal(file(h, ben, "lobby", "zoe", &context), ERR_FLOOD);
	hall_go(h, &ben, 0);
	hall_go(h, &zoe, 1);
	hall_go(h, &yan, 1);
}

static void each_has_so_many_open(void **state)
{
	struct hall *h = *state;
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct actor ann = moderator("user1", ANN, ROLE_MODERATOR);
	struct report_context context;

	for (int i = 0; i < REPORTS_OPEN_EACH; i++) {
		assert_int_equal(file(h, ben, "lobby", "user3", &context),
				 ERR_OK);
		clock_fake_advance(60 * 60 * 1000 / REPORTS_PER_HOUR);
	}
	assert_int_equal(file(h, ben, "lobby", "user3", &context), ERR_LIMIT);
	assert_int_equal(report_close(h->chat, &ann, 4, "seen", NULL), ERR_OK);
	assert_int_equal(file(h, ben, "lobby", "user3", &context), ERR_OK);
	hall_go(h, &ben, 0);
}

static enum err fill(struct store_txn *txn, void *arg)
{
	struct hall *h = arg;
	struct report_context *context = &(struct report_context){ 0 };
	struct report report = { .state = REPORT_OPEN,
				 .user = 99,
				 .name = "ben",
				 .target = "zoe",
				 .words = "is rude" };
	enum err e = ERR_OK;

	for (int i = 0; e == ERR_OK && i < REPORTS_OPEN_MOST; i++)
		e = report_add(txn, h->store, &report, context);
	return e;
}

static void the_desk_is_bounded(void **state)
{
	struct hall *h = *state;
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct actor ann = moderator("user1", ANN, ROLE_MODERATOR);
	struct report_context context;
	struct report report;

	assert_int_equal(store_run(h->store, fill, h), ERR_OK);
	assert_int_equal(file(h, ben, "lobby", "user3", &context), ERR_LIMIT);
	for (uint64_t i = 1; i <= REPORTS_OPEN_MOST; i++)
		assert_int_equal(report_close(h->chat, &ann, i, "seen", NULL),
				 ERR_OK);
	assert_int_equal(report_get(h->store, 1, &report, NULL), ERR_OK);
	assert_int_equal(file(h, ben, "lobby", "user3", &context), ERR_OK);
	assert_int_equal(report_close(h->chat, &ann, REPORTS_OPEN_MOST + 1,
				      "seen", NULL),
			 ERR_OK);
	assert_int_equal(report_get(h->store, 1, &report, NULL), ERR_NOT_FOUND);
	assert_int_equal(report_get(h->store, 2, &report, &context), ERR_OK);
	hall_go(h, &ben, 0);
}

static const struct work_case {
	const char *name;
	const char *by;
	user_id user;
	role_set role;
	bool closes;
	uint64_t number;
	enum err want;
} work_cases[] = {
	{ "no member takes one", "user3", CLEO, 0, false, 1, ERR_NOT_ALLOWED },
	{ "nor closes it", "user3", CLEO, 0, true, 1, ERR_NOT_ALLOWED },
	{ "an auditor changes nothing", "user3", CLEO, ROLE_AUDITOR, true, 1,
	  ERR_NOT_ALLOWED },
	{ "there is none", "user4", 4, ROLE_MODERATOR, false, 2,
	  ERR_NOT_FOUND },
	{ "whom it is about does not see it", "user1", ANN, ROLE_ADMIN, true, 1,
	  ERR_NOT_FOUND },
	{ "an administrator takes it", "user5", 5, ROLE_ADMIN, false, 1,
	  ERR_OK },
	{ "nobody takes it then", "user4", 4, ROLE_MODERATOR, false, 1,
	  ERR_EXISTS },
	{ "a lower rank does not close it", "user4", 4, ROLE_MODERATOR, true, 1,
	  ERR_RANK },
	{ "the same does", "user6", 6, ROLE_ADMIN, true, 1, ERR_OK },
	{ "once", "user6", 6, ROLE_ADMIN, true, 1, ERR_EXISTS },
};

static unsigned count_acts(struct hall *h)
{
	struct trail_head head;

	assert_int_equal(trail_head(h->trail, &head), ERR_OK);
	return (unsigned)head.sequence;
}

static void reports_follow_the_ranks(void **state)
{
	struct hall *h = *state;
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct report_context context;
	struct report before;
	struct report after;

	assert_int_equal(file(h, ben, "lobby", "user1", &context), ERR_OK);
	for (size_t i = 0; i < COUNT(work_cases); i++) {
		const struct work_case *c = &work_cases[i];
		struct actor by = moderator(c->by, c->user, c->role);
		unsigned acts = count_acts(h);
		bool is_done = c->want == ERR_OK;

		print_message("# %s\n", c->name);
		assert_int_equal(report_get(h->store, 1, &before, NULL),
				 ERR_OK);
		assert_int_equal(
			c->closes ? report_close(h->chat, &by, c->number,
						 "seen", NULL)
				  : report_take(h->chat, &by, c->number, NULL),
			c->want);
		assert_int_equal(report_get(h->store, 1, &after, NULL), ERR_OK);
		assert_int_equal(after.state != before.state, is_done);
		assert_int_equal(count_acts(h), acts + is_done);
	}
	hall_go(h, &ben, 0);
}

static void the_reporter_hears_the_outcome(void **state)
{
	struct hall *h = *state;
	struct actor ann = moderator("user1", ANN, ROLE_MODERATOR);
	struct person *ben = hall_come(h, BEN, "user2", 0, 2);
	struct report_context context;
	bool has_news;

	assert_int_equal(file(h, ben, "lobby", "user3", &context), ERR_OK);
	assert_int_equal(file(h, ben, "lobby", "user4", &context), ERR_OK);
	hall_hush(h);
	assert_int_equal(report_close(h->chat, &ann, 1, "warned", NULL),
			 ERR_OK);
	assert_string_equal(hall_hears(h, 0),
			    "notice user2: Your report #1 about user3 is "
			    "closed: warned;");
	hall_go(h, &ben, 0);
	assert_int_equal(report_close(h->chat, &ann, 2, "so what", NULL),
			 ERR_OK);
	hall_reopen(h);
	assert_int_equal(report_news_look(h->chat, CLEO, &has_news), ERR_OK);
	assert_false(has_news);
	assert_int_equal(report_news_look(h->chat, BEN, &has_news), ERR_OK);
	assert_true(has_news);
	ben = hall_come(h, BEN, "user2", 0, 2);
	hall_hears(h, 0);
	assert_int_equal(report_news_tell(h->chat, ben), ERR_OK);
	assert_string_equal(hall_hears(h, 0),
			    "notice user2: Your report #2 about user4 is "
			    "closed: so what;");
	assert_int_equal(report_news_tell(h->chat, ben), ERR_OK);
	assert_string_equal(hall_hears(h, 0), "");
	hall_go(h, &ben, 0);
}

/* Under another name, but in the same session. */
static void a_guest_hears_it_while_here(void **state)
{
	struct hall *h = *state;
	struct actor ann = moderator("user1", ANN, ROLE_MODERATOR);
	struct person *zoe = hall_come(h, 0, "zoe", 0, 2);
	struct person *yan;
	struct report_context context;

	assert_int_equal(file(h, zoe, "lobby", "user3", &context), ERR_OK);
	assert_int_equal(file(h, zoe, "lobby", "user4", &context), ERR_OK);
	assert_int_equal(chat_rename(h->chat, zoe, "zoe2"), ERR_OK);
	hall_hush(h);
	assert_int_equal(report_close(h->chat, &ann, 1, "warned", NULL),
			 ERR_OK);
	assert_string_equal(hall_hears(h, 0),
			    "notice zoe2: Your report #1 about user3 is "
			    "closed: warned;");
	hall_go(h, &zoe, 0);
	yan = hall_come(h, 0, "zoe", 1, 9);
	hall_hush(h);
	assert_int_equal(report_close(h->chat, &ann, 2, "warned", NULL),
			 ERR_OK);
	assert_string_equal(hall_hears(h, 1), "");
	hall_go(h, &yan, 1);
}

static enum err spoil(struct store_txn *txn, void *arg)
{
	struct hall *h = arg;
	static const char *const tables[] = { REPORT_TABLES };
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < COUNT(tables); i++)
		e = store_put(txn, store_table(h->store, tables[i]),
			      "\0\0\0\0\0\0\0\7", 8, "\1oops", 5);
	return e;
}

static void damage_is_found(void **state)
{
	struct hall *h = *state;
	AUTO(buf_fini) struct buf findings = { 0 };

	assert_int_equal(chat_verify(h->store, &findings), ERR_OK);
	assert_int_equal(store_run(h->store, spoil, h), ERR_OK);
	assert_int_equal(chat_verify(h->store, &findings), ERR_CORRUPT);
	assert_string_equal(buf_text(&findings),
			    "reports: a record cannot be read\n"
			    "report_contexts: a record cannot be read\n"
			    "report_news: a record cannot be read\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_HALL(a_report_quotes_the_room),
		IN_HALL(who_is_not_inside_gets_no_lines),
		IN_HALL(a_guest_who_left_can_be_reported),
		IN_HALL(nobody_reports_without_end),
		IN_HALL(each_has_so_many_open),
		IN_HALL(the_desk_is_bounded),
		IN_HALL(reports_follow_the_ranks),
		IN_HALL(the_reporter_hears_the_outcome),
		IN_HALL(a_guest_hears_it_while_here),
		IN_HALL(damage_is_found),
	};

	clock_fake(1000);
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../fixture.h"
#include "base/mem.h"
#include "base/thread.h"
#include "store/record.h"
#include "user/factor/factor.h"
#include "user/factor/factors.h"

static const uint8_t *const secret = (const uint8_t *)"12345678901234567890";
static const int64_t now_ms = INT64_C(1763800000000);

struct place {
	struct fixture *f;
	struct factors *factors;
	struct user user;
	struct code_sheet sheet;
};

static struct secret *key_of(char letter)
{
	char bytes[32];

	memset(bytes, letter, sizeof(bytes));
	return secret_new(bytes, sizeof(bytes));
}

static void open_factors(struct place *p, char letter)
{
	AUTO(secret_free)
	struct secret *key = letter == '\0' ? NULL : key_of(letter);

	factors_free(&p->factors);
	p->factors = factors_new(p->f->store, p->f->trail, key);
}

static int set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	fixture_setup((void **)&p->f);
	p->user = fixture_add(p->f, "ann");
	open_factors(p, 'k');
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;

	factors_free(&p->factors);
	fixture_teardown((void **)&p->f);
	mem_free(p);
	return 0;
}

/* The code of so many steps from now. */
static struct code code_at(int steps)
{
	struct code code = { 0 };

	totp_make(secret, totp_step(now_ms) + (uint64_t)steps, code.text);
	return code;
}

static enum err enrol(struct place *p, const struct code *code)
{
	const struct factor_offer offer = { p->user.id, secret, code, now_ms };

	return factors_enrol(p->factors, &offer, &fixture_entry, &p->sheet);
}

static void enrol_now(struct place *p)
{
	struct code code = code_at(0);

	assert_int_equal(enrol(p, &code), ERR_OK);
}

/* At so many steps from now. */
static enum err attempt(struct place *p, const struct code *code, int steps,
			enum factor_use use, struct factor_trial *trial_r)
{
	const struct factor_proof proof = {
		.user = p->user.id,
		.code = code,
		.now_ms = now_ms + steps * TOTP_STEP_S * INT64_C(1000),
		.use = use,
		.entry = &fixture_entry,
	};

	return factors_try(p->factors, &proof, trial_r);
}

static enum err attempt_step(struct place *p, int steps)
{
	struct code code = code_at(steps);
	struct factor_trial trial;

	return attempt(p, &code, steps, FACTOR_PROVE, &trial);
}

static struct factor_facts facts_of(struct place *p)
{
	struct factor_facts facts;

	assert_int_equal(factors_look(p->factors, p->user.id, &facts), ERR_OK);
	return facts;
}

static void enrolling_needs_a_code(void **state)
{
	struct place *p = *state;
	struct code wrong = code_at(5);

	assert_false(facts_of(p).is_on);
	assert_int_equal(enrol(p, &wrong), ERR_BAD_CODE);
	assert_false(facts_of(p).is_on);
	enrol_now(p);
	assert_true(facts_of(p).is_on);
	assert_int_equal(facts_of(p).since_ms, now_ms);
	assert_int_equal(facts_of(p).recovery_left, CODE_SHEET);
	wrong = code_at(0);
	assert_int_equal(enrol(p, &wrong), ERR_EXISTS);
}

static void a_step_is_good_once(void **state)
{
	struct place *p = *state;

	enrol_now(p);
	assert_int_equal(attempt_step(p, 0), ERR_BAD_CODE); /* enrolled by it */
	assert_int_equal(attempt_step(p, 1), ERR_OK);
	assert_int_equal(attempt_step(p, 1), ERR_BAD_CODE);
	assert_int_equal(attempt_step(p, 0), ERR_BAD_CODE);
	assert_int_equal(attempt_step(p, 2), ERR_OK);
}

static void a_code_that_was_used_is_told(void **state)
{
	static const struct {
		const char *name;
		int step; /* of the code */
		int now;
		bool was_used;
	} cases[] = {
		{ "the one used last", 1, 1, true },
		{ "the same a step later", 1, 2, true },
		{ "one before it that was not used", 0, 1, true },
		{ "what nobody takes any more", -1, 1, false },
		{ "the same, used", 1, 3, false },
		{ "what is yet to come", 9, 1, false },
	};
	struct place *p = *state;
	struct factor_trial trial;
	struct code code;

	enrol_now(p);
	assert_int_equal(attempt_step(p, 1), ERR_OK);
	for (unsigned i = 0; i < COUNT(cases); i++) {
		code = code_at(cases[i].step);
		assert_int_equal(
			attempt(p, &code, cases[i].now, FACTOR_PROVE, &trial),
			ERR_BAD_CODE);
		assert_int_equal(trial.was_used, cases[i].was_used);
		assert_int_equal(trial.wrong, i); /* each counts */
	}
	code = code_at(2);
	assert_int_equal(attempt(p, &code, 2, FACTOR_PROVE, &trial), ERR_OK);
	assert_false(trial.was_used);
}

static void a_restart_forgets_no_step(void **state)
{
	struct place *p = *state;

	enrol_now(p);
	assert_int_equal(attempt_step(p, 1), ERR_OK);
	factors_free(&p->factors);
	fixture_reopen(p->f);
	open_factors(p, 'k');
	assert_int_equal(attempt_step(p, 1), ERR_BAD_CODE);
	assert_int_equal(attempt_step(p, 2), ERR_OK);
}

enum { THREADS = 8 };

struct racer {
	struct place *place;
	struct code code;
	enum err result;
};

static void *race(void *arg)
{
	struct racer *r = arg;
	struct factor_trial trial;

	do
		r->result =
			attempt(r->place, &r->code, 1, FACTOR_PROVE, &trial);
	while (r->result == ERR_BUSY);
	return NULL;
}

static unsigned count_winners(struct place *p, struct code code)
{
	struct racer racers[THREADS];
	pthread_t threads[THREADS];
	unsigned winners = 0;

	for (int i = 0; i < THREADS; i++) {
		racers[i] = (struct racer){ p, code, ERR_OK };
		assert_int_equal(
			pthread_create(&threads[i], NULL, race, &racers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		winners += racers[i].result == ERR_OK;
	}
	return winners;
}

static void of_many_at_once_one_is_right(void **state)
{
	struct place *p = *state;
	struct code code;

	enrol_now(p);
	assert_int_equal(count_winners(p, code_at(1)), 1);
	assert_true(code_read(p->sheet.codes[3], &code));
	assert_int_equal(count_winners(p, code), 1);
}

static void wrong_codes_are_bounded_and_told(void **state)
{
	struct place *p = *state;
	struct code wrong = code_at(9);
	struct code right = code_at(1);
	struct code recovery;
	struct factor_trial trial;

	enrol_now(p);
	for (int i = 0; i < FACTOR_FREE; i++)
		assert_int_equal(attempt(p, &wrong, 1, FACTOR_PROVE, &trial),
				 ERR_BAD_CODE);
	assert_int_equal(attempt(p, &right, 1, FACTOR_PROVE, &trial),
			 ERR_LOCKED_OUT);
	assert_int_equal(trial.wait_ms, FACTOR_PRICE_MS);
	assert_true(code_read(p->sheet.codes[0], &recovery));
	assert_int_equal(attempt(p, &recovery, 1, FACTOR_PROVE, &trial),
			 ERR_OK);
	assert_true(trial.is_recovery);
	assert_int_equal(trial.wrong, FACTOR_FREE);
	assert_int_equal(trial.recovery_left, CODE_SHEET - 1);
	assert_int_equal(attempt_step(p, 121), ERR_OK);
}

static void codes_are_renewed_and_dropped_by_a_code(void **state)
{
	struct place *p = *state;
	struct code_sheet old;
	struct factor_trial trial;
	struct code code;

	enrol_now(p);
	old = p->sheet;
	code = code_at(1);
	assert_int_equal(attempt(p, &code, 1, FACTOR_RENEW, &trial), ERR_OK);
	assert_int_equal(trial.recovery_left, CODE_SHEET);
	assert_true(code_read(old.codes[0], &code));
	assert_int_equal(attempt(p, &code, 1, FACTOR_DROP, &trial),
			 ERR_BAD_CODE);
	assert_true(facts_of(p).is_on);
	assert_string_equal(trial.sheet.codes[0], "");
	code = code_at(2);
	assert_int_equal(attempt(p, &code, 2, FACTOR_DROP, &trial), ERR_OK);
	assert_false(facts_of(p).is_on);
	assert_int_equal(attempt_step(p, 3), ERR_NOT_FOUND);
}

static void another_key_opens_nothing(void **state)
{
	struct place *p = *state;
	struct code recovery;
	struct factor_trial trial;

	enrol_now(p);
	open_factors(p, 'x');
	assert_int_equal(attempt_step(p, 1), ERR_INTERNAL);
	open_factors(p, '\0');
	assert_false(factors_have_key(p->factors));
	assert_int_equal(attempt_step(p, 1), ERR_INTERNAL);
	assert_true(code_read(p->sheet.codes[9], &recovery));
	assert_int_equal(attempt(p, &recovery, 1, FACTOR_PROVE, &trial),
			 ERR_OK);
	open_factors(p, 'k');
	assert_int_equal(attempt_step(p, 1), ERR_OK);
}

struct search {
	bool is_found;
};

static bool search_record(const struct store_record *record, void *arg)
{
	struct search *s = arg;

	s->is_found = s->is_found || memmem(record->value, record->value_len,
					    secret, TOTP_SECRET) != NULL;
	return true;
}

static enum err search(struct store_txn *txn, void *arg)
{
	struct place *p = ((void **)arg)[0];

	return store_walk(txn, store_table(p->f->store, "factors"), "", 0,
			  search_record, ((void **)arg)[1]);
}

static void the_secret_is_not_in_the_store(void **state)
{
	struct search found = { false };
	void *args[] = { *state, &found };
	struct place *p = *state;

	enrol_now(p);
	assert_int_equal(store_view(p->f->store, search, args), ERR_OK);
	assert_false(found.is_found);
}

static void an_administrator_takes_it(void **state)
{
	struct place *p = *state;

	assert_int_equal(factors_take(p->factors, p->user.id, "ben", now_ms,
				      &fixture_entry),
			 ERR_NOT_FOUND);
	enrol_now(p);
	assert_int_equal(factors_take(p->factors, p->user.id, "ben", now_ms + 1,
				      &fixture_entry),
			 ERR_OK);
	assert_false(facts_of(p).is_on);
	assert_string_equal(facts_of(p).taken_by, "ben");
	assert_int_equal(facts_of(p).since_ms, now_ms + 1);
	assert_int_equal(attempt_step(p, 1), ERR_NOT_FOUND);
	assert_int_equal(factors_forget_taken(p->factors, p->user.id), ERR_OK);
	assert_string_equal(facts_of(p).taken_by, "");
	assert_int_equal(factors_forget_taken(p->factors, p->user.id), ERR_OK);
	enrol_now(p);
	assert_int_equal(factors_forget_taken(p->factors, p->user.id), ERR_OK);
	assert_true(facts_of(p).is_on);
}

static void it_goes_with_the_user(void **state)
{
	struct place *p = *state;
	struct buf report = { 0 };
	struct code code = code_at(0);

	enrol_now(p);
	assert_int_equal(users_verify(p->f->users, &report), ERR_OK);
	assert_int_equal(users_remove(p->f->users, p->user.id, &fixture_entry),
			 ERR_OK);
	assert_false(facts_of(p).is_on);
	assert_int_equal(users_verify(p->f->users, &report), ERR_OK);
	assert_int_equal(enrol(p, &code), ERR_NO_SUCH_USER);
	buf_fini(&report);
}

static void verify_finds_what_is_wrong(void **state)
{
	struct place *p = *state;
	struct buf report = { 0 };
	uint8_t key[RECORD_KEY];

	record_key(p->user.id, key);
	fixture_spoil(p->f, "factors", key, sizeof(key), "\1", 1);
	record_key(99, key);
	fixture_spoil(p->f, "factors", key, sizeof(key), "\1", 1);
	fixture_spoil(p->f, "factors", "x", 1, "\1", 1);
	assert_int_equal(users_verify(p->f->users, &report), ERR_CORRUPT);
	assert_non_null(strstr(buf_text(&report),
			       "the second factor of user 1 cannot be read"));
	assert_non_null(strstr(buf_text(&report), "second factor of user 99, "
						  "who is not there"));
	assert_non_null(strstr(buf_text(&report), "under 1 bytes"));
	buf_fini(&report);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(enrolling_needs_a_code),
		TEST(a_step_is_good_once),
		TEST(a_code_that_was_used_is_told),
		TEST(a_restart_forgets_no_step),
		TEST(of_many_at_once_one_is_right),
		TEST(wrong_codes_are_bounded_and_told),
		TEST(codes_are_renewed_and_dropped_by_a_code),
		TEST(another_key_opens_nothing),
		TEST(the_secret_is_not_in_the_store),
		TEST(an_administrator_takes_it),
		TEST(it_goes_with_the_user),
		TEST(verify_finds_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

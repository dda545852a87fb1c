/* Records of holds, requests and remembered answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bank/hold.h"
#include "bank/judge/repeat.h"
#include "bank/request.h"
#include "base/mem.h"
#include "damage.h"

static bool read_hold(const void *bytes, size_t len, struct buf *again_r)
{
	struct hold hold;

	buf_reset(again_r);
	if (!hold_decode(bytes, len, &hold))
		return false;
	hold_encode(&hold, again_r);
	return true;
}

static void test_hold(void **state)
{
	AUTO(buf_fini) struct buf open = { 0 };
	AUTO(buf_fini) struct buf closed = { 0 };
	struct hold hold = { 7, 1, 2, 500, 1000, ENTRY_HOLD, 0, 0 };

	(void)state;
	hold_encode(&hold, &open);
	damage_assert(&open, read_hold);
	hold.state = ENTRY_CAPTURE;
	hold.closed_by = 9;
	hold.captured = 400;
	hold_encode(&hold, &closed);
	damage_assert(&closed, read_hold);
	buf_reset(&closed);
	hold.closed_by = 0;
	hold_encode(&hold, &closed);
	assert_false(hold_decode(buf_at(&closed), buf_len(&closed), &hold));
}

/* Only the entry that is about it ends it, and only once. */
static void test_hold_apply(void **state)
{
	struct entry made = { .seq = 7,
			      .kind = ENTRY_HOLD,
			      .subject = 1,
			      .other = 2,
			      .amount = 500,
			      .due_ms = 1000 };
	struct entry ends = { .seq = 9,
			      .kind = ENTRY_CAPTURE,
			      .reference = 7,
			      .subject = 1,
			      .amount = 500 };
	struct entry other;
	struct hold hold;

	(void)state;
	assert_true(hold_apply(&hold, &made));
	assert_int_equal(hold.seq, 7);
	assert_true(entry_add_leg(&ends, 1, 2, 400));
	other = ends;
	other.reference = 8;
	assert_false(hold_apply(&hold, &other));
	other = ends;
	other.amount = 501;
	assert_false(hold_apply(&hold, &other));
	other = ends;
	other.subject = 3;
	assert_false(hold_apply(&hold, &other));
	assert_true(hold_apply(&hold, &ends));
	assert_int_equal(hold.state, ENTRY_CAPTURE);
	assert_int_equal(hold.closed_by, 9);
	assert_int_equal(hold.captured, 400);
	assert_false(hold_apply(&hold, &ends));
}

static bool read_request(const void *bytes, size_t len, struct buf *again_r)
{
	struct request request;

	buf_reset(again_r);
	if (!request_decode(bytes, len, &request))
		return false;
	request_encode(&request, again_r);
	return true;
}

static void test_request(void **state)
{
	AUTO(buf_fini) struct buf open = { 0 };
	AUTO(buf_fini) struct buf paid = { 0 };
	struct request request = { 3, 1,     2, 9, 500, 10, 1000, REQUEST_OPEN,
				   0, "rent" };

	(void)state;
	request_encode(&request, &open);
	damage_assert(&open, read_request);
	request.state = REQUEST_PAID;
	request.entry = 12;
	request_encode(&request, &paid);
	damage_assert(&paid, read_request);
	buf_reset(&paid);
	request.entry = 0;
	request_encode(&request, &paid);
	assert_false(request_decode(buf_at(&paid), buf_len(&paid), &request));
}

static bool read_repeat(const void *bytes, size_t len, struct buf *again_r)
{
	struct repeat repeat;

	buf_reset(again_r);
	if (!repeat_decode(bytes, len, &repeat))
		return false;
	repeat_encode(&repeat, again_r);
	return true;
}

static void test_repeat(void **state)
{
	AUTO(buf_fini) struct buf paid = { 0 };
	AUTO(buf_fini) struct buf refused = { 0 };
	struct repeat repeat = { .question = { 1, 2, 3 },
				 .result = ERR_OK,
				 .seq = 12,
				 .number = 4,
				 .time_ms = 5 };

	(void)state;
	repeat_encode(&repeat, &paid);
	damage_assert(&paid, read_repeat);
	repeat.result = ERR_INSUFFICIENT_FUNDS;
	repeat.seq = 0;
	snprintf(repeat.words, sizeof(repeat.words), "There is not enough.");
	repeat_encode(&repeat, &refused);
	damage_assert(&refused, read_repeat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_hold_apply),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_repeat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

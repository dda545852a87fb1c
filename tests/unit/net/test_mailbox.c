#include "net/mailbox.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"

static void nothing(struct worker *worker, void *to, void *arg)
{
	(void)worker;
	(void)to;
	(void)arg;
}

static struct mail numbered(uintptr_t from, uintptr_t number)
{
	struct mail mail = { nothing, (void *)from, (void *)number, NULL,
			     false };

	return mail;
}

static bool is_woken(const struct mailbox *m)
{
	struct pollfd p = { .fd = m->wake_fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static void mail_keeps_its_order(void **state)
{
	const struct mail *mails;
	struct mailbox m = { 0 };
	uintptr_t next = 0;
	size_t count;

	(void)state;
	mailbox_init(&m);
	assert_int_equal(mailbox_take(&m, &mails), 0);
	/* More than is kept, so that lists grow and are given back. */
	for (int round = 0; round < 3; round++) {
		for (uintptr_t i = 0; i < 10000; i++)
			mailbox_put(&m, numbered(0, next + i));
		count = mailbox_take(&m, &mails);
		assert_int_equal(count, 10000);
		for (size_t i = 0; i < count; i++)
			assert_int_equal((uintptr_t)mails[i].arg, next + i);
		next += count;
		assert_int_equal(mailbox_take(&m, &mails), 0);
	}
	mailbox_fini(&m);
}

static void what_is_taken_stays_while_more_comes(void **state)
{
	const struct mail *mails;
	struct mailbox m = { 0 };

	(void)state;
	mailbox_init(&m);
	mailbox_put(&m, numbered(0, 1));
	assert_int_equal(mailbox_take(&m, &mails), 1);
	for (uintptr_t i = 0; i < 1000; i++)
		mailbox_put(&m, numbered(0, 2 + i));
	assert_int_equal((uintptr_t)mails[0].arg, 1);
	assert_int_equal(mailbox_take(&m, &mails), 1000);
	mailbox_fini(&m);
}

static void only_who_sleeps_is_woken(void **state)
{
	const struct mail *mails;
	struct mailbox m = { 0 };

	(void)state;
	mailbox_init(&m);
	mailbox_put(&m, numbered(0, 1));
	assert_false(is_woken(&m));
	assert_false(mailbox_sleep(&m)); /* there is mail */
	mailbox_put(&m, numbered(0, 2));
	assert_false(is_woken(&m));
	assert_int_equal(mailbox_take(&m, &mails), 2);
	assert_true(mailbox_sleep(&m));
	assert_false(is_woken(&m));
	mailbox_put(&m, numbered(0, 3));
	assert_true(is_woken(&m));
	mailbox_put(&m, numbered(0, 4));
	mailbox_awake(&m);
	assert_false(is_woken(&m));
	mailbox_put(&m, numbered(0, 5));
	assert_false(is_woken(&m));
	assert_int_equal(mailbox_take(&m, &mails), 3);
	/* Woken by something else, it needs no waking any more. */
	assert_true(mailbox_sleep(&m));
	mailbox_awake(&m);
	mailbox_put(&m, numbered(0, 6));
	assert_false(is_woken(&m));
	mailbox_fini(&m);
}

enum { SENDERS = 3, MAILS = 20000 };

struct sender {
	struct thread thread;
	struct mailbox *mailbox;
	uintptr_t number;
};

static void send_all(void *arg)
{
	struct sender *s = arg;

	for (uintptr_t i = 0; i < MAILS; i++)
		mailbox_put(s->mailbox, numbered(s->number, i));
}

/* The receiver sleeps whenever it may: no wake-up may be lost. */
static void nothing_is_lost_between_threads(void **state)
{
	struct sender senders[SENDERS];
	uintptr_t next[SENDERS] = { 0 };
	struct mailbox m = { 0 };
	size_t total = 0;

	(void)state;
	mailbox_init(&m);
	for (unsigned i = 0; i < SENDERS; i++) {
		senders[i].mailbox = &m;
		senders[i].number = i;
		thread_start(&senders[i].thread, "sender", send_all,
			     &senders[i]);
	}
	while (total < SENDERS * MAILS) {
		const struct mail *mails;
		size_t count = mailbox_take(&m, &mails);

		for (size_t i = 0; i < count; i++) {
			uintptr_t from = (uintptr_t)mails[i].to;

			assert_int_equal((uintptr_t)mails[i].arg, next[from]);
			next[from]++;
		}
		total += count;
		if (total < SENDERS * MAILS && mailbox_sleep(&m)) {
			struct pollfd p = { .fd = m.wake_fd, .events = POLLIN };

			assert_int_equal(poll(&p, 1, 10000), 1);
			mailbox_awake(&m);
		}
	}
	for (unsigned i = 0; i < SENDERS; i++)
		thread_join(&senders[i].thread);
	mailbox_fini(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail_keeps_its_order),
		cmocka_unit_test(what_is_taken_stays_while_more_comes),
		cmocka_unit_test(only_who_sleeps_is_woken),
		cmocka_unit_test(nothing_is_lost_between_threads),
	};

	return cmocka_run_group_tests_name("mailbox", tests, NULL, NULL);
}

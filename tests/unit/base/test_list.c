#include "base/list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct item {
	int number;
	struct list link;
};

/* The numbers in head, in order, as decimal digits. */
static int numbers(struct list *head)
{
	struct list *l;
	struct list *after;
	int digits = 0;

	list_foreach (l, after, head)
		digits = digits * 10 + LIST_ITEM(l, struct item, link)->number;
	return digits;
}

static void items_stay_in_order(void **state)
{
	struct item items[4] = { { .number = 1 },
				 { .number = 2 },
				 { .number = 3 },
				 { .number = 4 } };
	struct list head;

	(void)state;
	list_init(&head);
	assert_true(list_is_empty(&head));
	for (int i = 0; i < 4; i++)
		list_append(&head, &items[i].link);
	assert_int_equal(numbers(&head), 1234);
	list_remove(&items[1].link);
	assert_true(list_is_empty(&items[1].link));
	assert_int_equal(numbers(&head), 134);
	/* Once more does nothing. */
	list_remove(&items[1].link);
	assert_int_equal(numbers(&head), 134);
	list_remove(&items[0].link);
	list_remove(&items[3].link);
	list_append(&head, &items[1].link);
	assert_int_equal(numbers(&head), 32);
	list_remove(&items[2].link);
	list_remove(&items[1].link);
	assert_true(list_is_empty(&head));
}

static void splice_moves_everything(void **state)
{
	struct item items[4] = { { .number = 1 },
				 { .number = 2 },
				 { .number = 3 },
				 { .number = 4 } };
	struct list to;
	struct list from;

	(void)state;
	list_init(&to);
	list_init(&from);
	list_splice(&to, &from);
	assert_true(list_is_empty(&to));
	list_append(&from, &items[2].link);
	list_append(&from, &items[3].link);
	list_splice(&to, &from);
	assert_int_equal(numbers(&to), 34);
	assert_true(list_is_empty(&from));
	list_append(&from, &items[0].link);
	list_append(&from, &items[1].link);
	list_splice(&to, &from);
	assert_int_equal(numbers(&to), 3412);
	list_splice(&to, &from);
	assert_int_equal(numbers(&to), 3412);
}

static void walker_may_remove_the_item(void **state)
{
	struct item items[4] = { { .number = 1 },
				 { .number = 2 },
				 { .number = 3 },
				 { .number = 4 } };
	struct list head;
	struct list *l;
	struct list *after;

	(void)state;
	list_init(&head);
	for (int i = 0; i < 4; i++)
		list_append(&head, &items[i].link);
	list_foreach (l, after, &head) {
		if (LIST_ITEM(l, struct item, link)->number % 2 == 0)
			list_remove(l);
	}
	assert_int_equal(numbers(&head), 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_stay_in_order),
		cmocka_unit_test(splice_moves_everything),
		cmocka_unit_test(walker_may_remove_the_item),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "command/directory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/thread.h"

static void add(struct directory *d, uint64_t number, user_id user,
		const char *name)
{
	struct directory_entry e = {
		.session = { 0, (uint32_t)number, number },
		.user = user,
		.opened_ms = clock_wall_ms(),
	};

	snprintf(e.name, sizeof(e.name), "%s", name);
	directory_add(d, &e);
}

/* The numbers and names listed, as text. */
static void assert_list(struct directory *d, user_id user, uint64_t number,
			const char *want)
{
	char text[256] = "";
	size_t count;
	struct directory_entry *list = directory_list(d, user, number, &count);
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%d %s;", (int)list[i].session.number,
					list[i].name);
	mem_free(list);
	assert_string_equal(text, want);
}

static void sessions_are_listed_oldest_first(void **state)
{
	struct directory *d = directory_new();

	(void)state;
	assert_list(d, 0, 0, "");
	add(d, 12, 1, "ann");
	add(d, 3, 2, "ben");
	add(d, 7, 1, "ann");
	add(d, 20, 0, "gus");
	assert_list(d, 0, 0, "3 ben;7 ann;12 ann;20 gus;");
	assert_list(d, 1, 0, "7 ann;12 ann;");
	assert_list(d, 0, 20, "20 gus;");
	assert_list(d, 2, 20, "3 ben;20 gus;");
	assert_list(d, 9, 99, "");
	directory_drop(d, (struct session_handle){ 0, 7, 7 });
	directory_drop(d, (struct session_handle){ 0, 7, 7 });
	assert_list(d, 0, 0, "3 ben;12 ann;20 gus;");
	directory_free(&d);
	assert_null(d);
	directory_free(&d);
}

static void names_follow(void **state)
{
	struct directory *d = directory_new();
	struct session_handle gus = { 0, 20, 20 };

	(void)state;
	add(d, 12, 1, "ann");
	add(d, 7, 1, "ann");
	add(d, 20, 0, "gus");
	add(d, 21, 0, "joe");
	directory_rename(d, 0, gus, "gustav");
	directory_rename(d, 1, (struct session_handle){ 0 }, "anna");
	assert_list(d, 0, 0, "7 anna;12 anna;20 gustav;21 joe;");
	directory_free(&d);
}

static void lines_are_noted(void **state)
{
	struct directory *d = directory_new();
	struct directory_entry *list;
	size_t count;

	(void)state;
	add(d, 1, 1, "ann");
	clock_fake_advance(5000);
	add(d, 2, 2, "ben");
	directory_touch(d, (struct session_handle){ 0, 1, 1 });
	directory_touch(d, (struct session_handle){ 0, 9, 9 });
	clock_fake_advance(5000);
	list = directory_list(d, 0, 0, &count);
	assert_int_equal(count, 2);
	assert_int_equal(clock_wall_ms() - list[0].opened_ms, 10000);
	assert_int_equal(clock_wall_ms() - list[0].active_ms, 5000);
	assert_int_equal(clock_wall_ms() - list[1].active_ms, 5000);
	mem_free(list);
	directory_free(&d);
}

struct actor {
	struct thread thread;
	struct directory *directory;
	uint64_t first;
};

static void come_and_go(void *arg)
{
	struct actor *a = arg;

	for (uint64_t i = 0; i < 500; i++) {
		struct session_handle s = { 0, 0, a->first + i };
		size_t count;

		add(a->directory, s.number, i % 5, "x");
		directory_touch(a->directory, s);
		directory_rename(a->directory, i % 5, s, "y");
		mem_free(directory_list(a->directory, 3, 0, &count));
		if (i % 2 == 0)
			directory_drop(a->directory, s);
	}
}

static void from_many_threads(void **state)
{
	struct directory *d = directory_new();
	struct directory_entry *list;
	struct actor actors[3];
	size_t count;

	(void)state;
	for (unsigned i = 0; i < COUNT(actors); i++) {
		actors[i] =
			(struct actor){ .directory = d, .first = 1 + i * 1000 };
		thread_start(&actors[i].thread, "actor", come_and_go,
			     &actors[i]);
	}
	for (unsigned i = 0; i < COUNT(actors); i++)
		thread_join(&actors[i].thread);
	list = directory_list(d, 0, 0, &count);
	assert_int_equal(count, 3 * 250);
	mem_free(list);
	directory_free(&d);
}

static void a_session_has_the_name_that_its_user_has_now(void **state)
{
	struct directory *d = directory_new();
	struct session_handle own = { 0, 3, 3 };
	struct session_handle other = { 0, 4, 4 };
	char name[NAME_MOST + 1];

	(void)state;
	add(d, 3, 2, "ben");
	directory_print_name(d, own, name);
	assert_string_equal(name, "ben");
	directory_rename(d, 2, other, "Benno");
	directory_print_name(d, own, name);
	assert_string_equal(name, "Benno");
	directory_drop(d, own);
	directory_print_name(d, own, name);
	assert_string_equal(name, "");
	directory_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_are_listed_oldest_first),
		cmocka_unit_test(names_follow),
		cmocka_unit_test(a_session_has_the_name_that_its_user_has_now),
		cmocka_unit_test(lines_are_noted),
		cmocka_unit_test(from_many_threads),
	};

	clock_fake(1700000000000);
	return cmocka_run_group_tests_name("directory", tests, NULL, NULL);
}

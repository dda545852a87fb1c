#include "base/file.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

/* A folder of its own; the tests run inside it. */
static char folder[] = "file-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink("a");
	unlink("link");
	rmdir("d");
	return chdir("..") != 0 || rmdir(folder) != 0;
}

/* What the file holds; the caller's. */
static char *content(const char *path)
{
	struct buf b;
	char *text;

	buf_init(&b);
	assert_int_equal(file_read(path, 1000, &b), ERR_OK);
	text = mem_text(buf_text(&b));
	buf_fini(&b);
	return text;
}

static void assert_content(const char *path, const char *want)
{
	AUTO(mem_free_text) char *text = content(path);

	assert_string_equal(text, want);
}

static void written_file_is_read(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(file_write("a", 0600, "one", 3), ERR_OK);
	assert_content("a", "one");
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_write("a", 0400, "longer than one", 15), ERR_OK);
	assert_content("a", "longer than one");
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0400);
	assert_int_equal(file_write("./a", 0600, "", 0), ERR_OK);
	assert_content("a", "");
	assert_int_equal(access("a.new", F_OK), -1);
}

/* What a crash in the middle of a write left behind does no harm. */
static void left_over_is_replaced(void **state)
{
	(void)state;
	assert_int_equal(file_write("a", 0600, "old", 3), ERR_OK);
	assert_int_equal(file_write("a.new", 0600, "ha", 2), ERR_OK);
	assert_int_equal(file_write("a", 0600, "new", 3), ERR_OK);
	assert_content("a", "new");
	assert_int_equal(access("a.new", F_OK), -1);
}

static void failed_write_leaves_the_old_file(void **state)
{
	struct rlimit before;
	struct rlimit tiny;
	char text[64] = "x";
	enum err wrote;
	enum err created;

	(void)state;
	assert_int_equal(file_write("a", 0600, "old", 3), ERR_OK);
	getrlimit(RLIMIT_FSIZE, &before);
	tiny = before;
	tiny.rlim_cur = 32;
	setrlimit(RLIMIT_FSIZE, &tiny);
	wrote = file_write("a", 0600, text, sizeof(text));
	created = file_create("b", 0600, text, sizeof(text));
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(wrote, ERR_IO);
	assert_int_equal(created, ERR_IO);
	assert_content("a", "old");
	assert_int_equal(access("a.new", F_OK), -1);
	assert_int_equal(access("b", F_OK), -1);
	assert_int_equal(access("b.new", F_OK), -1);
}

static void create_never_replaces(void **state)
{
	mode_t mask = umask(077);
	struct stat st;

	(void)state;
	unlink("a");
	assert_int_equal(file_create("a", 0640, "one", 3), ERR_OK);
	umask(mask);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(st.st_nlink, 1);
	assert_int_equal(file_create("a", 0640, "two", 3), ERR_EXISTS);
	assert_content("a", "one");
	assert_int_equal(access("a.new", F_OK), -1);
	/* Nor a link that leads nowhere. */
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_int_equal(file_create("link", 0640, "two", 3), ERR_EXISTS);
	assert_int_equal(access("nowhere", F_OK), -1);
}

static void read_is_bounded(void **state)
{
	AUTO(mem_free_text) char *text = mem_alloc(10000);
	struct buf b;

	(void)state;
	memset(text, 'x', 10000);
	assert_int_equal(file_write("a", 0600, text, 10000), ERR_OK);
	buf_init(&b);
	buf_add_text(&b, "before");
	assert_int_equal(file_read("a", 9999, &b), ERR_BAD_INPUT);
	assert_string_equal(buf_text(&b), "before");
	assert_int_equal(file_read("a", 10000, &b), ERR_OK);
	assert_int_equal(buf_len(&b), 10006);
	buf_fini(&b);
}

static void only_regular_files_are_read(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(file_read("d", 10, &b), ERR_BAD_INPUT);
	assert_int_equal(file_read("/dev/zero", 10, &b), ERR_BAD_INPUT);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	/* Would wait for a writer. */
	assert_int_equal(file_read("fifo", 10, &b), ERR_BAD_INPUT);
	unlink("fifo");
	assert_int_equal(file_read("absent", 10, &b), ERR_NOT_FOUND);
	assert_int_equal(file_read("a/b", 10, &b), ERR_NOT_FOUND);
	assert_int_equal(buf_len(&b), 0);
	buf_fini(&b);
}

static void missing_folder_is_told(void **state)
{
	(void)state;
	assert_int_equal(file_write("no/a", 0600, "x", 1), ERR_NOT_FOUND);
	assert_int_equal(file_create("no/a", 0600, "x", 1), ERR_NOT_FOUND);
	assert_int_equal(file_sync_folder("no"), ERR_NOT_FOUND);
	assert_int_equal(file_sync_folder("."), ERR_OK);
}

static const struct beside_case {
	const char *path;
	const char *name;
	const char *want;
} beside_cases[] = {
	{ "/etc/x.yaml", "data", "/etc/data" },
	{ "/etc/x.yaml", "/data", "/data" },
	{ "/x.yaml", "data", "//data" },
	{ "x.yaml", "data", "./data" },
	{ "a/x.yaml", "b/c", "a/b/c" },
};

static void names_go_beside_the_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(beside_cases); i++) {
		const struct beside_case *c = &beside_cases[i];
		AUTO(mem_free_text) char *got = file_beside(c->path, c->name);

		assert_string_equal(got, c->want);
	}
}

static const struct code_case {
	int number;
	enum err want;
} code_cases[] = {
	{ ENOENT, ERR_NOT_FOUND },
	{ ENOTDIR, ERR_NOT_FOUND },
	{ EACCES, ERR_NOT_ALLOWED },
	{ EPERM, ERR_NOT_ALLOWED },
	{ EROFS, ERR_NOT_ALLOWED },
	{ EEXIST, ERR_EXISTS },
	{ ENOSPC, ERR_STORAGE_FULL },
	{ EDQUOT, ERR_STORAGE_FULL },
	{ EIO, ERR_IO },
	{ EINVAL, ERR_IO },
};

static void numbers_become_codes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(code_cases); i++)
		assert_int_equal(file_err(code_cases[i].number),
				 code_cases[i].want);
}

static void replaced_file_keeps_its_mode(void **state)
{
	struct stat st;

	(void)state;
	unlink("a");
	assert_int_equal(file_replace("a", "new", 3), ERR_NOT_FOUND);
	assert_int_not_equal(access("a", F_OK), 0);
	assert_int_equal(file_write("a", 0600, "old", 3), ERR_OK);
	assert_int_equal(chmod("a", 0644), 0);
	assert_int_equal(file_replace("a", "new", 3), ERR_OK);
	assert_content("a", "new");
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_not_equal(access("a.new", F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_file_is_read),
		cmocka_unit_test(left_over_is_replaced),
		cmocka_unit_test(failed_write_leaves_the_old_file),
		cmocka_unit_test(create_never_replaces),
		cmocka_unit_test(read_is_bounded),
		cmocka_unit_test(only_regular_files_are_read),
		cmocka_unit_test(replaced_file_keeps_its_mode),
		cmocka_unit_test(missing_folder_is_told),
		cmocka_unit_test(names_go_beside_the_file),
		cmocka_unit_test(numbers_become_codes),
	};

	return cmocka_run_group_tests(tests, enter_folder, remove_folder);
}

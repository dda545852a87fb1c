/*
 * A full disk: a small one of our own where mounting is allowed (to root, or
 * in a user namespace), and a pretended one everywhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "place.h"
#include "store/backup.h"

static atomic_bool is_pretended; /* that it is full */
static atomic_bool is_hidden;    /* that it is full */
static atomic_bool is_instant;   /* writing takes no time */

int __real_fstatvfs(int fd, struct statvfs *fs);
int __wrap_fstatvfs(int fd, struct statvfs *fs);

int __wrap_fstatvfs(int fd, struct statvfs *fs)
{
	int rc = __real_fstatvfs(fd, fs);

	if (atomic_load(&is_pretended))
		fs->f_bavail = 16;
	if (atomic_load(&is_hidden))
		fs->f_bavail = 1 << 30;
	return rc;
}

int64_t __real_clock_mono_ms(void);
int64_t __wrap_clock_mono_ms(void);

int64_t __wrap_clock_mono_ms(void)
{
	return atomic_load(&is_instant) ? 0 : __real_clock_mono_ms();
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

/* Mounts vanish with this process. */
static bool may_mount(void)
{
	char users[64];
	char groups[64];

	/* As one sees oneself outside, before there is an inside. */
	snprintf(users, sizeof(users), "%ju %ju 1", (uintmax_t)geteuid(),
		 (uintmax_t)geteuid());
	snprintf(groups, sizeof(groups), "%ju %ju 1", (uintmax_t)getegid(),
		 (uintmax_t)getegid());
	if (unshare(CLONE_NEWNS) != 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
			return false;
		write_text("/proc/self/setgroups", "deny");
		write_text("/proc/self/uid_map", users);
		write_text("/proc/self/gid_map", groups);
	}
	return mount(NULL, "/", "none", MS_REC | MS_PRIVATE, NULL) == 0;
}

/* A place whose root is a disk of 192 MiB. */
static int set_up(void **state)
{
	struct place *p = mem_zero(sizeof(*p));

	place_init(p);
	if (mount("tmpfs", p->root, "tmpfs", 0, "size=192m") != 0)
		return -1;
	place_open(p);
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;

	store_close(&p->store);
	(void)umount2(p->root, MNT_DETACH);
	place_fini(p);
	mem_free(p);
	return 0;
}

/* Somebody else takes all there is. */
static void fill_disk(const struct place *p)
{
	AUTO(mem_free_text) char *path = place_path(p, "ballast");
	static const char zeros[4096];
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	while (write(fd, zeros, sizeof(zeros)) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void free_disk(const struct place *p)
{
	AUTO(mem_free_text) char *path = place_path(p, "ballast");

	assert_int_equal(unlink(path), 0);
}

static uint64_t free_bytes(const struct place *p)
{
	struct statvfs fs;

	assert_int_equal(statvfs(p->root, &fs), 0);
	return (uint64_t)fs.f_bavail * fs.f_frsize;
}

static bool is_full(struct place *p)
{
	struct store_status status;

	store_keep(p->store);
	store_status(p->store, &status);
	return status.is_full;
}

struct blob {
	struct place *p;
	int number;
	char *bytes;
};

enum { BLOB = 200000 };

static enum err put_blob(struct store_txn *txn, void *arg)
{
	const struct blob *b = arg;
	char key[16];
	int len = snprintf(key, sizeof(key), "%d", b->number);

	return store_add(txn, b->p->one, key, (size_t)len, b->bytes, BLOB);
}

/*
 * Writes record after record from `number` on until that is refused, also
 * when old log files are gone; the number of the first that was not written.
 */
static int write_until_full(struct place *p, int number)
{
	struct blob b = { .p = p, .number = number, .bytes = mem_zero(BLOB) };
	enum err e;

	do {
		e = store_run(p->store, put_blob, &b);
		if (e == ERR_OK)
			b.number++;
		else
			assert_int_equal(e, ERR_STORAGE_FULL);
	} while ((e == ERR_OK && b.number < 10000) || !is_full(p));
	mem_free(b.bytes);
	return b.number;
}

static void check_blobs(struct place *p, int count)
{
	AUTO(buf_fini) struct buf value;
	char key[16];

	buf_init(&value);
	for (int i = 0; i < count; i++) {
		snprintf(key, sizeof(key), "%d", i);
		assert_true(place_get(p, p->one, key, &value));
		assert_int_equal(buf_len(&value), BLOB);
	}
}

/*
 * We fill it ourselves, at any speed: refused in time, and everything else
 * works.
 */
static void own_writes_leave_the_reserve(void **state)
{
	struct place *p = *state;
	int count;

	atomic_store(&is_instant, true);
	count = write_until_full(p, 0);
	atomic_store(&is_instant, false);
	assert_true(count > 5);
	store_flush(p->store);
	check_blobs(p, count);
	assert_int_equal(place_put(p, p->one, "more", "x"), ERR_STORAGE_FULL);
	place_close(p);
	/* All that was accepted had room on the disk. */
	assert_true(free_bytes(p) > 0);
	place_open(p);
	count = write_until_full(p, count);
	check_blobs(p, count);
	assert_int_equal(place_put(p, p->one, "more", "x"), ERR_STORAGE_FULL);
}

/* Somebody else fills it to the last byte: refused, read, closed, opened. */
static void others_may_take_all(void **state)
{
	struct place *p = *state;
	AUTO(buf_fini) struct buf value;

	buf_init(&value);
	assert_int_equal(place_put(p, p->one, "before", "x"), ERR_OK);
	fill_disk(p);
	assert_true(is_full(p));
	assert_int_equal(place_put(p, p->one, "more", "x"), ERR_STORAGE_FULL);
	assert_true(place_get(p, p->one, "before", &value));
	assert_int_equal(place_count(p, p->one, ""), 1);
	store_flush(p->store);
	place_close(p);
	fill_disk(p);
	place_open(p);
	assert_true(place_get(p, p->one, "before", &value));
	assert_int_equal(place_put(p, p->one, "more", "x"), ERR_STORAGE_FULL);
	free_disk(p);
	assert_false(is_full(p));
	assert_int_equal(place_put(p, p->one, "more", "x"), ERR_OK);
}

static void ignore(struct store_waiter *waiter)
{
	(void)waiter;
}

/* By itself, if the committer sleeps; but on a full disk that waits for it. */
static void make_durable(struct store *store)
{
	struct store_waiter waiter = { .fn = ignore,
				       .ticket = store_ticket(store) };
	bool takes_over = store_take_over(store);

	store_when_durable(store, &waiter);
	if (takes_over)
		store_hand_back(store, true);
	store_flush(store);
}

/* Commits, says so through the pipe, and goes on until it is killed. */
static void run_child(struct place *p, int pipe_fd)
{
	char key[16];

	place_open(p);
	for (int i = 0;; i++) {
		enum err e;

		snprintf(key, sizeof(key), "key%d", i);
		e = place_put(p, p->one, key, key);
		if (e == ERR_STORAGE_FULL) {
			i--;
			store_keep(p->store);
			continue;
		}
		if (e != ERR_OK)
			_exit(3);
		make_durable(p->store);
		if (write(pipe_fd, &i, sizeof(i)) != sizeof(i))
			_exit(4);
	}
}

/* The disk fills up under the writer, which then dies without warning. */
static void recovers_on_a_full_disk(void **state)
{
	struct place *p = *state;
	AUTO(mem_free_text) char *reserve = file_join(p->dir, "reserve");
	struct stat st;
	int ends[2];
	int last = -1;
	int status;
	int pid;

	place_close(p);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		run_child(p, ends[1]);
	}
	close(ends[1]);
	while (last < 3000)
		assert_int_equal(read(ends[0], &last, sizeof(last)),
				 sizeof(last));
	fill_disk(p);
	kill(pid, SIGKILL);
	while (read(ends[0], &last, sizeof(last)) == sizeof(last))
		;
	close(ends[0]);
	status = place_wait(pid);
	assert_true(status == -1 || status == EX_IOERR);
	fill_disk(p);
	assert_int_equal(stat(reserve, &st), 0);
	place_open(p);
	assert_int_not_equal(stat(reserve, &st), 0); /* it was needed */
	assert_true(place_count(p, p->one, "key") >= (size_t)last + 1);
	assert_int_equal(place_put(p, p->one, "more", "x"), ERR_STORAGE_FULL);
	free_disk(p);
	assert_false(is_full(p));
	store_keep(p->store);
	assert_int_equal(stat(reserve, &st), 0);
	assert_int_equal(place_put(p, p->one, "more", "x"), ERR_OK);
}

/* Reads numbers until none comes for half a second; the last one. */
static int read_until_quiet(int fd, int last)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	while (poll(&ready, 1, 500) == 1)
		assert_int_equal(read(fd, &last, sizeof(last)), sizeof(last));
	return last;
}

/* The answers wait, and come when there is space. */
static void answers_wait_for_space(void **state)
{
	struct place *p = *state;
	int ends[2];
	int last = 0;
	int stuck;
	int pid;

	place_close(p);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		atomic_store(&is_hidden, true);
		run_child(p, ends[1]);
	}
	close(ends[1]);
	while (last < 1000)
		assert_int_equal(read(ends[0], &last, sizeof(last)),
				 sizeof(last));
	fill_disk(p);
	stuck = read_until_quiet(ends[0], last);
	free_disk(p);
	while (last < stuck + 1000)
		assert_int_equal(read(ends[0], &last, sizeof(last)),
				 sizeof(last));
	kill(pid, SIGKILL);
	while (read(ends[0], &last, sizeof(last)) == sizeof(last))
		;
	close(ends[0]);
	assert_int_equal(place_wait(pid), -1);
	place_open(p);
	assert_true(place_count(p, p->one, "key") >= (size_t)last + 1);
}

static void new_directory_needs_space(void **state)
{
	struct place *p = *state;
	AUTO(mem_free_text) char *dir = place_path(p, "other");
	AUTO(buf_fini) struct buf why;

	buf_init(&why);
	fill_disk(p);
	assert_int_equal(place_try(dir, &why), ERR_STORAGE_FULL);
	assert_non_null(strstr(buf_text(&why), "the disk is full"));
	assert_int_not_equal(access(dir, F_OK), 0);
	buf_reset(&why);
	assert_int_equal(backup_make(p->store, dir, &why), ERR_STORAGE_FULL);
	assert_non_null(strstr(buf_text(&why), "the disk is full"));
}

static void pretended_disk_is_refused(void **state)
{
	struct place p;
	AUTO(buf_fini) struct buf value;

	(void)state;
	buf_init(&value);
	place_init(&p);
	place_open(&p);
	assert_int_equal(place_put(&p, p.one, "before", "x"), ERR_OK);
	atomic_store(&is_pretended, true);
	assert_true(is_full(&p));
	assert_int_equal(place_put(&p, p.one, "more", "x"), ERR_STORAGE_FULL);
	assert_true(place_get(&p, p.one, "before", &value));
	atomic_store(&is_pretended, false);
	assert_false(is_full(&p));
	assert_int_equal(place_put(&p, p.one, "more", "x"), ERR_OK);
	place_fini(&p);
}

int main(void)
{
	const struct CMUnitTest on_a_disk[] = {
		cmocka_unit_test_setup_teardown(own_writes_leave_the_reserve,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(others_may_take_all, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(recovers_on_a_full_disk, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(answers_wait_for_space, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(new_directory_needs_space,
						set_up, tear_down),
	};
	const struct CMUnitTest anywhere[] = {
		cmocka_unit_test(pretended_disk_is_refused),
	};
	int failed = cmocka_run_group_tests_name("space", anywhere, NULL, NULL);

	if (may_mount())
		failed += cmocka_run_group_tests_name("full disk", on_a_disk,
						      NULL, NULL);
	else
		print_message("nobody may mount a small disk here\n");
	return failed;
}

/*
 * What was acknowledged is there after kill -9 and after a power cut, and a
 * disk that cannot sync ends the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/thread.h"
#include "disk.h"
#include "place.h"
#include "store/copy.h"
#include "store/folder.h"
#include "store/record.h"

enum { ROUNDS = 20, WRITERS = 3, ACKS_MOST = 120 };

/* What a child says over the pipe: this record of this writer is durable. */
struct ack {
	uint32_t round;
	uint32_t writer;
	uint32_t number;
};

struct writer {
	struct store_waiter waiter;
	struct place *p;
	struct thread thread;
	int pipe_fd;
	struct ack next;
	struct mutex lock; /* rank: LOCK_DAEMON */
	struct cond answered;
	bool is_answered;
};

static size_t print_key(const struct ack *ack, char key_r[64])
{
	return (size_t)snprintf(key_r, 64, "%u/%u/%u", (unsigned)ack->round,
				(unsigned)ack->writer, (unsigned)ack->number);
}

/* Two tables, so that half a transaction would be seen. */
static enum err write_both(struct store_txn *txn, void *arg)
{
	const struct writer *w = arg;
	char value[300] = "";
	char key[64];
	size_t len = print_key(&w->next, key);
	enum err e = store_add(txn, w->p->one, key, len, key, len);

	if (e != ERR_OK)
		return e;
	return store_add(txn, w->p->two, key, len, value, sizeof(value));
}

static void acknowledge(struct store_waiter *waiter)
{
	struct writer *w = CONTAINER(waiter, struct writer, waiter);

	if (write(w->pipe_fd, &w->next, sizeof(w->next)) != sizeof(w->next))
		_exit(3);
	mutex_lock(&w->lock);
	w->is_answered = true;
	cond_wake_one(&w->answered);
	mutex_unlock(&w->lock);
}

/* As often as the committer sleeps, the writer flushes itself. */
static void write_for_ever(void *arg)
{
	struct writer *w = arg;
	bool takes_over;

	for (;; w->next.number++) {
		if (store_run(w->p->store, write_both, w) != ERR_OK)
			_exit(4);
		w->waiter.ticket = store_ticket(w->p->store);
		w->is_answered = false;
		takes_over = store_take_over(w->p->store);
		store_when_durable(w->p->store, &w->waiter);
		if (takes_over)
			store_hand_back(w->p->store, true);
		mutex_lock(&w->lock);
		while (!w->is_answered)
			cond_wait(&w->answered, &w->lock);
		mutex_unlock(&w->lock);
		/* Checkpoints and log removal are killed as well. */
		if (w->next.writer == 0 && w->next.number % 16 == 15)
			store_keep(w->p->store);
	}
}

static void run_child(struct place *p, uint32_t round, int pipe_fd)
{
	static struct writer writers[WRITERS];

	place_open(p);
	for (uint32_t i = 0; i < WRITERS; i++) {
		struct writer *w = &writers[i];

		w->waiter.fn = acknowledge;
		w->p = p;
		w->pipe_fd = pipe_fd;
		w->next = (struct ack){ .round = round, .writer = i };
		mutex_init(&w->lock, LOCK_DAEMON);
		cond_init(&w->answered);
		thread_start(&w->thread, "writer", write_for_ever, w);
	}
	for (;;)
		pause();
}

struct acks {
	struct ack list[ROUNDS * (ACKS_MOST + WRITERS + 1)];
	size_t count;
};

/* Reads until there are enough, kills, and takes what was still said. */
static void kill_after(int pid, int fd, size_t enough, struct acks *acks)
{
	bool is_killed = false;
	size_t count = 0;
	struct ack ack;

	while (read(fd, &ack, sizeof(ack)) == sizeof(ack)) {
		assert_true(acks->count < COUNT(acks->list));
		acks->list[acks->count++] = ack;
		if (++count >= enough && !is_killed) {
			kill(pid, SIGKILL);
			is_killed = true;
		}
	}
	assert_true(is_killed);
	assert_int_equal(place_wait(pid), -1);
}

static void check_acks(struct place *p, const struct acks *acks)
{
	AUTO(buf_fini) struct buf value;
	char key[64];

	buf_init(&value);
	for (size_t i = 0; i < acks->count; i++) {
		print_key(&acks->list[i], key);
		if (!place_get(p, p->one, key, &value))
			fail_msg("%s was acknowledged and is lost", key);
		assert_string_equal(buf_text(&value), key);
	}
	assert_int_equal(place_count(p, p->one, ""),
			 place_count(p, p->two, ""));
}

static bool any_file(const char *name)
{
	return strcmp(name, "reserve") != 0;
}

/* Makes `to` a copy of the directory `from`. */
static void copy_dir(const char *from, const char *to)
{
	struct names names;
	int from_fd = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int to_fd;

	(void)mkdir(to, 0700);
	to_fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(from_fd >= 0 && to_fd >= 0);
	names_init(&names);
	assert_int_equal(names_find(&names, to_fd, any_file), ERR_OK);
	for (size_t i = 0; i < names.count; i++)
		assert_int_equal(unlinkat(to_fd, names.list[i], 0), 0);
	names_fini(&names);
	assert_int_equal(names_find(&names, from_fd, any_file), ERR_OK);
	for (size_t i = 0; i < names.count; i++)
		assert_int_equal(
			copy_file(from_fd, to_fd, names.list[i], UINT64_MAX),
			ERR_OK);
	names_fini(&names);
	close(from_fd);
	close(to_fd);
}

static int start_child(struct place *p, uint32_t round, const char *image,
		       int *fd_r)
{
	int ends[2];
	int pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		disk_mirror(image);
		run_child(p, round, ends[1]);
	}
	close(ends[1]);
	*fd_r = ends[0];
	return pid;
}

/* Did the child come to its end? Else it was killed, and by nothing else. */
static bool has_ended(int pid)
{
	int status = place_wait(pid);

	assert_true(status == 0 || status == -1);
	return status == 0;
}

static void acknowledged_survives_kill(void **state)
{
	static struct acks acks;
	struct place p;

	(void)state;
	acks.count = 0;
	place_init(&p);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		int fd;
		int pid = start_child(&p, round, NULL, &fd);

		kill_after(pid, fd, 1 + round * 7919 % ACKS_MOST, &acks);
		close(fd);
		place_open(&p);
		check_acks(&p, &acks);
		place_close(&p);
	}
	place_fini(&p);
}

static void acknowledged_survives_power_cut(void **state)
{
	static struct acks acks;
	AUTO(mem_free_text) char *image = NULL;
	char *data;
	struct place p;

	(void)state;
	acks.count = 0;
	place_init(&p);
	data = p.dir;
	image = place_path(&p, "image");
	place_open(&p);
	place_close(&p);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		int fd;
		int pid;

		copy_dir(data, image);
		pid = start_child(&p, round, image, &fd);
		kill_after(pid, fd, 1 + round * 7919 % ACKS_MOST, &acks);
		close(fd);
		/* Only what was synced is left. */
		p.dir = image;
		place_open(&p);
		check_acks(&p, &acks);
		place_close(&p);
		p.dir = data;
		copy_dir(image, data);
	}
	place_fini(&p);
}

/* Kills a child at each of the syncs of making a directory, one by one. */
static void half_made_directory_is_made_whole(void **state)
{
	bool is_made = false;
	int count = 0;

	(void)state;
	while (!is_made) {
		struct place p;
		int pid;

		place_init(&p);
		pid = fork();
		assert_true(pid >= 0);
		count++;
		if (pid == 0) {
			disk_kill_at(count);
			place_open(&p);
			_exit(0);
		}
		is_made = has_ended(pid);
		place_open(&p);
		assert_int_equal(place_put(&p, p.one, "a", "b"), ERR_OK);
		place_close(&p);
		place_open(&p);
		assert_int_equal(place_count(&p, p.one, ""), 1);
		place_fini(&p);
	}
	assert_true(count > 3);
}

/* Opens, writes a little, checkpoints and closes; says what is durable. */
static void live_shortly(struct place *p, int round, int pipe_fd)
{
	char key[16];

	place_open(p);
	for (int i = 0; i < 4; i++) {
		int number = round * 4 + i;

		snprintf(key, sizeof(key), "%d", number);
		if (place_put(p, p->one, key, key) != ERR_OK)
			_exit(3);
		store_flush(p->store);
		if (write(pipe_fd, &number, sizeof(number)) != sizeof(number))
			_exit(4);
		store_keep(p->store);
	}
	place_close(p);
	_exit(0);
}

/*
 * One life after the other in one directory, killed at its first sync, its
 * second and so on: in recovery, commits, checkpoints and the closing.
 */
static void killed_at_every_sync(void **state)
{
	AUTO(buf_fini) struct buf value;
	char key[16];
	bool is_over = false;
	struct place p;
	int ends[2];
	int number;

	(void)state;
	buf_init(&value);
	place_init(&p);
	assert_int_equal(pipe(ends), 0);
	for (int round = 0; !is_over; round++) {
		int pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			disk_kill_at(round + 1);
			live_shortly(&p, round, ends[1]);
		}
		is_over = has_ended(pid);
	}
	close(ends[1]);
	place_open(&p);
	while (read(ends[0], &number, sizeof(number)) == sizeof(number)) {
		snprintf(key, sizeof(key), "%d", number);
		if (!place_get(&p, p.one, key, &value))
			fail_msg("%s was acknowledged and is lost", key);
	}
	close(ends[0]);
	place_fini(&p);
}

/* The child ends at once, and nobody was told that the record is there. */
static void failed_sync_ends_the_process(void **state)
{
	int ends[2];
	char byte;
	struct place p;
	int pid;

	(void)state;
	place_init(&p);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		static struct writer w;

		place_open(&p);
		w.waiter.fn = acknowledge;
		w.p = &p;
		w.pipe_fd = ends[1];
		mutex_init(&w.lock, LOCK_DAEMON);
		cond_init(&w.answered);
		disk_fail(EIO);
		write_for_ever(&w);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	assert_int_equal(place_wait(pid), EX_IOERR);
	place_open(&p);
	place_close(&p);
	place_fini(&p);
}

/* Not only that of the log: a checkpoint would be tried again, and succeed. */
static void failed_sync_of_a_table_ends_it_too(void **state)
{
	struct place p;
	int pid;

	(void)state;
	place_init(&p);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		place_open(&p);
		if (place_put(&p, p.one, "a", "b") != ERR_OK)
			_exit(3);
		store_flush(p.store);
		disk_fail(EIO);
		place_close(&p);
		_exit(0);
	}
	assert_int_equal(place_wait(pid), EX_IOERR);
	place_open(&p);
	assert_int_equal(place_count(&p, p.one, ""), 1);
	place_fini(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acknowledged_survives_kill),
		cmocka_unit_test(acknowledged_survives_power_cut),
		cmocka_unit_test(half_made_directory_is_made_whole),
		cmocka_unit_test(killed_at_every_sync),
		cmocka_unit_test(failed_sync_ends_the_process),
		cmocka_unit_test(failed_sync_of_a_table_ends_it_too),
	};

	return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}

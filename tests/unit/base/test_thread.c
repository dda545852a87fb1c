#include "base/thread.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct shared {
	struct mutex lock;
	struct cond changed;
	int count;
	int wanted;
	sigset_t blocked;
	char name[16];
};

static void shared_init(struct shared *s)
{
	memset(s, 0, sizeof(*s));
	mutex_init(&s->lock, LOCK_TABLE);
	cond_init(&s->changed);
}

static void shared_fini(struct shared *s)
{
	cond_fini(&s->changed);
	mutex_fini(&s->lock);
}

static void count_up(void *arg)
{
	struct shared *s = arg;

	for (int i = 0; i < 10000; i++) {
		mutex_lock(&s->lock);
		s->count++;
		mutex_unlock(&s->lock);
	}
}

static void mutex_keeps_others_out(void **state)
{
	struct shared s;
	struct thread threads[4];

	(void)state;
	shared_init(&s);
	for (int i = 0; i < 4; i++)
		thread_start(&threads[i], "count", count_up, &s);
	for (int i = 0; i < 4; i++)
		thread_join(&threads[i]);
	assert_int_equal(s.count, 40000);
	shared_fini(&s);
}

static void look_around(void *arg)
{
	struct shared *s = arg;

	pthread_sigmask(SIG_BLOCK, NULL, &s->blocked);
	pthread_getname_np(pthread_self(), s->name, sizeof(s->name));
}

static void threads_have_names_and_no_signals(void **state)
{
	struct shared s;
	struct thread thread;
	sigset_t mine;

	(void)state;
	shared_init(&s);
	thread_start(&thread, "a name that is too long", look_around, &s);
	thread_join(&thread);
	assert_string_equal(s.name, "a name that is ");
	assert_int_equal(sigismember(&s.blocked, SIGTERM), 1);
	assert_int_equal(sigismember(&s.blocked, SIGHUP), 1);
	pthread_sigmask(SIG_BLOCK, NULL, &mine);
	assert_int_equal(sigismember(&mine, SIGTERM), 0);
	shared_fini(&s);
}

/* Turns come back and forth through the condition. */
static void answer(void *arg)
{
	struct shared *s = arg;

	mutex_lock(&s->lock);
	for (int turn = 1; turn < 200; turn += 2) {
		while (s->count != turn)
			cond_wait(&s->changed, &s->lock);
		s->count++;
		cond_wake_all(&s->changed);
	}
	mutex_unlock(&s->lock);
}

static void condition_wakes(void **state)
{
	struct shared s;
	struct thread thread;

	(void)state;
	shared_init(&s);
	thread_start(&thread, "answer", answer, &s);
	mutex_lock(&s.lock);
	for (int turn = 0; turn < 200; turn += 2) {
		while (s.count != turn)
			cond_wait(&s.changed, &s.lock);
		s.count++;
		cond_wake_one(&s.changed);
	}
	mutex_unlock(&s.lock);
	thread_join(&thread);
	assert_int_equal(s.count, 200);
	shared_fini(&s);
}

static void wait_ends_by_itself(void **state)
{
	struct shared s;

	(void)state;
	shared_init(&s);
	mutex_lock(&s.lock);
	/* Nobody wakes; a spurious wake is allowed, so try until the end. */
	while (cond_wait_ms(&s.changed, &s.lock, 1))
		s.count++;
	while (cond_wait_ms(&s.changed, &s.lock, 0))
		s.count++;
	while (cond_wait_ms(&s.changed, &s.lock, -5))
		s.count++;
	mutex_unlock(&s.lock);
	assert_true(s.count < 1000);
	shared_fini(&s);
}

#ifdef RIALTO_DEBUG
/* Takes the second rank while it holds the first. */
static void take_two(enum lock_rank first, enum lock_rank second)
{
	struct mutex a;
	struct mutex b;

	mutex_init(&a, first);
	mutex_init(&b, second);
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&a);
	mutex_unlock(&b);
}

/* The status of a child that takes two locks. */
static int status_of(enum lock_rank first, enum lock_rank second)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		close(STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		take_two(first, second);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return status;
}

static void wrong_order_of_locks_is_fatal(void **state)
{
	int status = status_of(LOCK_ROOM, LOCK_CHAT);

	(void)state;
	assert_int_equal(status_of(LOCK_CHAT, LOCK_ROOM), 0);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	status = status_of(LOCK_ROOM, LOCK_ROOM);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mutex_keeps_others_out),
		cmocka_unit_test(threads_have_names_and_no_signals),
		cmocka_unit_test(condition_wakes),
		cmocka_unit_test(wait_ends_by_itself),
#ifdef RIALTO_DEBUG
		cmocka_unit_test(wrong_order_of_locks_is_fatal),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
